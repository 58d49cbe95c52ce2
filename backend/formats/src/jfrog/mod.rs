//! What the documents of JFrog Xray have in common: how it names components and images, and what it says
//! of an issue. Refuses to be a format.

mod components;
mod issues;

use domain::finding::{ReportedFinding, Subject};
use domain::fix::Fix;
use domain::image::Image;
use domain::scan::{ScanBuilder, Target, Tool};

pub(crate) use components::{component, distribution, layer, tail};
pub(crate) use issues::{Cve, Issue, fix};

use crate::severity;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// The name under which what Xray says is kept: the connector's word on what it watches bears it too.
const TOOL: &str = "jfrog-xray";

/// Xray, which states its version nowhere.
pub(crate) fn tool() -> Tool {
    Tool { name: TOOL.to_owned(), version: None }
}

/// A component with an issue.
pub(crate) struct Affected<'a> {
    /// Its identifier: `deb://debian:buster:curl:7.64.0-4`.
    pub id: &'a str,
    pub licences: Vec<String>,
    /// File that proves it.
    pub path: Option<&'a str>,
    /// Layer or file that shows it.
    pub location: Option<String>,
    pub fix: Fix,
}

/// Adds the findings of one issue: each of its vulnerabilities in each of its components.
pub(crate) fn add(
    builder: &mut ScanBuilder,
    issue: &Issue<'_>,
    affected: Vec<Affected<'_>>,
    at: &str,
    warnings: &mut Warnings,
) {
    let mut vulnerabilities: Option<Vec<usize>> = None;
    for one in affected {
        let Some(mut component) = component(one.id, at, warnings) else {
            warnings.skip(at, "a component without a name was skipped");
            continue;
        };
        component.licences = one.licences;
        component.paths = one.path.map(|path| bounded(path, at, warnings)).into_iter().collect();
        if let Target::Image(image) = &mut builder.scan_mut().target
            && image.distribution.is_none()
        {
            image.distribution = distribution(one.id);
        }
        let component = builder.component(component);
        let known = vulnerabilities.get_or_insert_with(|| {
            issue.records(at, warnings).into_iter().map(|record| builder.vulnerability(record)).collect()
        });
        for &vulnerability in known.iter() {
            let subject = Subject::Vulnerability { component, vulnerability };
            let severity = severity::from_word(issue.severity);
            let mut finding = ReportedFinding::new(subject, severity, issue.severity);
            finding.fix = one.fix.clone();
            finding.location.clone_from(&one.location);
            builder.finding(finding);
        }
    }
    match vulnerabilities {
        None => warnings.skip(at, "an issue without a component was skipped"),
        Some(known) if known.is_empty() => {
            warnings.skip(at, "an issue that names neither a CVE nor itself was skipped");
        }
        Some(_) => {}
    }
}

/// The target behind an identifier: an image where it is one by a name that tells its registry, by
/// Docker's own rules if `local`; its package type and name otherwise.
pub(crate) fn target(id: &str, package_type: &str, local: bool, at: &str, warnings: &mut Warnings) -> Target {
    let (scheme, name) = id.split_once("://").unwrap_or(("", id));
    let host = name.split_once('/').is_some_and(|(host, _)| host.contains(['.', ':']) || host == "localhost");
    let docker = matches!(scheme, "docker" | "oci");
    if docker
        && (local || host)
        && let Some(reference) = crate::images::reference(name)
    {
        return Target::Image(Image { references: vec![reference.with_default_tag()], ..Image::default() });
    }
    let kind = if scheme.is_empty() { package_type } else { scheme };
    if name.is_empty() {
        return Target::Unstated;
    }
    Target::Other {
        kind: bounded(&kind.to_ascii_lowercase(), at, warnings),
        name: bounded(name, at, warnings),
    }
}
