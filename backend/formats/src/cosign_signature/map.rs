//! Signed references in our words: an attestation that claims a digest and names no builder, or a signature where there
//! is one. Refuses a claim without a digest: a name alone can be anything.

use domain::attestation::Attestation;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::Target;

use super::proof;
use super::wire::{Critical, Payload};
use crate::Parsed;
use crate::images::ImageBuilder;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Maps payloads one after another.
pub(super) fn claims(payloads: &[Payload<'_>]) -> Parsed {
    let (mut parsed, mut warnings) = (Parsed::default(), Warnings::default());
    for (number, payload) in payloads.iter().enumerate() {
        let at = if payloads.len() == 1 { String::new() } else { format!("[{number}].") };
        parsed.observations.extend(match payload.signature.filled() {
            Some(_) => proof::signature(payload, &at, &mut warnings),
            None => claim(&payload.critical, &at, &mut warnings),
        });
    }
    parsed.warnings = warnings.into_vec();
    parsed
}

fn claim(critical: &Critical<'_>, at: &str, warnings: &mut Warnings) -> Option<Observation> {
    let Some(image) = image(critical) else {
        warnings.push(
            format!("{at}critical.image.docker-manifest-digest"),
            "a signed reference without a digest was skipped",
        );
        return None;
    };
    Some(Observation::Attestation(Attestation {
        target: Target::Image(image),
        predicate: bounded(&critical.kind, "critical.type", warnings),
        builder: None,
        source: None,
        built_at: None,
        signatures: 0,
    }))
}

/// The image that is claimed. The tag in the name is what it was signed as, not where the tag points now, so that it is
/// left out.
pub(super) fn image(critical: &Critical<'_>) -> Option<Image> {
    let digest = &critical.image.docker_manifest_digest;
    let mut builder = ImageBuilder::default();
    if !builder.digest(DigestRole::Repository, digest) {
        return None;
    }
    if let Some(name) = critical.identity.docker_reference.filled() {
        builder.reference(name);
    }
    let mut image = builder.build();
    for reference in &mut image.references {
        reference.tag = None;
        reference.digest = digest.parse().ok();
    }
    Some(image)
}
