//! govulncheck's messages as it writes them, and its old report. Refuses to interpret; every field may be
//! absent.

use serde::Deserialize;

use crate::json::{Text, nullable};
use crate::osv::Record;

/// One message; exactly one of its fields is there.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Message<'a> {
    pub config: Option<Config<'a>>,
    #[serde(rename = "SBOM")]
    pub sbom: Option<Sbom<'a>>,
    pub osv: Option<Record<'a>>,
    pub finding: Option<Finding<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Config<'a> {
    pub scanner_name: Text<'a>,
    pub scanner_version: Text<'a>,
    pub db_last_modified: Text<'a>,
    pub scan_level: Text<'a>,
    pub scan_mode: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Sbom<'a> {
    #[serde(deserialize_with = "nullable")]
    pub roots: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    pub osv: Text<'a>,
    pub fixed_version: Text<'a>,
    /// From the vulnerable symbol to the entry point.
    #[serde(deserialize_with = "nullable")]
    pub trace: Vec<Frame<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Frame<'a> {
    pub module: Text<'a>,
    pub version: Text<'a>,
    pub package: Text<'a>,
    pub function: Text<'a>,
}

/// The report before 1.0.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Old<'a> {
    #[serde(deserialize_with = "nullable")]
    pub vulns: Vec<OldVulnerability<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub modules: Vec<Module<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct OldVulnerability<'a> {
    #[serde(rename = "OSV", deserialize_with = "nullable")]
    pub osv: Record<'a>,
    pub mod_path: Text<'a>,
    /// Node in the graph of calls; 0 where nothing calls it.
    pub call_sink: Text<'a>,
    pub import_sink: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Module<'a> {
    pub path: Text<'a>,
    pub version: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub replace: Option<Box<Module<'a>>>,
}
