//! Xeol's report in our words: software past its end of life is a failed check on the image. Where it is the
//! distribution itself, the image's says so too, if the day is before the database was made.
//!
//! Refuses a severity: Xeol states none.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Target};
use domain::severity::Severity;

use super::wire::{Match, Report};
use crate::grype_json::Inner;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// The check that such software fails.
const CHECK: &str = "end-of-life";

/// Maps a report in its frame.
pub(super) fn report(report: &Report<'_>, frame: &Inner<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut builder = frame.frame(&mut warnings);
    builder.scan_mut().covers.insert(FindingClass::Misconfiguration);
    for (number, found) in report.matches.iter().enumerate() {
        add(&mut builder, found, &format!("matches[{number}]"), &mut warnings);
    }
    let scan = builder.build();
    Parsed {
        tool: Some(scan.tool.clone()),
        entries: report.matches.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan)],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn add(builder: &mut ScanBuilder, found: &Match<'_>, at: &str, warnings: &mut Warnings) {
    let (artifact, cycle) = (&found.artifact, &found.cycle);
    let purl = artifact.purl.filled().and_then(|text| text.parse::<Purl>().ok()).map(|purl| purl.to_string());
    let Some(name) = artifact.name.filled().or_else(|| cycle.product_name.filled()) else {
        warnings.skip(at, "a match without a name was skipped");
        return;
    };
    let of_distribution = purl.is_none();
    let resource = purl.unwrap_or_else(|| format!("{name} {}", artifact.version).trim_end().to_owned());
    let path = artifact.locations.iter().find_map(|location| location.path.filled()).unwrap_or_default();
    let subject = Subject::Misconfiguration {
        check: CHECK.to_owned(),
        path: bounded(path, at, warnings),
        resource: Some(bounded(&resource, at, warnings)),
        line: None,
    };
    let end = time::parse(&cycle.eol);
    let product = cycle.product_name.filled().unwrap_or(name);
    let when = if end.is_some() { &*cycle.eol } else { "past" };
    let mut finding = ReportedFinding::new(subject, Severity::Unknown, "");
    finding.title = Some(prose(&format!("End of life of {product} {}: {when}", cycle.release_cycle)));
    builder.finding(finding);
    let scan = builder.scan_mut();
    let known_at = scan.scanned_at.or(scan.database_at);
    let ended = end.is_none_or(|end| known_at.is_some_and(|known_at| end <= known_at));
    if let Target::Image(image) = &mut scan.target
        && let Some(distribution) = &mut image.distribution
        && of_distribution
        && ended
        && distribution.family.eq_ignore_ascii_case(name)
    {
        distribution.end_of_life = Some(true);
    }
}
