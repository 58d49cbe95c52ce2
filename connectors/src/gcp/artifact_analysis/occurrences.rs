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

/// The shape in which Google itself lists them, always in the same order, so that the same occurrences are the same
/// document.
pub(super) fn document(
    discoveries: Option<&Vec<Box<RawValue>>>,
    findings: Option<&Vec<Box<RawValue>>>,
) -> Vec<u8> {
    let each = [discoveries, findings].into_iter().flatten().flatten();
    let mut each: Vec<&str> = each.map(|raw| raw.get()).collect();
    each.sort_unstable();
    format!("{{\"occurrences\":[{}]}}", each.join(",")).into_bytes()
}
