//! Rows in our words: a scan for each image. Refuses machines, functions and issues, which have no place here
//! yet, and to take a table for all that was found: it holds what its filters let through, and does not state
//! them.

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::fix::Fix;
use domain::image::DigestRole;
use domain::purl::Purl;
use domain::scan::{ScanBuilder, Tool};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::wire::Finding;
use crate::aside::Aside;
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::platforms::Platform;
use crate::scans::Scans;
use crate::table::Table;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Error, Parsed, clair, distributions, purls, time};

const FILTERED: &str = "a table lists what its filters let through, and does not state them";
const RESOLVED: &str = "they are not there any more";

fn tool() -> Tool {
    Tool { name: "wiz".to_owned(), version: None }
}

/// Maps a table of issues: they are counted by what they are about.
///
/// # Errors
/// When none of its rows can be read.
pub(super) fn issues(mut table: Table<'_>) -> Result<Parsed, Error> {
    let (mut aside, mut warnings) = (Aside::default(), Warnings::default());
    while let Some(row) = table.row(&mut warnings)? {
        aside.no_image(format!("on {}", clip(row.cell("resource type"))), || row.at());
    }
    aside.tell(&mut warnings);
    Ok(parsed(table.listed(), Scans::default(), warnings))
}

/// Maps a table of vulnerability findings.
///
/// # Errors
/// When none of its rows can be read.
pub(super) fn findings(mut table: Table<'_>) -> Result<Parsed, Error> {
    let (mut scans, mut aside, mut warnings) = (Scans::default(), Aside::default(), Warnings::default());
    while let Some(row) = table.row(&mut warnings)? {
        let found = Finding::of(row);
        let at = || row.at();
        let mut image = image(&found);
        if image.is_empty() {
            let kind = if found.asset_type.is_empty() { "machines" } else { found.asset_type };
            aside.no_image(format!("on {}", clip(kind)), at);
        } else if found.status.eq_ignore_ascii_case("resolved") {
            aside.put("resolved in Wiz".to_owned(), RESOLVED, at);
        } else {
            let platform = platform(&found);
            image.image_mut().distribution = platform.as_ref().map(|platform| platform.distribution.clone());
            let seen_at = time::parse(found.last_detected);
            let scan = scans.of(&tool(), image.build(), FindingClass::Vulnerability, seen_at);
            finding(&found, platform.as_ref(), scan, &at, &mut warnings);
        }
    }
    aside.tell(&mut warnings);
    Ok(parsed(table.listed(), scans, warnings))
}

/// The image that an asset is: what its registry calls it has a digest, and the name counts where the type says so.
fn image(found: &Finding<'_>) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    for name in [found.unique_id, found.asset] {
        if name.contains("@sha256:") {
            image.reference(name);
        }
    }
    let kind = found.asset_type.to_ascii_lowercase().replace(['_', ' '], "");
    if kind == "containerimage" {
        image.named(found.asset, None, DigestRole::Repository);
    }
    image
}

/// The distribution of an image, by its own name, or by the tracker that the finding is in.
fn platform(found: &Finding<'_>) -> Option<Platform> {
    let by_link = || Platform::of_family(distributions::of_link(found.link)?);
    let by_version = || Platform::of_family(distributions::of_version(found.version)?);
    Platform::of_words(found.system).or_else(by_link).or_else(by_version)
}

fn finding(
    found: &Finding<'_>,
    platform: Option<&Platform>,
    scan: &mut ScanBuilder,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) {
    let Ok(id) = found.name.parse() else {
        warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
        return;
    };
    let Some(component) = component(found, platform, at, warnings) else {
        warnings.skip(at(), "a finding without a package name was skipped");
        return;
    };
    let mut record = VulnerabilityRecord::bare(id);
    record.references = link(found.link).into_iter().collect();
    let exploit = match found.exploit.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    record.threat = exploit.map(|exploit| ThreatWord { exploit: Some(exploit), ..ThreatWord::default() });
    let location = component.paths.first().cloned();
    let vulnerability = scan.vulnerability(record);
    let component = scan.component(component);
    let subject = Subject::Vulnerability { component, vulnerability };
    let (word, severity) = clair::severity(&[found.vendor_severity, found.cvss_severity]);
    let mut finding = ReportedFinding::new(subject, severity, word);
    let fixed = Some(found.fix).filter(|fix| !fix.is_empty());
    finding.fix = Fix::in_versions(fixed.map(str::to_owned).into_iter().collect());
    finding.location = location;
    if matches!(found.status.to_ascii_lowercase().as_str(), "ignored" | "rejected") {
        let reason = if found.reason.is_empty() { "no reason" } else { found.reason };
        finding.verdict = Verdict::Suppressed(format!("ignored in Wiz: {}", prose(reason)));
    }
    scan.finding(finding);
}

fn component(
    found: &Finding<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<Component> {
    let version = Some(found.version).filter(|version| !version.is_empty());
    let (purl, told) = purl(found, version, platform)?;
    if !told {
        warnings.push(at(), "nothing tells the ecosystem of a package, so it is known by name alone");
    }
    let mut component = Component::from_purl(purl);
    component.name = bounded(found.package, "name of a package", warnings);
    component.version = version.map(str::to_owned);
    if !found.path.is_empty() {
        component.paths.push(bounded(found.path, "path of a package", warnings));
    }
    Some(component)
}

/// The purl, and whether something tells its ecosystem.
fn purl(found: &Finding<'_>, version: Option<&str>, platform: Option<&Platform>) -> Option<(Purl, bool)> {
    let method = found.method.to_ascii_lowercase();
    let of_system = matches!(method.as_str(), "package" | "default_package" | "os");
    if let Some(platform) = platform.filter(|_| of_system) {
        let purl = purls::from_parts(platform.kind, Some(platform.namespace), found.package, version)?;
        return Some((purl, true));
    }
    let by_file = Some(purls::ecosystem_of_file(found.path)).filter(|kind| *kind != "generic");
    let ecosystem = by_file.or_else(|| purls::ecosystem_of_name(found.package)).filter(|_| !of_system);
    let purl = purls::from_name(ecosystem.unwrap_or("generic"), found.package, version)?;
    Some((purl, ecosystem.is_some()))
}

fn parsed(entries: usize, scans: Scans, mut warnings: Warnings) -> Parsed {
    if entries == 0 {
        warnings.push("line 1", "the table is empty, so nothing is recorded as checked");
    }
    Parsed {
        tool: Some(tool()),
        entries,
        listed_components: 0,
        observations: scans.build(Some(FILTERED)),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}
