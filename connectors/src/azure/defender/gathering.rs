//! Findings put together by image, each image's in one document. The rows come in the order of digests, so that
//! only those of one digest are held. Refuses a row without an image, and one whose image was handed on already.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use domain::reference::ImageReference;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::azure::wire::nullable;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    #[serde(deserialize_with = "nullable")]
    properties: Properties,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    #[serde(deserialize_with = "nullable")]
    additional_data: Data,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    #[serde(deserialize_with = "nullable")]
    artifact_details: Artefact,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Artefact {
    #[serde(deserialize_with = "nullable")]
    registry_host: String,
    #[serde(deserialize_with = "nullable")]
    repository_name: String,
    #[serde(deserialize_with = "nullable")]
    digest: String,
}

/// The findings of one image.
#[derive(Debug)]
pub(super) struct Gathered {
    /// The image.
    pub(super) image: ImageReference,
    /// As they came.
    pub(super) rows: Vec<Box<RawValue>>,
}

/// The findings of images that are not handed on yet.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    digest: String,
    open: BTreeMap<ImageReference, Vec<Box<RawValue>>>,
    /// Digests that were handed on, by their hash.
    done: HashSet<u64>,
    late: usize,
}

impl Gathering {
    /// Takes a row; answers the images that are complete by it.
    pub(super) fn add(&mut self, raw: Box<RawValue>) -> Vec<Gathered> {
        let row: Row = serde_json::from_str(raw.get()).unwrap_or_default();
        let Artefact { registry_host, repository_name, digest } =
            row.properties.additional_data.artifact_details;
        let Ok(image) = format!("{registry_host}/{repository_name}@{digest}").parse::<ImageReference>()
        else {
            return Vec::new();
        };
        let mut complete = Vec::new();
        if self.digest != digest {
            complete = self.rest();
            if !self.done.insert(hash(&digest)) {
                self.late += 1;
                return complete;
            }
            self.digest = digest;
        }
        self.open.entry(image).or_default().push(raw);
        complete
    }

    /// What is left at the end.
    pub(super) fn rest(&mut self) -> Vec<Gathered> {
        self.digest.clear();
        std::mem::take(&mut self.open).into_iter().map(|(image, rows)| Gathered { image, rows }).collect()
    }

    /// Whether anything was told of an image with this digest.
    pub(super) fn has(&self, digest: &str) -> bool {
        self.digest == digest || self.done.contains(&hash(digest))
    }

    /// How many rows came after their image was handed on.
    pub(super) fn late(&self) -> usize {
        self.late
    }
}

/// The shape in which Resource Graph itself answers, always in the same order, so that the same findings are the
/// same document.
pub(super) fn document(rows: &[Box<RawValue>]) -> Vec<u8> {
    let mut rows: Vec<&str> = rows.iter().map(|row| row.get()).collect();
    rows.sort_unstable();
    format!("{{\"data\":[{}]}}", rows.join(",")).into_bytes()
}

fn hash(digest: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    digest.hash(&mut hasher);
    hasher.finish()
}
