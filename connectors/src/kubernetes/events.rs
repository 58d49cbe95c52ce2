//! What a watch tells, line by line, and whether it changes anything that is observed. Refuses to keep objects: of each
//! that changes often only a number stays.

#[cfg(test)]
#[path = "events_tests.rs"]
mod tests;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use formats::kubernetes::Objects;
use http_body_util::BodyExt;
use kube::client::Body;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The longest line that is read, in bytes; what etcd keeps of an object is less.
const LONGEST: usize = 8 << 20;
/// Objects of which it is known what was observed last.
const KNOWN: usize = 100_000;

/// An answer that goes on, cut into lines.
#[derive(Debug)]
pub(super) struct Lines {
    body: Body,
    held: Vec<u8>,
    /// How much of it holds no end of a line.
    searched: usize,
}

impl Lines {
    /// The lines of an answer.
    pub(super) fn new(body: Body) -> Self {
        Self { body, held: Vec::new(), searched: 0 }
    }

    /// The next line; nothing once the answer is over, or where it breaks off: what was not told will be told again.
    ///
    /// # Errors
    /// When a line is too long to be held.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        loop {
            if let Some(more) = self.held.iter().skip(self.searched).position(|byte| *byte == b'\n') {
                let rest = self.held.split_off(self.searched + more + 1);
                self.searched = 0;
                return Ok(Some(std::mem::replace(&mut self.held, rest)));
            }
            self.searched = self.held.len();
            if self.held.len() > LONGEST {
                return Err(TooLong);
            }
            let Some(Ok(frame)) = self.body.frame().await else { return Ok(None) };
            if let Ok(data) = frame.into_data() {
                self.held.extend_from_slice(&data);
            }
        }
    }
}

/// A line is longer than any object.
#[derive(Debug)]
pub(super) struct TooLong;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Everything up to this version was told.
    Reached(String),
    /// So it is at this version, with something changed that is observed.
    Changed(String),
    /// The past from which it was listened is not kept any more.
    Expired,
    /// Something else went wrong, or nobody can read it.
    Broken,
}

#[derive(Deserialize)]
struct Line<'l> {
    r#type: String,
    #[serde(borrow)]
    object: &'l RawValue,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    metadata: Metadata,
    code: u16,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    uid: String,
    resource_version: String,
}

/// What was observed of objects when they changed last, as numbers.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<String, u64>);

impl Known {
    /// Reads a line of a watch.
    pub(super) fn read(&mut self, line: &[u8]) -> Event {
        let Ok(Line { r#type, object }) = serde_json::from_slice::<Line<'_>>(line) else {
            return Event::Broken;
        };
        let Ok(Told { metadata, code }) = serde_json::from_str::<Told>(object.get()) else {
            return Event::Broken;
        };
        let Metadata { uid, resource_version: version } = metadata;
        match r#type.as_str() {
            "ERROR" if code == 410 => Event::Expired,
            // Where it has come to has to be said, or what follows could not be asked for.
            _ if version.is_empty() => Event::Broken,
            "BOOKMARK" => Event::Reached(version),
            "ADDED" | "MODIFIED" => {
                if self.is_known(uid, observed(object.get())) {
                    Event::Reached(version)
                } else {
                    Event::Changed(version)
                }
            }
            "DELETED" => {
                self.0.remove(&uid);
                Event::Changed(version)
            }
            _ => Event::Broken,
        }
    }

    /// Whether the same was observed of an object before. What cannot be observed is not known.
    fn is_known(&mut self, uid: String, observed: Option<u64>) -> bool {
        let Some(observed) = observed.filter(|_| !uid.is_empty()) else { return false };
        if self.0.len() >= KNOWN && !self.0.contains_key(&uid) {
            self.0.clear();
        }
        self.0.insert(uid, observed) == Some(observed)
    }
}

/// A number for what is observed of an object alone: times, conditions and the like are no part of it.
fn observed(object: &str) -> Option<u64> {
    let mut objects = Objects::default();
    objects.add(object.as_bytes()).ok()?;
    let (observations, left_out) = objects.finish("", &[]);
    let mut hasher = DefaultHasher::new();
    let mut any = false;
    for observation in observations {
        serde_json::to_string(&observation).ok()?.hash(&mut hasher);
        any = true;
    }
    (any && left_out.is_none()).then(|| hasher.finish())
}
