//! Trivy's report in our words: one scan of the artifact, and its bill of materials where the report
//! lists packages. Vendor advisories are related, never aliases.
//!
//! Refuses to guess coverage: a class counts as looked for only where the report shows that it was.

use std::collections::HashMap;

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{ScanBuilder, Target, Tool};

use super::package;
use super::target;
use super::vulnerability;
use super::wire::{Licence, Misconfiguration, Modified, Outcome, Package, Report, Secret, Vulnerability};
use crate::purls::{self, Purls};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// Maps a whole report.
pub(super) fn report<'r>(report: &'r Report<'r>) -> Parsed {
    let tool = Tool { name: "trivy".to_owned(), version: report.trivy.version.filled().map(str::to_owned) };
    let target = target::of(report);
    let mut warnings = Warnings::default();
    let set_aside = set_aside(report, &mut warnings);
    let mut mapper = Mapper::new(report, ScanBuilder::new(tool.clone(), target.clone()), warnings);
    mapper.builder.scan_mut().scanned_at = time::parse(&report.created_at);
    for (index, result) in report.results.iter().enumerate() {
        mapper.result(index, result);
    }
    for (index, reason, finding) in &set_aside {
        mapper.set_aside(*index, &report.results[*index], reason, finding);
    }
    if report.results.is_empty() && matches!(target, Target::Unstated) {
        mapper.warnings.push("", "the report names no artifact and holds no results");
    }
    let bill = mapper.bill(report, &tool, target);
    let scan = Observation::Scan(mapper.builder.build());
    Parsed {
        tool: Some(tool),
        entries: mapper.entries,
        listed_components: 0,
        observations: std::iter::once(scan).chain(bill).collect(),
        skipped: mapper.warnings.skipped(),
        warnings: mapper.warnings.into_vec(),
    }
}

/// A finding that an ignore file or a VEX document set aside.
enum SetAside<'r> {
    Vulnerability(Box<Vulnerability<'r>>),
    Secret(Secret<'r>),
    Misconfiguration(Misconfiguration<'r>),
    Licence(Licence<'r>),
}

/// What was set aside, with the index of its result and the reason.
fn set_aside<'r>(report: &'r Report<'r>, warnings: &mut Warnings) -> Vec<(usize, String, SetAside<'r>)> {
    let mut found = Vec::new();
    for (index, result) in report.results.iter().enumerate() {
        for (number, modified) in result.modified.iter().enumerate() {
            match finding_set_aside(modified) {
                Some(finding) => found.push((index, reason(modified), finding)),
                None => warnings.skip(
                    format!("Results[{index}].ExperimentalModifiedFindings[{number}]"),
                    "a finding that was set aside is of an unknown type and was skipped",
                ),
            }
        }
    }
    found
}

fn finding_set_aside<'r>(modified: &Modified<'r>) -> Option<SetAside<'r>> {
    let raw = modified.finding?.get();
    match &*modified.kind {
        "vulnerability" => serde_json::from_str(raw).ok().map(SetAside::Vulnerability),
        "secret" => serde_json::from_str(raw).ok().map(SetAside::Secret),
        "misconfiguration" => serde_json::from_str(raw).ok().map(SetAside::Misconfiguration),
        "license" => serde_json::from_str(raw).ok().map(SetAside::Licence),
        _ => None,
    }
}

/// `not_affected: vulnerable_code_not_in_execute_path (./vex.json)`.
fn reason(modified: &Modified<'_>) -> String {
    let mut text = modified.status.filled().unwrap_or("set aside").to_owned();
    if let Some(statement) = modified.statement.filled() {
        text = format!("{text}: {statement}");
    }
    if let Some(source) = modified.source.filled() {
        text = format!("{text} ({source})");
    }
    text
}

struct Mapper<'r> {
    builder: ScanBuilder,
    purls: Purls<'r>,
    /// Component index by purl text and path.
    components: HashMap<(&'r str, &'r str), usize>,
    /// Vulnerability index by id text; none for texts that are not ids.
    records: HashMap<&'r str, Option<usize>>,
    /// Listed packages by result and id.
    packages: HashMap<(usize, &'r str), &'r Package<'r>>,
    /// Listed packages by name, with the `Type` of their result.
    by_name: HashMap<&'r str, (&'r str, &'r Package<'r>)>,
    os: &'r str,
    entries: usize,
    warnings: Warnings,
}

