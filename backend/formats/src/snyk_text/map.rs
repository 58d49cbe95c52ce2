//! What Snyk prints in our words: one scan for each image, of which all tests are parts. Refuses to take an error for a
//! scan that found nothing: it is a scan that is not whole, and so the image counts as not checked by it.

use std::borrow::Cow;
use std::collections::HashMap;

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::image::{DigestRole, Image, Platform};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Fault, Found, Report, Test};
use crate::error::clip;
use crate::images::reference;
use crate::json::Text;
use crate::snyk_json::wire::{Identifiers, Issue, Project};
use crate::snyk_json::{package, record};
use crate::untrusted::{bounded, link};
use crate::warnings::Warnings;
use crate::{Parsed, platforms, severity};

/// The names that Snyk's JSON and SARIF go by too.
const CONTAINER: &str = "snyk container";
const OPEN_SOURCE: &str = "snyk open source";
const OF_IMAGE: &str = "docker-image|";

/// Maps all tests.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let (mut scans, mut known) = (Vec::new(), HashMap::new());
    let mut warnings = Warnings::default();
    let failed = report.faults.first().map(failure);
    for test in &report.tests {
        let index = *known.entry(named(test)).or_insert_with(|| {
            scans.push(scan(test, &mut warnings));
            scans.len() - 1
        });
        if let Some(scan) = scans.get_mut(index) {
            for found in &test.found {
                add(scan, found, test, &mut warnings);
            }
            if let Some(why) = partial(test) {
                scan.scan_mut().partial.get_or_insert(why);
            }
        }
    }
    if let (Some(why), Some(fault)) = (&failed, report.faults.first()) {
        if scans.is_empty() {
            scans.push(empty(CONTAINER, Target::Unstated));
        }
        for scan in &mut scans {
            scan.scan_mut().partial = Some(why.clone());
        }
        warnings.push(format!("line {}", fault.line), format!("{why}: what it did not test is not checked"));
    }
    for stray in &report.strays {
        let at = format!("line {}", stray.line);
        warnings.skip(at, "a link to an issue without a heading above it was skipped");
    }
    let listed: usize = report.tests.iter().map(|test| test.found.len()).sum();
    let scans: Vec<_> = scans.into_iter().map(ScanBuilder::build).collect();
    Parsed {
        tool: scans.first().map(|scan| scan.tool.clone()),
        entries: listed + report.strays.len(),
        listed_components: 0,
        observations: scans.into_iter().map(Observation::Scan).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn failure(fault: &Fault<'_>) -> String {
    let status = if fault.status.is_empty() { String::new() } else { format!(", {}", clip(fault.status)) };
    format!("Snyk failed with {}{status}", clip(fault.message))
}

/// Why a test is not whole.
fn partial(test: &Test<'_>) -> Option<String> {
    let listed = test.found.len();
    match (test.ended, test.counted) {
        (false, _) => Some("the report ends before its last line".to_owned()),
        (true, None) => Some("its last line does not tell how many issues there are".to_owned()),
        (true, Some(counted)) if counted > listed => {
            Some(format!("the report counts {counted} issues and lists {listed}"))
        }
        (true, Some(_)) => None,
    }
}

/// What was tested, by the name that was asked for.
fn named<'a>(test: &Test<'a>) -> &'a str {
    if test.image.is_empty() { test.asked } else { test.image }
}

fn scan(test: &Test<'_>, warnings: &mut Warnings) -> ScanBuilder {
    let path = test.manager.is_empty() && named(test).starts_with(['/', '.']);
    let of_image = !test.image.is_empty()
        || test.project.starts_with(OF_IMAGE)
        || (matches!(test.manager, "" | "apk" | "deb" | "linux" | "rpm") && !path);
    let other = |kind: &str, warnings: &mut Warnings| match named(test) {
        "" => Target::Unstated,
        name => Target::Other { kind: kind.to_owned(), name: bounded(name, "Docker image", warnings) },
    };
    if !of_image {
        return empty(OPEN_SOURCE, other("directory", warnings));
    }
    let Some(found) = reference(named(test)) else {
        let kind = if named(test).contains(".tar") { "archive" } else { "image" };
        return empty(CONTAINER, other(kind, warnings));
    };
    let mut image = Image { platform: platform(test.platform), ..Image::default() };
    if let Some(digest) = &found.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image.references.push(found.with_default_tag());
    empty(CONTAINER, Target::Image(image))
}

