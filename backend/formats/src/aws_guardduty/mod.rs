//! Findings of Amazon GuardDuty on clusters and containers, as `GetFindings` answers them and as exports
//! and events write them.
//!
//! Refuses the same findings in Security Hub's format. An empty answer of `GetFindings` looks like Security
//! Hub's and is left to that format: neither says anything.

mod evidence;
mod malware;
mod map;
mod place;
mod wire;
mod wire_service;

#[cfg(test)]
mod tests;

use crate::aws::{Listing, Shape};
use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "aws-guardduty";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Amazon GuardDuty findings",
    docs: "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetFindings.html",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    shape(head).is_some() || is_ids(head)
}

fn shape(head: &Head) -> Option<Shape> {
    Shape::of(head, |has| {
        let written = has("accountId") && (has("service.detectorId") || has("resource.resourceType"));
        let answered = has("AccountId") && (has("Service.DetectorId") || has("Resource.ResourceType"));
        written || answered
    })
}

/// Whether a document only lists the ids of findings.
fn is_ids(head: &Head) -> bool {
    head.is_json_object() && head.keys().first().is_some_and(|key| key.eq_ignore_ascii_case("FindingIds"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let head = Head::new(document);
    match shape(&head) {
        None if is_ids(&head) => Ok(map::ids(&json::from_slice(document, KIND)?)),
        shape => {
            let listing = Listing::read(document, KIND, shape.unwrap_or(Shape::List))?;
            Ok(map::findings(&listing.findings))
        }
    }
}
