//! SARIF results in our words. Refuses to count what a tool says is accepted, absent or passed: accepted
//! suppressions are kept and marked, the others are no findings.

use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::rule::{self, Fact, Rules};
use super::wire::{Log, Outcome, Rule, Run};
use super::{package, target};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, purls, time};

/// Longest title that is kept, in characters.
const TITLE: usize = 200;

/// Maps a whole log.
pub(super) fn log<'r>(log: &'r Log<'r>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut parts: Vec<Part> = Vec::new();
    for (number, run) in log.runs.iter().enumerate() {
        let tool = tool(run);
        let target = target::of(run, &tool.name);
        let index = match parts.iter().position(|part| part.continues(&tool, &target)) {
            Some(index) => index,
            None => {
                parts.push(Part { builder: ScanBuilder::new(tool.clone(), target.clone()), tool, target });
                parts.len() - 1
            }
        };
        RunMapper {
            run,
            number,
            rules: Rules::new(run),
            distribution: package::distribution(run),
            part: &mut parts[index],
            warnings: &mut warnings,
        }
        .map();
    }
    if log.runs.is_empty() {
        warnings.push("runs", "the log holds no runs");
    }
    Parsed {
        tool: parts.first().map(|part| part.tool.clone()),
        entries: log.runs.iter().flat_map(|run| &run.results).filter(|result| is_finding(result)).count(),
        listed_components: 0,
        observations: parts.into_iter().map(|part| Observation::Scan(part.builder.build())).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The scan that one or more runs make.
struct Part {
    builder: ScanBuilder,
    tool: Tool,
    target: Target,
}

impl Part {
    fn continues(&self, tool: &Tool, target: &Target) -> bool {
        self.tool.name == tool.name && (self.target == *target || *target == Target::Unstated)
    }
}

/// Whether a result tells of something that is there.
fn is_finding(result: &Outcome<'_>) -> bool {
    let passed = matches!(result.kind.filled(), Some("pass" | "notApplicable"));
    !passed && result.baseline_state.filled() != Some("absent")
}

fn tool(run: &Run<'_>) -> Tool {
    let driver = &run.tool.driver;
    let version = driver.version.filled().or(driver.semantic_version.filled());
    Tool {
        name: driver.name.filled().unwrap_or("unknown").trim().to_lowercase(),
        version: version.map(|version| version.trim_start_matches('v').to_owned()),
    }
}

struct RunMapper<'r, 'p> {
    run: &'r Run<'r>,
    number: usize,
    rules: Rules<'r>,
    distribution: Option<package::Distribution>,
    part: &'p mut Part,
    warnings: &'p mut Warnings,
}

impl<'r> RunMapper<'r, '_> {
    fn map(&mut self) {
        let run = self.run;
        let scan = self.part.builder.scan_mut();
        let looked_for = match &*self.part.tool.name {
            // Trivy looks for what it was asked to; only its results tell.
            "trivy" => None,
            "grype" | "snyk container" | package::SCOUT => Some(FindingClass::Vulnerability),
            tool if rule::is_secret_tool(tool) => Some(FindingClass::Secret),
            _ => Some(FindingClass::Misconfiguration),
        };
        scan.covers.extend(looked_for);
        for invocation in &run.invocations {
            let ended =
                time::parse(&invocation.end_time_utc).or_else(|| time::parse(&invocation.start_time_utc));
            scan.scanned_at = scan.scanned_at.max(ended);
            if invocation.execution_successful == Some(false) {
                scan.partial = Some("the tool reports that its run did not succeed".to_owned());
            }
        }
        for (index, result) in run.results.iter().enumerate() {
            if is_finding(result) {
                self.result(index, result);
            }
        }
    }

    fn result(&mut self, index: usize, result: &'r Outcome<'r>) {
        let at = format!("runs[{}].results[{index}]", self.number);
        let id = self.rules.id(result);
        let rule = self.rules.of(result);
        let place = self.place(result);
        if id.is_empty() {
            self.warnings.push(&*at, "a result without a rule id has an empty check name");
        }
        let subject = match rule::fact(&self.part.tool.name, id, rule) {
            Fact::Vulnerability { id: vulnerability, aliases, related } => {
                let mut record = record(VulnerabilityRecord::bare(vulnerability), rule);
                (record.aliases, record.related) = (aliases, related);
                return self.vulnerability(&at, id, result, rule, record, place);
            }
            Fact::Secret => Subject::Secret {
                rule: bounded(id, &at, self.warnings),
                path: bounded(place, &at, self.warnings),
                line: line(result),
            },
            Fact::Licence => self.licence(result, place),
            Fact::Misconfiguration => Subject::Misconfiguration {
                check: bounded(id, &at, self.warnings),
                path: bounded(place, &at, self.warnings),
                resource: resource(result).map(|name| bounded(name, &at, self.warnings)),
                line: line(result),
            },
        };
        let mut finding = self.finding(subject, result, rule);
        // The message of a secret scanner may quote the secret.
        let message = (finding.subject.class() != FindingClass::Secret).then_some(&*result.message.text);
        finding.title = title(rule, message);
        self.part.builder.finding(finding);
    }

    fn vulnerability(
        &mut self,
        at: &str,
        id: &str,
        result: &Outcome<'_>,
        rule: Option<&Rule<'_>>,
        record: VulnerabilityRecord,
        place: &str,
    ) {
        let tool = &self.part.tool.name;
        let packages = package::of(tool, id, result, rule, place, self.distribution);
        if packages.is_empty() {
            self.warnings.skip(at, "a result without a usable package name was skipped");
            return;
        }
        let vulnerability = self.part.builder.vulnerability(record);
        for package in packages {
            let component = self.part.builder.component(package.component);
            let mut finding = self.finding(Subject::Vulnerability { component, vulnerability }, result, rule);
            finding.fix = package.fix;
            finding.location = Some(bounded(place, at, self.warnings)).filter(|place| !place.is_empty());
            self.part.builder.finding(finding);
        }
    }

    fn finding(&self, subject: Subject, result: &Outcome<'_>, rule: Option<&Rule<'_>>) -> ReportedFinding {
        let (severity, word) = rule::severity_of(result, rule);
        let mut finding = ReportedFinding::new(subject, severity, word);
        finding.verdict = verdict(result);
        finding
    }

    /// Trivy reports licences of packages on lines of the message.
    fn licence(&mut self, result: &Outcome<'_>, place: &str) -> Subject {
        let message = &*result.message.text;
        let component = rule::line(message, "PkgName:")
            .and_then(|name| purls::from_parts("generic", None, name, None))
            .map(|purl| self.part.builder.component(domain::component::Component::from_purl(purl)));
        let licence = rule::line(message, "License").unwrap_or_else(|| {
            let id = &*result.rule_id;
            id.rsplit_once(':').map_or(id, |(_, licence)| licence)
        });
        Subject::Licence {
            path: component.is_none().then(|| place.to_owned()),
            component,
            licence: licence.to_owned(),
        }
    }

    /// The file or artifact of a result, by text or by index into the run's artifacts.
    fn place(&self, result: &'r Outcome<'r>) -> &'r str {
        let Some(location) = result.locations.first() else { return "" };
        let artifact = &location.physical_location.artifact_location;
        let listed = || {
            let index = usize::try_from(artifact.index?).ok()?;
            self.run.artifacts.get(index)?.location.uri.filled()
        };
        artifact.uri.filled().or_else(listed).unwrap_or_default()
    }
}

