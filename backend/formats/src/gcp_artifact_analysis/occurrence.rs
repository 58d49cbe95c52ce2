//! One vulnerability of one image, package by package. Refuses to invent a vector where Grafeas leaves a part of it
//! unsaid.

use std::collections::HashMap;

use domain::cvss::CvssScore;
use domain::finding::{ReportedFinding, Subject, Verdict};
use domain::fix::{Fix, FixState};
use domain::scan::ScanBuilder;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::wire::{Cvss, Issue, Occurrence, Version, Vulnerability};
use crate::aws::{Package, Platform};
use crate::severity;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;

/// Indexes of vulnerabilities in a scan, by the text that names them.
pub(super) type Known = HashMap<String, usize>;

/// Adds an occurrence to the scan of its image.
pub(super) fn finding(
    scan: &mut ScanBuilder,
    occurrence: &Occurrence<'_>,
    platform: Option<&Platform>,
    known: &mut Known,
    at: &str,
    warnings: &mut Warnings,
) {
    let Some(told) = &occurrence.vulnerability else {
        warnings.skip(at, "a vulnerability without its details was skipped");
        return;
    };
    let name = occurrence.note_name.rsplit('/').next().unwrap_or_default();
    let id = name.parse::<VulnerabilityId>().or_else(|_| told.short_description.parse());
    let Ok(id) = id else {
        warnings.skip(at, "a finding without a usable vulnerability id was skipped");
        return;
    };
    let vulnerability = *known.entry(id.to_string()).or_insert_with(|| scan.vulnerability(record(id, told)));
    for issue in &told.package_issue {
        let Some(component) = package(issue).component(of_issue(issue, platform).as_ref(), warnings) else {
            warnings.skip(at, "a package without a name was skipped");
            continue;
        };
        let component = scan.component(component);
        let word = word(issue, told);
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut reported = ReportedFinding::new(subject, severity::from_word(word), word);
        reported.fix = fix(issue);
        let place = issue.file_location.iter().find_map(|location| location.file_path.filled());
        reported.location = place.map(|place| bounded(place, "filePath", warnings));
        reported.verdict = verdict(told);
        scan.finding(reported);
    }
    if told.package_issue.is_empty() {
        warnings.skip(at, "a vulnerability that names no package was skipped");
    }
}

/// The distribution's own severity before that of the score.
fn word<'w>(issue: &'w Issue<'_>, told: &'w Vulnerability<'_>) -> &'w str {
    let words = [&issue.effective_severity, &told.effective_severity, &told.severity];
    let stated = words.into_iter().filter_map(|word| word.filled());
    stated.into_iter().find(|word| *word != "SEVERITY_UNSPECIFIED").unwrap_or_default()
}

/// The platform of a distribution's CPE: `cpe:/o:debian:debian_linux:12`.
pub(crate) fn platform(cpe: &str) -> Option<Platform> {
    let mut parts = cpe.strip_prefix("cpe:/o:")?.split(':');
    let (vendor, product, version) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let version = version.replace('.', "_");
    [product, vendor].into_iter().find_map(|name| Platform::of(&format!("{name}_{version}")))
}

/// The platform that an occurrence's packages state.
pub(super) fn platform_of(occurrence: &Occurrence<'_>) -> Option<Platform> {
    occurrence
        .vulnerability
        .as_ref()?
        .package_issue
        .iter()
        .find_map(|issue| platform(&issue.affected_cpe_uri))
}

fn of_issue(issue: &Issue<'_>, platform_of_image: Option<&Platform>) -> Option<Platform> {
    platform(&issue.affected_cpe_uri).or_else(|| platform_of_image.cloned())
}

/// The package in the words of [`Package`], whose managers are spelled otherwise here.
fn package<'p>(issue: &'p Issue<'_>) -> Package<'p> {
    let (name, manager) = match &*issue.package_type {
        "GO_STDLIB" => ("go/stdlib", "GO"),
        "PYPI" => (&*issue.affected_package, "PYTHON"),
        "RUBYGEMS" => (&*issue.affected_package, "GEM"),
        "PACKAGIST" => (&*issue.affected_package, "COMPOSER"),
        // Stated only since language packages are scanned.
        "" => (&*issue.affected_package, "OS"),
        other => (&*issue.affected_package, other),
    };
    let name = if issue.affected_package.is_empty() { "" } else { name };
    let path = issue.file_location.iter().find_map(|location| location.file_path.filled());
    let (version, epoch, release) = parts(&issue.affected_version);
    Package { name, version, epoch, release, manager, path: path.unwrap_or_default(), fixed_in: "" }
}

