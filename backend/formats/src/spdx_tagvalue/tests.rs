//! Documents in, observations out: the fixtures in detail, the corpus by its counts.

use domain::component::SourcePackage;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::Target;

use crate::test_support::corpus;
use crate::{Head, Limits, Parsed};

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
    let (parsed, sbom) = read(include_bytes!("fixtures/none.spdx"));
    assert_eq!((parsed.listed_components, sbom.components.len(), parsed.warnings.len()), (0, 0, 0));
    assert_eq!(sbom.target, Target::Other { kind: "document".to_owned(), name: "empty".to_owned() });
    assert_eq!((sbom.tool.name.as_str(), sbom.tool.version.as_deref()), ("syft", Some("1.20.0")));
}

#[test]
fn one_tells_the_image_from_its_package() {
    let (parsed, sbom) = read(include_bytes!("fixtures/one.spdx"));
    assert_eq!((parsed.listed_components, parsed.entries, parsed.warnings.len()), (2, 0, 0));
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
    let (parsed, sbom) = read(include_bytes!("fixtures/many.spdx"));
    assert_eq!(parsed.listed_components, 4);
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    assert_eq!(image.references[0].to_string(), "registry.example/shop/web:3.1");
    assert_eq!(image.digests[0].0, DigestRole::Config);
    assert_eq!(image.layers, [format!("sha256:{}", "e".repeat(64))], "from an annotation");
    let system = image.distribution.as_ref().unwrap();
    assert_eq!((system.family.as_str(), system.version.as_deref()), ("alpine", Some("3.20.1")));
    let purls: Vec<&str> = sbom.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(purls, ["pkg:apk/alpine/musl@1.2.5-r0", "pkg:npm/left-pad@1.3.0"]);
    assert_eq!(sbom.components[0].source.as_ref().unwrap().version.as_deref(), Some("1.2.5-r1"));
    assert_eq!(sbom.components[0].licences, ["MIT"]);
}

#[test]
fn many_tells_what_was_odd() {
    let (parsed, _) = read(include_bytes!("fixtures/many.spdx"));
    let at: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(at, ["line 10", "line 33", "line 44", "packages[3]"]);
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.spdx"), Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "truncated spdx-tagvalue at byte 153: the document ends inside `line 6`");
}

#[test]
fn bytes_that_are_not_text_are_told() {
    let (parsed, sbom) = read(b"SPDXVersion: SPDX-2.3\nCreator: Tool: a-1\nPackageName: b\xff\n");
    assert_eq!(sbom.components[0].name, "b\u{fffd}");
    assert_eq!(parsed.warnings.len(), 1);
}

#[test]
fn other_text_is_refused() {
    for text in [
        "Title: notes\nSPDXVersion: SPDX-2.3\n",
        "# SPDXVersion: SPDX-2.3\n",
        "SPDXVersion: 2.3\n",
        "spdxVersion: \"SPDX-2.3\"\n",
        "SPDXID: \"SPDXRef-DOCUMENT\"\nspdxVersion: \"SPDX-2.3\"\n",
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn reads_the_corpus() {
    // File, packages listed, distinct components, whether the target is an image; counted with a script.
    const FILES: [(&str, usize, usize, bool); 4] = [
        ("dd-spdx_one_vuln.spdx", 2, 2, false),
        ("example1.spdx", 1, 1, false),
        ("tag-value.spdx", 4, 3, false),
        ("trivy-centos-7.spdx", 4, 2, true),
    ];
    let Some(folder) = corpus("spdx-tagvalue") else { return };
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
