//! Scans of local images and files in our words, one for each answer. Refuses to take what policies forbid
//! for all that there is: such a scan is not whole.

use std::collections::HashMap;

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::ScanBuilder;

use super::wire::{Issue, Scan};
use crate::Parsed;
use crate::aside::Aside;
use crate::error::clip;
use crate::jfrog::{self, Affected};
use crate::warnings::Warnings;

/// Why violations that are no vulnerabilities stay out.
const NO_VULNERABILITY: &str = "only Xray's vulnerabilities are read";
/// Why a scan of violations is not whole.
const FORBIDDEN: &str = "only what policies forbid is listed";

/// Maps all answers.
pub(super) fn scans(scans: &[Scan<'_>]) -> Parsed {
    let (mut warnings, mut aside) = (Warnings::default(), Aside::default());
    let mut observations = Vec::with_capacity(scans.len());
    for (number, scan) in scans.iter().enumerate() {
        let at = format!("[{number}]");
        let target = jfrog::target(&scan.component_id, &scan.package_type, true, &at, &mut warnings);
        let mut builder = ScanBuilder::new(jfrog::tool(), target);
        builder.scan_mut().covers.insert(FindingClass::Vulnerability);
        builder.scan_mut().partial = partial(scan);
        let licences = licences(scan);
        let lists = [("vulnerabilities", &scan.vulnerabilities), ("violations", &scan.violations)];
        for (list, issues) in lists {
            for (number, one) in issues.iter().enumerate() {
                let at = format!("{at}.{list}[{number}]");
                if matches!(&*one.kind, "" | "security") {
                    issue(one, &licences, &mut builder, &at, &mut warnings);
                } else {
                    aside.put(format!("of the type `{}`", clip(&one.kind)), NO_VULNERABILITY, || at);
                }
            }
        }
        observations.push(Observation::Scan(builder.build()));
    }
    aside.tell(&mut warnings);
    Parsed {
        tool: Some(jfrog::tool()),
        entries: scans.iter().map(|scan| scan.vulnerabilities.len() + scan.violations.len()).sum(),
        listed_components: 0,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn partial(scan: &Scan<'_>) -> Option<String> {
    if let Some(status) = scan.status.filled().filter(|status| !status.eq_ignore_ascii_case("completed")) {
        return Some(format!("the status of the scan is {}", clip(status)));
    }
    let forbidden = scan.vulnerabilities.is_empty() && !scan.violations.is_empty();
    forbidden.then(|| FORBIDDEN.to_owned())
}

fn licences<'s>(scan: &'s Scan<'_>) -> HashMap<&'s str, Vec<&'s str>> {
    let mut licences: HashMap<&str, Vec<&str>> = HashMap::new();
    for licence in &scan.licenses {
        let key = licence.license_key.filled().filter(|key| *key != "Unknown");
        for (id, _) in &licence.components {
            licences.entry(id).or_default().extend(key);
        }
    }
    licences
}

fn issue(
    issue: &Issue<'_>,
    licences: &HashMap<&str, Vec<&str>>,
    builder: &mut ScanBuilder,
    at: &str,
    warnings: &mut Warnings,
) {
    let affected = issue.components.iter().map(|(id, component)| {
        let steps = || component.impact_paths.iter().flatten();
        let last = component.impact_paths.first().and_then(|path| path.last());
        // The last step of a package is the package itself, that of a file is its path.
        let path = last.and_then(|step| step.full_path.filled()).filter(|path| *path != jfrog::tail(id));
        let names = licences.get(&**id).into_iter().flatten();
        Affected {
            id,
            licences: names.map(|name| (*name).to_owned()).collect(),
            path,
            location: path
                .map(str::to_owned)
                .or_else(|| steps().find_map(|step| jfrog::layer(&step.full_path))),
            fix: jfrog::fix(&component.fixed_versions),
        }
    });
    let told = jfrog::Issue {
        id: &issue.issue_id,
        summary: &issue.summary,
        description: &issue.extended_information.full_description,
        severity: &issue.severity,
        cves: &issue.cves,
        references: &issue.references,
        published_at: None,
        modified_at: None,
    };
    jfrog::add(builder, &told, affected.collect(), at, warnings);
}
