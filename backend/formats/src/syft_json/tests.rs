//! Documents in, observations out: the fixtures in detail, the corpus by its counts.

use domain::component::SourcePackage;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::Target;

use crate::test_support::corpus;
use crate::{Error, Limits, Parsed};

#[track_caller]
fn read(document: &[u8]) -> (Parsed, Sbom) {
    let read = crate::read(document, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    let [Observation::Sbom(sbom)] = read.parsed.observations.as_slice() else { panic!("one bill") };
    let sbom = sbom.clone();
    (read.parsed, sbom)
}

fn source(name: &str, version: Option<&str>) -> Option<SourcePackage> {
    Some(SourcePackage { name: name.to_owned(), version: version.map(str::to_owned) })
}

#[test]
fn none_names_the_image_all_the_same() {
    let (parsed, sbom) = read(include_bytes!("fixtures/none.json"));
    assert_eq!((parsed.listed_components, sbom.components.len(), parsed.warnings.len()), (0, 0, 0));
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    let references: Vec<String> = image.references.iter().map(ToString::to_string).collect();
    assert_eq!(references[1], "registry.example/shop/api:2.1", "without the transport");
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Manifest, DigestRole::Config, DigestRole::Repository]);
    assert_eq!(image.platform.as_ref().unwrap().os, "linux");
    assert_eq!(image.distribution.as_ref().unwrap().family, "debian");
    assert_eq!((image.layers.len(), image.size), (1, Some(7_340_032)));
    assert_eq!(image.labels["maintainer"], "shop");
}

#[test]
fn one_describes_the_package() {
    let (parsed, sbom) = read(include_bytes!("fixtures/one.json"));
    assert_eq!((parsed.listed_components, parsed.entries), (1, 0));
    let package = &sbom.components[0];
    assert_eq!(package.purl.as_str(), "pkg:deb/debian/libssl3@3.0.11-1");
    assert_eq!(package.source, source("openssl", Some("3.0.11-2")));
    assert_eq!(package.licences, ["Apache-2.0"]);
    assert_eq!(package.paths, ["/var/lib/dpkg/status", "/usr/share/doc/libssl3/copyright"]);
}

#[test]
fn many_reads_early_schemas_and_every_metadata() {
    let (parsed, sbom) = read(include_bytes!("fixtures/many.json"));
    assert_eq!((parsed.listed_components, parsed.warnings.len()), (5, 0));
    let purls: Vec<&str> = sbom.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(
        purls,
        [
            "pkg:rpm/redhat/bash@5.1.8-6.el9",
            "pkg:apk/alpine/musl-utils@1.2.5-r0",
            "pkg:composer/acme/lib@2.0",
            "pkg:generic/nginx@1.27",
        ]
    );
    let [bash, musl, composer, _] = sbom.components.as_slice() else { panic!("four packages") };
    assert_eq!((bash.version.as_deref(), bash.source.clone()), (Some("0:5.1.8-6.el9"), source("bash", None)));
    assert_eq!(
        (&bash.paths[0], &bash.licences[0]),
        (&"/var/lib/rpm/Packages".to_owned(), &"GPLv3+".to_owned())
    );
    assert_eq!((musl.source.clone(), musl.licences.len()), (source("musl", None), 2));
    assert_eq!(composer.source, None, "an object is no source package");
    assert_eq!((composer.paths.len(), composer.licences.join(",")), (2, "custom terms".to_owned()));
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    let references: Vec<String> = image.references.iter().map(ToString::to_string).collect();
    assert_eq!(references, ["docker.io/library/shop:latest", "registry.example/shop:7"]);
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("3.20.1"));
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Truncated { at, .. } if at.starts_with("artifacts[0].metadata")),
        "{error}"
    );
}

#[test]
fn paths_and_archives_are_no_images() {
    #[track_caller]
    fn check(source: &str, kind: &str, name: &str) {
        let document = format!(r#"{{"artifacts":[],"source":{source},"descriptor":{{"name":"syft"}}}}"#);
        let (_, sbom) = read(document.as_bytes());
        assert_eq!(sbom.target, Target::Other { kind: kind.to_owned(), name: name.to_owned() });
    }
    check(r#"{"type":"directory","target":"/srv/app"}"#, "directory", "/srv/app");
    check(r#"{"type":"file","metadata":{"path":"app.jar"}}"#, "file", "app.jar");
    check(
        r#"{"type":"image","name":"./shop.tar","metadata":{"userInput":"./shop.tar"}}"#,
        "image",
        "./shop.tar",
    );
}

#[test]
fn reads_the_corpus() {
    // File, artifacts, distinct components, warnings; counted with a script.
    const FILES: [(&str, usize, usize, usize); 4] = [
        ("alpine.syft.json", 14, 14, 0),
        ("golden-full-document.syft.json", 2, 2, 2),
        ("sbom-alpine-3.2.0.syft.json", 14, 14, 0),
        ("schema-11.0.0.syft.json", 1, 1, 0),
    ];
    let Some(folder) = corpus("syft-json") else { return };
    for (file, listed, distinct, warnings) in FILES {
        let (parsed, sbom) = read(&std::fs::read(folder.join(file)).unwrap());
        assert_eq!(
            (parsed.listed_components, sbom.components.len(), parsed.warnings.len()),
            (listed, distinct, warnings),
            "{file}"
        );
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len(), "every file is in the table");
}
