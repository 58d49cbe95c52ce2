//! Times as documents write them: RFC 3339 and its usual corruptions. Refuses Go's zero time and
//! anything ambiguous (`01/02/2024`): no time is better than a wrong one.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

/// Reads a time; one without a zone is taken as UTC, a bare date as its midnight.
#[must_use]
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    let time = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f %z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .map(|time| time.to_utc())
        .ok()
        .or_else(|| naive(text).map(|time| time.and_utc()))?;
    (time.year() > 1).then_some(time)
}

fn naive(text: &str) -> Option<NaiveDateTime> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| date(text).and_then(|day| day.and_hms_opt(0, 0, 0)))
}

/// Reads a day: `2026-08-21` or `2026/08/21`.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    // Of a shorter number in front nobody knows whether it is the year.
    let format = if text.find('/') == Some(4) { "%Y/%m/%d" } else { "%Y-%m-%d" };
    NaiveDate::parse_from_str(text, format).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_tools_write() {
        let expected = parse("2025-10-05T12:30:00Z");
        assert!(expected.is_some());
        for text in [
            "2025-10-05T14:30:00+02:00",
            "2025-10-05T14:30:00+0200",
            "2025-10-05T12:30:00",
            "2025-10-05T12:30Z",
            "2025-10-05 12:30:00 +0000 UTC",
            "2025-10-05 12:30:00",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(parse("2025-10-05"), parse("2025-10-05T00:00:00Z"));
        assert_eq!(parse("2025/10/05"), parse("2025-10-05T00:00:00Z"));
        assert!(parse("2025-10-05T12:30:00.123456789Z").is_some());
    }

    #[test]
    fn refuses_zero_and_ambiguous_times() {
        for text in ["", "0001-01-01T00:00:00Z", "01/02/2024", "1/2/20", "yesterday"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
