//! The mapping of signed references, data in, data out.

use domain::attestation::Attestation;
use domain::observation::Observation;
use domain::scan::Target;

use super::parse;
use crate::Parsed;

/// Image and kind of each claim.
fn told(parsed: &Parsed) -> Vec<(String, &str)> {
    let claim = |observation| match observation {
        &Observation::Attestation(Attestation {
            target: Target::Image(ref image), ref predicate, ..
        }) => {
            let named = image.references.first().map(ToString::to_string);
            let digest = image.best_digest().map(ToString::to_string).unwrap_or_default();
            (named.unwrap_or(digest), predicate.as_str())
        }
        other => panic!("{other:?}"),
    };
    parsed.observations.iter().map(claim).collect()
}

#[test]
fn a_claim_names_image_and_digest_and_counts_no_signature() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let named = format!("registry.example.com/shop/api@sha256:{}", "a".repeat(64));
    assert_eq!(told(&parsed), [(named, "cosign container image signature")]);
    let Observation::Attestation(claim) = &parsed.observations[0] else { panic!() };
    assert_eq!((claim.signatures, claim.builder.as_ref(), parsed.entries), (0, None, 0));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn claims_follow_one_another_and_need_no_name() {
    let parsed = parse(include_bytes!("fixtures/many.jsonl")).unwrap();
    let named = format!("registry.example.com/shop/web@sha256:{}", "b".repeat(64));
    let unnamed = format!("sha256:{}", "c".repeat(64));
    assert_eq!(
        told(&parsed),
        [(named, "atomic container signature"), (unnamed, "cosign container image signature")],
        "the tag is left out: it may point elsewhere by now"
    );
    let warnings: Vec<_> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    let skipped = "a signed reference without a digest was skipped";
    assert_eq!(warnings, [("[2].critical.image.docker-manifest-digest", skipped)]);
}

#[test]
fn a_claim_on_nothing_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(parsed.warnings.len(), 1);
}

#[test]
fn what_is_broken_is_told_with_its_place() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("critical.image"), "{error}");
}
