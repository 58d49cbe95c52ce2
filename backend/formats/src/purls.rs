//! Reads each distinct purl text of a document once. Refuses to invent one: what is not a purl stays
//! the caller's to name by parts.

use std::collections::HashMap;

use domain::purl::{InvalidPurl, Purl};

/// A cache of package URLs by their raw text.
#[derive(Debug, Default)]
pub struct Purls<'a> {
    known: HashMap<&'a str, Result<Purl, InvalidPurl>>,
}

impl<'a> Purls<'a> {
    /// The canonical purl of a text.
    ///
    /// # Errors
    /// When the text is not a purl.
    pub fn parse(&mut self, text: &'a str) -> Result<&Purl, &InvalidPurl> {
        self.known.entry(text).or_insert_with(|| text.parse()).as_ref()
    }
}

/// A purl from parts in an ecosystem that may be unknown: then `pkg:generic/…`. Nothing where the name is empty.
#[must_use]
pub fn from_parts(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>) -> Option<Purl> {
    Purl::from_parts(kind, namespace, name, version)
        .or_else(|_| Purl::from_parts("generic", namespace, name, version))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_and_falls_back() {
        let mut purls = Purls::default();
        assert_eq!(purls.parse("pkg:npm/a@1?x=y").unwrap().as_str(), "pkg:npm/a@1");
        assert!(purls.parse("nope").is_err() && purls.parse("nope").is_err());
        assert_eq!(from_parts("not a type", None, "a b", Some("1")).unwrap().as_str(), "pkg:generic/a%20b@1");
        assert_eq!(from_parts("npm", None, "", None), None);
    }
}
