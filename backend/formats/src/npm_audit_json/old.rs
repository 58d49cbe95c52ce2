//! npm audit's report before npm 7, which tells versions and names CVEs. Refuses what the actions would change.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::scan::ScanBuilder;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::map::{finish, id, scan, weaknesses};
use super::wire::{Advisory, Old};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, osv, purls, severity};

/// Most ways to a package that are kept.
const MOST: usize = 100;
/// npm's range for what nothing fixes.
const NOTHING: &str = "<0.0.0";

/// Maps a whole report.
pub(super) fn report(report: &Old<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut builder = scan();
    let mut entries = 0;
    for (number, advisory) in &report.advisories {
        let number = bounded(number, "advisories", &mut warnings);
        let at = format!("advisories.{number}");
        entries += advisory.findings.len();
        match record(&number, advisory, &at, &mut warnings) {
            Some(record) => found(record, advisory, &mut builder, &at, &mut warnings),
            None => warnings.skip(at, "an advisory without a usable id was skipped"),
        }
    }
    finish(builder, entries, warnings)
}

fn found(
    record: VulnerabilityRecord,
    advisory: &Advisory<'_>,
    builder: &mut ScanBuilder,
    at: &str,
    warnings: &mut Warnings,
) {
    let vulnerability = builder.vulnerability(record);
    let name = bounded(&advisory.module_name, at, warnings);
    let word = bounded(&advisory.severity, at, warnings);
    for found in &advisory.findings {
        let Some(purl) = purls::from_name("npm", &name, found.version.filled()) else {
            warnings.skip(at, "an advisory without a package was skipped");
            return;
        };
        let mut component = Component::from_purl(purl);
        component.paths = found.paths.iter().take(MOST).map(|path| bounded(path, at, warnings)).collect();
        let subject = Subject::Vulnerability { component: builder.component(component), vulnerability };
        let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word.clone());
        finding.fix = match advisory.patched_versions.filled() {
            None => Fix::default(),
            Some(NOTHING) => Fix { state: FixState::NotFixed, versions: Vec::new() },
            Some(range) => Fix::in_versions(vec![bounded(range, at, warnings)]),
        };
        builder.finding(finding);
    }
}

/// GitHub's id, else the one CVE, else npm's number.
fn record(
    number: &str,
    wire: &Advisory<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<VulnerabilityRecord> {
    let stated: Option<VulnerabilityId> =
        wire.github_advisory_id.parse().ok().or_else(|| id(&wire.url, None));
    let cve = || if let [cve] = wire.cves.as_slice() { cve.parse().ok() } else { None };
    let id = stated.or_else(cve).or_else(|| format!("npm-{number}").parse().ok())?;
    let mut record = VulnerabilityRecord::bare(id);
    (record.aliases, record.related) = osv::aliases(&record.id, wire.cves.iter().map(|text| &**text));
    record.title = wire.title.filled().map(prose);
    record.description = wire.overview.filled().map(prose);
    record.weaknesses = weaknesses(Some(&wire.cwe), at, warnings);
    record.references.extend(link(&wire.url));
    record.cvss.extend(wire.cvss.vector_string.filled().map(|vector| CvssScore {
        source: "ghsa".to_owned(),
        vector: bounded(vector, at, warnings),
        stated: wire.cvss.score.0,
    }));
    Some(record)
}
