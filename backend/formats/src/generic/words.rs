//! The words of fields as mappings write them, with names for people. Refuses to give two fields one word.

use domain::mapping::Meaning;

use super::Field;

/// Every field with its word, its name, and what stands in such a column.
const WORDS: &[(Field, Meaning)] = &[
    (Field::Title, told("title", "Title", "what it is, in one line")),
    (Field::Description, told("description", "Description", "prose")),
    (Field::Severity, told("severity", "Severity", "a word")),
    (Field::Vulnerability, told("vulnerability", "Vulnerability", "ids such as CVE-2026-1")),
    (Field::Component, told("component", "Package", "its name")),
    (Field::Version, told("version", "Version", "the installed one")),
    (Field::Ecosystem, told("ecosystem", "Ecosystem", "the kind of package: npm, deb")),
    (Field::Purl, told("purl", "Package URL", "pkg:npm/left-pad@1.0")),
    (Field::Distribution, told("distribution", "Distribution", "of the image: debian 12")),
    (Field::Path, told("path", "File", "its path")),
    (Field::Line, told("line", "Line", "its number in the file")),
    (Field::Image, told("image", "Image", "name, with or without tag and digest")),
    (Field::Tag, told("tag", "Tag", "of the image")),
    (Field::Digest, told("digest", "Digest", "of the image")),
    (Field::FixVersion, told("fix_version", "Fixed version", "several between commas")),
    (Field::FixAvailable, told("fix_available", "Fix available", "yes or no")),
    (Field::Cvss, told("cvss", "CVSS", "a vector or a score")),
    (Field::Weakness, told("weakness", "Weakness", "CWE ids or numbers")),
    (Field::Epss, told("epss", "EPSS", "a probability from 0 to 1")),
    (Field::Exploited, told("exploited", "Known exploited", "yes or no")),
    (Field::Reference, told("reference", "References", "links")),
    (Field::Place, told("place", "Place", "where it was seen, if not in a package")),
    (Field::Tool, told("tool", "Tool", "who says so")),
    (Field::Class, told("class", "Class", "vulnerability, secret, misconfiguration, licence, malware")),
    (Field::Rule, told("rule", "Rule", "the tool's id of what it looks for")),
    (Field::Status, told("status", "Status", "open, fixed, ignored")),
    (Field::Active, told("active", "Active", "whether it counts")),
    (Field::FalsePositive, told("false_positive", "False positive", "yes or no")),
    (Field::Suppressed, told("suppressed", "Suppressed", "whether somebody set it aside")),
    (Field::Reason, told("reason", "Reason", "why it was set aside")),
    (Field::Duplicate, told("duplicate", "Duplicate", "whether another row says the same")),
    (Field::SeenAt, told("seen_at", "Seen at", "a moment")),
    (Field::Beside, told("beside", "Leave out", "known and not kept")),
];

const fn told(word: &'static str, title: &'static str, help: &'static str) -> Meaning {
    Meaning { word, title, help }
}

/// Everything that a column may mean.
#[must_use]
pub fn meanings() -> Vec<Meaning> {
    WORDS.iter().map(|(_, meaning)| *meaning).collect()
}

/// The field of a word.
pub(super) fn field(word: &str) -> Option<Field> {
    WORDS.iter().find(|(_, meaning)| meaning.word == word).map(|(field, _)| *field)
}

/// The word of a field.
pub(super) fn word(field: Field) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == field).map(|(_, meaning)| meaning.word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generic::Mapping;

    #[test]
    fn every_field_has_the_word_that_it_is_stored_under() {
        for (field, meaning) in WORDS {
            assert_eq!(serde_json::to_value(field).unwrap(), meaning.word);
            assert_eq!((super::field(meaning.word), word(*field)), (Some(*field), Some(meaning.word)));
        }
        let dictionary = serde_json::to_value(Mapping::default()).unwrap();
        let named = dictionary.as_object().unwrap();
        assert_eq!(named.len(), WORDS.len());
        assert!(named.keys().all(|word| super::field(word).is_some()));
        assert_eq!(super::field("colour"), None);
    }
}
