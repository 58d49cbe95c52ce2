//! The payload as `containers/image` specifies it and cosign writes it. Refuses the signer's own additions:
//! nobody vouches for them.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Payload<'a> {
    #[serde(deserialize_with = "nullable")]
    pub critical: Critical<'a>,
}

/// What must be understood before the signature may be trusted.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Critical<'a> {
    #[serde(deserialize_with = "nullable")]
    pub identity: Identity<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image: Named<'a>,
    #[serde(rename = "type")]
    pub kind: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Identity<'a> {
    pub docker_reference: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Named<'a> {
    pub docker_manifest_digest: Text<'a>,
}
