//! ECR's answer to `DescribeImageScanFindings`, one or several pages after another: what basic scanning
//! found, what enhanced scanning (Amazon Inspector) found, or why there is no scan.
//!
//! Refuses Inspector's own list of the same findings, and ECR's descriptions of images.

mod basic;
mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "aws-ecr-scan";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Amazon ECR image scan findings",
    docs: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html",
    version: 3,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        let findings = has("imageScanFindings.findings") || has("imageScanFindings.enhancedFindings");
        has("repositoryName") && (findings || has("imageScanStatus.status"))
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let is_array = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let answers: Vec<wire::Answer<'_>> =
        if is_array { json::from_slice(document, KIND)? } else { json::documents(document, KIND)? };
    Ok(map::answers(&answers))
}
