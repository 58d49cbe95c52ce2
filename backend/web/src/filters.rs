//! How values become text on pages: one table of filters, the same everywhere. Refuses HTML: the
//! templates' escaping stays in charge.

#![expect(unreachable_pub, reason = "the filter macro makes public methods")]

use std::fmt::Display;

use askama::{Result, Values};
use chrono::{DateTime, SecondsFormat, Utc};

/// A value behind any number of references, as templates pass them.
pub(crate) trait Given<T> {
    /// The value itself.
    fn given(&self) -> T;
}

impl Given<f64> for f64 {
    fn given(&self) -> f64 {
        *self
    }
}

impl Given<DateTime<Utc>> for DateTime<Utc> {
    fn given(&self) -> DateTime<Utc> {
        *self
    }
}

impl<T, G: Given<T>> Given<T> for &G {
    fn given(&self) -> T {
        (**self).given()
    }
}

/// The words of the five severities in the order of counts.
pub(crate) const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "unknown severity"];
/// Their letters.
pub(crate) const LETTERS: [char; 5] = ['C', 'H', 'M', 'L', '?'];

/// `12 345`: groups of three, divided by a narrow no-break space.
#[askama::filter_fn]
pub(crate) fn number<N: Display>(value: N, _: &dyn Values) -> Result<String> {
    Ok(grouped(&value.to_string()))
}

/// `3 days ago`, relative to `now`.
#[askama::filter_fn]
pub(crate) fn ago<T: Given<DateTime<Utc>>, N: Given<DateTime<Utc>>>(
    at: T,
    _: &dyn Values,
    now: N,
) -> Result<String> {
    Ok(relative(at.given(), now.given()))
}

/// `23 Nov 2026 10:04 UTC`.
#[askama::filter_fn]
pub(crate) fn exact<T: Given<DateTime<Utc>>>(at: T, _: &dyn Values) -> Result<String> {
    Ok(at.given().format("%-d %b %Y %H:%M UTC").to_string())
}

/// `23 Nov 10:04`, for the top bar.
#[askama::filter_fn]
pub(crate) fn clock<T: Given<DateTime<Utc>>>(at: T, _: &dyn Values) -> Result<String> {
    Ok(at.given().format("%-d %b %H:%M").to_string())
}

/// `23 Nov 2026`.
#[askama::filter_fn]
pub(crate) fn day<T: Given<DateTime<Utc>>>(at: T, _: &dyn Values) -> Result<String> {
    Ok(at.given().format("%-d %b %Y").to_string())
}

