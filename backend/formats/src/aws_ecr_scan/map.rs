//! ECR's answers in our words: a scan for each image that was scanned, the tool's word for each that was
//! not. Basic scanning speaks as `aws-ecr`, enhanced scanning as Inspector.
//!
//! Refuses to take a failed, unsupported or expired scan for a clean one.

use std::collections::HashMap;

use domain::coverage::Coverage;
use domain::finding::FindingClass;
use domain::image::Image;
use domain::observation::Observation;
use domain::scan::Tool;

use super::basic;
use super::wire::Answer;
use crate::Parsed;
use crate::aws::{EcrImage, INSPECTOR, Scans};
use crate::aws_inspector2::map::{self as inspector, Mapper as Inspector};
use crate::untrusted::prose;

const MORE: &str = "the answer goes on: its next page is missing";

/// Maps answers; those of one image are pages of one.
pub(super) fn answers(answers: &[Answer<'_>]) -> Parsed {
    let mut mapper = Mapper::default();
    // Pages of one image may come apart from each other; its last one tells whether all are there.
    let mut images: HashMap<[&str; 4], (usize, bool)> = HashMap::new();
    for answer in answers {
        let (findings, whole) = images.entry(key(answer)).or_default();
        *findings += listed(answer);
        *whole = answer.next_token.is_empty();
    }
    for (number, answer) in answers.iter().enumerate() {
        let (findings, whole) = images.get(&key(answer)).copied().unwrap_or_default();
        mapper.answer(answer, findings, whole, &|| format!("[{number}]"));
    }
    mapper.build(answers.iter().map(listed).sum())
}

fn listed(answer: &Answer<'_>) -> usize {
    answer.image_scan_findings.findings.len() + answer.image_scan_findings.enhanced_findings.len()
}

/// What tells the image of an answer.
fn key<'k>(answer: &'k Answer<'_>) -> [&'k str; 4] {
    let image = &answer.image_id;
    let tag = if image.image_digest.is_empty() { &*image.image_tag } else { "" };
    [&answer.registry_id, &answer.repository_name, &image.image_digest, tag]
}

#[derive(Debug, Default)]
struct Mapper {
    basic: Scans,
    enhanced: Inspector,
    uncovered: Vec<Coverage>,
    tool: Option<Tool>,
}

impl Mapper {
    /// Adds one page; `findings` counts those of all pages of its image.
    fn answer(&mut self, answer: &Answer<'_>, findings: usize, whole: bool, at: &dyn Fn() -> String) {
        let Some(image) = image(answer, at, &mut self.enhanced.warnings) else {
            // The warning stands for one of the findings.
            self.enhanced.warnings.skipped_inside(listed(answer).saturating_sub(1));
            return;
        };
        let status = &*answer.image_scan_status.status;
        let tool = tool(answer);
        self.tool.get_or_insert_with(|| tool.clone());
        let finished = matches!(status, "" | "COMPLETE" | "ACTIVE");
        if !finished {
            self.not_scanned(answer, findings, at);
            if findings == 0 {
                self.note_coverage(answer, image, tool);
                return;
            }
        }
        let why = match (finished, whole) {
            (false, _) => Some(format!("the scan is {status}")),
            (true, false) => Some(MORE.to_owned()),
            (true, true) => None,
        };
        let results = &answer.image_scan_findings;
        let completed = results.image_scan_completed_at.0;
        if tool.name == INSPECTOR {
            self.enhanced.image(image, completed).scan_mut().partial = why;
            for finding in &results.enhanced_findings {
                self.enhanced.finding(finding, at);
            }
        } else {
            let scan = self.basic.of(&tool, image, FindingClass::Vulnerability, completed);
            scan.scan_mut().partial = why;
            scan.scan_mut().database_at = results.vulnerability_source_updated_at.0;
            basic::findings(scan, &results.findings, at, &mut self.enhanced.warnings);
        }
    }

    fn not_scanned(&mut self, answer: &Answer<'_>, findings: usize, at: &dyn Fn() -> String) {
        let status = &answer.image_scan_status;
        let said = match status.description.filled() {
            Some(description) => format!("{} ({})", status.status, prose(description)),
            None => status.status.to_string(),
        };
        let done = match findings {
            0 => "no scan was recorded and the image counts as not checked".to_owned(),
            count => format!("its {count} listed findings were kept as a scan that is not whole"),
        };
        self.enhanced.warnings.push(at(), format!("the scan is {said}: {done}"));
    }

    fn note_coverage(&mut self, answer: &Answer<'_>, image: Image, tool: Tool) {
        let status = &*answer.image_scan_status.status;
        self.uncovered.push(Coverage {
            tool: tool.name,
            image,
            watched: Some(matches!(status, "IN_PROGRESS" | "PENDING")),
            reason: status.to_owned(),
            last_scanned_at: answer.image_scan_findings.image_scan_completed_at.0,
            in_use: None,
        });
    }

    fn build(self, entries: usize) -> Parsed {
        let mut observations = self.basic.build(None);
        let (enhanced, warnings) = self.enhanced.build(None);
        observations.extend(enhanced);
        observations.extend(self.uncovered.into_iter().map(Observation::Coverage));
        Parsed {
            tool: self.tool,
            entries,
            listed_components: 0,
            observations,
            skipped: warnings.skipped(),
            warnings: warnings.into_vec(),
        }
    }
}

/// Who scanned: some states and findings are only known to enhanced scanning.
fn tool(answer: &Answer<'_>) -> Tool {
    let status = &*answer.image_scan_status.status;
    let enhanced = !answer.image_scan_findings.enhanced_findings.is_empty()
        || matches!(status, "ACTIVE" | "PENDING" | "SCAN_ELIGIBILITY_EXPIRED");
    if enhanced { inspector::tool() } else { Tool { name: "aws-ecr".to_owned(), version: None } }
}

/// The image of an answer. Only enhanced findings tell the region, and so the address.
fn image(
    answer: &Answer<'_>,
    at: &dyn Fn() -> String,
    warnings: &mut crate::warnings::Warnings,
) -> Option<Image> {
    let enhanced = answer.image_scan_findings.enhanced_findings.first();
    let resource = enhanced.and_then(|finding| finding.resources.first());
    let image = EcrImage {
        arn: resource.map_or("", |resource| &resource.id),
        registry: &answer.registry_id,
        repository: &answer.repository_name,
        digest: &answer.image_id.image_digest,
        tags: answer.image_id.image_tag.filled().into_iter().collect(),
        ..EcrImage::default()
    };
    image.image(at, warnings)
}