fn line(result: &Outcome<'_>) -> Option<u64> {
    let line = result.locations.first()?.physical_location.region.start_line;
    line.whole().filter(|line| *line > 0)
}

/// A logical location names what a result without a file is about.
fn resource<'o>(result: &'o Outcome<'_>) -> Option<&'o str> {
    let logical = result.locations.first()?.logical_locations.first()?;
    logical.fully_qualified_name.filled().or(logical.name.filled())
}

/// Suppressed where a suppression is accepted, which is also what one without a status means.
fn verdict(result: &Outcome<'_>) -> Verdict {
    let accepted = |status: Option<&str>| matches!(status, None | Some("accepted"));
    match result.suppressions.iter().find(|suppression| accepted(suppression.status.filled())) {
        None => Verdict::Affected,
        Some(suppression) => {
            let kind = suppression.kind.filled().unwrap_or("suppressed");
            Verdict::Suppressed(match suppression.justification.filled() {
                Some(justification) => format!("{kind}: {justification}"),
                None => kind.to_owned(),
            })
        }
    }
}

/// The rule's own line, else the first line of the message.
fn title(rule: Option<&Rule<'_>>, message: Option<&str>) -> Option<String> {
    let of_rule = rule.and_then(|rule| rule.short_description.text.filled().or(rule.name.filled()));
    let text = of_rule.or(message)?.lines().next()?.trim();
    if text.is_empty() { None } else { Some(text.chars().take(TITLE).collect()) }
}

fn record(mut record: VulnerabilityRecord, rule: Option<&Rule<'_>>) -> VulnerabilityRecord {
    if let Some(rule) = rule {
        record.title = title(Some(rule), None);
        record.description = rule.full_description.text.filled().map(prose);
        record.references = link(&rule.help_uri).into_iter().collect();
        let tags = rule.properties.texts("tags");
        record.weaknesses =
            tags.into_iter().filter(|tag| tag.starts_with("CWE-")).map(str::to_owned).collect();
    }
    record
}
