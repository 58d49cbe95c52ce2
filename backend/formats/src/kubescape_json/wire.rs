//! Kubescape's report of posture and its operator's objects as their types write them, as far as they are
//! used. Refuses to interpret; every field may be absent. Text is borrowed from the document.

use serde::Deserialize;

use crate::grype_json::Inner;
use crate::json::{Text, nullable, pairs};
use crate::objects::{self, Metadata};

/// A report of posture, or a part of one.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Posture<'a> {
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Outcome<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Scanned<'a>,
    pub pagination_info: Option<Pagination>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scanned<'a> {
    #[serde(deserialize_with = "nullable")]
    pub scan_metadata: ScanMetadata<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct ScanMetadata<'a> {
    pub kubescape_version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Pagination {
    pub is_last_chunk: Option<bool>,
}

/// What was found of one resource.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    /// `apps/v1/shop/Deployment/api`.
    #[serde(rename = "resourceID")]
    pub resource: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub controls: Vec<Control<'a>>,
}

/// A control, as a report of posture and as an object of the operator has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Control<'a> {
    #[serde(deserialize_with = "nullable")]
    pub status: Option<State<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub rules: Vec<Rule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Rule<'a> {
    #[serde(deserialize_with = "nullable")]
    pub status: Option<State<'a>>,
}

/// The word alone, or with what explains it.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum State<'a> {
    Word(Text<'a>),
    Explained {
        #[serde(default)]
        status: Text<'a>,
    },
}

impl State<'_> {
    /// `passed`, `failed`, `skipped`.
    pub(super) fn word(&self) -> &str {
        let (Self::Word(word) | Self::Explained { status: word }) = self;
        word
    }
}

/// An object of any kind, or a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Object<'a> {
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    #[serde(deserialize_with = "nullable")]
    pub spec: Spec<'a>,
    pub items: Option<Vec<Object<'a>>>,
}

impl objects::Object for Object<'_> {
    fn kind(&self) -> &str {
        &self.kind
    }

    fn items(&self) -> Option<&[Self]> {
        self.items.as_deref()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Spec<'a> {
    /// Of manifests.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Manifest<'a>,
    /// A whole report of Grype.
    pub payload: Option<Inner<'a>>,
    /// Of scans of configurations, by id.
    #[serde(deserialize_with = "pairs")]
    pub controls: Vec<(Text<'a>, Control<'a>)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Manifest<'a> {
    #[serde(deserialize_with = "nullable")]
    pub with_relevancy: bool,
    #[serde(deserialize_with = "nullable")]
    pub tool: Maker<'a>,
    #[serde(deserialize_with = "nullable")]
    pub report: Made<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Maker<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Made<'a> {
    pub created_at: Text<'a>,
}
