//! Identities: who an authority says that somebody is. Refuses regular expressions: a star stands for anything, and
//! everything else for itself.

/// An issuer and a subject, each with stars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    issuer: String,
    subject: String,
}

impl Identity {
    /// From an issuer and a subject with white space between them.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (issuer, subject) = (words.next()?.to_owned(), words.next()?.to_owned());
        words.next().is_none().then_some(Self { issuer, subject })
    }

    /// Whether it is somebody.
    pub(super) fn is(&self, issuer: &str, subject: &str) -> bool {
        fits(&self.issuer, issuer) && fits(&self.subject, subject)
    }
}

/// Whether a text fits a pattern in which a star stands for any text, even none. Each star takes as little as it can:
/// what fits at all fits so, and it takes no longer than pattern times text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((beginning, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(beginning) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match left.split_once(part) {
            _ if part.is_empty() => {}
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        check("https://a.example/*", "https://a.example/team/api", true);
        check("https://a.example/*", "https://a.example.evil/team", false);
        check("https://a.example/*/release.yml@*", "https://a.example/x/release.yml@refs/tags/1", true);
        check("https://a.example/*/release.yml@*", "https://a.example/x/build.yml@refs/tags/1", false);
        check("*@example.com", "ci@example.com", true);
        check("*@example.com", "ci@example.com.evil", false);
        check("ab*ba", "aba", false);
        check("a*b*b", "ab", false);
        check("a**c", "abc", true);
        check("a.c", "abc", false);
        check("*", "", true);
        check("", "a", false);
    }

    #[test]
    fn an_identity_is_two_words() {
        let ours = Identity::read("https://accounts.example.com  *@example.com").unwrap();
        assert!(ours.is("https://accounts.example.com", "ci@example.com"));
        assert!(!ours.is("https://accounts.example.org", "ci@example.com"));
        assert_eq!(Identity::read("https://accounts.example.com"), None);
        assert_eq!(Identity::read("one two three"), None);
        assert_eq!(Identity::read(" "), None);
    }
}
