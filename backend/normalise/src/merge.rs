//! How the words of several tools on one finding become the one row that lists show. Each tool's own
//! word stays beside it, in its attribution.
//!
//! The severity is the worst that a tool states which still counts the finding; when all tools set it
//! aside, the worst of all, and the finding is marked suppressed. A fix exists when any of them names
//! one. Refuses to average: an average is nobody's judgement.

use std::cmp::Ordering;

use domain::cvss::CvssScore;
use domain::finding::{ReportedFinding, Verdict};
use domain::fix::FixState;
use domain::severity::Severity;

/// What one tool says of one finding, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// The tool's severity on our scale.
    pub severity: Severity,
    /// The tool's own word.
    pub severity_word: String,
    /// Whether there is a fix.
    pub fix_state: FixState,
    /// Versions with the fix, joined with `, `; empty where none are named.
    pub fix_version: String,
    /// Vector said of this package in particular.
    pub cvss_vector: Option<String>,
    /// Why the tool set it aside, if it did.
    pub suppressed_reason: Option<String>,
    /// File or layer that shows it.
    pub location: Option<String>,
    /// What the tool says of whether the component is used.
    pub in_use: Option<String>,
    /// Whether that says it is used (`true`), or not (`false`).
    pub used: Option<bool>,
    /// The id under which the tool reports it, where that is not the canonical one.
    pub reported_as: String,
}

/// What lists show of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Severity.
    pub severity: Severity,
    /// Whether there is a fix.
    pub fix_state: FixState,
    /// Versions with the fix.
    pub fix_version: String,
    /// Whether every tool set it aside.
    pub suppressed: bool,
}

impl Attribution {
    /// What a reported finding says.
    #[must_use]
    pub fn of(finding: &ReportedFinding, reported_as: &str, location: Option<&str>) -> Self {
        let suppressed_reason = match &finding.verdict {
            Verdict::Affected => None,
            Verdict::Suppressed(reason) => Some(reason.clone()),
        };
        Self {
            severity: finding.severity,
            severity_word: finding.severity_word.clone(),
            fix_state: finding.fix.state,
            fix_version: finding.fix.versions.join(", "),
            cvss_vector: best_vector(&finding.cvss).map(str::to_owned),
            suppressed_reason,
            location: finding.location.as_deref().or(location).map(str::to_owned),
            in_use: finding.in_use.clone(),
            used: finding.used,
            reported_as: reported_as.to_owned(),
        }
    }

    /// Two entries of one document on the same finding as one; the same whichever comes first.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let (first, second) = if self.order() <= other.order() { (self, other) } else { (other, self) };
        let (fix_state, fix_version) = better_fix(&first, &second);
        let (used, in_use) = more_used((first.used, first.in_use), (second.used, second.in_use));
        Self {
            fix_state,
            fix_version,
            cvss_vector: first.cvss_vector.or(second.cvss_vector),
            location: match (first.location, second.location) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            },
            in_use,
            used,
            reported_as: first.reported_as.min(second.reported_as),
            severity: first.severity,
            severity_word: first.severity_word,
            suppressed_reason: first.suppressed_reason,
        }
    }

    /// An entry that counts goes before one that was set aside, then the worse one.
    fn order(&self) -> impl Ord + '_ {
        (
            self.suppressed_reason.is_some(),
            self.severity,
            &self.severity_word,
            &self.suppressed_reason,
            &self.cvss_vector,
            &self.fix_version,
        )
    }
}

/// The row of a finding with these attributions; nothing where there are none.
#[must_use]
pub fn effective<'a>(attributions: impl IntoIterator<Item = &'a Attribution>) -> Option<Effective> {
    let all: Vec<&Attribution> = attributions.into_iter().collect();
    let counting: Vec<&Attribution> =
        all.iter().copied().filter(|attribution| attribution.suppressed_reason.is_none()).collect();
    let suppressed = counting.is_empty();
    let voices = if suppressed { &all } else { &counting };
    let severity = voices.iter().map(|voice| voice.severity).min()?;
    let fix = voices.iter().min_by_key(|voice| fix_order(voice))?;
    Some(Effective { severity, fix_state: fix.fix_state, fix_version: fix.fix_version.clone(), suppressed })
}

/// What is used in one place is used; what one place says nothing of is not said to be unused. Among equals the later text
/// in the alphabet: "reachable" goes before "not reachable".
fn more_used(
    one: (Option<bool>, Option<String>),
    two: (Option<bool>, Option<String>),
) -> (Option<bool>, Option<String>) {
    let order = |used: Option<bool>| match used {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    };
    match order(one.0).cmp(&order(two.0)) {
        Ordering::Less => two,
        Ordering::Equal => (one.0, one.1.max(two.1)),
        Ordering::Greater => one,
    }
}

