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

#[test]
fn none_lists_nothing() {
    let (parsed, sbom) = read(include_bytes!("fixtures/none.json"));
    assert_eq!((parsed.listed_components, sbom.components.len(), parsed.warnings.len()), (0, 0, 0));
    assert_eq!(sbom.target, Target::Other { kind: "document".to_owned(), name: "empty".to_owned() });
    assert_eq!((sbom.tool.name.as_str(), sbom.tool.version.as_deref()), ("syft", Some("1.20.0")));
}

#[test]
fn one_tells_the_image_from_its_package() {
    let (parsed, sbom) = read(include_bytes!("fixtures/one.json"));
    assert_eq!((parsed.listed_components, parsed.entries), (2, 0));
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    assert_eq!(image.references[0].to_string(), "registry.example/shop/api:2.1");
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Repository, DigestRole::Manifest]);
    let [package] = sbom.components.as_slice() else { panic!("one package") };
    assert_eq!(package.purl.as_str(), "pkg:deb/debian/libssl3@1:3.0.11-1");
    let source = SourcePackage { name: "openssl".to_owned(), version: Some("3.0.11-2".to_owned()) };
    assert_eq!(package.source, Some(source));
    assert_eq!(package.licences, ["Apache-2.0"], "concluded before declared");
    assert_eq!(package.paths, ["/var/lib/dpkg/status", "/usr/share/doc/libssl3/copyright"]);
    assert_eq!(sbom.created_at.unwrap().to_rfc3339(), "2026-02-03T04:05:06+00:00");
}

#[test]
fn many_reads_what_trivy_writes() {
    let (parsed, sbom) = read(include_bytes!("fixtures/many.json"));
    assert_eq!(parsed.listed_components, 7);
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    assert_eq!(image.references[0].to_string(), "registry.example/shop/web:3.1");
    assert_eq!(image.digests[0].0, DigestRole::Config);
    assert_eq!(image.layers, [format!("sha256:{}", "e".repeat(64))]);
    let system = image.distribution.as_ref().unwrap();
    assert_eq!((system.family.as_str(), system.version.as_deref()), ("alpine", Some("3.20.1")));
    let purls: Vec<&str> = sbom.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(
        purls,
        ["pkg:apk/alpine/musl@1.2.5-r0", "pkg:npm/left-pad@1.3.0", "pkg:generic/app%2Fpackage-lock.json"]
    );
    assert_eq!(sbom.components[0].source.as_ref().unwrap().version.as_deref(), Some("1.2.5-r1"));
    assert_eq!(sbom.components[1].paths, ["app/package-lock.json"]);
    assert_eq!(sbom.components[1].licences, ["WTFPL"], "the second mention has one");
}

#[test]
fn many_tells_what_was_odd() {
    let (parsed, _) = read(include_bytes!("fixtures/many.json"));
    let at: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(at, ["packages[3]", "packages[6]"]);
    assert!(parsed.warnings[1].message.contains("neither a purl nor a name"));
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(matches!(&error, Error::Truncated { at, .. } if at.starts_with("packages[1]")), "{error}");
}

#[test]
fn reads_versions_of_tools() {
    #[track_caller]
    fn check(creator: &str, expected: (&str, Option<&str>)) {
        let document =
            format!(r#"{{"spdxVersion":"SPDX-2.3","creationInfo":{{"creators":["Tool: {creator}"]}}}}"#);
        let tool = read(document.as_bytes()).0.tool.unwrap();
        assert_eq!((tool.name.as_str(), tool.version.as_deref()), expected);
    }
    check("spdx-sbom-generator-v0.0.13", ("spdx-sbom-generator", Some("v0.0.13")));
    check("Trivy-dev", ("trivy", Some("dev")));
    check("Open Source Console", ("open source console", None));
    check("syft-1.0.0-rc.1", ("syft", Some("1.0.0-rc.1")));
}

#[test]
fn a_name_with_a_lost_colon_is_not_split() {
    let document = br#"{"spdxVersion":"SPDX-2.2","name":"registry.example/shop-latest",
        "documentNamespace":"https://anchore.com/syft/image/registry.example/shop-latest-1"}"#;
    let (parsed, sbom) = read(document);
    let name = "registry.example/shop-latest".to_owned();
    assert_eq!(sbom.target, Target::Other { kind: "image".to_owned(), name });
    assert_eq!(parsed.warnings.len(), 1);
}

