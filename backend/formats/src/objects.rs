//! Custom resources as the API of Kubernetes hands them out: one object, a list of a kind, a mixed `List`,
//! a bare array, pages one after another. Refuses to say what is in them.

use serde::Deserialize;

use crate::json::{self, Text, pairs};
use crate::{Error, Head};

/// An object that may be a list of others.
pub(crate) trait Object: Sized {
    /// What it calls itself; objects of a list need not.
    fn kind(&self) -> &str;
    /// The objects of a list.
    fn items(&self) -> Option<&[Self]>;
}

/// An object of a document.
#[derive(Debug)]
pub(crate) struct Placed<'r, O> {
    /// Where it stands; empty where it is the whole document.
    pub at: String,
    /// Its kind: its own word, or its list's.
    pub kind: &'r str,
    pub object: &'r O,
}

/// What every object says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Metadata<'a> {
    pub name: Text<'a>,
    pub namespace: Text<'a>,
    #[serde(deserialize_with = "pairs")]
    pub labels: Vec<(Text<'a>, Text<'a>)>,
    #[serde(deserialize_with = "pairs")]
    pub annotations: Vec<(Text<'a>, Text<'a>)>,
}

impl Metadata<'_> {
    /// A label, or else an annotation: names too long for a label become one.
    pub(crate) fn word(&self, key: &str) -> Option<&str> {
        let (_, value) = self.labels.iter().chain(&self.annotations).find(|(known, _)| &**known == key)?;
        value.filled()
    }
}

/// Whether a document begins with an object of one of these API groups, or lists such.
pub(crate) fn are_of(head: &Head, groups: &[&str]) -> bool {
    ["", "[].", "items[]."].iter().any(|prefix| {
        let version = head.value(&format!("{prefix}apiVersion"));
        let group = version.and_then(|version| version.split_once('/')).map(|(group, _)| group);
        group.is_some_and(|group| groups.contains(&group))
    })
}

/// The objects of a document, lists not yet opened.
///
/// # Errors
/// When it is broken.
pub(crate) fn read<'a, O: Deserialize<'a>>(document: &'a [u8], kind: &'static str) -> Result<Vec<O>, Error> {
    match document.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => json::from_slice(document, kind),
        _ => json::documents(document, kind),
    }
}

/// All objects, those of lists in their place.
pub(crate) fn flat<O: Object>(documents: &[O]) -> Vec<Placed<'_, O>> {
    let mut all = Vec::new();
    for (number, object) in documents.iter().enumerate() {
        let at = if documents.len() == 1 { String::new() } else { format!("[{number}]") };
        open(at, "", object, &mut all);
    }
    all
}

fn open<'r, O: Object>(at: String, kind: &'r str, object: &'r O, all: &mut Vec<Placed<'r, O>>) {
    let own = Some(object.kind()).filter(|own| !own.is_empty());
    let Some(items) = object.items() else {
        all.push(Placed { at, kind: own.unwrap_or(kind), object });
        return;
    };
    let listed = own.and_then(|own| own.strip_suffix("List")).unwrap_or_default();
    for (number, item) in items.iter().enumerate() {
        open(place(&at, &format!("items[{number}]")), listed, item, all);
    }
}

/// A path below another.
pub(crate) fn place(at: &str, below: &str) -> String {
    if at.is_empty() { below.to_owned() } else { format!("{at}.{below}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Plain {
        kind: String,
        items: Option<Vec<Plain>>,
    }

    impl Object for Plain {
        fn kind(&self) -> &str {
            &self.kind
        }

        fn items(&self) -> Option<&[Self]> {
            self.items.as_deref()
        }
    }

    #[track_caller]
    fn check(document: &str, expected: &[(&str, &str)]) {
        let read: Vec<Plain> = read(document.as_bytes(), "test").unwrap();
        let found: Vec<(String, &str)> = flat(&read).into_iter().map(|one| (one.at, one.kind)).collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(at, kind)| (at.as_str(), *kind)).collect();
        assert_eq!(found, expected, "{document}");
    }

    #[test]
    fn opens_every_kind_of_list() {
        check(r#"{"kind":"A"}"#, &[("", "A")]);
        check(r#"{"kind":"AList","items":[{},{"kind":"B"}]}"#, &[("items[0]", "A"), ("items[1]", "B")]);
        check(r#"[{"kind":"A"},{"kind":"List","items":[{}]}]"#, &[("[0]", "A"), ("[1].items[0]", "")]);
        check("{\"kind\":\"A\"}\n{\"kind\":\"B\"}", &[("[0]", "A"), ("[1]", "B")]);
        check(r#"{"kind":"AList","items":[]}"#, &[]);
    }

    #[test]
    fn tells_groups_wherever_they_stand() {
        let are = |text: &str| are_of(&Head::new(text.as_bytes()), &["example.org"]);
        assert!(are(r#"{"apiVersion":"example.org/v1"}"#));
        assert!(are(r#"[{"kind":"A","apiVersion":"example.org/v1"}]"#));
        assert!(are(r#"{"items":[{"kind":"A","apiVersion":"example.org/v1"}],"apiVersion":"v1"}"#));
        assert!(!are(r#"{"apiVersion":"other.example.org/v1"}"#) && !are(r#"{"apiVersion":"v1"}"#));
    }
}
