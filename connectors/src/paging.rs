//! The guard over page tokens. Refuses a token that came before: such a list would never end.

use std::collections::HashSet;

/// Remembers the tokens of one listing.
#[derive(Debug, Default)]
pub struct Pages {
    seen: HashSet<u64>,
    read: usize,
}

impl Pages {
    /// Pages read so far.
    #[must_use]
    pub fn read(&self) -> usize {
        self.read
    }

    /// Whether to go on with this token: `Ok(None)` at the end of the list.
    ///
    /// # Errors
    /// The number of pages read, when the token came before.
    pub fn next(&mut self, token: Option<String>) -> Result<Option<String>, usize> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        self.read += 1;
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) { Ok(Some(token)) } else { Err(self.read) }
    }
}

#[cfg(test)]
mod tests {
    use super::Pages;

    #[test]
    fn a_repeated_token_ends_the_listing() {
        let mut pages = Pages::default();
        assert_eq!(pages.next(Some("a".to_owned())), Ok(Some("a".to_owned())));
        assert_eq!(pages.next(Some("b".to_owned())), Ok(Some("b".to_owned())));
        assert_eq!(pages.next(Some("a".to_owned())), Err(3));
    }

    #[test]
    fn no_token_is_the_end() {
        assert_eq!(Pages::default().next(None), Ok(None));
        assert_eq!(Pages::default().next(Some(String::new())), Ok(None));
    }
}
