//! What Anchore's policies say of images: the object and the list that anchorectl writes, and the answer of Engine
//! and Enterprise before 5 with its rows by image.
//!
//! Refuses lists of vulnerabilities, and policies themselves.

mod engine;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "anchore-policy-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Anchore policy evaluation",
    docs: "https://docs.anchore.com/current/docs/compliance_management/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if head.is_json_array() {
        let listed = head.has("[].finalAction") && head.has("[].lastEvaluation");
        return listed || head.has("[].detail[].gate") || is_engines(head);
    }
    let named = head.has("evaluatedTag") || head.has("imageDigest");
    named && head.has("evaluations") && head.has("policyId") || head.has("evaluations[].details[].gate")
}

/// Whether evaluations stand below the digest and the tag of their image.
fn is_engines(head: &Head) -> bool {
    ["[].detail", "[].last_evaluation"].iter().any(|end| head.has_between("[].sha256:", end))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let head = Head::new(document);
    if !head.is_json_array() {
        let image: wire::Image<'_> = json::from_slice(document, KIND)?;
        return Ok(map::image(&image));
    }
    if is_engines(&head) {
        let answers: Vec<wire::Answer<'_>> = json::from_slice(document, KIND)?;
        return Ok(engine::answers(&answers));
    }
    let evaluations: Vec<wire::Evaluation<'_>> = json::from_slice(document, KIND)?;
    Ok(map::list(&evaluations))
}
