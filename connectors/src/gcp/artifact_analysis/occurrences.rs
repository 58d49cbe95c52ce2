//! Occurrences put together by the image that they are about. Refuses to change them: each stays as it came.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Occurrences by the address of their image.
pub(super) type Occurrences = BTreeMap<String, Vec<Box<RawValue>>>;

/// What tells what an occurrence is about.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct About {
    resource_uri: String,
}

/// Occurrences so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    occurrences: Occurrences,
    bytes: usize,
}

impl Gathered {
    /// Takes an occurrence; one that is about nothing is left out.
    pub(super) fn add(&mut self, raw: Box<RawValue>) {
        let about: About = serde_json::from_str(raw.get()).unwrap_or_default();
        if !about.resource_uri.is_empty() {
            self.bytes += raw.get().len();
            self.occurrences.entry(about.resource_uri).or_default().push(raw);
        }
    }

    /// How much is held.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn into_occurrences(self) -> Occurrences {
        self.occurrences
    }
}

/// Occurrences of one image as Google itself lists them.
pub(super) fn document(parts: [Option<&Vec<Box<RawValue>>>; 2]) -> Vec<u8> {
    listed("occurrences", parts.into_iter().flatten().flatten().map(|raw| raw.get()))
}

/// The shape in which Google itself lists something, always in the same order, so that the same is the same document.
pub(super) fn listed<'r>(what: &str, each: impl Iterator<Item = &'r str>) -> Vec<u8> {
    let mut each: Vec<&str> = each.collect();
    each.sort_unstable();
    format!("{{\"{what}\":[{}]}}", each.join(",")).into_bytes()
}
