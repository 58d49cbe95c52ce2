//! The tables of Sysdig: reports of Secure, in the columns of before 2025 and of after, and what the scanner
//! writes. A row for each vulnerability of a package.
//!
//! Refuses tables of packages without vulnerabilities.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::tables::{self, Table};
use crate::warnings::Warnings;
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "sysdig-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Sysdig vulnerabilities, CSV",
    docs: "https://docs.sysdig.com/en/sysdig-secure/vulnerability-reporting/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    wire::DIALECTS.iter().any(|needed| tables::has_columns(head, needed))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let mut warnings = Warnings::default();
    let table = Table::read(document, KIND, &mut warnings)?;
    Ok(map::table(&table, warnings))
}
