//! The vulnerabilities of a document as one scan: a finding for each component each of them affects.
//! Refuses to lose a finding to a dangling reference: the component is made from the reference's text.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::scan::{Scan, ScanBuilder, Target, Tool};

use super::components::{Catalogue, bom_link, filled};
use super::{fixes, records};
use crate::cyclonedx_json::wire;
use crate::error::clip;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{packages, purls};

/// A vulnerability with the component whose element holds it, in the extension of XML 1.0 to 1.3.
pub(super) struct Said<'b, 'a> {
    pub(super) vulnerability: &'b wire::Vulnerability<'a>,
    pub(super) holder: Option<&'b wire::Component<'a>>,
}

/// States of an analysis after which a finding no longer counts.
pub(super) const SET_ASIDE: [&str; 4] =
    ["not_affected", "false_positive", "resolved", "resolved_with_pedigree"];

/// The scan of a document that has vulnerabilities.
pub(super) fn scan<'b, 'a>(
    said: &[Said<'b, 'a>],
    catalogue: &mut Catalogue<'b, 'a>,
    root: Option<&'b wire::Component<'a>>,
    (tool, target, scanned_at): (Tool, Target, Option<DateTime<Utc>>),
    warnings: &mut Warnings,
) -> Scan {
    let mut builder = ScanBuilder::new(tool, target);
    builder.scan_mut().scanned_at = scanned_at;
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    let mut known = HashMap::new();
    for (index, Said { vulnerability, holder }) in said.iter().enumerate() {
        let at = format!("vulnerabilities[{index}]");
        let Some(id) = records::id(vulnerability, &at, warnings) else { continue };
        let nth = match builder.known_vulnerability(&id) {
            Some(nth) => nth,
            None => builder.vulnerability(records::record(vulnerability, id)),
        };
        let mut components: Vec<(usize, Option<&wire::Affected<'_>>)> = Vec::new();
        if let Some(component) = holder.or_else(|| implied(vulnerability, catalogue, root)) {
            let component = catalogue.component(component, &at, warnings);
            components.extend(component.map(|component| (builder.component(component), None)));
        }
        for affected in &vulnerability.affects {
            let Some(reference) = filled(affected.reference.as_ref()) else { continue };
            let component = match known.get(reference) {
                Some(component) => Some(*component),
                None => affected_component(affected, reference, catalogue, &at, warnings)
                    .map(|component| builder.component(component)),
            };
            if let Some(component) = component {
                known.insert(reference, component);
                components.push((component, Some(affected)));
            }
        }
        if components.is_empty() {
            warnings.skip(at, "a vulnerability affects nothing that is named and was left out");
        }
        for (component, affected) in components {
            let package = builder.scan_mut().components[component].name.clone();
            builder.finding(finding(vulnerability, affected, (component, nth), &package));
        }
    }
    builder.build()
}

/// What a vulnerability without `affects` is about: Xray repeats the component's reference as its own,
/// and a document of one product means that product.
pub(super) fn implied<'b, 'a>(
    vulnerability: &wire::Vulnerability<'_>,
    catalogue: &Catalogue<'b, 'a>,
    root: Option<&'b wire::Component<'a>>,
) -> Option<&'b wire::Component<'a>> {
    if !vulnerability.affects.is_empty() {
        return None;
    }
    filled(vulnerability.bom_ref.as_ref()).and_then(|reference| catalogue.resolve(reference)).or(root)
}

fn affected_component<'b>(
    affected: &wire::Affected<'_>,
    reference: &str,
    catalogue: &mut Catalogue<'b, '_>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    if let Some(component) = catalogue.resolve(reference) {
        return catalogue.component(component, at, warnings);
    }
    let inner = bom_link(reference).unwrap_or(reference);
    let unescaped = packages::unescape(inner);
    let purl = inner.parse().ok().or_else(|| unescaped.as_deref()?.parse().ok());
    if let Some(purl) = purl {
        return Some(Component::from_purl(purl));
    }
    let version = match affected.versions.as_slice() {
        [only] => filled(only.version.as_ref()),
        _ => None,
    };
    warnings.push(
        at,
        format!("`{}` is no component of this document; it is kept as pkg:generic", clip(reference)),
    );
    let name = bounded(unescaped.as_deref().unwrap_or(inner), at, warnings);
    purls::from_parts("generic", None, &name, version).map(Component::from_purl)
}

fn finding(
    vulnerability: &wire::Vulnerability<'_>,
    affected: Option<&wire::Affected<'_>>,
    (component, nth): (usize, usize),
    package: &str,
) -> ReportedFinding {
    let (severity, word) = records::judge(vulnerability);
    let subject = Subject::Vulnerability { component, vulnerability: nth };
    let mut finding = ReportedFinding::new(subject, severity, word);
    finding.fix = fixes::fix(vulnerability, package);
    finding.verdict = verdict(vulnerability, affected);
    finding
}

fn verdict(vulnerability: &wire::Vulnerability<'_>, affected: Option<&wire::Affected<'_>>) -> Verdict {
    if let Some(analysis) = &vulnerability.analysis {
        let state = analysis.state.as_deref().unwrap_or_default();
        if SET_ASIDE.contains(&state) {
            let why = filled(analysis.justification.as_ref()).or_else(|| filled(analysis.detail.as_ref()));
            return Verdict::Suppressed(
                why.map_or(state.to_owned(), |why| format!("{state}: {}", clip(why))),
            );
        }
    }
    let versions = affected.map(|affected| affected.versions.as_slice()).unwrap_or_default();
    let spared = versions.iter().all(|version| version.status.as_deref() == Some("unaffected"));
    if spared && !versions.is_empty() {
        return Verdict::Suppressed("the version is listed as unaffected".to_owned());
    }
    Verdict::Affected
}
