//! An SPDX document as one bill of materials. Refuses to list the described image as a component of
//! itself; every other package with a name is one.

use std::collections::HashSet;

use domain::component::{Component, SourcePackage};
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{ScanBuilder, Target, Tool};

use super::described;
use crate::json::Text;
use crate::purls::{Purls, from_parts};
use crate::spdx_json::wire::{Document, Package};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, packages, time};

/// All that a document says.
pub(crate) fn map(document: &Document<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = tool(document, &mut warnings);
    let target = described::target(document, &mut warnings);
    if document.tag_value_version.is_some() {
        warnings.push("SPDXVersion", "fields are named as in tag-value text, not as in SPDX's JSON schema");
    }
    let listed = document.packages.len();
    if listed == 0 && tool.is_none() && target == Target::Unstated {
        warnings.push("", "the document names no tool and no target and lists nothing");
    }
    let maker = tool.clone().unwrap_or(Tool { name: "spdx".to_owned(), version: None });
    let images: HashSet<&str> = described::roots(document)
        .into_iter()
        .filter(|package| described::is_image(package))
        .filter_map(|package| package.id.as_deref())
        .collect();
    let mut builder = ScanBuilder::new(maker.clone(), Target::Unstated);
    let mut cache = Purls::default();
    for (index, package) in document.packages.iter().enumerate() {
        let described = package.id.as_deref().is_some_and(|id| images.contains(id));
        if described || described::is_system(package) {
            continue;
        }
        let at = format!("packages[{index}]");
        if let Some(component) = component(package, &mut cache, &at, &mut warnings) {
            builder.component(component);
        }
    }
    let created_at = document.creation_info.created.as_deref().and_then(time::parse);
    let components = builder.build().components;
    let sbom = Sbom { tool: maker, target, created_at, components, listed };
    Parsed {
        tool,
        entries: 0,
        listed_components: listed,
        observations: vec![Observation::Sbom(sbom)],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The purls of a package as written.
pub(super) fn purls<'b>(package: &'b Package<'_>) -> impl Iterator<Item = &'b str> {
    let purls = package.external_refs.iter().filter(|found| found.reference_type.as_deref() == Some("purl"));
    purls.filter_map(|found| found.reference_locator.as_ref()?.filled())
}

/// Trivy's own fields, `Key: value` in annotations or, before 2.3, in attribution texts.
pub(super) fn fields<'b>(package: &'b Package<'_>) -> impl Iterator<Item = (&'b str, &'b str)> {
    let comments = package.annotations.iter().filter_map(|annotation| annotation.comment.as_ref());
    comments.chain(&package.attribution_texts).filter_map(|text| text.split_once(": "))
}

/// The first creator that is a tool; names end in their version after a hyphen.
fn tool(document: &Document<'_>, warnings: &mut Warnings) -> Option<Tool> {
    let creators = document.creation_info.creators.iter();
    let text = creators.filter_map(|creator| creator.strip_prefix("Tool:")).map(str::trim).next()?;
    let text = bounded(text, "creationInfo.creators", warnings);
    let (name, version) = split_version(text.trim_end_matches('-'));
    Some(Tool { name: name.to_lowercase(), version: version.map(str::to_owned) })
}

fn split_version(text: &str) -> (&str, Option<&str>) {
    let is_version = |version: &str| {
        let digits = version.strip_prefix('v').unwrap_or(version);
        digits.starts_with(|first: char| first.is_ascii_digit()) || matches!(version, "dev" | "main")
    };
    text.match_indices('-')
        .map(|(at, _)| (&text[..at], &text[at + 1..]))
        .find(|(name, version)| !name.is_empty() && is_version(version))
        .map_or((text, None), |(name, version)| (name, Some(version)))
}

fn component<'b>(
    package: &'b Package<'_>,
    cache: &mut Purls<'b>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    if package.external_refs.iter().any(|found| found.reference_type.as_deref() == Some("advisory")) {
        warnings
            .push(at, "a link to an advisory was passed over: it does not say that the package is affected");
    }
    let version = stated(package.version_info.as_ref());
    let read = purls(package)
        .find_map(|raw| packages::purl(raw, cache, at, warnings).map(|purl| (Some(raw), Some(purl))));
    let (raw, purl) = read.unwrap_or_default();
    let purl = purl.or_else(|| {
        let name = bounded(stated(package.name.as_ref())?, at, warnings);
        from_parts("generic", None, &name, version)
    });
    let Some(purl) = purl else {
        warnings.push(at, "a package has neither a purl nor a name and was left out");
        return None;
    };
    let mut component = Component::from_purl(purl);
    if let Some(version) = version {
        component.version = Some(bounded(version, at, warnings));
    }
    let licence =
        stated(package.license_concluded.as_ref()).or_else(|| stated(package.license_declared.as_ref()));
    component.licences = licence.map(|licence| bounded(licence, at, warnings)).into_iter().collect();
    let own = component.version.as_deref();
    component.source = source(package, own).or_else(|| packages::upstream(raw?, own));
    component.paths = paths(package).map(|path| bounded(path, at, warnings)).collect();
    Some(component)
}

/// The text, unless it says that it says nothing.
fn stated<'b>(text: Option<&'b Text<'_>>) -> Option<&'b str> {
    text.and_then(|text| text.filled()).filter(|text| !matches!(*text, "NOASSERTION" | "NONE"))
}

/// Trivy: `built package from: glibc 2.31-13`.
fn source(package: &Package<'_>, own: Option<&str>) -> Option<SourcePackage> {
    let text = package.source_info.as_ref()?.strip_prefix("built package from: ")?;
    let (name, version) = text.split_once(' ').unwrap_or((text, ""));
    packages::source(name, Some(version), own)
}

/// Syft: `acquired package info from DPKG DB: /usr/share/doc/x, /var/lib/dpkg/status`; Trivy:
/// `package found in: app/Gemfile.lock`.
fn paths<'b>(package: &'b Package<'_>) -> impl Iterator<Item = &'b str> {
    let text = package.source_info.as_deref().unwrap_or_default();
    let list = if text.starts_with("acquired package info from") {
        text.split_once(": ").map(|(_, list)| list)
    } else {
        text.strip_prefix("package found in: ")
    };
    list.unwrap_or_default().split(", ").filter(|path| !path.is_empty())
}
