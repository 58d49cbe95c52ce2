//! Findings in OCSF, one or several in any of the shapes in which lists leave services: Prowler's, those of Security Hub
//! and Security Lake, and of every product that fills the same fields. Vulnerabilities of container images are read;
//! all others are counted by product and set aside.
//!
//! Refuses events of OCSF that are no findings, and Security Hub's older format.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::aws::{Listing, Shape};
use crate::{Error, Format, Head, Parsed, ocsf};

const KIND: &str = "ocsf-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "OCSF findings",
    docs: "https://schema.ocsf.io/categories/findings",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    shape(head).is_some()
}

fn shape(head: &Head) -> Option<Shape> {
    Shape::of(head, ocsf::is_finding)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let shape = shape(&Head::new(document)).unwrap_or(Shape::Array);
    Ok(map::findings(&Listing::read(document, KIND, shape)?))
}
