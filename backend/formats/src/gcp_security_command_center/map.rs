//! Findings in our words: a scan for each image. Refuses to take an empty list for a clean estate, and a cluster for
//! the images that run in it.

use domain::finding::FindingClass;
use domain::image::{DigestRole, Image};
use domain::scan::Tool;

use super::vulnerability;
use super::wire::{Container, Finding, Listed};
use crate::aside::Aside;
use crate::error::clip;
use crate::images::ImageBuilder;
use crate::scans::Scans;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// The name under which what Security Command Center says is kept.
pub(super) const TOOL: &str = "gcp-security-command-center";
const EMPTY: &str = "the list is empty and names no image, so nothing is recorded as checked";
const INACTIVE: &str = "they are not there any more";
/// How resources of Artifact Registry begin.
const REGISTRY: &str = "//artifactregistry.googleapis.com/projects/";

/// Maps a list; `partial` says why it is not whole.
pub(super) fn results(all: &[Listed<'_>], partial: Option<&str>) -> Parsed {
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let (mut scans, mut aside, mut warnings) = (Scans::default(), Aside::default(), Warnings::default());
    for (number, listed) in all.iter().enumerate() {
        let (finding, at) = (&listed.finding, || format!("listFindingsResults[{number}]"));
        if finding.state.eq_ignore_ascii_case("INACTIVE") {
            aside.put("of state INACTIVE".to_owned(), INACTIVE, at);
            continue;
        }
        let Some(told) = &finding.vulnerability else {
            let class = finding.finding_class.filled().unwrap_or("unstated");
            aside.no_image(format!("of class {}", clip(class)), at);
            continue;
        };
        let images = images(finding);
        if images.is_empty() {
            let category = finding.category.filled().unwrap_or("unstated");
            aside.no_image(format!("of category {}", clip(category)), at);
        }
        let seen = time::parse(&finding.event_time);
        for mut image in images {
            image.distribution = vulnerability::platform_of(told).map(|platform| platform.distribution);
            let scan = scans.of(&tool, image, FindingClass::Vulnerability, seen);
            vulnerability::add(scan, finding, told, &at(), &mut warnings);
        }
    }
    if all.is_empty() {
        warnings.push("listFindingsResults", EMPTY);
    }
    aside.tell(&mut warnings);
    Parsed {
        tool: Some(tool),
        entries: all.len(),
        listed_components: 0,
        observations: scans.build(partial),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The images that a finding is about: those of its containers, or the one that its resource is.
fn images(finding: &Finding<'_>) -> Vec<Image> {
    let of_containers = finding.containers.iter().filter_map(container);
    of_containers.chain(resource(&finding.resource_name)).collect()
}

fn container(container: &Container<'_>) -> Option<Image> {
    let mut image = ImageBuilder::default();
    if !image.digest(DigestRole::Repository, &container.image_id) {
        image.reference(&container.image_id);
    }
    image.reference(&container.uri);
    if image.is_empty() { None } else { Some(image.build()) }
}

/// The image behind the name of a resource of Artifact Registry.
fn resource(name: &str) -> Option<Image> {
    let parts: Vec<&str> = name.strip_prefix(REGISTRY)?.splitn(7, '/').collect();
    let [project, "locations", location, "repositories", repository, "dockerImages", image] = parts[..]
    else {
        return None;
    };
    let mut builder = ImageBuilder::default();
    builder.reference(&format!("{location}-docker.pkg.dev/{project}/{repository}/{image}"));
    if builder.is_empty() { None } else { Some(builder.build()) }
}
