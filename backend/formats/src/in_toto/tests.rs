//! The mapping of attestations, data in, data out.

use domain::attestation::Attestation;
use domain::observation::Observation;
use domain::scan::Target;
use domain::signature::Signed;

use super::parse;
use crate::Parsed;

fn attested(parsed: &Parsed) -> Vec<&Attestation> {
    let attested = parsed.observations.iter().filter_map(|observation| match observation {
        Observation::Attestation(attestation) => Some(attestation),
        _ => None,
    });
    attested.collect()
}

fn messages(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

fn text(target: &Target) -> String {
    match target {
        Target::Image(image) => {
            let digest = image.best_digest().map(|digest| digest.short().to_owned()).unwrap_or_default();
            format!("{} {digest}", image.references.first().map(ToString::to_string).unwrap_or_default())
        }
        Target::Other { kind, name } => format!("{kind} {name}"),
        Target::Unstated => "unstated".to_owned(),
    }
}

#[test]
fn a_statement_on_nothing_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["a statement on nothing was skipped"]);
}

#[test]
fn provenance_names_image_builder_source_and_time() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let said = attested(&parsed)[0];
    let name = format!("registry.example.com/shop/api@sha256:{} aaaaaaaaaaaa", "a".repeat(64));
    assert_eq!(text(&said.target), name, "the tag is left out: it may point elsewhere by now");
    assert_eq!(said.predicate, "https://slsa.dev/provenance/v0.2");
    assert_eq!(said.builder.as_deref(), Some("https://ci.example.org/runs/7"));
    let source = "https://git.example.org/shop/api.git@0123456789abcdef0123456789abcdef01234567";
    assert_eq!(said.source.as_deref(), Some(source));
    assert_eq!(said.built_at, crate::time::parse("2026-02-03T10:02:00.5Z"));
    assert_eq!((said.signatures, parsed.entries, parsed.warnings.len()), (0, 0, 0));
}

#[test]
fn envelopes_are_unpacked_and_their_signatures_counted() {
    let parsed = parse(include_bytes!("fixtures/many.jsonl")).unwrap();
    let said = attested(&parsed);
    let told: Vec<(String, &str, u64)> =
        said.iter().map(|said| (text(&said.target), said.predicate.as_str(), said.signatures)).collect();
    let image = |letter: &str| {
        let (whole, short) = (letter.repeat(64), letter.repeat(12));
        format!("registry.example.com/shop/api@sha256:{whole} {short}")
    };
    assert_eq!(
        told,
        [
            (image("a"), "https://slsa.dev/provenance/v1", 2),
            (image("b"), "https://slsa.dev/provenance/v1", 2),
            (image("a"), "https://cyclonedx.org/bom/v1.5", 1),
            (image("b"), "https://spdx.dev/Document", 1),
            (image("a"), "https://example.org/review/v1", 1),
        ]
    );
    assert_eq!(said[0].source.as_deref(), Some("https://git.example.org/shop/api@refs/heads/main"));
    assert_eq!(said[0].builder.as_deref(), Some("https://ci.example.org/runner"));
    let review = "a predicate of type https://example.org/review/v1 was kept by its type alone: what it says is not read";
    assert_eq!(messages(&parsed), [review]);
    assert_eq!(parsed.warnings[0].at, "[3].dsseEnvelope.payload.predicate");
}

#[test]
fn a_bill_of_materials_lists_the_statements_image() {
    let parsed = parse(include_bytes!("fixtures/many.jsonl")).unwrap();
    let sboms: Vec<(String, usize)> = parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Sbom(sbom) => Some((text(&sbom.target), sbom.components.len())),
            _ => None,
        })
        .collect();
    assert_eq!(sboms.len(), 2, "{sboms:?}");
    assert!(sboms[0].0.ends_with("aaaaaaaaaaaa") && sboms[0].1 == 2, "{sboms:?}");
    assert!(sboms[1].0.ends_with("bbbbbbbbbbbb") && sboms[1].1 == 1, "{sboms:?}");
    assert_eq!(parsed.listed_components, 3);
    assert_eq!(parsed.tool.unwrap().name, "demo-lister");
}

#[test]
fn programs_are_no_images() {
    let parsed = parse(include_bytes!("fixtures/files.json")).unwrap();
    let said = attested(&parsed);
    assert_eq!(said.len(), 1);
    assert_eq!(text(&said[0].target), "artefact gs://releases.example.org/v1/tool.exe");
}

#[test]
fn a_digest_without_a_name_waits_for_who_brings_it() {
    let parsed = parse(include_bytes!("fixtures/unnamed.json")).unwrap();
    let target = &attested(&parsed)[0].target;
    assert_eq!(text(target), format!("artefact sha256:{}", "a".repeat(64)));
}

#[test]
fn an_odd_predicate_is_no_reason_to_lose_the_statement() {
    let parsed = parse(include_bytes!("fixtures/odd_predicate.json")).unwrap();
    assert_eq!(attested(&parsed)[0].builder, None);
    assert!(parsed.warnings[0].message.starts_with("the predicate was kept by its type alone"), "{parsed:?}");
}

#[test]
fn says_where_a_document_is_broken() {
    for (document, expected) in [
        (&include_bytes!("fixtures/broken.json")[..], "`subject`"),
        (include_bytes!("fixtures/broken_payload.json"), "`payload`: the payload is not base64"),
        (include_bytes!("fixtures/broken_statement.json"), "`payload.subject`"),
    ] {
        let error = parse(document).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_statement_that_only_signs_is_a_signature() {
    let parsed = parse(include_bytes!("fixtures/signed.jsonl")).unwrap();
    let signed: Vec<&Signed> = parsed
        .observations
        .iter()
        .map(|observation| match observation {
            Observation::Signature(signature) => &signature.signed,
            other => panic!("{other:?}"),
        })
        .collect();
    let [certified, hinted] = signed.as_slice() else { panic!("{signed:?}") };
    assert_eq!(certified.envelope.as_deref(), Some("application/vnd.in-toto+json"));
    assert_eq!((certified.signature.as_str(), certified.chain.as_deref()), ("MEQC", None));
    assert!(certified.certificate.as_ref().unwrap().contains("\nTUlJ\n"));
    let entry = certified.entry.as_ref().unwrap();
    assert_eq!((entry.log.as_str(), entry.index, entry.integrated_time), ("c0d2", 7, 1_790_834_700));
    assert_eq!((hinted.hint.as_deref(), &hinted.entry), (Some("aGludA=="), &None));
}
