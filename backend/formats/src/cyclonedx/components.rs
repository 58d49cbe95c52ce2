//! The components of a document: nested ones found, references resolved, each turned into ours.
//! Refuses to drop a component that a vulnerability points to: without a purl it becomes `pkg:generic`.

use std::collections::HashMap;

use domain::component::{Component, SourcePackage};

use crate::cyclonedx_json::wire;
use crate::packages;
use crate::purls::{self, Purls};
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Kinds that describe an image rather than a package in it; they stand for one only with a purl.
const NOT_PACKAGES: [&str; 4] = ["operating-system", "file", "data", "cryptographic-asset"];

/// Every component of a document, by reference.
pub(super) struct Catalogue<'b, 'a> {
    /// Those listed, nested ones after the one that holds them.
    pub(super) listed: Vec<&'b wire::Component<'a>>,
    references: HashMap<&'b str, &'b wire::Component<'a>>,
    purls: Purls<'b>,
}

impl<'b, 'a> Catalogue<'b, 'a> {
    /// The components of a document.
    pub(super) fn new(bom: &'b wire::Bom<'a>) -> Self {
        let mut listed = Vec::new();
        flatten(bom.components.iter().flatten(), &mut listed);
        let mut all = Vec::new();
        flatten(bom.metadata.component.iter(), &mut all);
        all.extend(&listed);
        let mut references = HashMap::with_capacity(all.len());
        for component in all {
            if let Some(reference) = component.bom_ref.as_ref().and_then(|text| text.filled()) {
                references.entry(reference).or_insert(component);
            }
        }
        Self { listed, references, purls: Purls::default() }
    }

    /// The component behind a reference: a `bom-ref`, or a BOM-Link that ends in one.
    pub(super) fn resolve(&self, reference: &str) -> Option<&'b wire::Component<'a>> {
        let find = |text: &str| self.references.get(text).copied();
        find(reference).or_else(|| spellings(reference).iter().find_map(|text| find(text)))
    }

    /// A listed component as one of ours, unless it only describes the image or has no name.
    pub(super) fn package(
        &mut self,
        wire: &'b wire::Component<'a>,
        at: &str,
        warnings: &mut Warnings,
    ) -> Option<Component> {
        let purl = wire.purl.as_ref().and_then(|purl| purl.filled());
        let kind = wire.kind.as_deref().unwrap_or_default();
        if purl.is_none() && NOT_PACKAGES.contains(&kind) {
            return None;
        }
        self.component(wire, at, warnings)
    }

    /// Any component as one of ours, unless it has neither purl nor name.
    pub(super) fn component(
        &mut self,
        wire: &'b wire::Component<'a>,
        at: &str,
        warnings: &mut Warnings,
    ) -> Option<Component> {
        let version = filled(wire.version.as_ref());
        let stated =
            filled(wire.purl.as_ref()).and_then(|raw| packages::purl(raw, &mut self.purls, at, warnings));
        let purl = stated.or_else(|| {
            let name = bounded(filled(wire.name.as_ref())?, at, warnings);
            purls::from_parts("generic", filled(wire.group.as_ref()), &name, version)
        });
        let Some(purl) = purl else {
            warnings.push(at, "a component has neither a purl nor a name and was left out");
            return None;
        };
        let mut component = Component::from_purl(purl);
        if let Some(version) = version {
            component.version = Some(bounded(version, at, warnings));
        }
        component.source = source(wire);
        component.licences = licences(wire, at, warnings);
        component.paths = paths(wire, at, warnings);
        Some(component)
    }
}

/// The references that one may mean, the likeliest first: as it stands, and what a BOM-Link ends in.
pub(crate) fn spellings(reference: &str) -> Vec<String> {
    let inner = bom_link(reference);
    let plain = inner.and_then(packages::unescape);
    [Some(reference), inner].into_iter().flatten().map(str::to_owned).chain(plain).collect()
}

/// What follows the `#` of a BOM-Link, `urn:cdx:…/1#ref`.
pub(super) fn bom_link(reference: &str) -> Option<&str> {
    if !reference.starts_with("urn:") {
        return None;
    }
    reference.split_once('#').map(|(_, inner)| inner)
}

/// The text, if there is any.
pub(super) fn filled<'b>(text: Option<&'b crate::json::Text<'_>>) -> Option<&'b str> {
    text.and_then(|text| text.filled())
}

/// The first filled value of a property.
pub(super) fn property<'b>(properties: &'b [wire::Property<'_>], name: &str) -> Option<&'b str> {
    properties
        .iter()
        .find(|property| property.name.as_deref() == Some(name))
        .and_then(|property| filled(property.value.as_ref()))
}

fn flatten<'b, 'a: 'b>(
    components: impl Iterator<Item = &'b wire::Component<'a>>,
    out: &mut Vec<&'b wire::Component<'a>>,
) {
    for component in components {
        out.push(component);
        flatten(component.components.iter(), out);
    }
}

/// The source package as Trivy and Syft put it into properties, or as a purl qualifier.
fn source(wire: &wire::Component<'_>) -> Option<SourcePackage> {
    let own = filled(wire.version.as_ref());
    let value = |name: &str| property(&wire.properties, name);
    if let Some(name) = value("aquasecurity:trivy:SrcName") {
        let version = value("aquasecurity:trivy:SrcVersion").map(|version| {
            let epoch = value("aquasecurity:trivy:SrcEpoch").filter(|epoch| *epoch != "0");
            let release = value("aquasecurity:trivy:SrcRelease");
            format!(
                "{}{}{version}{}{}",
                epoch.unwrap_or_default(),
                if epoch.is_some() { ":" } else { "" },
                if release.is_some() { "-" } else { "" },
                release.unwrap_or_default()
            )
        });
        return packages::source(name, version.as_deref(), own);
    }
    value("syft:metadata:source")
        .and_then(|name| packages::source(name, value("syft:metadata:sourceVersion"), own))
        .or_else(|| packages::source_rpm(value("syft:metadata:sourceRpm")?, own))
        .or_else(|| packages::source(value("syft:metadata:originPackage")?, None, own))
        .or_else(|| packages::upstream(filled(wire.purl.as_ref())?, own))
}

fn licences(wire: &wire::Component<'_>, at: &str, warnings: &mut Warnings) -> Vec<String> {
    let mut licences = Vec::new();
    for choice in &wire.licenses {
        let stated = filled(choice.license.id.as_ref())
            .or_else(|| filled(choice.license.name.as_ref()))
            .or_else(|| filled(choice.expression.as_ref()));
        push_new(&mut licences, stated, at, warnings);
    }
    licences
}

fn paths(wire: &wire::Component<'_>, at: &str, warnings: &mut Warnings) -> Vec<String> {
    let mut paths = Vec::new();
    for property in &wire.properties {
        let name = property.name.as_deref().unwrap_or_default();
        let located = name.strip_prefix("syft:location:").is_some_and(|rest| rest.ends_with(":path"));
        if located || name == "aquasecurity:trivy:FilePath" {
            push_new(&mut paths, filled(property.value.as_ref()), at, warnings);
        }
    }
    for occurrence in &wire.evidence.occurrences {
        push_new(&mut paths, filled(occurrence.location.as_ref()), at, warnings);
    }
    paths
}

fn push_new(list: &mut Vec<String>, text: Option<&str>, at: &str, warnings: &mut Warnings) {
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty())
        && !list.iter().any(|known| known == text)
    {
        list.push(bounded(text, at, warnings));
    }
}
