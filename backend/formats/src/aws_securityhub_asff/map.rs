//! Findings in our words: one scan for each image and product, one for a report of Trivy, and a count of
//! everything that is about no image. What is archived, suppressed or resolved there is not open here.
//!
//! Refuses to close: Security Hub lists findings one by one and never says that these are all.

use domain::finding::Verdict;
use domain::scan::Tool;

use super::wire::Finding;
use super::{images, trivy};
use crate::Parsed;
use crate::aws::{self, Aside, INSPECTOR, Listing, Scans};
use crate::untrusted::prose;
use crate::warnings::Warnings;

const EMPTY: &str = "the list is empty and names no image, so nothing is recorded as checked";
const ONE_BY_ONE: &str = "Security Hub lists findings one by one and does not say whether these are all";

/// Maps a list of findings.
pub(super) fn findings(listing: &Listing<Finding<'_>>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut aside = Aside::default();
    let mut scans = Scans::default();
    let mut report = Vec::new();
    let mut tool = None;
    for (number, finding) in listing.findings.iter().enumerate() {
        let at = || aws::place(number);
        if trivy::is_of_trivy(finding) {
            report.push((number, finding));
            tool.get_or_insert_with(trivy::tool);
        } else if images::finding(finding, &mut scans, &at, &mut warnings) {
            tool.get_or_insert_with(|| product(finding));
        } else {
            aside.no_image(format!("of {}", finding.product()), at);
        }
    }
    if listing.findings.is_empty() {
        warnings.push("Findings", EMPTY);
    }
    let mut observations = scans.build(listing.partial.or(Some(ONE_BY_ONE)));
    observations.extend(trivy::report(&report, listing.partial, &mut warnings));
    aside.tell(&mut warnings);
    Parsed {
        tool,
        entries: listing.findings.len(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The tool behind a finding, under the name of its own documents.
pub(super) fn product(finding: &Finding<'_>) -> Tool {
    let product = finding.product();
    let name = match product {
        "aws/inspector" => INSPECTOR.to_owned(),
        _ => match product.rsplit('/').next().unwrap_or(product) {
            "default" => finding.product_name.filled().unwrap_or("default").to_ascii_lowercase(),
            name => name.to_ascii_lowercase(),
        },
    };
    Tool { name: name.replace(' ', "-"), version: None }
}

/// Whether a finding still counts in Security Hub, with the note of whoever put it away.
pub(super) fn verdict(finding: &Finding<'_>) -> Verdict {
    let word = match (&*finding.record_state, &*finding.workflow.status) {
        ("ARCHIVED", _) => "archived",
        (_, "SUPPRESSED") => "suppressed",
        (_, "RESOLVED") => "marked as resolved",
        _ => return Verdict::Affected,
    };
    Verdict::Suppressed(match finding.note.text.filled() {
        Some(note) => format!("{word} in Security Hub: {}", prose(note)),
        None => format!("{word} in Security Hub"),
    })
}
