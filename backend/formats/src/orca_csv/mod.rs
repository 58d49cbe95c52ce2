//! Alerts of Orca as its console exports them in CSV: of those, what is about container images is kept.
//!
//! Refuses lists of assets and of vulnerabilities, which have other columns.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "orca-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Orca alerts (CSV)",
    docs: "https://docs.orcasecurity.io/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    table::begins(head, &wire::LAYOUTS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::list(Table::open(document, KIND, &wire::LAYOUTS)?)
}