impl<'r> Mapper<'r> {
    fn new(report: &'r Report<'r>, builder: ScanBuilder, warnings: Warnings) -> Self {
        let mut packages = HashMap::new();
        let mut by_name = HashMap::new();
        for (index, result) in report.results.iter().enumerate() {
            for package in &result.packages {
                packages.entry((index, &*package.id)).or_insert(package);
                by_name.entry(&*package.name).or_insert((&*result.kind, package));
            }
        }
        Self {
            builder,
            purls: Purls::default(),
            components: HashMap::new(),
            records: HashMap::new(),
            packages,
            by_name,
            os: &report.metadata.os.family,
            entries: 0,
            warnings,
        }
    }

    fn result(&mut self, index: usize, result: &'r Outcome<'r>) {
        let covers = &mut self.builder.scan_mut().covers;
        covers.extend(looked_for(result));
        covers.extend(result.misconf_summary.is_some().then_some(FindingClass::Misconfiguration));
        for (number, found) in result.vulnerabilities.iter().enumerate() {
            let at = || format!("Results[{index}].Vulnerabilities[{number}]");
            self.vulnerability(index, result, found, Verdict::Affected, &at);
        }
        for secret in &result.secrets {
            self.secret(result, secret, Verdict::Affected);
        }
        for check in &result.misconfigurations {
            match check.status.filled() {
                Some("PASS") => continue,
                Some("EXCEPTION") => {
                    self.misconfiguration(result, check, Verdict::Suppressed("exception".to_owned()));
                }
                _ => self.misconfiguration(result, check, Verdict::Affected),
            }
            self.entries += 1;
        }
        for licence in &result.licenses {
            self.licence(result, licence, Verdict::Affected);
        }
        self.entries += result.vulnerabilities.len() + result.secrets.len() + result.licenses.len();
    }

    fn set_aside(&mut self, index: usize, result: &'r Outcome<'r>, reason: &str, finding: &'r SetAside<'r>) {
        let verdict = Verdict::Suppressed(reason.to_owned());
        match finding {
            SetAside::Vulnerability(found) => {
                let at = || format!("Results[{index}].ExperimentalModifiedFindings");
                self.vulnerability(index, result, found, verdict, &at);
            }
            SetAside::Secret(secret) => self.secret(result, secret, verdict),
            SetAside::Misconfiguration(check) => self.misconfiguration(result, check, verdict),
            SetAside::Licence(licence) => self.licence(result, licence, verdict),
        }
    }

    fn vulnerability(
        &mut self,
        index: usize,
        result: &'r Outcome<'r>,
        found: &'r Vulnerability<'r>,
        verdict: Verdict,
        at: &dyn Fn() -> String,
    ) {
        let record = *self
            .records
            .entry(&found.id)
            .or_insert_with(|| vulnerability::record(found).map(|record| self.builder.vulnerability(record)));
        let Some(record) = record else {
            self.warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
            return;
        };
        let Some(component) = self.component_of(index, result, found, at) else {
            self.warnings.skip(at(), "a finding without a package name was skipped");
            return;
        };
        let subject = Subject::Vulnerability { component, vulnerability: record };
        let mut finding =
            ReportedFinding::new(subject, severity::from_word(&found.severity), &*found.severity);
        finding.fix = vulnerability::fix(found);
        finding.location = location(result, &found.path).map(str::to_owned);
        finding.verdict = verdict;
        self.builder.finding(finding);
    }

    fn component_of(
        &mut self,
        index: usize,
        result: &'r Outcome<'r>,
        found: &'r Vulnerability<'r>,
        at: &dyn Fn() -> String,
    ) -> Option<usize> {
        let text: &'r str = &found.identifier.purl;
        let path: &'r str = &found.path;
        if let Some(&known) = self.components.get(&(text, path))
            && !text.is_empty()
        {
            return Some(known);
        }
        let version = found.installed_version.filled();
        let stated = (!text.is_empty()).then(|| self.purls.parse(text).cloned());
        let purl = match stated {
            Some(Ok(purl)) => purl,
            other => {
                if other.is_some() {
                    self.warnings.push(at(), "a package URL could not be read; the package's name is used");
                }
                package::purl(&result.kind, found.package.filled()?, version)?
            }
        };
        let mut component = Component::from_purl(purl);
        component.name = bounded(&found.package, "PkgName", &mut self.warnings);
        component.version = version.map(str::to_owned);
        if let Some(package) = self.packages.get(&(index, &*found.package_id)) {
            component.source = package::source(package);
            component.licences = package.licenses.iter().map(ToString::to_string).collect();
        }
        if !path.is_empty() {
            component.paths.push(bounded(path, "PkgPath", &mut self.warnings));
        }
        let known = self.builder.component(component);
        self.components.insert((text, path), known);
        Some(known)
    }

