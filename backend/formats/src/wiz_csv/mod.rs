//! Tables that Wiz exports: vulnerability findings, of which those on container images are kept, and issues,
//! which are about resources of clouds and are only counted.
//!
//! Refuses what wizcli writes.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::tables::{self, Table};
use crate::warnings::Warnings;
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "wiz-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Wiz findings, CSV",
    docs: "https://docs.wiz.io/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    tables::has_columns(head, &wire::FINDINGS) || tables::has_columns(head, &wire::ISSUES)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let mut warnings = Warnings::default();
    let table = Table::read(document, KIND, &mut warnings)?;
    if tables::has_columns(&Head::new(document), &wire::ISSUES) {
        return Ok(map::issues(&table, warnings));
    }
    Ok(map::findings(&table, warnings))
}
