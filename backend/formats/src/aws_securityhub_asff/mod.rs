//! The AWS Security Finding Format: what Security Hub's `GetFindings`, its events and its exports hold,
//! and what Trivy's template and other tools write to import there. Findings on container images are
//! read, whoever made them; all others are counted by product and set aside.
//!
//! Refuses the own formats of the products that Security Hub gathers from (Inspector, GuardDuty), and
//! its newer findings in OCSF.

mod images;
mod map;
mod trivy;
mod wire;

#[cfg(test)]
mod tests;

use crate::aws::{Listing, Shape};
use crate::{Error, Format, Head, Parsed};

pub(crate) use trivy::purl_of_target;

const KIND: &str = "aws-securityhub-asff";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "AWS Security Finding Format",
    docs: "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    // GuardDuty answers with the same empty list; neither says anything.
    shape(head).is_some() || Shape::is_empty_list(head, "Findings")
}

fn shape(head: &Head) -> Option<Shape> {
    Shape::of(head, |has| has("ProductArn") && has("AwsAccountId") && (has("GeneratorId") || has("Types")))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let shape = shape(&Head::new(document)).unwrap_or(Shape::List);
    Ok(map::findings(&Listing::read(document, KIND, shape)?))
}
