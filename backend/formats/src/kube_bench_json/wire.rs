//! kube-bench's report as it writes it, as far as it is used. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;

use crate::json::{Text, nullable};

/// All sections, or one: old runs write sections without anything around them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(rename = "Controls")]
    pub sections: Option<Vec<Report<'a>>>,
    /// The benchmark: `cis-1.24`, `eks-1.0`; of Kubernetes itself also a bare number.
    pub version: Text<'a>,
    /// `master`, `etcd`, `controlplane`, `node`, `policies`, `managedservices`.
    pub node_type: Text<'a>,
    #[serde(rename = "tests", deserialize_with = "nullable")]
    pub groups: Vec<Group<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Group<'a> {
    #[serde(rename = "results", deserialize_with = "nullable")]
    pub checks: Vec<Check<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Check<'a> {
    pub test_number: Text<'a>,
    pub test_desc: Text<'a>,
    /// `manual` where it is left to people, `skip`, or empty.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    /// `PASS`, `FAIL`, `WARN`, `INFO`.
    pub status: Text<'a>,
    pub scored: Text<'a>,
    /// Why it could not be made.
    pub reason: Text<'a>,
}
