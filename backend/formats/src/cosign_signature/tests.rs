//! The mapping of signed references, data in, data out.

use domain::attestation::Attestation;
use domain::observation::Observation;
use domain::scan::Target;
use domain::signature::Signature;

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

#[test]
fn a_signature_is_kept_with_all_that_came_with_it() {
    let parsed = parse(include_bytes!("fixtures/signed.jsonl")).unwrap();
    let signatures: Vec<&Signature> = parsed
        .observations
        .iter()
        .map(|observation| match observation {
            Observation::Signature(signature) => &**signature,
            other => panic!("{other:?}"),
        })
        .collect();
    let [plain, texts, objects, unnamed] = signatures.as_slice() else { panic!("{signatures:?}") };
    let Target::Image(image) = &plain.target else { panic!("{:?}", plain.target) };
    let named = format!("registry.example.com/shop/api@sha256:{}", "a".repeat(64));
    assert_eq!(image.references[0].to_string(), named, "the tag is left out");
    assert_eq!(plain.signed.certificate, None);
    let (signed, pem) = (&texts.signed, "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n");
    assert_eq!((signed.certificate.as_deref(), signed.signature.as_str()), (Some(pem), "MEUC"));
    assert_eq!(signed.chain.as_deref(), Some(pem.repeat(2).as_str()));
    let entry = signed.entry.as_ref().unwrap();
    assert_eq!((entry.log.as_str(), entry.integrated_time, entry.index), ("c0d2", 1_790_834_700, 7));
    assert_eq!((entry.promise.as_str(), entry.body.as_str()), ("MEUC", "e30="));
    assert_eq!(objects.signed.entry, signed.entry);
    let lines: Vec<usize> = objects.signed.certificate.as_ref().unwrap().lines().map(str::len).collect();
    assert_eq!(lines, [27, 64, 4, 25]);
    assert_eq!(objects.signed.chain.as_ref().unwrap().matches("BEGIN").count(), 2);
    assert_eq!((&unnamed.target, &unnamed.signed.entry), (&Target::Unstated, &None));
    let messages: Vec<_> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(messages, ["what a transparency log said cannot be read"]);
}

#[test]
fn claims_stand_below_the_words_of_cosign() {
    let parsed = parse(include_bytes!("fixtures/printed_many.txt")).unwrap();
    let named = |digit: &str| format!("registry.example.com/shop/api@sha256:{}", digit.repeat(64));
    let kind = "https://sigstore.dev/cosign/sign/v1";
    assert_eq!(told(&parsed), [(named("a"), kind), (named("b"), kind)]);
    assert_eq!(parsed, parse(include_bytes!("fixtures/list_many.json")).unwrap());
    let words = parse(include_bytes!("fixtures/none.txt")).unwrap();
    assert!(words.observations.is_empty());
    assert_eq!(words.warnings[0].message, "what was signed is not in the text, so nothing is recorded");
}

#[test]
fn attestations_stand_below_the_words_of_cosign() {
    let parsed = parse(include_bytes!("fixtures/attested_one.txt")).unwrap();
    let Observation::Attestation(attestation) = &parsed.observations[0] else { panic!("{parsed:?}") };
    assert_eq!(attestation.predicate, "https://slsa.dev/provenance/v0.2");
    assert_eq!(attestation.builder.as_deref(), Some("https://ci.example.com/demo"));
}

#[test]
fn what_is_cut_below_the_words_is_told_with_its_place() {
    let text = include_str!("fixtures/printed_many.txt");
    let cut = text.find("docker-manifest-digest").unwrap();
    let error = parse(&text.as_bytes()[..cut]).unwrap_err().to_string();
    assert!(error.contains(&format!("at byte {cut}")), "{error}");
}
