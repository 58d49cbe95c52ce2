//! A row or object as its fields, whatever it was called there. Refuses to interpret more than lists, truths and numbers.

use super::Field;

/// Words that mean yes and no.
const YES: [&str; 4] = ["true", "yes", "y", "1"];
const NO: [&str; 4] = ["false", "no", "n", "0"];

/// What a document lists of one finding.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// Where it stands.
    pub at: String,
    /// Filled cells, in document order; a field may have several.
    pub cells: Vec<(Field, String)>,
}

impl Entry {
    /// The first text of a field; empty without one.
    pub(super) fn text(&self, field: Field) -> &str {
        self.texts(field).next().unwrap_or_default()
    }

    /// Every text of a field.
    pub(super) fn texts(&self, field: Field) -> impl Iterator<Item = &str> {
        self.cells.iter().filter(move |(known, _)| *known == field).map(|(_, text)| text.trim())
    }

    /// Every part of the texts of a field, between commas, semicolons and blanks.
    pub(super) fn parts(&self, field: Field) -> impl Iterator<Item = &str> {
        let parts = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '|');
        self.texts(field).flat_map(move |text| text.split(parts)).filter(|part| !part.is_empty())
    }

    /// Whether a field says yes or no, if it says either.
    pub(super) fn truth(&self, field: Field) -> Option<bool> {
        let text = self.text(field);
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match (is(&YES), is(&NO)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }

    /// Whether it tells what it is.
    pub(crate) fn is_told(&self) -> bool {
        !self.text(Field::Title).is_empty() || !self.text(Field::Vulnerability).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_texts_lists_and_truths() {
        let cell = |field, text: &str| (field, text.to_owned());
        let entry = Entry {
            at: String::new(),
            cells: vec![
                cell(Field::Vulnerability, "CVE-2025-1, CVE-2025-2"),
                cell(Field::Vulnerability, "GHSA-1"),
                cell(Field::Active, "No"),
            ],
        };
        let ids: Vec<&str> = entry.parts(Field::Vulnerability).collect();
        assert_eq!(ids, ["CVE-2025-1", "CVE-2025-2", "GHSA-1"]);
        assert_eq!((entry.truth(Field::Active), entry.truth(Field::Duplicate)), (Some(false), None));
        assert!(entry.is_told() && !Entry::default().is_told());
    }
}