fn better_fix(one: &Attribution, two: &Attribution) -> (FixState, String) {
    let better = if fix_order(one) <= fix_order(two) { one } else { two };
    (better.fix_state, better.fix_version.clone())
}

/// A fix with a version, a fix without one, then no fix, by text among equals.
fn fix_order(attribution: &Attribution) -> (FixState, bool, &str) {
    (attribution.fix_state, attribution.fix_version.is_empty(), &attribution.fix_version)
}

/// The vector to show: the source preferred by [`source_rank`], then the newest version of CVSS.
#[must_use]
pub fn best_vector(scores: &[CvssScore]) -> Option<&str> {
    scores
        .iter()
        .filter(|score| score.read().is_some())
        .min_by_key(|score| (source_rank(&score.source), version_rank(&score.vector), &score.vector))
        .map(|score| score.vector.as_str())
}

/// NVD first, then GHSA, then whoever else publishes vectors.
#[must_use]
pub fn source_rank(source: &str) -> u8 {
    match source {
        "nvd" => 0,
        "ghsa" => 1,
        _ => 2,
    }
}

/// CVSS 3.1 first, because nearly every source publishes it, then 3.0, 4.0 and 2.0.
#[must_use]
pub fn version_rank(vector: &str) -> u8 {
    match vector.get(..8) {
        Some("CVSS:3.1") => 0,
        Some("CVSS:3.0") => 1,
        Some("CVSS:4.0") => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(severity: Severity, fix: &str, suppressed: bool) -> Attribution {
        Attribution {
            severity,
            severity_word: severity.to_string(),
            fix_state: if fix.is_empty() { FixState::Unknown } else { FixState::Fixed },
            fix_version: fix.to_owned(),
            cvss_vector: None,
            suppressed_reason: suppressed.then(|| "ignored".to_owned()),
            location: None,
            in_use: None,
            used: None,
            reported_as: String::new(),
        }
    }

    #[track_caller]
    fn check(attributions: &[Attribution], severity: Severity, fix: &str, suppressed: bool) {
        let row = effective(attributions).unwrap();
        assert_eq!((row.severity, row.fix_version.as_str(), row.suppressed), (severity, fix, suppressed));
        let backwards: Vec<Attribution> = attributions.iter().rev().cloned().collect();
        assert_eq!(effective(&backwards), Some(row));
    }

    #[test]
    fn the_worst_word_and_any_fix() {
        check(
            &[says(Severity::Low, "1.2", false), says(Severity::High, "", false)],
            Severity::High,
            "1.2",
            false,
        );
        check(
            &[says(Severity::Unknown, "", false), says(Severity::Low, "", false)],
            Severity::Low,
            "",
            false,
        );
    }

    #[test]
    fn a_tool_that_set_it_aside_has_no_say_while_another_counts_it() {
        check(
            &[says(Severity::Critical, "", true), says(Severity::Low, "", false)],
            Severity::Low,
            "",
            false,
        );
        check(&[says(Severity::Critical, "", true)], Severity::Critical, "", true);
        assert_eq!(effective([]), None);
    }

    #[test]
    fn joining_two_entries_ignores_their_order() {
        let (one, two) = (says(Severity::Low, "", true), says(Severity::High, "3", false));
        assert_eq!(one.clone().joined(two.clone()), two.clone().joined(one));
    }

    #[test]
    fn what_is_used_in_one_place_is_used() {
        let (yes, no) = ((Some(true), "used"), (Some(false), "not used"));
        for (one, two, expected) in [
            (yes, no, yes),
            (yes, (None, ""), yes),
            (no, no, no),
            (no, (None, ""), (None, "")),
            ((None, "reachable"), (None, "not reachable"), (None, "reachable")),
        ] {
            let word = |(used, word): (Option<bool>, &str)| Attribution {
                used,
                in_use: Some(word.to_owned()),
                ..says(Severity::Low, "", false)
            };
            for joined in [word(one).joined(word(two)), word(two).joined(word(one))] {
                assert_eq!((joined.used, joined.in_use.as_deref()), (expected.0, Some(expected.1)));
            }
        }
    }

    #[test]
    fn nvd_and_the_common_version_are_preferred() {
        let score = |source: &str, vector: &str| CvssScore {
            source: source.to_owned(),
            vector: vector.to_owned(),
            stated: None,
        };
        let v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let scores = [score("ghsa", v3), score("nvd", "AV:N/AC:L/Au:N/C:P/I:P/A:P"), score("nvd", v3)];
        assert_eq!(best_vector(&scores), Some(v3));
        assert_eq!(best_vector(&[score("nvd", "nonsense")]), None);
    }
}
