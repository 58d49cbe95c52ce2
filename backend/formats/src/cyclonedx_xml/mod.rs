//! CycloneDX 1.0 to 1.7 in XML, with the vulnerability extension that versions before 1.4 nest in
//! components. Means what the JSON means: the mapping is shared.
//!
//! Refuses document type definitions and entities of its own, so that no document can grow on reading.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed};

/// Name of the format.
const KIND: &str = "cyclonedx-xml";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "CycloneDX (XML)",
    docs: "https://cyclonedx.org/docs/1.6/xml/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    head.first_byte() == Some(b'<') && wire::root_name(head.text()) == Some("bom")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    wire::read(document).map(map::map)
}
