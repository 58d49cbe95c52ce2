//! The tables that Prisma Cloud's console exports of scanned images, and of what twistcli scanned: a row for each
//! vulnerability, or compliance check that failed, of an image.
//!
//! Refuses tables of hosts and functions, which have no repository.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::table::{self, Table};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "prisma-cloud-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Prisma Cloud images, CSV",
    docs: "https://docs.prismacloud.io/en/compute-edition/22-12/admin-guide/vulnerability-management/scan-reports",
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
