//! Prowler's tables: with commas in its second version, with semicolons since, in the columns of each.
//!
//! Refuses its tables of compliance, which list the same findings by the requirements of a framework.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::warnings::Warnings;
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
    wire::delimiter(head).is_some()
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let delimiter = wire::delimiter(&Head::new(document)).unwrap_or(b';');
    let mut warnings = Warnings::default();
    let table = wire::Table::read(document, delimiter, &mut warnings)?;
    Ok(map::table(&table, warnings))
}
