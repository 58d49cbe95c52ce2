//! The payload as `containers/image` specifies it and cosign writes it, and what `cosign download signature` puts around
//! it. Refuses the signer's own additions: nobody vouches for them.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Payload<'a> {
    #[serde(deserialize_with = "nullable")]
    pub critical: Critical<'a>,
    #[serde(rename = "Base64Signature")]
    pub signature: Text<'a>,
    /// What was signed, in Base64.
    #[serde(rename = "Payload")]
    pub payload: Text<'a>,
    /// PEM, or what Go makes of a certificate.
    #[serde(rename = "Cert")]
    pub certificate: Option<&'a RawValue>,
    /// The same, several.
    #[serde(rename = "Chain")]
    pub chain: Option<&'a RawValue>,
    /// What the transparency log said; as an object, or as the text of one.
    #[serde(rename = "Bundle")]
    pub bundle: Option<&'a RawValue>,
}

/// A certificate as Go writes it, as far as it is used.
#[derive(Debug, Deserialize)]
pub(super) struct Parsed {
    /// DER, in Base64.
    #[serde(rename = "Raw")]
    pub raw: String,
}

/// An entry of the transparency log with the log's promise.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Bundle {
    pub signed_entry_timestamp: String,
    pub payload: Logged,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Logged {
    pub body: String,
    pub integrated_time: i64,
    pub log_index: i64,
    #[serde(rename = "logID")]
    pub log_id: String,
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
