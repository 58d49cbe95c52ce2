//! kube-linter's report as it writes it, as far as it is used. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;

use crate::json::{Text, nullable};
use crate::objects;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub reports: Vec<Finding<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub summary: Summary<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Summary<'a> {
    pub check_end_time: Text<'a>,
    pub kube_linter_version: Text<'a>,
}

/// What a check found in an object.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    #[serde(deserialize_with = "nullable")]
    pub diagnostic: Diagnostic<'a>,
    pub check: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub object: Object<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Diagnostic<'a> {
    pub message: Text<'a>,
    /// Few checks have one.
    pub severity: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Object<'a> {
    #[serde(rename = "Metadata", deserialize_with = "nullable")]
    pub file: File<'a>,
    #[serde(rename = "K8sObject", deserialize_with = "nullable")]
    pub named: Named<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct File<'a> {
    pub file_path: Text<'a>,
}

/// The name of an object; first releases write the object itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Named<'a> {
    #[serde(rename = "Namespace")]
    pub namespace: Text<'a>,
    #[serde(rename = "Name")]
    pub name: Text<'a>,
    #[serde(rename = "GroupVersionKind", deserialize_with = "nullable")]
    pub typed: Typed<'a>,
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: objects::Metadata<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Typed<'a> {
    pub kind: Text<'a>,
}
