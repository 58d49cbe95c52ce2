//! What occurrences attest of an image: payloads that somebody signed, statements in envelopes, and where bills of
//! materials lie.
//!
//! Refuses trust: no signature is checked; and an occurrence that names no kind of statement.

use domain::attestation::Attestation;
use domain::image::Image;
use domain::scan::Target;

use super::wire::Occurrence;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Where notes have their address.
const ADDRESS: &str = "https://containeranalysis.googleapis.com/v1/";

/// Whether an occurrence of a kind attests something.
pub(super) fn is_one(kind: &str) -> bool {
    ["ATTESTATION", "DSSE_ATTESTATION", "SBOM_REFERENCE"].contains(&kind)
}

/// What an occurrence attests of an image. A payload of no stated kind is known by its note: whoever signs attaches it
/// to that.
pub(super) fn read(
    occurrence: &Occurrence<'_>,
    image: Image,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Attestation> {
    let (stated, signatures) = match (&occurrence.dsse_attestation, &occurrence.sbom_reference) {
        (Some(told), _) => (told.statement.predicate_type.filled(), told.envelope.signatures.len()),
        (None, Some(told)) => (told.payload.predicate_type.filled(), told.signatures.len()),
        (None, None) => (None, occurrence.attestation.as_ref().map_or(0, |told| told.signatures.len())),
    };
    let noted = || occurrence.note_name.filled().map(|note| format!("{ADDRESS}{note}"));
    let Some(predicate) = stated.map(str::to_owned).or_else(noted) else {
        warnings.skip(at, "an attestation that does not say of what kind it is was skipped");
        return None;
    };
    Some(Attestation {
        target: Target::Image(image),
        predicate: bounded(&predicate, at, warnings),
        builder: None,
        source: None,
        built_at: None,
        signatures: signatures as u64,
    })
}