    fn secret(&mut self, result: &Outcome<'_>, secret: &Secret<'_>, verdict: Verdict) {
        let subject = Subject::Secret {
            rule: bounded(&secret.rule, "RuleID", &mut self.warnings),
            path: bounded(&result.target, "Target", &mut self.warnings),
            line: secret.start_line.whole().filter(|line| *line > 0),
        };
        let mut finding =
            ReportedFinding::new(subject, severity::from_word(&secret.severity), &*secret.severity);
        finding.title = secret.title.filled().map(str::to_owned);
        finding.location = secret.layer.diff_id.filled().or(secret.layer.digest.filled()).map(str::to_owned);
        finding.verdict = verdict;
        self.builder.finding(finding);
    }

    fn misconfiguration(&mut self, result: &Outcome<'_>, check: &Misconfiguration<'_>, verdict: Verdict) {
        let id = check.id.filled().or(check.avd_id.filled()).unwrap_or_default();
        let subject = Subject::Misconfiguration {
            check: bounded(id, "ID", &mut self.warnings),
            path: bounded(&result.target, "Target", &mut self.warnings),
            resource: check.cause_metadata.resource.filled().map(str::to_owned),
            line: check.cause_metadata.start_line.whole().filter(|line| *line > 0),
        };
        let mut finding =
            ReportedFinding::new(subject, severity::from_word(&check.severity), &*check.severity);
        finding.title = check.title.filled().map(str::to_owned);
        finding.verdict = verdict;
        self.builder.finding(finding);
    }

    fn licence(&mut self, result: &Outcome<'_>, licence: &Licence<'_>, verdict: Verdict) {
        let component = licence.package.filled().and_then(|name| {
            let component = match self.by_name.get(name) {
                Some((kind, package)) => package::component(kind, package, &mut self.purls)?,
                None => {
                    let (kind, namespace) = target::ecosystem_of_group(&result.target, self.os);
                    let purl = match namespace {
                        Some(namespace) => purls::from_parts(kind, Some(namespace), name, None),
                        None => purls::from_name(kind, name, None),
                    };
                    Component::from_purl(purl?)
                }
            };
            Some(self.builder.component(component))
        });
        let path = licence.file_path.filled().map(|path| bounded(path, "FilePath", &mut self.warnings));
        let subject = Subject::Licence {
            component,
            path: if component.is_some() { None } else { path.clone() },
            licence: licence.name.filled().or(licence.text.filled()).unwrap_or("unknown").to_owned(),
        };
        let mut finding =
            ReportedFinding::new(subject, severity::from_word(&licence.severity), &*licence.severity);
        finding.title = licence.category.filled().map(|category| format!("{category} licence"));
        finding.location = path;
        finding.verdict = verdict;
        self.builder.finding(finding);
    }

    /// The bill of materials, where the report was asked to list all packages.
    fn bill(&mut self, report: &'r Report<'r>, tool: &Tool, target: Target) -> Option<Observation> {
        let listed = report.results.iter().map(|result| result.packages.len()).sum();
        if listed == 0 {
            return None;
        }
        let mut bill = ScanBuilder::new(tool.clone(), target.clone());
        for (index, result) in report.results.iter().enumerate() {
            for package in &result.packages {
                match package::component(&result.kind, package, &mut self.purls) {
                    Some(component) => {
                        bill.component(component);
                    }
                    None => self.warnings.push(
                        format!("Results[{index}].Packages"),
                        "a package without a name is not in the bill of materials",
                    ),
                }
            }
        }
        Some(Observation::Sbom(Sbom {
            tool: tool.clone(),
            target,
            created_at: time::parse(&report.created_at),
            components: bill.build().components,
            listed,
        }))
    }
}

/// What a result of this class shows to have been looked for.
fn looked_for(result: &Outcome<'_>) -> Option<FindingClass> {
    match result.class.filled() {
        None | Some("os-pkgs" | "lang-pkgs") => Some(FindingClass::Vulnerability),
        Some("config") => Some(FindingClass::Misconfiguration),
        Some("secret") => Some(FindingClass::Secret),
        Some("license" | "license-file") => Some(FindingClass::Licence),
        Some(_) => None,
    }
}

/// The file that proves a package: its own, or the lock file that the result is about.
fn location<'t>(result: &'t Outcome<'_>, path: &'t str) -> Option<&'t str> {
    const GROUPS: [&str; 7] = ["Node.js", "Python", "Java", "Ruby", "PHP", "Rust", "Kubernetes"];
    if !path.is_empty() {
        return Some(path);
    }
    let language = result.class.filled().is_none_or(|class| class == "lang-pkgs");
    let file = language && !result.target.contains(" (") && !GROUPS.contains(&&*result.target);
    file.then_some(&*result.target).filter(|target| !target.is_empty())
}
