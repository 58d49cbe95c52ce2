//! ThreatMapper's reports in our words: one scan for each node. Refuses checks that passed or only inform, and to
//! close anything: a report has filters, and does not state them.

use std::collections::HashMap;

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::fix::Fix;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{self, Kind};
use crate::images::reference;
use crate::platforms::Platform;
use crate::table::{Row, Table};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Error, Parsed, distributions, purls, severity, time};

const FILTERED: &str = "a report of ThreatMapper lists what its filters let through, and does not state them";

/// Maps a whole report.
///
/// # Errors
/// When none of its rows names what was found.
pub(super) fn report(mut table: Table<'_>) -> Result<Parsed, Error> {
    let kind = wire::kind(&table);
    let tool = Tool { name: "deepfence".to_owned(), version: None };
    let mut warnings = Warnings::default();
    let mut scans: Vec<ScanBuilder> = Vec::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    let (mut entries, mut named, mut first) = (0, false, None);
    while let Some(row) = table.row(&mut warnings)? {
        let at = row.at();
        first.get_or_insert(row.place);
        named |= !wire::what(kind, &row).is_empty();
        let (node_kind, node) = (node_kind(&row), row.first(&["node name", "node_name"]));
        let index = *known.entry((node_kind.to_owned(), node.to_owned())).or_insert_with(|| {
            scans.push(ScanBuilder::new(tool.clone(), target(node_kind, node, &at, &mut warnings)));
            scans.len() - 1
        });
        let Some(scan) = scans.get_mut(index) else { continue };
        scan.scan_mut().partial = Some(FILTERED.to_owned());
        scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(time::parse(row.cell("@timestamp")));
        if kind == Kind::Checks && !is_failed(row.cell("status")) {
            continue;
        }
        entries += 1;
        add(scan, kind, &row, &at, &mut warnings);
    }
    if let Some(place) = first.filter(|_| !named) {
        let expectation = "expected a row that names what was found; none does".to_owned();
        return Err(table.broken(place, expectation));
    }
    if table.listed() == 0 {
        warnings.push("line 1", "the report is empty and names no node, so nothing is recorded as checked");
    }
    Ok(Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: scans.into_iter().map(|scan| Observation::Scan(scan.build())).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    })
}

/// What a node is; older reports tell it only of containers.
fn node_kind<'t>(row: &Row<'t>) -> &'t str {
    match row.first(&["node type", "node_type"]) {
        "" if !row.cell("container name").is_empty() => "container",
        "" => "node",
        kind => kind,
    }
}

fn target(kind: &str, name: &str, at: &str, warnings: &mut Warnings) -> Target {
    if name.is_empty() {
        return Target::Unstated;
    }
    let of_image = matches!(kind, "image" | "container_image");
    let found = name.split_whitespace().next().filter(|_| of_image).and_then(reference);
    let Some(found) = found else {
        return Target::Other { kind: bounded(kind, at, warnings), name: bounded(name, at, warnings) };
    };
    let mut image = Image::default();
    if let Some(digest) = &found.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image.references.push(found.with_default_tag());
    Target::Image(image)
}

fn is_failed(status: &str) -> bool {
    matches!(status.to_ascii_lowercase().as_str(), "alarm" | "error" | "fail" | "warn")
}

fn add(scan: &mut ScanBuilder, kind: Kind, row: &Row<'_>, at: &str, warnings: &mut Warnings) {
    let what = wire::what(kind, row);
    if what.is_empty() {
        warnings.skip(at, "a row that does not name what was found was skipped");
        return;
    }
    let subject = match kind {
        Kind::Vulnerabilities => vulnerability(scan, row, at, warnings),
        Kind::Secrets => Some(Subject::Secret {
            rule: bounded(what, at, warnings),
            path: bounded(row.cell("filename"), at, warnings),
            line: None,
        }),
        Kind::Malware => Some(Subject::Malware {
            name: bounded(what, at, warnings),
            path: bounded(row.cell("file name"), at, warnings),
        }),
        Kind::Checks => Some(Subject::Misconfiguration {
            check: bounded(what, at, warnings),
            path: String::new(),
            resource: None,
            line: None,
        }),
    };
    let Some(subject) = subject else { return };
    let word = row.first(&["severity", "status"]);
    let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
    let title = row.first(&["summary", "info", "test_info"]);
    finding.title = Some(title).filter(|title| !title.is_empty()).map(prose);
    let fixed = Some(row.cell("fixed in")).filter(|version| !version.is_empty());
    finding.fix = Fix::in_versions(fixed.map(|version| bounded(version, at, warnings)).into_iter().collect());
    if row.cell("masked").eq_ignore_ascii_case("true") {
        finding.verdict = Verdict::Suppressed("masked in ThreatMapper".to_owned());
    }
    scan.finding(finding);
}

fn vulnerability(
    scan: &mut ScanBuilder,
    row: &Row<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Subject> {
    let Ok(id) = row.cell("cve id").parse() else {
        warnings.skip(at, "a row without a usable vulnerability id was skipped");
        return None;
    };
    let package = row.cell("caused by package");
    let Some(mut component) = component(package, row.cell("type"), at, warnings) else {
        warnings.skip(at, "a row without a package was skipped");
        return None;
    };
    let path = row.cell("caused by package path");
    let path = Some(path).filter(|path| !path.is_empty()).map(|path| bounded(path, at, warnings));
    component.paths = path.into_iter().collect();
    let mut record = VulnerabilityRecord::bare(id);
    let description = row.cell("description");
    record.description = Some(description).filter(|text| !text.is_empty()).map(prose);
    record.references = link(row.cell("link")).into_iter().collect();
    let vector = row.cell("attack vector");
    if vector.contains('/') {
        let stated = row.cell("cvss score").parse::<f64>().ok();
        let stated = stated.filter(|score| (0.0..=10.0).contains(score));
        record.cvss.push(CvssScore { source: "deepfence".to_owned(), vector: vector.to_owned(), stated });
    }
    let (component, vulnerability) = (scan.component(component), scan.vulnerability(record));
    Some(Subject::Vulnerability { component, vulnerability })
}

/// The component behind `name:version`. Packages of a distribution are of the type `base`, and their versions tell
/// whose.
fn component(stated: &str, kind: &str, at: &str, warnings: &mut Warnings) -> Option<Component> {
    let language = purls::ecosystem_of_word(kind);
    let (name, version) = match language {
        Some("maven") => stated.rsplit_once(':').unwrap_or((stated, "")),
        _ => stated.split_once(':').unwrap_or((stated, "")),
    };
    let version = Some(version).filter(|version| !version.is_empty());
    let family = version.and_then(|version| {
        let apk = || distributions::is_apk_version(version).then_some("alpine");
        distributions::of_version(version).or_else(apk)
    });
    let purl = match (language, family.and_then(Platform::of_family)) {
        (Some(language), _) => purls::from_name(language, name, version)?,
        (None, Some(platform)) => purls::from_parts(platform.kind, Some(platform.namespace), name, version)?,
        (None, None) => {
            let language = purls::ecosystem_of_name(name).unwrap_or_else(|| {
                warnings.push(at, "nothing tells the ecosystem of a package, so it is known by name alone");
                "generic"
            });
            purls::from_name(language, name, version)?
        }
    };
    let mut component = Component::from_purl(purl);
    component.version = version.map(|version| bounded(version, at, warnings));
    Some(component)
}
