//! Reports of Deepfence ThreatMapper as tables: vulnerabilities, secrets, malware, or checks of compliance on
//! images, containers and hosts.
//!
//! Refuses its spreadsheets, which are archives, and its checks of cloud accounts, which name no node.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "deepfence-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Deepfence ThreatMapper report (CSV)",
    docs: "https://community.deepfence.io/threatmapper/docs/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    table::begins(head, &wire::layouts())
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::report(Table::open(document, KIND, &wire::layouts())?)
}
