//! Metasploit's list as it writes it, as far as it is used. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable, pairs};

/// All modules by kind and path: `exploit_linux/http/demo`.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(super) struct Modules<'a>(
    #[serde(deserialize_with = "pairs")] pub(super) Vec<(Text<'a>, Option<Module<'a>>)>,
);

/// A module.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Module<'a> {
    /// `exploit`, `auxiliary`, `post`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub disclosure_date: Text<'a>,
    /// Names of vulnerabilities, and links: `CVE-2021-44228`, `URL-https://…`.
    #[serde(deserialize_with = "nullable")]
    pub references: Vec<Text<'a>>,
}
