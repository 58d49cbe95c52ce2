//! Tables that Wiz exports: vulnerability findings, of which those on container images are kept, and issues,
//! which are about resources of clouds and are only counted.
//!
//! Refuses what wizcli writes.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
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
    table::begins(head, &wire::LAYOUTS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let table = Table::open(document, KIND, &wire::LAYOUTS)?;
    if table.has(wire::ISSUES) { map::issues(table) } else { map::findings(table) }
}
