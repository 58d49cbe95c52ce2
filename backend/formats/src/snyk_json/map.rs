//! Snyk's results in our words: one scan for each image or directory. Refuses to drop what a rule set aside: it
//! is kept, marked as suppressed. Refuses to take a project that could not be tested for a clean one.

use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::scan::{Scan, ScanBuilder, Target};

use super::targets::{Targets, is_image};
use super::wire::{Issue, Project};
use super::{package, record};
use crate::error::clip;
use crate::objects::place;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity};

/// Maps all results of a document.
pub(super) fn results(results: &[Project<'_>]) -> Parsed {
    let (mut targets, mut warnings) = (Targets::default(), Warnings::default());
    let projects: Vec<(String, &Project<'_>)> = results
        .iter()
        .enumerate()
        .map(|(number, project)| {
            (if results.len() == 1 { String::new() } else { format!("[{number}]") }, project)
        })
        .collect();
    for (at, project) in
        projects.iter().filter(|(_, project)| is_image(project) && failure(project).is_none())
    {
        targets.image(project, at, &mut warnings);
    }
    let mut entries = 0;
    for (at, project) in &projects {
        entries += add(project, at, &mut targets, &mut warnings);
        for (number, application) in project.applications.iter().enumerate() {
            let at = place(at, &format!("applications[{number}]"));
            entries += add(application, &at, &mut targets, &mut warnings);
        }
    }
    let scans: Vec<Scan> = targets.build().into_iter().map(ScanBuilder::build).collect();
    Parsed {
        tool: scans.first().map(|scan| scan.tool.clone()),
        entries,
        listed_components: 0,
        observations: scans.into_iter().map(Observation::Scan).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// Adds one result to the scan of its target; how many issues it lists.
fn add(project: &Project<'_>, at: &str, targets: &mut Targets, warnings: &mut Warnings) -> usize {
    if let Some(error) = failure(project) {
        let path = clip(&project.path);
        warnings.push(at, format!("`{path}` was not tested ({}) and counts as not checked", clip(error)));
        return 0;
    }
    let Some(scan) = targets.of(project, at, warnings) else { return 0 };
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    if let Some(least) = project.severity_threshold.filled().filter(|least| *least != "low") {
        let why = format!("only findings of severity {} and above are listed", clip(least));
        scan.scan_mut().partial.get_or_insert(why);
    }
    for (number, issue) in project.vulnerabilities.iter().enumerate() {
        let at = place(at, &format!("vulnerabilities[{number}]"));
        finding(scan, issue, project, Verdict::Affected, &at, warnings);
    }
    for (number, issue) in project.filtered.ignore.iter().enumerate() {
        let at = place(at, &format!("filtered.ignore[{number}]"));
        finding(scan, issue, project, Verdict::Suppressed(reason(issue)), &at, warnings);
    }
    for (number, issue) in project.filtered.patch.iter().enumerate() {
        let at = place(at, &format!("filtered.patch[{number}]"));
        let verdict = Verdict::Suppressed("patched by Snyk".to_owned());
        finding(scan, issue, project, verdict, &at, warnings);
    }
    let binaries = project.docker.as_ref().map_or(0, |docker| docker.binaries_vulns.affected_pkgs.len());
    if binaries > 0 {
        let what = format!("what was found in {binaries} programs outside packages was passed over");
        warnings.push(place(at, "docker.binariesVulns"), what);
    }
    project.vulnerabilities.len()
}

/// Why a project has no result.
fn failure<'p>(project: &'p Project<'_>) -> Option<&'p str> {
    project.error.filled().filter(|_| project.vulnerabilities.is_empty())
}

fn finding(
    scan: &mut ScanBuilder,
    issue: &Issue<'_>,
    project: &Project<'_>,
    verdict: Verdict,
    at: &str,
    warnings: &mut Warnings,
) {
    let Some(component) = package::component(issue, project, at, warnings) else {
        warnings.skip(at, "an issue without a package name was skipped");
        return;
    };
    if let (Target::Image(image), Some(platform)) = (&mut scan.scan_mut().target, package::platform(issue)) {
        image.distribution.get_or_insert(platform.distribution);
    }
    let component = scan.component(component);
    let subjects: Vec<Subject> = if &*issue.kind == "license" {
        let licence = issue.license.filled().or_else(|| issue.title.filled()).unwrap_or("unknown");
        let licence = bounded(licence, at, warnings);
        vec![Subject::Licence { component: Some(component), path: None, licence }]
    } else {
        let records = record::of(issue, at, warnings);
        if records.is_empty() {
            warnings.skip(at, "an issue without a usable vulnerability id was skipped");
        }
        let known = records.into_iter().map(|record| scan.vulnerability(record));
        known.map(|vulnerability| Subject::Vulnerability { component, vulnerability }).collect()
    };
    let word = issue.severity_with_critical.filled().unwrap_or(&issue.severity);
    for subject in subjects {
        let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
        finding.fix = record::fix(issue, at, warnings);
        finding.location = issue.dockerfile_instruction.filled().map(prose);
        finding.verdict = verdict.clone();
        scan.finding(finding);
    }
}

/// Why a rule set an issue aside.
fn reason(issue: &Issue<'_>) -> String {
    let rule = issue.filtered.ignored.first();
    let stated = rule.and_then(|rule| rule.reason.filled().or_else(|| rule.reason_type.filled()));
    stated.map_or_else(|| "ignored in Snyk".to_owned(), prose)
}
