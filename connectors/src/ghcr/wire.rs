//! GitHub's answers, only the fields that are used. Refuses to interpret; every field may be absent or `null`.

use serde::Deserialize;

use crate::reading::nullable;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Organisation {
    #[serde(deserialize_with = "nullable")]
    pub(super) login: String,
}

/// A package of containers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Package {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    pub(super) visibility: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) created_at: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) repository: Sources,
}

/// The repository of sources that a package belongs to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sources {
    pub(super) full_name: Option<String>,
}

/// A version of a package, which is a manifest and is called by its digest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Version {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) created_at: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) metadata: Metadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    #[serde(deserialize_with = "nullable")]
    pub(super) container: Container,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Container {
    #[serde(deserialize_with = "nullable")]
    pub(super) tags: Vec<String>,
}

/// Why something is refused.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    #[serde(deserialize_with = "nullable")]
    pub(super) message: String,
}
