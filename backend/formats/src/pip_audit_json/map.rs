//! Packages of Python with their vulnerabilities as one scan. Refuses a target: the report does not name the
//! environment; and to call a report whole that skipped a package.

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Dependency, Vulnerability};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, osv, purls};

/// Maps a whole report.
pub(super) fn report(dependencies: &[Dependency<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: "pip-audit".to_owned(), version: None };
    let mut builder = ScanBuilder::new(tool.clone(), Target::Unstated);
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    let mut skipped = 0;
    for (index, dependency) in dependencies.iter().enumerate() {
        let at = format!("dependencies[{index}]");
        if dependency.skip_reason.filled().is_some() {
            skipped += 1;
            warnings.push(at, "a package that pip-audit could not audit is not known to be clean");
            continue;
        }
        package(dependency, &mut builder, &at, &mut warnings);
    }
    if skipped > 0 {
        builder.scan_mut().partial = Some(format!("{skipped} packages were not audited"));
    }
    Parsed {
        tool: Some(tool),
        entries: dependencies.iter().map(|dependency| dependency.vulns.len()).sum(),
        listed_components: 0,
        observations: vec![Observation::Scan(builder.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn package(wire: &Dependency<'_>, builder: &mut ScanBuilder, at: &str, warnings: &mut Warnings) {
    if wire.vulns.is_empty() {
        return;
    }
    let name = bounded(&wire.name, at, warnings);
    let Some(purl) = purls::from_name("pypi", &name, wire.version.filled()) else {
        warnings.skip(at, "a package without a name was skipped");
        return;
    };
    let component = builder.component(Component::from_purl(purl));
    for (index, vulnerability) in wire.vulns.iter().enumerate() {
        let at = format!("{at}.vulns[{index}]");
        let Some(record) = record(vulnerability) else {
            warnings.skip(at, "a vulnerability without a usable id was skipped");
            continue;
        };
        let subject = Subject::Vulnerability { component, vulnerability: builder.vulnerability(record) };
        let mut finding = ReportedFinding::new(subject, Severity::Unknown, "");
        let versions = vulnerability.fix_versions.iter().map(|version| bounded(version, &at, warnings));
        finding.fix = Fix::in_versions(versions.collect());
        builder.finding(finding);
    }
}

fn record(wire: &Vulnerability<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(wire.id.parse().ok()?);
    (record.aliases, record.related) = osv::aliases(&record.id, wire.aliases.iter().map(|text| &**text));
    record.description = wire.description.filled().map(prose);
    Some(record)
}
