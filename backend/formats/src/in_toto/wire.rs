//! Statements, envelopes and bundles as their writers write them. Refuses to interpret a predicate: it stays
//! raw until its type is known.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Text, nullable, pairs};

/// A statement, an envelope or a bundle: which it is shows in what is filled.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Document<'a> {
    #[serde(deserialize_with = "nullable")]
    pub subject: Vec<Subject<'a>>,
    pub predicate_type: Text<'a>,
    pub predicate: Option<&'a RawValue>,
    pub payload: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub signatures: Vec<Proof<'a>>,
    pub dsse_envelope: Option<Envelope<'a>>,
    pub verification_material: Option<Material<'a>>,
}

/// The envelope in a bundle.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Envelope<'a> {
    pub payload: Text<'a>,
    pub payload_type: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub signatures: Vec<Proof<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Proof<'a> {
    pub sig: Text<'a>,
}

/// What a bundle holds to check its signature with: a certificate, a chain of them or a hint at the key.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Material<'a> {
    #[serde(deserialize_with = "nullable")]
    pub certificate: Raw<'a>,
    #[serde(deserialize_with = "nullable")]
    pub x509_certificate_chain: Chain<'a>,
    #[serde(deserialize_with = "nullable")]
    pub public_key: Hint<'a>,
    #[serde(deserialize_with = "nullable")]
    pub tlog_entries: Vec<LogEntry<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Raw<'a> {
    /// DER, in Base64.
    pub raw_bytes: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Chain<'a> {
    #[serde(deserialize_with = "nullable")]
    pub certificates: Vec<Raw<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Hint<'a> {
    pub hint: Text<'a>,
}

/// An entry of a transparency log; its numbers are texts.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct LogEntry<'a> {
    pub log_index: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub log_id: LogId<'a>,
    pub integrated_time: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub inclusion_promise: Promise<'a>,
    pub canonicalized_body: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct LogId<'a> {
    pub key_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Promise<'a> {
    pub signed_entry_timestamp: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Subject<'a> {
    pub name: Text<'a>,
    pub uri: Text<'a>,
    #[serde(deserialize_with = "pairs")]
    pub digest: Vec<(Text<'a>, Text<'a>)>,
}

/// Provenance as SLSA 0.1 to 1.x lays it out.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Provenance<'a> {
    #[serde(deserialize_with = "nullable")]
    pub builder: Builder<'a>,
    #[serde(deserialize_with = "nullable")]
    pub invocation: Invocation<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Times<'a>,
    #[serde(deserialize_with = "nullable")]
    pub materials: Vec<Source<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub build_definition: Definition<'a>,
    #[serde(deserialize_with = "nullable")]
    pub run_details: Run<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Builder<'a> {
    pub id: Text<'a>,
}

/// What started a build before SLSA 1.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Invocation<'a> {
    #[serde(deserialize_with = "nullable")]
    pub config_source: Source<'a>,
}

/// When it was built: the first pair before SLSA 1, the second since.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Times<'a> {
    pub build_started_on: Text<'a>,
    pub build_finished_on: Text<'a>,
    pub started_on: Text<'a>,
    pub finished_on: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Source<'a> {
    pub uri: Text<'a>,
    #[serde(deserialize_with = "pairs")]
    pub digest: Vec<(Text<'a>, Text<'a>)>,
}

/// What was to be built, since SLSA 1.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Definition<'a> {
    #[serde(deserialize_with = "nullable")]
    pub external_parameters: Parameters<'a>,
    #[serde(deserialize_with = "nullable")]
    pub resolved_dependencies: Vec<Source<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Parameters<'a> {
    #[serde(deserialize_with = "nullable")]
    pub config_source: Source<'a>,
    #[serde(deserialize_with = "nullable")]
    pub workflow: Workflow<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Workflow<'a> {
    pub repository: Text<'a>,
    #[serde(rename = "ref")]
    pub revision: Text<'a>,
}

/// Who built it and when, since SLSA 1.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Run<'a> {
    #[serde(deserialize_with = "nullable")]
    pub builder: Builder<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Times<'a>,
}

/// What cosign puts around a predicate that it does not know.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Wrapped<'a> {
    #[serde(rename = "Data")]
    pub data: Option<&'a RawValue>,
}
