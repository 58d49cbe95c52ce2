//! Evaluations as Anchore writes them. Refuses to interpret; every field may be absent. Text is borrowed from the
//! document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Number, Text, nullable, pairs};

/// An image with its evaluations.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Image<'a> {
    pub evaluated_tag: Text<'a>,
    pub image_digest: Text<'a>,
    pub policy_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub evaluations: Vec<Evaluation<'a>>,
}

/// An evaluation; in a list it names its image.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Evaluation<'a> {
    #[serde(alias = "lastEvaluation")]
    pub evaluation_time: Text<'a>,
    pub digest: Text<'a>,
    pub tag: Text<'a>,
    pub policy_id: Text<'a>,
    pub number_of_findings: Number,
    #[serde(alias = "detail", deserialize_with = "nullable")]
    pub details: Vec<Check<'a>>,
}

/// A check that did not hold.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Check<'a> {
    pub description: Text<'a>,
    pub gate: Text<'a>,
    pub image_id: Text<'a>,
    /// What the policy does about it: `stop`, `warn`, `go`.
    pub status: Text<'a>,
    pub trigger_id: Text<'a>,
    pub trigger_name: Text<'a>,
}

/// An answer of Engine: images by digest.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a>(#[serde(deserialize_with = "pairs")] pub Vec<(Text<'a>, Tags<'a>)>);

/// Evaluations by tag.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(super) struct Tags<'a>(
    #[serde(deserialize_with = "pairs")] pub Vec<(Text<'a>, Option<Vec<Evaluated<'a>>>)>,
);

/// An evaluation of Engine.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Evaluated<'a> {
    pub last_evaluation: Text<'a>,
    #[serde(rename = "policyId")]
    pub policy_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub detail: Detail<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Detail<'a> {
    pub result: Option<Results<'a>>,
}

/// What an evaluation found, by the image's id, beside lists of policies and exceptions.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Results<'a> {
    pub image_id: Text<'a>,
    #[serde(deserialize_with = "pairs")]
    pub result: Vec<(Text<'a>, Member<'a>)>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Member<'a> {
    Image { result: Table<'a> },
    Other(IgnoredAny),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Table<'a> {
    #[serde(deserialize_with = "nullable")]
    pub header: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub rows: Vec<Vec<Cell<'a>>>,
}

/// A cell; where an exception holds, its column names it.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Cell<'a> {
    Text(Text<'a>),
    Exception {
        #[serde(default)]
        whitelist_name: Text<'a>,
    },
}
