//! Tables of CVEs with EPSS among other columns: CVSS-BT, which adds what catalogues know of exploits, and joins of KEV
//! with CVSS and EPSS.
//!
//! Refuses FIRST's own files, whose word goes before theirs, and findings, which name more than a vulnerability.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, table};

const KIND: &str = "cvss-bt-csv";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "CVSS-BT and other tables of CVEs with EPSS (CSV)",
    docs: "https://github.com/t0sche/cvss-bt",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    wire::LAYOUTS.iter().any(|(_, columns)| table::begins(head, columns))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let list = wire::read(document);
    let refused = |row: &table::Row| map::id(&list, row).is_none();
    if let Some(first) = list.table.rows.first().filter(|_| list.table.rows.iter().all(refused)) {
        let expectation = "expected a row with a CVE; none has one".to_owned();
        let at = format!("line {}", first.line);
        return Err(Error::Broken { kind: KIND, at, offset: first.offset, expectation });
    }
    Ok(map::list(&list))
}
