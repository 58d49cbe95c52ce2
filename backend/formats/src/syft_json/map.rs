//! Syft's artifacts as one bill of materials. Refuses to invent an ecosystem: an artifact whose purl
//! cannot be read becomes `pkg:generic`.

use domain::component::{Component, SourcePackage};
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{ScanBuilder, Target, Tool};

use super::source;
use super::wire::{Artifact, Document, OneOf};
use crate::purls::{Purls, from_parts};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, packages, time};

/// All that a document says.
pub(super) fn map(document: &Document<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let descriptor = &document.descriptor;
    let name = descriptor.name.as_ref().and_then(|name| name.filled());
    let tool = Tool {
        name: bounded(name.unwrap_or("syft"), "descriptor", &mut warnings).to_lowercase(),
        version: descriptor.version.as_ref().and_then(|version| version.filled()).map(str::to_owned),
    };
    let target = source::target(document, &mut warnings);
    if target == Target::Unstated {
        warnings.push("source", "the document does not say what was catalogued");
    }
    let mut builder = ScanBuilder::new(tool.clone(), Target::Unstated);
    let mut purls = Purls::default();
    for (index, artifact) in document.artifacts.iter().enumerate() {
        let at = format!("artifacts[{index}]");
        if let Some(component) = component(artifact, &mut purls, &at, &mut warnings) {
            builder.component(component);
        }
    }
    let listed = document.artifacts.len();
    let sbom = Sbom {
        tool: tool.clone(),
        target,
        created_at: descriptor.timestamp.filled().and_then(time::parse),
        components: builder.build().components,
        listed,
    };
    Parsed {
        tool: Some(tool),
        entries: 0,
        listed_components: listed,
        observations: vec![Observation::Sbom(sbom)],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn component<'b>(
    artifact: &'b Artifact<'_>,
    purls: &mut Purls<'b>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let version = artifact.version.as_ref().and_then(|version| version.filled());
    let raw = artifact.purl.as_ref().and_then(|purl| purl.filled());
    let stated = raw.and_then(|raw| packages::purl(raw, purls, at, warnings));
    let purl = stated.or_else(|| {
        let name = bounded(artifact.name.as_ref()?.filled()?, at, warnings);
        from_parts("generic", None, &name, version)
    });
    let Some(purl) = purl else {
        warnings.push(at, "an artifact has neither a purl nor a name and was left out");
        return None;
    };
    let mut component = Component::from_purl(purl);
    if let Some(version) = version {
        component.version = Some(bounded(version, at, warnings));
    }
    component.source = source_package(artifact, raw, version);
    for licence in &artifact.licenses {
        let text = match licence {
            OneOf::Text(text) => text.filled(),
            OneOf::Object(licence) => licence
                .spdx_expression
                .as_ref()
                .and_then(|text| text.filled())
                .or_else(|| licence.value.as_ref().and_then(|text| text.filled())),
        };
        push_new(&mut component.licences, text, at, warnings);
    }
    for location in &artifact.locations {
        let path = match location {
            OneOf::Text(path) => path.filled(),
            OneOf::Object(location) => location.path.as_ref().and_then(|path| path.filled()),
        };
        push_new(&mut component.paths, path, at, warnings);
    }
    Some(component)
}

fn source_package(artifact: &Artifact<'_>, raw: Option<&str>, own: Option<&str>) -> Option<SourcePackage> {
    let said = &artifact.metadata;
    let purl = raw.unwrap_or_default();
    if purl.starts_with("pkg:deb/")
        && let Some(name) = said.source.filled()
    {
        return packages::source(name, said.source_version.filled(), own);
    }
    said.source_rpm
        .filled()
        .and_then(|file| packages::source_rpm(file, own))
        .or_else(|| packages::source(said.origin_package.filled()?, None, own))
        .or_else(|| packages::upstream(purl, own))
}

fn push_new(list: &mut Vec<String>, text: Option<&str>, at: &str, warnings: &mut Warnings) {
    if let Some(text) = text
        && !list.iter().any(|known| known == text)
    {
        list.push(bounded(text, at, warnings));
    }
}
