//! Fix versions from a recommendation in prose (`Upgrade libxml2 to version 2.10.4-r0`) or from the
//! properties some scanners add. Refuses prose that does not name versions outright.

use domain::fix::{Fix, FixState};

use super::components::filled;
use crate::cyclonedx_json::wire::Vulnerability;

/// What a vulnerability says of the fix for a package of this name.
pub(super) fn fix(wire: &Vulnerability<'_>, package: &str) -> Fix {
    let mut found: Vec<String> = Vec::new();
    for property in &wire.properties {
        let name = property.name.as_deref().unwrap_or_default();
        if name.ends_with(":fixed_versions") || name.ends_with(":fixed_version") {
            found.extend(versions(property.value.as_deref().unwrap_or_default()));
        }
    }
    if found.is_empty() {
        found =
            filled(wire.recommendation.as_ref()).map(|text| recommended(text, package)).unwrap_or_default();
    }
    let mut fix = Fix::in_versions(found);
    if fix.state == FixState::Unknown {
        let responses = wire.analysis.iter().flat_map(|analysis| &analysis.response);
        for response in responses {
            match &**response {
                "will_not_fix" => fix.state = FixState::WontFix,
                "can_not_fix" => fix.state = FixState::NotFixed,
                _ => {}
            }
        }
    }
    fix
}

/// Versions after the word `version`, of the sentence that names the package where there are several.
fn recommended(text: &str, package: &str) -> Vec<String> {
    let sentences: Vec<&str> =
        text.split([';', '\n']).filter(|sentence| !sentence.trim().is_empty()).collect();
    let bare = package.rsplit(['/', ':']).next().unwrap_or(package);
    let names = |sentence: &str| {
        sentence
            .split_whitespace()
            .any(|word| word == package || word == bare || word.ends_with(&format!(":{bare}")))
    };
    let ours: Vec<&str> = match sentences.as_slice() {
        [only] => vec![only],
        several => several.iter().copied().filter(|sentence| names(sentence)).collect(),
    };
    let mut found: Vec<String> = Vec::new();
    for sentence in ours {
        let lower = sentence.to_ascii_lowercase();
        let Some(start) = lower.find("version") else { continue };
        let tail = sentence[start..]
            .trim_start_matches(|letter: char| letter.is_ascii_alphabetic() || letter == ':');
        for version in versions(tail) {
            if !found.contains(&version) {
                found.push(version);
            }
        }
    }
    found
}

/// The versions a list begins with: `1.2, 2.0 or higher.`
fn versions(list: &str) -> Vec<String> {
    list.split(|letter: char| letter == ',' || letter.is_whitespace())
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty() && !matches!(*word, "or" | "and"))
        .take_while(|word| {
            let digits = word.strip_prefix('v').unwrap_or(word);
            digits.starts_with(|first: char| first.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, package: &str, expected: &[&str]) {
        assert_eq!(recommended(text, package), expected, "{text}");
    }

    #[test]
    fn reads_recommendations() {
        check("Upgrade libxml2 to version 2.10.4-r0", "libxml2", &["2.10.4-r0"]);
        check(
            "Upgrade org.acme:api to version 2.6.7.4, 2.9.10.7, 2.10.5.1 or higher.",
            "org.acme:api",
            &["2.6.7.4", "2.9.10.7", "2.10.5.1"],
        );
        check("Upgrade a to version 1; Upgrade b to version 2", "@scope/b", &["2"]);
        check("Upgrade to versions: v1.4.0 and 2.0", "x", &["v1.4.0", "2.0"]);
        check("Use another version of it.", "x", &[]);
        check("Remove the package", "x", &[]);
    }
}
