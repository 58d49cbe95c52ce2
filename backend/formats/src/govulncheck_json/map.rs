//! govulncheck's messages in our words. It tells the same vulnerability once for the module, once for the
//! package and once for each symbol: these make one finding that says how near the code comes to it.
//!
//! Refuses to say "not called" where the scan did not look at calls, and to invent a severity.

use std::collections::HashMap;

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Config, Finding, Message};
use crate::osv::Record;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, purls, time};

/// How near the code comes to a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Its module is required.
    Required,
    /// Its package is imported.
    Imported,
    /// Its symbol is called.
    Called,
}

impl Reach {
    /// In words, by how deep the scan looked.
    fn told(self, level: &str) -> Option<&'static str> {
        match (self, level) {
            (Self::Called, _) => Some("called"),
            (Self::Imported, "symbol" | "") => Some("imported, not called"),
            (Self::Imported, _) => Some("imported"),
            (Self::Required, "module") => None,
            (Self::Required, _) => Some("required, not imported"),
        }
    }
}

/// Maps a stream of messages.
pub(super) fn messages(messages: &[Message<'_>]) -> Parsed {
    let config = messages.iter().find_map(|message| message.config.as_ref());
    let records: HashMap<&str, &Record<'_>> = messages
        .iter()
        .filter_map(|message| message.osv.as_ref())
        .map(|record| (&*record.id, record))
        .collect();
    let mut warnings = Warnings::default();
    let mut gathered = Gathered::new(config, target(messages, config, &mut warnings));
    let mut entries = 0;
    for (number, message) in messages.iter().enumerate() {
        if let Some(found) = &message.finding {
            entries += 1;
            finding(found, &records, &mut gathered, &format!("[{number}].finding"), &mut warnings);
        }
    }
    gathered.build(entries, warnings)
}

/// What was looked at: the main package, or the binary.
fn target(messages: &[Message<'_>], config: Option<&Config<'_>>, warnings: &mut Warnings) -> Target {
    let sboms = messages.iter().filter_map(|message| message.sbom.as_ref());
    let Some(root) = sboms.flat_map(|sbom| &sbom.roots).find_map(|root| root.filled()) else {
        return Target::Unstated;
    };
    let kind = config.and_then(|config| config.scan_mode.filled()).unwrap_or("source");
    Target::Other { kind: bounded(kind, "config", warnings), name: bounded(root, "SBOM.roots", warnings) }
}

fn finding<'m>(
    found: &'m Finding<'m>,
    records: &HashMap<&str, &Record<'_>>,
    gathered: &mut Gathered<'m>,
    at: &str,
    warnings: &mut Warnings,
) {
    let Some(frame) = found.trace.first() else {
        warnings.skip(at, "a finding without a module was skipped");
        return;
    };
    let record = records.get(&*found.osv).and_then(|record| record.record());
    let record = record.or_else(|| Some(VulnerabilityRecord::bare(found.osv.parse().ok()?)));
    let reach = match (frame.function.filled(), frame.package.filled()) {
        (Some(_), _) => Reach::Called,
        (None, Some(_)) => Reach::Imported,
        (None, None) => Reach::Required,
    };
    let fix = Fix::in_versions(found.fixed_version.filled().map(str::to_owned).into_iter().collect());
    gathered.add((&found.osv, &frame.module, &frame.version), record, reach, fix, at, warnings);
}

/// Findings by vulnerability, module and version.
#[derive(Debug)]
pub(super) struct Gathered<'m> {
    builder: ScanBuilder,
    tool: Tool,
    level: String,
    known: HashMap<(&'m str, &'m str, &'m str), usize>,
    findings: Vec<(ReportedFinding, Reach)>,
}

impl<'m> Gathered<'m> {
    /// Nothing yet.
    pub(super) fn new(config: Option<&Config<'_>>, target: Target) -> Self {
        let name = config.and_then(|config| config.scanner_name.filled()).unwrap_or("govulncheck");
        let version = config.and_then(|config| config.scanner_version.filled()).map(str::to_owned);
        let tool = Tool { name: name.to_ascii_lowercase(), version };
        let mut builder = ScanBuilder::new(tool.clone(), target);
        builder.scan_mut().covers.insert(FindingClass::Vulnerability);
        builder.scan_mut().database_at = config.and_then(|config| time::parse(&config.db_last_modified));
        let level = config.map(|config| config.scan_level.to_string()).unwrap_or_default();
        Self { builder, tool, level, known: HashMap::new(), findings: Vec::new() }
    }

    /// Adds what one message says; the nearest of several is kept.
    pub(super) fn add(
        &mut self,
        key: (&'m str, &'m str, &'m str),
        record: Option<VulnerabilityRecord>,
        reach: Reach,
        fix: Fix,
        at: &str,
        warnings: &mut Warnings,
    ) {
        if let Some((_, nearest)) = self.known.get(&key).and_then(|&index| self.findings.get_mut(index)) {
            *nearest = reach.max(*nearest);
            return;
        }
        let Some(record) = record else {
            warnings.skip(at, "a finding without a usable vulnerability id was skipped");
            return;
        };
        let (_, module, version) = key;
        let version = Some(version).filter(|version| !version.is_empty());
        let Some(purl) = purls::from_name("golang", module, version) else {
            warnings.skip(at, "a finding without a module was skipped");
            return;
        };
        let mut component = Component::from_purl(purl);
        component.name = bounded(module, at, warnings);
        component.version = version.map(str::to_owned);
        let subject = Subject::Vulnerability {
            component: self.builder.component(component),
            vulnerability: self.builder.vulnerability(record),
        };
        let mut finding = ReportedFinding::new(subject, Severity::Unknown, "");
        finding.fix = fix;
        self.known.insert(key, self.findings.len());
        self.findings.push((finding, reach));
    }

    /// The one scan.
    pub(super) fn build(mut self, entries: usize, warnings: Warnings) -> Parsed {
        for (mut finding, reach) in self.findings {
            finding.in_use = reach.told(&self.level).map(str::to_owned);
            finding.used = (reach == Reach::Called).then_some(true);
            self.builder.finding(finding);
        }
        Parsed {
            tool: Some(self.tool),
            entries,
            listed_components: 0,
            observations: vec![Observation::Scan(self.builder.build())],
            skipped: warnings.skipped(),
            warnings: warnings.into_vec(),
        }
    }
}