/// Version, epoch and revision; the whole text where it is stated.
fn parts<'v>(version: &'v Version<'_>) -> (&'v str, Option<u64>, &'v str) {
    match version.full_name.filled() {
        Some(whole) => (whole, None, ""),
        None => (&version.name, version.epoch.whole(), &version.revision),
    }
}

fn fix(issue: &Issue<'_>) -> Fix {
    let told = &issue.fixed_version;
    let (version, epoch, release) = parts(told);
    let mut text = version.to_owned();
    if let Some(epoch) = epoch.filter(|epoch| *epoch > 0) {
        text = format!("{epoch}:{text}");
    }
    if !release.is_empty() {
        text = format!("{text}-{release}");
    }
    let versions: Vec<String> =
        Some(text).filter(|text| !text.is_empty() && &*told.kind != "MAXIMUM").into_iter().collect();
    let state = match issue.fix_available {
        _ if !versions.is_empty() => FixState::Fixed,
        Some(true) => FixState::Fixed,
        Some(false) => FixState::NotFixed,
        // False is left out in JSON.
        None if &*told.kind == "MAXIMUM" => FixState::NotFixed,
        None => FixState::Unknown,
    };
    Fix { state, versions }
}

/// What the project's people said of it.
fn verdict(told: &Vulnerability<'_>) -> Verdict {
    let Some(said) = &told.vex_assessment else { return Verdict::Affected };
    let justification = said.justification.justification_type.filled();
    let because = justification
        .map_or_else(String::new, |word| format!(": {}", word.chars().take(80).collect::<String>()));
    match &*said.state {
        "NOT_AFFECTED" => Verdict::Suppressed(format!("assessed as not affected{because}")),
        "FIXED" => Verdict::Suppressed(format!("assessed as fixed{because}")),
        _ => Verdict::Affected,
    }
}

fn record(id: VulnerabilityId, told: &Vulnerability<'_>) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(id);
    let vector = told.long_description.strip_prefix("NIST vectors: ").and_then(vector_in);
    let vector = vector.or_else(|| told.cvssv3.as_ref().and_then(spelled));
    if let Some(vector) = vector {
        let stated = told.cvssv3.as_ref().and_then(|cvss| cvss.base_score.0).or(told.cvss_score.0);
        record.cvss.push(CvssScore { source: "nvd".to_owned(), vector, stated });
    }
    if !told.long_description.starts_with("NIST vectors: ") {
        record.description = told.long_description.filled().map(prose);
    }
    for related in &told.related_urls {
        if let Some(link) = link(&related.url)
            && !record.references.contains(&link)
        {
            record.references.push(link);
        }
    }
    record
}

/// The vector of version 3 in a text of several.
fn vector_in(text: &str) -> Option<String> {
    text.split([' ', ',', ';']).find(|word| word.starts_with("CVSS:3")).map(str::to_owned)
}

/// The vector that the parts of a score spell.
pub(crate) fn spelled(cvss: &Cvss<'_>) -> Option<String> {
    let parts = [
        ("AV", letter(&cvss.attack_vector, "ATTACK_VECTOR_", "NALP")?),
        ("AC", letter(&cvss.attack_complexity, "ATTACK_COMPLEXITY_", "LH")?),
        ("PR", letter(&cvss.privileges_required, "PRIVILEGES_REQUIRED_", "NLH")?),
        ("UI", letter(&cvss.user_interaction, "USER_INTERACTION_", "NR")?),
        ("S", letter(&cvss.scope, "SCOPE_", "UC")?),
        ("C", letter(&cvss.confidentiality_impact, "IMPACT_", "HLN")?),
        ("I", letter(&cvss.integrity_impact, "IMPACT_", "HLN")?),
        ("A", letter(&cvss.availability_impact, "IMPACT_", "HLN")?),
    ];
    let parts = parts.map(|(name, letter)| format!("{name}:{letter}"));
    Some(format!("CVSS:3.1/{}", parts.join("/")))
}

/// `ATTACK_VECTOR_NETWORK` is `N`, where that is one of the letters.
fn letter(word: &str, prefix: &str, letters: &str) -> Option<char> {
    let rest = word.strip_prefix(prefix).filter(|rest| *rest != "UNSPECIFIED")?;
    rest.chars().next().filter(|letter| letters.contains(*letter))
}
