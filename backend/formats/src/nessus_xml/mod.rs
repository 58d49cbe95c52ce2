//! Nessus' report in XML (`.nessus`, version 2): what plugins found on hosts. What they found in a container image of a
//! host, and say of which, is kept; all else is counted.
//!
//! Refuses version 1, and policies without a report.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, xml};

const KIND: &str = "nessus-xml";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Nessus report (XML)",
    docs: "https://static.tenable.com/documentation/nessus_v2_file_format.pdf",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    head.first_byte() == Some(b'<') && xml::root_name(head.text()) == Some("NessusClientData_v2")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let root = xml::read(document, KIND, &wire::SKIPPED)?;
    let hosts = wire::hosts(&root);
    if root.child("Report").is_none() {
        let expectation = "expected a report; there is only its policy".to_owned();
        return Err(Error::Broken { kind: KIND, at: root.name.clone(), offset: 0, expectation });
    }
    Ok(map::hosts(&hosts))
}
