//! Tables of Tenable: what Nessus exports, what Tenable Security Center exports, and what Tenable Vulnerability
//! Management does, which parts cells by semicolons. What was found in a container image of a host, and says of which, is
//! kept; all else is counted.
//!
//! Refuses lists of assets, and Nessus' XML.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "nessus-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Nessus and Tenable findings (CSV)",
    docs: "https://docs.tenable.com/nessus/Content/ScanReportFormats.htm",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    table::begins(head, &wire::LAYOUTS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::report(Table::open(document, KIND, &wire::LAYOUTS)?)
}
