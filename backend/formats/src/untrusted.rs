//! What is done to text from documents before it is kept: bounds on length and schemes. Refuses to
//! escape: text is kept as written, and whoever shows it escapes it.

use crate::warnings::Warnings;

/// Longest id, path or name that is kept.
pub const LONGEST: usize = 4096;
/// Longest prose that is kept.
const LONGEST_PROSE: usize = 64 * 1024;

/// An id, path or name of at most [`LONGEST`] bytes; a longer one is cut with a warning.
#[must_use]
pub fn bounded(text: &str, at: &str, warnings: &mut Warnings) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    warnings.push(at, format!("a text of {} bytes was cut to {LONGEST}", text.len()));
    cut(text, LONGEST).to_owned()
}

/// Prose of at most 64 KiB.
#[must_use]
pub fn prose(text: &str) -> String {
    cut(text, LONGEST_PROSE).to_owned()
}

/// A link, if it is one of `http` or `https` and not absurdly long.
#[must_use]
pub fn link(text: &str) -> Option<String> {
    let text = text.trim();
    let scheme = text.split_once("://").map(|(scheme, _)| scheme)?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let plain = !text.bytes().any(|byte| byte.is_ascii_control());
    (known && plain && text.len() <= LONGEST).then(|| text.to_owned())
}

fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_a_letter_with_a_warning() {
        let mut warnings = Warnings::default();
        assert_eq!(bounded("short", "a", &mut warnings), "short");
        assert_eq!(bounded(&"é".repeat(4000), "a", &mut warnings).len(), LONGEST);
        assert_eq!(warnings.into_vec().len(), 1);
    }

    #[test]
    fn links_are_web_links() {
        assert_eq!(link(" https://example.org/x ").as_deref(), Some("https://example.org/x"));
        for text in
            ["javascript:alert(1)", "ftp://example.org", "//example.org", "https//x", "java\nscript://"]
        {
            assert_eq!(link(text), None, "{text}");
        }
    }
}
