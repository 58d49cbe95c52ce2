//! Documents in, observations out: the fixtures in detail, the corpus by its counts.

use domain::component::SourcePackage;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::Target;

use crate::test_support::corpus;
use crate::{Error, Head, Limits, Parsed};

#[track_caller]
fn read(document: &[u8]) -> (Parsed, Sbom) {
    let read = crate::read(document, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    let [Observation::Sbom(sbom)] = read.parsed.observations.as_slice() else { panic!("one bill") };
    let sbom = sbom.clone();
    (read.parsed, sbom)
}

fn purls(sbom: &Sbom) -> Vec<&str> {
    sbom.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn none_lists_nothing() {
    let (parsed, sbom) = read(include_bytes!("fixtures/none.json"));
    assert_eq!((parsed.listed_components, sbom.components.len(), parsed.warnings.len()), (0, 0, 0));
    assert_eq!(sbom.target, Target::Other { kind: "document".to_owned(), name: "empty".to_owned() });
    assert_eq!((sbom.tool.name.as_str(), sbom.tool.version.as_deref()), ("sbom-maker", Some("3.1.0")));
}

#[test]
fn one_tells_the_image_from_its_package() {
    let (parsed, sbom) = read(include_bytes!("fixtures/one.json"));
    assert_eq!((parsed.listed_components, parsed.entries, parsed.warnings.len()), (2, 0, 0));
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    assert_eq!(image.references[0].to_string(), "registry.example/shop/api:2.1");
    assert_eq!(image.digests[0].0, DigestRole::Manifest);
    assert_eq!(image.best_digest().unwrap().as_str(), format!("sha256:{}", "ab".repeat(32)));
    let [package] = sbom.components.as_slice() else { panic!("one package") };
    assert_eq!(package.purl.as_str(), "pkg:deb/debian/libssl3@1:3.0.11-1");
    let source = SourcePackage { name: "openssl".to_owned(), version: Some("3.0.11-2".to_owned()) };
    assert_eq!(package.source, Some(source));
    assert_eq!(package.licences, ["Apache-2.0"]);
    assert_eq!(sbom.created_at.unwrap().to_rfc3339(), "2026-02-03T04:05:06+00:00");
    assert_eq!(parsed.tool.unwrap().name, "sbom-maker", "an agent that is software is a tool");
}

#[test]
fn many_reads_every_spelling() {
    let (parsed, sbom) = read(include_bytes!("fixtures/many.json"));
    assert_eq!(parsed.listed_components, 4);
    assert_eq!(sbom.target, Target::Other { kind: "application".to_owned(), name: "shop@4".to_owned() });
    assert_eq!(purls(&sbom), ["pkg:generic/shop@4", "pkg:npm/left-pad@1.3.0", "pkg:generic/right@2"]);
    assert_eq!(sbom.components[1].licences, ["WTFPL"]);
    assert!(sbom.components[2].licences.is_empty(), "a licence that is nowhere is none");
    let warnings: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    assert_eq!(warnings[0].0, "urn:v1");
    assert!(warnings[0].1.ends_with("(2 times)"), "{}", warnings[0].1);
    assert_eq!(warnings[1].0, "packages[2]");
    assert_eq!(warnings.len(), 2);
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(matches!(&error, Error::Broken { at, .. } if at.contains("[1].from")), "{error}");
}

#[test]
fn one_element_needs_no_graph() {
    let document =
        br#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","type":"software_Package",
        "spdxId":"urn:a","creationInfo":{"type":"CreationInfo"},"name":"a","software_packageVersion":"1"}"#;
    let (parsed, sbom) = read(document);
    assert_eq!((parsed.listed_components, purls(&sbom)), (1, vec!["pkg:generic/a@1"]));
}

#[test]
fn other_linked_data_is_refused() {
    for text in [
        r#"{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}"#,
        r#"{"@context":"https://schema.org","@graph":[{"spdxId":"a","creationInfo":"b"}]}"#,
        r#"{"@graph":[{"@id":"a"}]}"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn reads_the_corpus() {
    // File, packages listed, distinct components; counted with a script.
    const FILES: [(&str, usize, usize); 2] =
        [("example13.spdx3.json", 4, 4), ("syft-identify-3.0.spdx3.json", 1, 1)];
    let Some(folder) = corpus("spdx3") else { return };
    for (file, listed, distinct) in FILES {
        let (parsed, sbom) = read(&std::fs::read(folder.join(file)).unwrap());
        assert_eq!((parsed.listed_components, sbom.components.len()), (listed, distinct), "{file}");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len(), "every file is in the table");
}