#[test]
fn is_recognised_by_its_packages_where_they_hide_the_version() {
    let package = r#"{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"1"}"#;
    let packages = vec![package; 2000].join(",");
    let document = format!(r#"{{"packages":[{packages}],"spdxVersion":"SPDX-2.3"}}"#);
    let (parsed, sbom) = read(document.as_bytes());
    assert_eq!((parsed.listed_components, sbom.components.len()), (2000, 1));
}

#[test]
fn a_digest_for_a_name_is_the_image() {
    let hex = "ab".repeat(32);
    let document = format!(
        r#"{{"spdxVersion":"SPDX-2.3","name":"sha256:{hex}","comment":"x - generated for 'quay.example/shop@sha256:{hex}'",
        "packages":[{{"name":"Red Hat","primaryPackagePurpose":"OPERATING-SYSTEM","versionInfo":"8",
        "externalRefs":[{{"referenceType":"did","referenceLocator":"rhel"}}]}}]}}"#
    );
    let (_, sbom) = read(document.as_bytes());
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    assert_eq!(image.references[0].name(), "quay.example/shop");
    assert_eq!(image.digests.len(), 1);
    assert_eq!(image.distribution.as_ref().unwrap().family, "rhel");
}

#[test]
fn refuses_version_3() {
    let document = br#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#;
    assert!(!super::recognise(&Head::new(document)));
}

#[test]
fn a_link_to_an_advisory_is_no_finding() {
    let document = br#"{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","externalRefs":[
        {"referenceType":"advisory","referenceLocator":"https://example.org/CVE-2030-0001"}]}]}"#;
    let (parsed, _) = read(document);
    assert_eq!((parsed.entries, parsed.warnings[0].at.as_str()), (0, "packages[0]"));
}

#[test]
fn reads_the_corpus() {
    // File, packages listed, distinct components, whether the target is an image; counted with a script.
    const FILES: [(&str, usize, usize, bool); 20] = [
        ("TC-1817-1.json", 105, 105, true),
        ("appbomination.spdx.json", 7, 7, false),
        ("bitnami-postgresql.spdx.json", 19, 19, false),
        ("dd-spdx_no_vuln.json", 3, 3, false),
        ("dh-hello-world.spdx.json", 0, 0, false),
        ("dh-nats.spdx.json", 10, 10, false),
        ("dh-nginx.spdx.json", 143, 143, false),
        ("golden-julia-spdx.json", 5, 4, false),
        ("guac-alpine-small-spdx.json", 3, 3, false),
        ("guac-oci-spdx.json", 15, 15, false),
        ("hello-source.spdx.json", 1, 1, false),
        ("issue1492.spdx.json", 604, 465, true),
        ("openssl-3.0.7-18.el9_2.spdx.alias.json", 38, 8, false),
        ("rhel-9.2-eus.spdx.json", 2, 2, false),
        ("sbom.spdx.json", 4, 4, false),
        ("self-package.json", 1, 1, false),
        ("simple-dup.json", 8, 8, false),
        ("ubi9-9.2-755.spdx.json", 610, 185, true),
        ("ubi9-micro-container-9.4-6.1716471860.spdx.json", 5, 1, true),
        ("ubi9-micro-container-9.4-6.1716471860_amd64.spdx.json", 22, 21, true),
    ];
    let Some(folder) = corpus("spdx-json") else { return };
    for (file, listed, distinct, is_image) in FILES {
        let (parsed, sbom) = read(&std::fs::read(folder.join(file)).unwrap());
        let image = matches!(sbom.target, Target::Image(_));
        assert_eq!(
            (parsed.listed_components, sbom.components.len(), image),
            (listed, distinct, is_image),
            "{file}"
        );
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len(), "every file is in the table");
}
