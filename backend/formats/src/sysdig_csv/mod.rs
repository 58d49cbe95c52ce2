//! The tables of Sysdig: reports of Secure, in the columns of before 2025 and of after, and what the scanner
//! writes. A row for each vulnerability of a package.
//!
//! Refuses tables of packages without vulnerabilities.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "sysdig-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Sysdig vulnerabilities, CSV",
    docs: "https://docs.sysdig.com/en/sysdig-secure/vulnerability-reporting/",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    table::begins(head, &wire::LAYOUTS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    map::table(Table::open(document, KIND, &wire::LAYOUTS)?)
}
