//! Dependency-Track's findings in our words: one scan of the project. Refuses to drop what people set aside: it is
//! kept, marked as suppressed. Refuses to take every project for an image.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::wire::{self, Analysis, Finding, Project, Report, Vulnerability};
use crate::clair::Named;
use crate::images::ImageBuilder;
use crate::purls::{self, Purls};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, names, packages, severity, time};

const TOOL: &str = "dependency-track";

/// Maps a report; `list` is where its findings stand.
pub(super) fn report<'r>(report: &'r Report<'r>, list: &str) -> Parsed {
    let mut warnings = Warnings::default();
    let version = report.meta.version.filled().map(str::to_owned);
    let tool = Tool { name: TOOL.to_owned(), version };
    let mut scan = ScanBuilder::new(tool.clone(), target(&report.project, &mut warnings));
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    scan.scan_mut().scanned_at = time::parse(&report.meta.timestamp);
    let mut purls = Purls::default();
    for (number, found) in report.findings.iter().enumerate() {
        add(&mut scan, found, &mut purls, &format!("{list}[{number}]"), &mut warnings);
    }
    Parsed {
        tool: Some(tool),
        entries: report.findings.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The project: an image where its purl is one's, or its name tells a registry.
fn target(project: &Project<'_>, warnings: &mut Warnings) -> Target {
    let Some(name) = project.name.filled() else { return Target::Unstated };
    let mut builder = ImageBuilder::default();
    let by_purl = builder.purl(&project.purl);
    let host = name.split_once('/').is_some_and(|(host, _)| host.contains(['.', ':']) || host == "localhost");
    if by_purl || host {
        builder.named(name, project.version.filled(), DigestRole::Repository);
    }
    if !builder.is_empty() {
        return Target::Image(builder.build());
    }
    let name = format!("{name} {}", project.version);
    Target::Other { kind: "project".to_owned(), name: bounded(name.trim_end(), "project", warnings) }
}

fn add<'r>(
    scan: &mut ScanBuilder,
    found: &'r Finding<'r>,
    purls: &mut Purls<'r>,
    at: &str,
    warnings: &mut Warnings,
) {
    let vulnerability = &found.vulnerability;
    let others = vulnerability.aliases.iter().flat_map(|alias| {
        [&alias.cve_id, &alias.ghsa_id, &alias.osv_id, &alias.snyk_id, &alias.gsd_id].map(|id| &**id)
    });
    let names = names::of(&own(vulnerability), others);
    if names.is_empty() {
        warnings.skip(at, "a finding without a usable vulnerability id was skipped");
        return;
    }
    let Some(component) = component(&found.component, purls, at, warnings) else {
        warnings.skip(at, "a finding without a component was skipped");
        return;
    };
    let component = scan.component(component);
    for named in names {
        let record = record(named, vulnerability);
        let index = scan.vulnerability(record);
        let subject = Subject::Vulnerability { component, vulnerability: index };
        let word = &*vulnerability.severity;
        let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
        finding.verdict = verdict(&found.analysis);
        scan.finding(finding);
    }
}

/// Its id; databases that only count are told apart by their names.
fn own(vulnerability: &Vulnerability<'_>) -> String {
    let id = &*vulnerability.vuln_id;
    let counted = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if counted { format!("{}-{id}", vulnerability.source) } else { id.to_owned() }
}

fn component<'r>(
    stated: &'r wire::Component<'r>,
    purls: &mut Purls<'r>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let by_purl = stated.purl.filled().and_then(|raw| packages::purl(raw, purls, at, warnings));
    if let Some(purl) = by_purl {
        let mut component = Component::from_purl(purl);
        component.source = packages::upstream(&stated.purl, component.version.as_deref());
        return Some(component);
    }
    let (name, version) = (stated.name.filled()?, stated.version.filled());
    warnings.push(at, "a component without a readable purl is known by name alone");
    let mut component =
        Component::from_purl(purls::from_parts("generic", stated.group.filled(), name, version)?);
    component.name = bounded(name, at, warnings);
    Some(component)
}

fn record(named: Named, stated: &Vulnerability<'_>) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.title = stated.title.filled().map(prose);
    record.description = stated.description.filled().map(prose);
    let single = Some(stated.cwe_id).filter(|_| stated.cwes.is_empty());
    let numbers = stated.cwes.iter().map(|weakness| weakness.cwe_id).chain(single);
    record.weaknesses =
        numbers.filter_map(|number| number.whole()).map(|number| format!("CWE-{number}")).collect();
    let source = stated.source.filled().unwrap_or(TOOL).to_ascii_lowercase();
    let scores = [
        (&stated.cvss_v4_vector, stated.cvss_v4_score),
        (&stated.cvss_v3_vector, stated.cvss_v3_base_score),
        (&stated.cvss_v2_vector, stated.cvss_v2_base_score),
    ];
    for (vector, score) in scores {
        if let Some(vector) = vector.filled() {
            let stated = score.0.filter(|score| (0.0..=10.0).contains(score));
            record.cvss.push(CvssScore { source: source.clone(), vector: vector.to_owned(), stated });
        }
    }
    let epss = stated.epss_score.0.filter(|share| (0.0..=1.0).contains(share));
    record.threat = epss.map(|epss| ThreatWord { epss: Some(epss), ..ThreatWord::default() });
    record
}

/// What people suppressed, or found not to apply.
fn verdict(analysis: &Analysis<'_>) -> Verdict {
    let state = analysis.state.to_ascii_lowercase().replace('_', " ");
    let set_aside = matches!(state.as_str(), "false positive" | "not affected" | "resolved");
    if !set_aside && analysis.is_suppressed != Some(true) {
        return Verdict::Affected;
    }
    let state = match state.as_str() {
        "" | "not set" => "suppressed".to_owned(),
        _ => state,
    };
    Verdict::Suppressed(match analysis.detail.filled() {
        Some(detail) => prose(&format!("{state}: {detail}")),
        None => prose(&state),
    })
}
