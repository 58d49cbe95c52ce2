//! Qualys' lists of detections on hosts in CSV: the scan report of Vulnerability Management, and the list that VMDR
//! exports, by QID or by CVE.
//!
//! They name hosts, and neither images nor packages: what they say is kept of the host. Refuses Qualys' XML.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, table};

const KIND: &str = "qualys-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Qualys detections (CSV)",
    docs: "https://docs.qualys.com/en/vmdr/latest/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    wire::LAYOUTS.iter().any(|columns| table::begins(head, columns))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let table = wire::read(document);
    let detections = wire::detections(&table);
    if let Some(first) = table.rows.first().filter(|_| detections.iter().all(|found| found.qid.is_empty())) {
        let expectation = "expected a row with a QID; none has one".to_owned();
        return Err(Error::Broken {
            kind: KIND,
            at: format!("line {}", first.line),
            offset: first.offset,
            expectation,
        });
    }
    Ok(map::detections(&detections))
}
