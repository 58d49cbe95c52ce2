//! Tables of CVEs with EPSS among other columns: CVSS-BT, which adds what catalogues know of exploits, and joins of KEV
//! with CVSS and EPSS.
//!
//! Refuses FIRST's own files, whose word goes before theirs, and findings, which name more than a vulnerability.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "cvss-bt-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "CVSS-BT and other tables of CVEs with EPSS (CSV)",
    docs: "https://github.com/t0sche/cvss-bt",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    table::begins(head, &wire::layouts())
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::list(Table::open(document, KIND, &wire::layouts())?)
}
