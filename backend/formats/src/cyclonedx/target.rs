//! What a document describes, from `metadata.component` and the properties Trivy and Syft add to it.
//! Refuses to call a thing an image because of its name alone.

use domain::image::{DigestRole, Distribution};
use domain::scan::{Target, Tool};

use super::components::{filled, property};
use crate::cyclonedx_json::wire;
use crate::images::{ImageBuilder, is_image_purl};
use crate::json::Text;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Tools whose container version is the digest of the manifest itself.
const MANIFEST_TOOLS: [&str; 2] = ["syft", "grype"];

/// The target of a document.
pub(super) fn target(bom: &wire::Bom<'_>, tool: Option<&Tool>, warnings: &mut Warnings) -> Target {
    let Some(component) = &bom.metadata.component else { return Target::Unstated };
    let kind = component.kind.as_deref().unwrap_or_default();
    let purl = filled(component.purl.as_ref());
    let mut named = || name(component, warnings).map_or(Target::Unstated, |name| other(kind, name));
    let properties = component.properties.iter().chain(&bom.metadata.properties);
    if kind != "container"
        && !purl.is_some_and(is_image_purl)
        && !properties.clone().any(|property| is_of_image(property.name.as_deref().unwrap_or_default()))
    {
        return named();
    }
    let mut builder = ImageBuilder::default();
    if let Some(purl) = purl {
        builder.purl(purl);
    }
    if let Some(name) = filled(component.name.as_ref()) {
        let role = match tool {
            Some(tool) if MANIFEST_TOOLS.contains(&tool.name.as_str()) => DigestRole::Manifest,
            _ => DigestRole::Repository,
        };
        builder.named(name, filled(component.version.as_ref()), role);
    }
    for property in properties {
        if let (Some(name), Some(value)) = (property.name.as_deref(), filled(property.value.as_ref())) {
            add_property(&mut builder, name, value);
        }
    }
    if builder.is_empty() {
        return named();
    }
    builder.image_mut().distribution = distribution(bom.components.as_deref().unwrap_or_default());
    Target::Image(builder.build())
}

/// The name of a component with its group and version, for people.
fn name(component: &wire::Component<'_>, warnings: &mut Warnings) -> Option<String> {
    let name = filled(component.name.as_ref())?;
    let part = |text: Option<&Text<'_>>| filled(text).map(str::to_owned);
    let group = part(component.group.as_ref()).map(|group| group + "/").unwrap_or_default();
    let version =
        part(component.version.as_ref()).map(|version| "@".to_owned() + &version).unwrap_or_default();
    Some(bounded(&format!("{group}{name}{version}"), "metadata.component", warnings))
}

fn other(kind: &str, name: String) -> Target {
    let kind = if kind.is_empty() { "component" } else { kind };
    Target::Other { kind: kind.to_owned(), name }
}

fn is_of_image(property: &str) -> bool {
    property == "aquasecurity:trivy:ImageID" || property.starts_with("syft:image:")
}

fn add_property(builder: &mut ImageBuilder, name: &str, value: &str) {
    let trivy = name.strip_prefix("aquasecurity:trivy:");
    let syft = name.strip_prefix("syft:image:");
    match trivy.or(syft).unwrap_or_default() {
        "RepoTag" | "RepoDigest" | "Reference" | "tag" | "repoDigest" => {
            builder.reference(value);
        }
        "ImageID" | "id" | "imageID" => {
            builder.digest(DigestRole::Config, value);
        }
        "manifestDigest" => {
            builder.digest(DigestRole::Manifest, value);
        }
        "DiffID" => builder.layer(value),
        "Size" => builder.image_mut().size = value.parse().ok(),
        rest => {
            let label = rest.strip_prefix("Labels:").or_else(|| rest.strip_prefix("labels:"));
            if let Some(label) = label {
                builder.image_mut().labels.insert(label.to_owned(), value.to_owned());
            }
        }
    }
}

/// The distribution, which tools list as a component of its own kind.
fn distribution(components: &[wire::Component<'_>]) -> Option<Distribution> {
    let system = components.iter().find(|component| component.kind.as_deref() == Some("operating-system"))?;
    let family = property(&system.properties, "syft:distro:id").or_else(|| filled(system.name.as_ref()))?;
    let version =
        property(&system.properties, "syft:distro:versionID").or_else(|| filled(system.version.as_ref()));
    Some(Distribution {
        family: family.to_lowercase(),
        version: version.map(str::to_owned),
        end_of_life: None,
    })
}
