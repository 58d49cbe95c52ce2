//! Findings of Amazon Inspector as `ListFindings`, its exports and its events write them, and as a
//! recorder of that answer keeps them.
//!
//! Refuses the same findings in Security Hub's format and ECR's answers, which wrap them differently,
//! and Inspector Classic, which knew no images.

pub(crate) mod map;
pub(crate) mod wire;

#[cfg(test)]
mod tests;

use crate::aws::{Listing, Shape};
use crate::{Error, Format, Head, Parsed};

const KIND: &str = "aws-inspector2";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Amazon Inspector findings",
    docs: "https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListFindings.html",
    version: 3,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    shape(head).is_some() || Shape::is_empty_list(head, "findings")
}

fn shape(head: &Head) -> Option<Shape> {
    Shape::of(head, |has| {
        has("findingArn") && has("awsAccountId") && (has("resources") || has("packageVulnerabilityDetails"))
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let shape = shape(&Head::new(document)).unwrap_or(Shape::List);
    Ok(map::findings(&Listing::read(document, KIND, shape)?))
}
