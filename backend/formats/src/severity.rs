//! What every vendor calls a severity, in one table. Refuses to guess: a word not listed is unknown.

use domain::severity::Severity;

/// Vendor words, lower case, with our severity.
const WORDS: &[(&str, Severity)] = &[
    ("critical", Severity::Critical),
    ("crit", Severity::Critical),
    ("defcon1", Severity::Critical),
    ("compromised", Severity::Critical),
    ("emergency", Severity::Critical),
    ("alert", Severity::Critical),
    ("high", Severity::High),
    ("important", Severity::High),
    ("error", Severity::High),
    ("fatal", Severity::High),
    ("stop", Severity::High),
    ("major", Severity::High),
    ("imminent compromise", Severity::High),
    ("medium", Severity::Medium),
    ("moderate", Severity::Medium),
    ("warning", Severity::Medium),
    ("warn", Severity::Medium),
    ("hazardous", Severity::Medium),
    ("minor", Severity::Low),
    ("low", Severity::Low),
    ("negligible", Severity::Low),
    ("minimal", Severity::Low),
    ("unimportant", Severity::Low),
    ("info", Severity::Low),
    ("information", Severity::Low),
    ("informational", Severity::Low),
    ("note", Severity::Low),
    ("style", Severity::Low),
    ("notice", Severity::Low),
    ("debug", Severity::Low),
    ("none", Severity::Low),
    ("go", Severity::Low),
    ("severity 5", Severity::Critical),
    ("severity 4", Severity::High),
    ("severity 3", Severity::Medium),
    ("severity 2", Severity::Low),
    ("severity 1", Severity::Low),
];

/// The severity of a vendor's word, in any case.
#[must_use]
pub fn from_word(word: &str) -> Severity {
    let word = word.trim();
    WORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map_or(Severity::Unknown, |(_, severity)| *severity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translates_in_any_case() {
        assert_eq!(from_word("CRITICAL"), Severity::Critical);
        assert_eq!(from_word("Important"), Severity::High);
        assert_eq!(from_word(" moderate "), Severity::Medium);
        assert_eq!(from_word("Negligible"), Severity::Low);
        assert_eq!(from_word("UNKNOWN"), Severity::Unknown);
        assert_eq!(from_word(""), Severity::Unknown);
    }
}