/// RFC 3339, for `datetime` attributes.
#[askama::filter_fn]
pub(crate) fn iso<T: Given<DateTime<Utc>>>(at: T, _: &dyn Values) -> Result<String> {
    Ok(at.given().to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// `1.5 MiB`, in powers of 1024, as limits are set.
#[askama::filter_fn]
pub(crate) fn bytes<N: Display>(count: N, _: &dyn Values) -> Result<String> {
    Ok(size(count.to_string().parse().unwrap_or(0.0)))
}

/// `1 image`, `1 234 images`: the number with its noun.
#[askama::filter_fn]
pub(crate) fn plural<N: Display>(count: N, _: &dyn Values, one: &str, many: &str) -> Result<String> {
    let count = count.to_string();
    let noun = if count == "1" { one } else { many };
    Ok(format!("{} {noun}", grouped(&count)))
}

/// The first twelve hexadecimal digits of a digest.
#[askama::filter_fn]
pub(crate) fn short<T: Display>(digest: T, _: &dyn Values) -> Result<String> {
    let digest = digest.to_string();
    let hex = digest.split_once(':').map_or(digest.as_str(), |(_, hex)| hex);
    Ok(hex.chars().take(12).collect())
}

/// `4 critical, 31 high`: five counts in words, without the zeros.
#[askama::filter_fn]
pub(crate) fn told<C: AsRef<[u64]>>(counts: C, _: &dyn Values) -> Result<String> {
    Ok(in_words(counts.as_ref()))
}

/// Counts by severity in words; nothing found is said as such.
pub(crate) fn in_words(counts: &[u64]) -> String {
    let words: Vec<_> = counts
        .iter()
        .zip(SEVERITIES)
        .filter(|(count, _)| **count > 0)
        .map(|(count, word)| format!("{} {word}", grouped(&count.to_string())))
        .collect();
    if words.is_empty() { "no open findings".to_owned() } else { words.join(", ") }
}

/// Digits in groups of three; anything that is not a plain number is left alone.
pub(crate) fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("\u{2212}", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A share in per cent: whole from ten, else one digit, and never a false 0 or 100.
pub(crate) fn percentage(share: f64) -> String {
    let percent = share * 100.0;
    if !percent.is_finite() {
        "?".to_owned()
    } else if percent <= 0.0 {
        "0\u{202f}%".to_owned()
    } else if percent < 0.1 {
        "<0.1\u{202f}%".to_owned()
    } else if percent < 10.0 {
        format!("{percent:.1}\u{202f}%")
    } else if percent > 99.0 && percent < 100.0 {
        ">99\u{202f}%".to_owned()
    } else {
        format!("{percent:.0}\u{202f}%")
    }
}

/// A change with its sign, rounded; one digit where it would otherwise vanish.
pub(crate) fn with_sign(value: f64) -> String {
    let (rounded, digits) =
        if value.abs() >= 0.95 { (value.round(), 0) } else { ((value * 10.0).round() / 10.0, 1) };
    if rounded == 0.0 {
        return "\u{b1}0".to_owned();
    }
    let sign = if rounded < 0.0 { '\u{2212}' } else { '+' };
    format!("{sign}{}", grouped(&format!("{:.digits$}", rounded.abs())))
}

/// How long ago, or in how long, in the largest unit that fits.
pub(crate) fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds();
    let span = seconds.unsigned_abs();
    let (count, unit) = match span {
        0..60 => return if seconds >= 0 { "just now".to_owned() } else { "in a moment".to_owned() },
        60..3_600 => (span / 60, "minute"),
        3_600..86_400 => (span / 3_600, "hour"),
        86_400..5_184_000 => (span / 86_400, "day"),
        5_184_000..63_072_000 => (span / 2_629_800, "month"),
        _ => (span / 31_557_600, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds >= 0 { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

/// Bytes in the largest unit that leaves at least one.
pub(crate) fn size(count: f64) -> String {
    let mut value = count;
    for unit in ["B", "KiB", "MiB", "GiB", "TiB"] {
        if value < 1024.0 || unit == "TiB" {
            let digits = usize::from(unit != "B" && value < 10.0);
            return format!("{value:.digits$}\u{202f}{unit}");
        }
        value /= 1024.0;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    /// Narrow no-break spaces as underscores, so that the tables below can be read.
    fn plain(text: String) -> String {
        text.replace('\u{202f}', "_")
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, expected) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1_000"),
            ("1234567", "1_234_567"),
            ("-1234.5", "−1_234.5"),
            ("n/a", "n/a"),
        ] {
            assert_eq!(plain(grouped(number)), expected);
        }
    }

    #[test]
    fn shares_never_lie() {
        for (share, expected) in [
            (0.0, "0_%"),
            (0.0004, "<0.1_%"),
            (0.0123, "1.2_%"),
            (0.5, "50_%"),
            (0.996, ">99_%"),
            (1.0, "100_%"),
            (f64::NAN, "?"),
        ] {
            assert_eq!(plain(percentage(share)), expected);
        }
    }

    #[test]
    fn changes_carry_a_sign() {
        for (value, expected) in
            [(18.2, "+18"), (-41.0, "−41"), (0.04, "±0"), (-0.5, "−0.5"), (0.96, "+1"), (1234.0, "+1_234")]
        {
            assert_eq!(plain(with_sign(value)), expected);
        }
    }

    #[test]
    fn counts_are_told_without_zeros() {
        for (counts, expected) in [
            ([4, 0, 1200, 0, 1], "4 critical, 1_200 medium, 1 unknown severity"),
            ([0, 0, 0, 0, 0], "no open findings"),
        ] {
            assert_eq!(plain(in_words(&counts)), expected);
        }
    }

    #[test]
    fn times_are_relative() {
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        for (seconds, expected) in [
            (5, "just now"),
            (60, "1 minute ago"),
            (7_300, "2 hours ago"),
            (12 * 86_400, "12 days ago"),
            (100 * 86_400, "3 months ago"),
            (800 * 86_400, "2 years ago"),
            (-3 * 86_400, "in 3 days"),
            (-5, "in a moment"),
        ] {
            assert_eq!(relative(now - TimeDelta::seconds(seconds), now), expected);
        }
    }

    #[test]
    fn sizes_have_units() {
        for (count, expected) in [
            (0.0, "0_B"),
            (1023.0, "1023_B"),
            (1536.0, "1.5_KiB"),
            (536_870_912.0, "512_MiB"),
            (4.5e15, "4093_TiB"),
        ] {
            assert_eq!(plain(size(count)), expected);
        }
    }
}
