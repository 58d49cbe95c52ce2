//! Aqua's documents in our words: a scan for each image.
//!
//! Refuses to take an empty page for a clean image, a filtered one for all there is, and the verdict of a
//! policy over findings for one more.

use chrono::{DateTime, Utc};
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;

use super::wire::{Asked, Check, List, Moment, Page, Scan, Vulnerability};
use super::{image, package, vulnerability};
use crate::aside::Aside;
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::json::Number;
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// Controls that judge what was found.
const JUDGING: [&str; 6] =
    ["cve_blacklist", "cve_denylist", "malware", "max_score", "max_severity", "sensitive_data"];
/// Why their verdicts stay out.
const NO_FINDING: &str = "they judge what was found, which is listed by itself";
/// What may be asked for without leaving out a vulnerability of an image.
const WHOLE: [&str; 12] = [
    "columns_name",
    "image_name",
    "image_name_exact_match",
    "include_vpatch_info",
    "order_by",
    "orderby",
    "page",
    "page_size",
    "pagesize",
    "registry_name",
    "show_negligible",
    "use_cvss3",
];

fn tool() -> Tool {
    Tool { name: "aqua".to_owned(), version: None }
}

/// Maps the result of a scan.
pub(super) fn scan(scan: &Scan<'_>) -> Parsed {
    let (mut warnings, mut aside) = (Warnings::default(), Aside::default());
    let platform = Platform::of_release(&scan.os, &scan.version);
    let target = target(image_of(scan, platform.as_ref(), &mut warnings), &mut warnings);
    let mut builder = ScanBuilder::new(tool(), target);
    state(scan, &mut builder);
    let mut entries = scan.malware.len() + scan.sensitive_data.len();
    for (number, scanned) in scan.resources.iter().enumerate() {
        for (nth, found) in scanned.vulnerabilities.iter().enumerate() {
            let at = || format!("resources[{number}].vulnerabilities[{nth}]");
            entries += 1;
            let (resource, ancestor) = (&scanned.resource, &found.ancestor_pkg);
            match package::of_resource(resource, ancestor, platform.as_ref(), &at, &mut warnings) {
                Some(component) => vulnerability::add(&mut builder, found, component, &at, &mut warnings),
                None => warnings.skip(at(), "a finding without a package name was skipped"),
            }
        }
    }
    files(scan, &mut builder, &mut warnings);
    for (number, check) in scan.image_assurance_results.checks_performed.iter().enumerate() {
        if &*check.failed == "true" {
            entries += 1;
            let at = format!("image_assurance_results.checks_performed[{number}]");
            add_check(check, at, &mut builder, &mut aside, &mut warnings);
        }
    }
    aside.tell(&mut warnings);
    parsed(entries, vec![Observation::Scan(builder.build())], warnings)
}

fn image_of(scan: &Scan<'_>, platform: Option<&Platform>, warnings: &mut Warnings) -> ImageBuilder {
    let pulled = scan.pull_name.filled().filter(|name| image::starts_with_host(name));
    let name = pulled.unwrap_or(&scan.image);
    let mut image = image::of(&scan.registry, name, &scan.digest, &|| "image".to_owned(), warnings);
    for digest in &scan.metadata.repo_digests {
        if !image::add_repository(&mut image, &scan.registry, digest) {
            warnings.push("metadata.repo_digests", "the digest of an image cannot be read");
        }
    }
    let known = image.image_mut();
    known.distribution = platform.map(|platform| platform.distribution.clone());
    known.platform = image::platform(&scan.scanned_image_platform);
    image
}

/// What was looked for, when, and whether it was seen whole.
fn state(scan: &Scan<'_>, builder: &mut ScanBuilder) {
    let known = builder.scan_mut();
    known.covers.insert(FindingClass::Vulnerability);
    if &*scan.scan_options.scan_malware == "true" {
        known.covers.insert(FindingClass::Malware);
    }
    if &*scan.scan_options.scan_sensitive_data == "true" {
        known.covers.insert(FindingClass::Secret);
    }
    if !scan.image_assurance_results.checks_performed.is_empty() {
        known.covers.insert(FindingClass::Misconfiguration);
    }
    known.scanned_at = match &scan.scan_started {
        Some(Moment::Parts { seconds }) => moment(*seconds),
        Some(Moment::Text(text)) => time::parse(text),
        None => None,
    };
    known.database_at = moment(scan.data_date);
    known.partial =
        (&*scan.partial_results == "true").then(|| "Aqua says that its results are partial".to_owned());
}

fn moment(seconds: Number) -> Option<DateTime<Utc>> {
    let seconds = seconds.whole().filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
}

/// Malware and secrets, of which the file and the kind are told.
fn files(scan: &Scan<'_>, builder: &mut ScanBuilder, warnings: &mut Warnings) {
    for (number, found) in scan.malware.iter().enumerate() {
        let at = format!("malware[{number}]");
        let subject = Subject::Malware {
            name: bounded(&found.malware, &at, warnings),
            path: bounded(&found.path, &at, warnings),
        };
        builder.finding(ReportedFinding::new(subject, Severity::Unknown, ""));
    }
    for (number, found) in scan.sensitive_data.iter().enumerate() {
        let at = format!("sensitive_data[{number}]");
        let path = found.path.filled().unwrap_or(&found.filename);
        let subject = Subject::Secret {
            rule: bounded(&found.kind, &at, warnings),
            path: bounded(path, &at, warnings),
            line: None,
        };
        builder.finding(ReportedFinding::new(subject, Severity::Unknown, ""));
    }
}

