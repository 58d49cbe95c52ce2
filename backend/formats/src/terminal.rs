//! What tools print for people, without the control sequences that colour it, and where its lines stand.
//! Refuses to act on a sequence: whatever it would do to a terminal, it goes.

use std::borrow::Cow;

const ESCAPE: char = '\u{1b}';

/// A text without control sequences; its lines stay as many.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(ESCAPE) {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split(ESCAPE);
    let mut out = String::with_capacity(text.len());
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(behind_sequence(part));
    }
    Cow::Owned(out)
}

/// What follows `[1;31m`; all of it where it is no sequence that ends.
fn behind_sequence(part: &str) -> &str {
    let Some(rest) = part.strip_prefix('[') else { return part };
    let inside = |letter: char| matches!(letter, '0'..='9' | ';' | ':' | '?');
    let end = rest.trim_start_matches(inside);
    end.strip_prefix(|last: char| matches!(last, '@'..='~')).unwrap_or(end)
}

/// Where a line of a document begins, counted from 1, in bytes.
pub(crate) fn offset(document: &[u8], line: usize) -> usize {
    document.split(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(|line| line.len() + 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(plain(text), expected, "{text:?}");
    }

    #[test]
    fn colours_go_and_text_stays() {
        check("plain", "plain");
        check("\u{1b}[1;31m[WARN]\u{1b}[0m 1.1\n\u{1b}[34mé", "[WARN] 1.1\né");
        check("a\u{1b}[", "a");
        check("a\u{1b}[12\nb", "a\nb");
        check("a\u{1b}", "a");
        check("a\u{1b}b", "ab");
    }

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!([0, 1, 2, 3].map(|line| offset(b"ab\ncd\ne", line)), [0, 0, 3, 6]);
    }
}
