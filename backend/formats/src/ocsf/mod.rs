//! Findings in the Open Cybersecurity Schema Framework (classes 2001 to 2007), whoever writes them: their types, their
//! state, and the vulnerabilities that they list of container images.
//!
//! Refuses to be a format, and every event that is no finding.

mod images;
mod wire;

use chrono::{DateTime, Utc};
use domain::finding::Verdict;
use domain::scan::Tool;

use crate::aws::INSPECTOR;
use crate::error::clip;
use crate::time;
use crate::untrusted::prose;

pub(crate) use images::add_finding;
pub(crate) use wire::{Data, Finding, Resource};

/// Whether the paths below a prefix are those of a finding.
pub(crate) fn is_finding(has: &dyn Fn(&str) -> bool) -> bool {
    let told = has("finding_info") || has("finding.uid") || has("finding.title");
    has("class_uid") && has("metadata.product") && told
}

/// The tool behind a finding, under the name of its own documents.
pub(crate) fn product(finding: &Finding<'_>) -> Tool {
    let product = &finding.metadata.product;
    let name = product.name.filled().or_else(|| product.vendor_name.filled()).unwrap_or("ocsf");
    let name = clip(name.trim()).to_ascii_lowercase().replace(' ', "-");
    let inspector =
        product.uid.ends_with("/aws/inspector") || matches!(&*name, "inspector" | "amazon-inspector");
    let name = if inspector { INSPECTOR.to_owned() } else { name };
    Tool { name, version: product.version.filled().map(clip) }
}

/// When it was last seen.
pub(crate) fn seen_at(finding: &Finding<'_>) -> Option<DateTime<Utc>> {
    let info = &finding.finding_info;
    let texts = [&finding.time_dt, &finding.event_time, &info.last_seen_time_dt, &info.modified_time_dt];
    texts.into_iter().find_map(|text| time::parse(text)).or_else(|| moment(&finding.time))
}

/// Milliseconds since 1970, as the schema says, or seconds, as some write, or a time in words.
fn moment(stated: &str) -> Option<DateTime<Utc>> {
    match stated.parse::<i64>() {
        Ok(number) if number > 100_000_000_000 => DateTime::from_timestamp_millis(number),
        Ok(number) if number > 0 => DateTime::from_timestamp(number, 0),
        Ok(_) => None,
        Err(_) => time::parse(stated),
    }
}

/// Whether it says that a check passed.
pub(crate) fn passed(finding: &Finding<'_>) -> bool {
    let words = [&finding.compliance.status, &finding.status_code];
    words.into_iter().any(|word| word.eq_ignore_ascii_case("pass") || word.eq_ignore_ascii_case("passed"))
}

/// Whether it still counts where it comes from. The word goes before the number, which some fill otherwise.
pub(crate) fn verdict(finding: &Finding<'_>) -> Verdict {
    let word = finding.status.to_ascii_lowercase();
    let word = match (&*word, finding.status_id.whole()) {
        ("suppressed", _) | ("", Some(3)) => "suppressed",
        ("resolved", _) | ("", Some(4)) => "resolved",
        ("archived", _) | ("", Some(5)) => "archived",
        ("deleted", _) | ("", Some(6)) => "deleted",
        _ => return Verdict::Affected,
    };
    Verdict::Suppressed(match finding.comment.filled() {
        Some(comment) => format!("{word}: {}", prose(comment)),
        None => word.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_milliseconds_or_words() {
        let expected = time::parse("2026-02-03T10:20:30Z");
        for text in ["1770114030", "1770114030000", "2026-02-03T10:20:30Z"] {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!([moment(""), moment("0"), moment("-1")], [None, None, None]);
    }

    #[test]
    fn words_go_before_numbers() {
        let verdict = |status: &str, id: f64| {
            let json = format!(r#"{{"status":"{status}","status_id":{id}}}"#);
            super::verdict(&serde_json::from_str(&json).unwrap())
        };
        assert_eq!(verdict("New", 3.0), Verdict::Affected);
        assert_eq!(verdict("", 3.0), Verdict::Suppressed("suppressed".to_owned()));
        assert_eq!(verdict("Resolved", 1.0), Verdict::Suppressed("resolved".to_owned()));
    }
}
