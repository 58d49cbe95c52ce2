//! Tables of Tenable: what Nessus exports, what Tenable Security Center exports, and what Tenable Vulnerability
//! Management does, which parts cells by semicolons. What was found in a container image of a host, and says of which, is
//! kept; all else is counted.
//!
//! Refuses lists of assets, and Nessus' XML.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, table};

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
    wire::LAYOUTS.iter().any(|columns| table::begins(head, columns))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let table = wire::read(document);
    let items = wire::items(&table);
    match table.rows.first().filter(|_| items.iter().all(|item| item.plugin.is_empty())) {
        Some(first) => Err(Error::Broken {
            kind: KIND,
            at: format!("line {}", first.line),
            offset: first.offset,
            expectation: "expected a row with the number of its plugin; none has one".to_owned(),
        }),
        None => Ok(map::items(&items)),
    }
}