fn add_check(
    check: &Check<'_>,
    at: String,
    builder: &mut ScanBuilder,
    aside: &mut Aside,
    warnings: &mut Warnings,
) {
    if JUDGING.contains(&&*check.control) {
        aside.put(format!("of the control `{}`", check.control), NO_FINDING, || at);
        return;
    }
    let subject = Subject::Misconfiguration {
        check: bounded(&check.control, &at, warnings),
        path: String::new(),
        resource: check.policy_name.filled().map(|name| bounded(name, &at, warnings)),
        line: None,
    };
    builder.finding(ReportedFinding::new(subject, Severity::Unknown, ""));
}

/// Maps the list of one image.
pub(super) fn list(list: &List<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let at = || "image_name".to_owned();
    let image = image::of(&list.registry, &list.image_name, "", &at, &mut warnings);
    let mut builder = ScanBuilder::new(tool(), target(image, &mut warnings));
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    let listed = u64::try_from(list.cves.len()).unwrap_or(u64::MAX);
    let more = list.cves_counts.total.whole().filter(|total| *total > listed);
    let unfinished = list.status.filled().filter(|status| !status.eq_ignore_ascii_case("scanned"));
    builder.scan_mut().partial = unfinished
        .map(|status| format!("the scan is {}", clip(status)))
        .or_else(|| more.map(|total| format!("the list counts {total} vulnerabilities and holds {listed}")));
    for (number, found) in list.cves.iter().enumerate() {
        let at = || format!("cves[{number}]");
        match package::of_file(&found.file, &at, &mut warnings) {
            Some(component) => vulnerability::add(&mut builder, found, component, &at, &mut warnings),
            None => warnings.skip(at(), "a finding without a package name was skipped"),
        }
    }
    parsed(list.cves.len(), vec![Observation::Scan(builder.build())], warnings)
}

/// Maps a page over many images.
pub(super) fn page(page: &Page<'_>) -> Parsed {
    let (mut warnings, mut scans) = (Warnings::default(), Scans::default());
    let mut unstated = ScanBuilder::new(tool(), Target::Unstated);
    let partial = partial(page);
    if page.result.is_empty() {
        warnings.push("result", "the list is empty, so nothing is recorded as checked");
    }
    for (number, row) in page.result.iter().enumerate() {
        let at = || format!("result[{number}]");
        let platform = Platform::of_release(&row.os, &row.os_version);
        let component =
            package::of_resource(&row.resource, &row.ancestor_pkg, platform.as_ref(), &at, &mut warnings);
        let Some(component) = component else {
            warnings.skip(at(), "a finding without a package name was skipped");
            continue;
        };
        let builder = of_row(row, platform, &at, &mut scans, &mut unstated, &mut warnings);
        vulnerability::add(builder, row, component, &at, &mut warnings);
    }
    let mut observations = scans.build(partial);
    let mut unstated = unstated.build();
    if !unstated.findings.is_empty() {
        unstated.partial = partial.map(str::to_owned);
        observations.push(Observation::Scan(unstated));
    }
    parsed(page.result.len(), observations, warnings)
}

/// The scan of the image that a row names.
fn of_row<'s>(
    row: &Vulnerability<'_>,
    platform: Option<Platform>,
    at: &dyn Fn() -> String,
    scans: &'s mut Scans,
    unstated: &'s mut ScanBuilder,
    warnings: &mut Warnings,
) -> &'s mut ScanBuilder {
    let mut image = image::of(&row.registry, &row.image_name, &row.image_digest, at, warnings);
    if image.is_empty() {
        warnings.push(at(), "a finding names no image that can be read");
        return unstated;
    }
    image.image_mut().distribution = platform.map(|platform| platform.distribution);
    let found_at = time::parse(&row.last_found_date);
    scans.of(&tool(), image.build(), FindingClass::Vulnerability, found_at)
}

/// Why a page is not all that Aqua says of its images, if it is not.
fn partial(page: &Page<'_>) -> Option<&'static str> {
    let listed = u64::try_from(page.result.len()).unwrap_or(u64::MAX);
    let filters = page.query.iter().any(|(key, asked)| match asked {
        Asked::Text(text) if &**key == "show_negligible" => &**text == "false",
        Asked::Text(text) => !matches!(&**text, "" | "false") && !WHOLE.contains(&&**key),
        Asked::Other(_) => !WHOLE.contains(&&**key),
    });
    if page.count.whole().is_some_and(|count| count > listed) {
        return Some("the list goes on: its next page is missing");
    }
    if &*page.is_partial_data == "true" {
        return Some("Aqua says that its data is partial");
    }
    filters.then_some("only a part was asked for")
}

/// The image of a scan; without a name or digest that can be read it is not stated.
fn target(image: ImageBuilder, warnings: &mut Warnings) -> Target {
    if image.is_empty() {
        warnings.push("image", "the document names no image that can be read");
        return Target::Unstated;
    }
    Target::Image(image.build())
}

fn parsed(entries: usize, observations: Vec<Observation>, warnings: Warnings) -> Parsed {
    Parsed {
        tool: Some(tool()),
        entries,
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}
