//! TruffleHog's lines as it writes them: secrets of both layouts, and its log. Refuses to read what was matched, also
//! where it is redacted; every field may be absent.

use serde::Deserialize;

use crate::json::{Number, Text, nullable, pairs};

/// A secret, or a line of the log.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Line<'a> {
    #[serde(deserialize_with = "nullable")]
    pub source_metadata: Metadata<'a>,
    pub detector_name: Text<'a>,
    /// A number, by which old releases alone name the detector.
    pub detector_type: Text<'a>,
    /// Whether the secret was tried and opens something.
    pub verified: Text<'a>,
    /// Of release 2, and the next two.
    #[serde(rename = "reason")]
    pub reason: Text<'a>,
    #[serde(rename = "path")]
    pub path: Text<'a>,
    #[serde(rename = "commitHash")]
    pub commit: Text<'a>,
    /// The rest is of the log.
    #[serde(rename = "logger")]
    pub logger: Text<'a>,
    #[serde(rename = "level")]
    pub level: Text<'a>,
    #[serde(rename = "ts")]
    pub at: Text<'a>,
    #[serde(rename = "trufflehog_version")]
    pub version: Text<'a>,
}

/// Where a secret was found, by the kind of source: `Docker`, `Git`, `Filesystem`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    #[serde(deserialize_with = "pairs")]
    pub data: Vec<(Text<'a>, Option<Place<'a>>)>,
}

/// A place in a source; each kind has some of these.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Place<'a> {
    pub image: Text<'a>,
    /// A tag, or the digest that the image was asked for by.
    pub tag: Text<'a>,
    pub layer: Text<'a>,
    pub repository: Text<'a>,
    pub bucket: Text<'a>,
    pub file: Text<'a>,
    pub link: Text<'a>,
    pub line: Number,
    pub commit: Text<'a>,
}

impl<'a> Line<'a> {
    /// The place of a secret of release 3.
    pub(super) fn place(&self) -> Option<&Place<'a>> {
        self.source_metadata.data.iter().find_map(|(_, place)| place.as_ref())
    }

    /// The detector, by name or by number, or the reason of release 2.
    pub(super) fn rule(&self) -> Option<&str> {
        self.detector_name.filled().or(self.reason.filled()).or(self.detector_type.filled())
    }
}
