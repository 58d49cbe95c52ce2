//! Manifests of vulnerabilities: Grype's report of an image, wrapped in an object whose annotations name
//! the image. Refuses to take a manifest without content for a clean image: lists come without unless they
//! are asked for in full.

use domain::digest::Digest;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{Scan, Target, Tool};

use super::map::TOOL;
use super::wire::Object;
use crate::images::ImageBuilder;
use crate::objects::{Metadata, place};
use crate::scans;
use crate::time;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

const CONTEXT: &str = "kubescape.io/context";
const IMAGE_ID: &str = "kubescape.io/image-id";
const IMAGE_TAG: &str = "kubescape.io/image-tag";
/// Why a manifest of what runs closes nothing.
const RELEVANT: &str = "it lists only what was loaded where the image runs";

/// The scan in a manifest, and how many matches it lists.
pub(super) fn scan(object: &Object<'_>, at: &str, warnings: &mut Warnings) -> Option<(Scan, usize)> {
    let about = &object.spec.metadata;
    let made = |payload: &&crate::grype_json::Inner<'_>| payload.is_made() || !about.tool.name.is_empty();
    let Some(payload) = object.spec.payload.as_ref().filter(made) else {
        warnings.push(at, "a manifest without content was passed over: the list has to be asked for in full");
        return None;
    };
    let parsed = payload.parsed();
    let below = place(at, "spec.payload");
    warnings.skipped_inside(parsed.skipped);
    for warning in parsed.warnings {
        warnings.push(place(&below, &warning.at), warning.message);
    }
    let mut scan = parsed.observations.into_iter().find_map(|observation| match observation {
        Observation::Scan(scan) => Some(scan),
        _ => None,
    })?;
    let version = about.tool.version.filled().map(|version| bounded(version, at, warnings));
    scan.tool = Tool { name: TOOL.to_owned(), version: version.or(scan.tool.version) };
    scan.scanned_at = time::parse(&about.report.created_at).or(scan.scanned_at);
    scan.target = target(&object.metadata, scan.target);
    if about.with_relevancy || object.metadata.word(CONTEXT) == Some("filtered") {
        scan.partial = Some(RELEVANT.to_owned());
        for finding in &mut scan.findings {
            finding.in_use = Some("loaded where the image runs".to_owned());
            finding.used = Some(true);
        }
    }
    Some((scan, parsed.entries))
}

/// The image that the annotations name, joined with what Grype saw.
fn target(metadata: &Metadata<'_>, seen: Target) -> Target {
    let mut builder = ImageBuilder::default();
    if let Some(id) = metadata.word(IMAGE_ID) {
        // Alone it is the id that a runtime gives an image: its configuration's digest.
        match id.parse::<Digest>() {
            Ok(digest) => builder.image_mut().add_digest(DigestRole::Config, digest),
            Err(_) => drop(builder.reference(id)),
        }
    }
    if let Some(name) = metadata.word(IMAGE_TAG) {
        builder.reference(name);
    }
    let named = (!builder.is_empty()).then(|| builder.build());
    match (named, seen) {
        (Some(mut image), Target::Image(seen)) => {
            join(&mut image, seen);
            Target::Image(image)
        }
        (Some(image), _) => Target::Image(image),
        (None, seen) => seen,
    }
}

fn join(image: &mut Image, mut seen: Image) {
    image.layers = std::mem::take(&mut seen.layers);
    image.labels = std::mem::take(&mut seen.labels);
    image.size = seen.size;
    scans::join(image, seen);
}