fn empty(tool: &str, target: Target) -> ScanBuilder {
    let mut scan = ScanBuilder::new(Tool { name: tool.to_owned(), version: None }, target);
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    scan
}

/// `linux/arm64/v8`.
fn platform(text: &str) -> Option<Platform> {
    let mut parts = text.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
    Some(Platform { os: parts.next()?, architecture: parts.next()?, variant: parts.next() })
}

fn add(scan: &mut ScanBuilder, found: &Found<'_>, test: &Test<'_>, warnings: &mut Warnings) {
    let at = format!("line {}", found.line);
    let id = found.link.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let mut issue = issue(found, id, test);
    let project =
        Project { package_manager: text(test.manager), target_file: text(test.file), ..Project::default() };
    let mut components = Vec::new();
    for (name, version) in ends(found) {
        (issue.name, issue.version) = (text(name), text(version));
        let component = package::component(&issue, &project, &at, warnings);
        components.extend(component.map(|component| scan.component(component)));
    }
    if components.is_empty() {
        warnings.skip(at, "an issue without a package name was skipped");
        return;
    }
    if let (Target::Image(image), Some(platform)) =
        (&mut scan.scan_mut().target, platforms::Platform::of_os(&issue.package_manager))
    {
        image.distribution.get_or_insert(platform.distribution);
    }
    let vulnerabilities: Vec<usize> = if found.licence {
        Vec::new()
    } else {
        let mut records = record::of(&issue, &at, warnings);
        records.iter_mut().for_each(|record| record.references.extend(link(found.link)));
        records.into_iter().map(|record| scan.vulnerability(record)).collect()
    };
    if vulnerabilities.is_empty() && !found.licence {
        warnings.skip(at, "an issue without a usable vulnerability id was skipped");
        return;
    }
    for component in components {
        let subjects: Vec<Subject> = if found.licence {
            let licence = bounded(found.title, &at, warnings);
            vec![Subject::Licence { component: Some(component), path: None, licence }]
        } else {
            let each = vulnerabilities.iter();
            each.map(|&vulnerability| Subject::Vulnerability { component, vulnerability }).collect()
        };
        for subject in subjects {
            let word = bounded(found.word, &at, warnings);
            let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
            let versions = found.fixed.split(',').map(str::trim).filter(|version| !version.is_empty());
            finding.fix = Fix::in_versions(versions.map(|version| bounded(version, &at, warnings)).collect());
            scan.finding(finding);
        }
    }
}

/// Name and version of each package that an issue is in; the heading's alone where no path is printed.
fn ends<'a>(found: &Found<'a>) -> Vec<(&'a str, &'a str)> {
    let split = |end: &'a str| end.rsplit_once('@').filter(|(name, _)| !name.is_empty()).unwrap_or((end, ""));
    let mut ends: Vec<(&str, &str)> = found.ends.iter().copied().map(split).collect();
    if ends.is_empty() {
        ends.push((found.package, ""));
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// An issue as Snyk's JSON would have it.
fn issue<'a>(found: &Found<'a>, id: &'a str, test: &Test<'_>) -> Issue<'a> {
    let is_cve = found.title.starts_with("CVE-");
    let of_os = matches!(test.manager, "apk" | "deb" | "rpm");
    let distribution = if of_os { release(id) } else { None };
    Issue {
        id: text(id),
        title: text(found.title),
        package_manager: Text(distribution.map_or(Cow::Borrowed(""), Cow::Owned)),
        language: text(if of_os { "linux" } else { "" }),
        identifiers: Identifiers {
            cve: is_cve.then(|| text(found.title)).into_iter().collect(),
            ..Identifiers::default()
        },
        ..Issue::default()
    }
}

fn text(text: &str) -> Text<'_> {
    Text(Cow::Borrowed(text))
}

/// The release in Snyk's own id, `SNYK-DEBIAN12-ZLIB-6008963`, as Snyk's JSON writes it: `debian:12`.
fn release(id: &str) -> Option<String> {
    let word = id.strip_prefix("SNYK-")?.split('-').next()?.to_ascii_lowercase();
    let start = word.find(|letter: char| letter.is_ascii_digit()).unwrap_or(word.len());
    let (name, digits) = word.split_at_checked(start)?;
    let major = match name {
        "alpine" => 1,
        "sles" | "ubuntu" => 2,
        _ => digits.len(),
    };
    match digits.split_at_checked(major) {
        Some((major, minor)) if !minor.is_empty() => Some(format!("{name}:{major}.{minor}")),
        _ => Some(format!("{name}:{digits}")),
    }
}
