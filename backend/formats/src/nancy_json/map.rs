//! Modules with their vulnerabilities as one scan. Refuses a target: the report does not name the program.

use std::collections::HashSet;

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::wire::{Module, Report, Vulnerability};
use crate::purls::Purls;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, packages};

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let version = report.version.filled().map(|version| bounded(version, "version", &mut warnings));
    let tool = Tool { name: "nancy".to_owned(), version };
    let mut builder = ScanBuilder::new(tool.clone(), Target::Unstated);
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    if !report.invalid.is_empty() {
        let message = format!("{} modules have no version that nancy could audit", report.invalid.len());
        builder.scan_mut().partial = Some(message.clone());
        warnings.push("invalid", message);
    }
    let mut purls = Purls::default();
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    let mut entries = 0;
    for (list, modules) in [("vulnerable", &report.vulnerable), ("audited", &report.audited)] {
        for (index, module) in modules.iter().enumerate() {
            let at = format!("{list}[{index}]");
            // Beyond what is called vulnerable, only what was excluded has been found.
            let counted = module.vulnerabilities.iter().filter(|one| list == "vulnerable" || one.excluded);
            let new: Vec<&Vulnerability<'_>> =
                counted.filter(|one| seen.insert((&*module.coordinates, &*one.id))).collect();
            entries += new.len();
            if !new.is_empty() {
                findings(module, &new, &mut purls, &mut builder, &at, &mut warnings);
            }
        }
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(builder.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn findings<'b>(
    module: &'b Module<'_>,
    found: &[&Vulnerability<'_>],
    purls: &mut Purls<'b>,
    builder: &mut ScanBuilder,
    at: &str,
    warnings: &mut Warnings,
) {
    let Some(purl) = packages::purl(&module.coordinates, purls, at, warnings) else {
        warnings.skip_all(
            found.len(),
            at,
            "the vulnerabilities of a module without a readable purl were skipped",
        );
        return;
    };
    let component = builder.component(Component::from_purl(purl));
    for wire in found {
        let Some(record) = record(wire, at, warnings) else {
            warnings.skip(at, "a vulnerability without a usable id was skipped");
            continue;
        };
        let severity = wire.cvss_score.0.map_or(Severity::Unknown, Severity::from_cvss);
        let subject = Subject::Vulnerability { component, vulnerability: builder.vulnerability(record) };
        let mut finding = ReportedFinding::new(subject, severity, "");
        if wire.excluded {
            finding.verdict = Verdict::Suppressed("excluded from nancy's audit".to_owned());
        }
        builder.finding(finding);
    }
}

/// The CVE, where there is one, else OSS Index's own id.
fn record(wire: &Vulnerability<'_>, at: &str, warnings: &mut Warnings) -> Option<VulnerabilityRecord> {
    let id = wire.cve.parse::<VulnerabilityId>().or_else(|_| wire.id.parse()).ok()?;
    let mut record = VulnerabilityRecord::bare(id);
    record.title = wire.title.filled().map(prose);
    record.description = wire.description.filled().map(prose);
    record.cvss.extend(wire.cvss_vector.filled().map(|vector| CvssScore {
        source: "ossindex".to_owned(),
        vector: bounded(vector, at, warnings),
        stated: wire.cvss_score.0,
    }));
    record.references.extend(link(&wire.reference));
    Some(record)
}
