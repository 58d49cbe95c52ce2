//! Reports of Deepfence ThreatMapper as tables: vulnerabilities, secrets, malware, or checks of compliance on
//! images, containers and hosts.
//!
//! Refuses its spreadsheets, which are archives, and its checks of cloud accounts, which name no node.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, table};

const KIND: &str = "deepfence-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Deepfence ThreatMapper report (CSV)",
    docs: "https://community.deepfence.io/threatmapper/docs/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    wire::LAYOUTS.iter().any(|(_, columns)| table::begins(head, columns))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report = wire::read(document);
    let nameless = |row: &table::Row| wire::what(&report, row).is_empty();
    if let Some(first) = report.table.rows.first().filter(|_| report.table.rows.iter().all(nameless)) {
        let expectation = "expected a row that names what was found; none does".to_owned();
        return Err(Error::Broken {
            kind: KIND,
            at: format!("line {}", first.line),
            offset: first.offset,
            expectation,
        });
    }
    Ok(map::report(&report))
}
