//! Alerts of Orca as its console exports them in CSV: of those, what is about container images is kept.
//!
//! Refuses lists of assets and of vulnerabilities, which have other columns.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, table};

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
    table::begins(head, &wire::COLUMNS)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let table = table::read(document, &wire::COLUMNS);
    let alerts = wire::alerts(&table);
    match table.rows.first().filter(|_| alerts.iter().all(|alert| alert.title.is_empty())) {
        Some(first) => Err(Error::Broken {
            kind: KIND,
            at: format!("line {}", first.line),
            offset: first.offset,
            expectation: "expected an alert with a title; none has one".to_owned(),
        }),
        None => Ok(map::alerts(&alerts)),
    }
}
