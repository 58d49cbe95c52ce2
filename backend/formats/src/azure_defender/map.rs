//! From Defender's words to ours: a scan for each image, without findings where it is healthy, and one for each other
//! resource that was assessed. Refuses findings that name no image, and tags, which the findings keep from when the image
//! was scanned.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::fix::{Fix, FixState};
use domain::image::{DigestRole, Image};
use domain::scan::{ScanBuilder, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Artefact, Properties, Row, Software, Status, Vulnerability};
use super::{assessments, healthy};
use crate::aside::Aside;
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::targets::Targets;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, purls, severity, time};

/// The name under which what Defender for Cloud says is kept.
pub(crate) const TOOL: &str = "azure-defender";
const EMPTY: &str = "the list is empty and names no image, so nothing is recorded as checked";

/// Maps rows; `partial` says why there are not all of them.
pub(super) fn rows(rows: &[Row<'_>], partial: Option<&str>) -> Parsed {
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let (mut scans, mut aside, mut warnings) = (Scans::default(), Aside::default(), Warnings::default());
    let (mut resources, mut entries) = (Targets::new(&tool, assessments::FILTERED), 0);
    for (number, row) in rows.iter().enumerate() {
        let (properties, at) = (&row.properties, || format!("rows[{number}]"));
        if healthy::is_assessment(&row.kind) {
            match healthy::image(row) {
                Some(image) => {
                    let since = time::parse(&properties.status.changed_at);
                    scans.of(&tool, image, FindingClass::Vulnerability, since);
                }
                None if assessments::is_of_resource(row) => {
                    entries += assessments::add(row, &at, &mut resources, &mut warnings);
                }
                None => warnings.push(at(), healthy::NOTHING),
            }
            continue;
        }
        entries += 1;
        let data = &properties.additional_data;
        let Some(artefact) = &data.artifact_details else {
            let kind = data.assessed_resource_type.filled().unwrap_or("unstated");
            aside.no_image(format!("on {kind}"), at);
            continue;
        };
        let platform = Platform::of(&data.software_details.os_details.os_version);
        let Some(image) = image(artefact, platform.as_ref()) else {
            warnings.skip(at(), "an image that no digest names was skipped");
            continue;
        };
        let seen = time::parse(&properties.time_generated);
        let scan = scans.of(&tool, image, FindingClass::Vulnerability, seen);
        finding(scan, properties, platform.as_ref(), &at, &mut warnings);
    }
    if rows.is_empty() {
        warnings.push("data", EMPTY);
    }
    aside.tell(&mut warnings);
    let mut observations = scans.build(partial);
    observations.extend(resources.build());
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn image(artefact: &Artefact<'_>, platform: Option<&Platform>) -> Option<Image> {
    let digest = artefact.digest.parse().ok()?;
    let index =
        artefact.media_type.contains("image.index.") || artefact.media_type.contains("manifest.list.");
    let role = if index { DigestRole::Index } else { DigestRole::Manifest };
    let name = format!("{}/{}@{digest}", artefact.registry_host, artefact.repository_name);
    Some(Image {
        references: name.parse().into_iter().collect(),
        digests: vec![(role, digest)],
        distribution: platform.map(|platform| platform.distribution.clone()),
        pushed_at: time::parse(&artefact.pushed_at),
        ..Image::default()
    })
}

fn finding(
    scan: &mut ScanBuilder,
    properties: &Properties<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let data = &properties.additional_data;
    let Some(record) = record(properties, &data.vulnerability_details) else {
        warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
        return;
    };
    let Some(component) = component(&data.software_details, platform, warnings) else {
        warnings.skip(at(), "a package without a name was skipped");
        return;
    };
    let (component, vulnerability) = (scan.component(component), scan.vulnerability(record));
    let word = properties.status.severity.filled().unwrap_or(&data.vulnerability_details.severity);
    let subject = Subject::Vulnerability { component, vulnerability };
    let mut reported = ReportedFinding::new(subject, severity::from_word(word), word);
    reported.fix = fix(&data.software_details);
    reported.verdict = verdict(&properties.status);
    scan.finding(reported);
}

fn component(
    stated: &Software<'_>,
    platform: Option<&Platform>,
    warnings: &mut Warnings,
) -> Option<Component> {
    let name = stated.package_name.filled()?;
    let version = stated.version.filled();
    let of_os = platform.filter(|_| stated.category.eq_ignore_ascii_case("OS"));
    let purl = match of_os {
        Some(platform) => purls::from_parts(platform.kind, Some(platform.namespace), name, version),
        None => purls::from_name(ecosystem(&stated.language), name, version),
    };
    let mut component = Component::from_purl(purl?);
    component.name = bounded(name, "name of a package", warnings);
    component.version = version.map(str::to_owned);
    Some(component)
}

/// The purl type of a language's packages.
fn ecosystem(language: &str) -> &'static str {
    match language.to_ascii_lowercase().as_str() {
        "python" => "pypi",
        "javascript" | "node" | "nodejs" | "node.js" => "npm",
        "java" => "maven",
        "go" | "golang" => "golang",
        "ruby" => "gem",
        "dotnet" | ".net" | "c#" => "nuget",
        "rust" => "cargo",
        "php" => "composer",
        _ => "generic",
    }
}

fn fix(stated: &Software<'_>) -> Fix {
    let versions: Vec<String> = stated
        .fixed_version
        .split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect();
    let state = match &*stated.fix_status {
        _ if !versions.is_empty() => FixState::Fixed,
        "FixAvailable" => FixState::Fixed,
        "NoFixAvailable" => FixState::NotFixed,
        _ => FixState::Unknown,
    };
    Fix { state, versions }
}

/// What is exempt or healthy there is not open here.
fn verdict(status: &Status<'_>) -> Verdict {
    match &*status.code {
        "NotApplicable" => Verdict::Suppressed(prose(&not_applicable(status))),
        "Healthy" => Verdict::Suppressed("healthy in Defender for Cloud".to_owned()),
        _ => Verdict::Affected,
    }
}

/// Why something does not count there.
pub(super) fn not_applicable(status: &Status<'_>) -> String {
    let why = status.cause.filled().or(status.description.filled()).unwrap_or("no reason");
    format!("not applicable in Defender for Cloud: {why}")
}

fn record(properties: &Properties<'_>, details: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let id = details.cve_id.filled().unwrap_or(&properties.id);
    let mut record = VulnerabilityRecord::bare(id.parse().ok()?);
    record.description = properties.description.filled().map(prose);
    let scores = [&details.cvss.fourth, &details.cvss.third, &details.cvss.second];
    for stated in scores.into_iter().flatten() {
        if let Some(vector) = stated.cvss_vector_string.filled() {
            let vector = vector.to_owned();
            record.cvss.push(CvssScore { source: TOOL.to_owned(), vector, stated: stated.base.0 });
        }
    }
    for reference in &details.references {
        if let Some(link) = link(&reference.link)
            && !record.references.contains(&link)
        {
            record.references.push(link);
        }
    }
    record.published_at = time::parse(&details.published_date);
    record.modified_at = time::parse(&details.last_modified_date);
    Some(record)
}
