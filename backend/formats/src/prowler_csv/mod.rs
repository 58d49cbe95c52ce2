//! Prowler's tables: with commas in its second version, with semicolons since, in the columns of each.
//!
//! Refuses its tables of compliance, which list the same findings by the requirements of a framework.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "prowler-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Prowler CSV",
    docs: "https://docs.prowler.com/user-guide/cli/tutorials/reporting",
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
