//! Qualys' lists of detections on hosts in CSV: the scan report of Vulnerability Management, and the list that VMDR
//! exports, by QID or by CVE.
//!
//! They name hosts, and neither images nor packages: what they say is kept of the host. Refuses Qualys' XML.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "qualys-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Qualys detections (CSV)",
    docs: "https://docs.qualys.com/en/vmdr/latest/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    table::begins(head, &wire::LAYOUTS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::table(Table::open(document, KIND, &wire::LAYOUTS)?)
}
