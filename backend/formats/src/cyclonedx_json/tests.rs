//! Documents in, observations out: the fixtures in detail, the corpus by its counts.

use domain::component::SourcePackage;
use domain::finding::Verdict;
use domain::fix::FixState;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{Scan, Target};
use domain::severity::Severity;
use domain::vex::{VexStatement, VexStatus};

use crate::test_support::corpus;
use crate::{Error, Limits, Parsed};

const ONE: &[u8] = include_bytes!("fixtures/one.json");
const MANY: &[u8] = include_bytes!("fixtures/many.json");

#[track_caller]
fn read(document: &[u8]) -> Parsed {
    let read = crate::read(document, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    read.parsed
}

fn sbom(parsed: &Parsed) -> Option<&Sbom> {
    parsed.observations.iter().find_map(|observation| match observation {
        Observation::Sbom(sbom) => Some(sbom),
        _ => None,
    })
}

fn scan(parsed: &Parsed) -> Option<&Scan> {
    parsed.observations.iter().find_map(|observation| match observation {
        Observation::Scan(scan) => Some(scan),
        _ => None,
    })
}

fn statements(parsed: &Parsed) -> Vec<&VexStatement> {
    let statements = parsed.observations.iter().filter_map(|observation| match observation {
        Observation::Vex(statement) => Some(statement),
        _ => None,
    });
    statements.collect()
}

#[test]
fn none_is_a_bill_without_components_and_no_scan() {
    let parsed = read(include_bytes!("fixtures/none.json"));
    assert_eq!(parsed.observations.len(), 1);
    assert!(sbom(&parsed).unwrap().components.is_empty());
    assert!(scan(&parsed).is_none(), "an empty list of vulnerabilities is no clean scan");
    let tool = parsed.tool.unwrap();
    assert_eq!((tool.name.as_str(), tool.version.as_deref()), ("trivy", Some("0.60.0")));
}

#[test]
fn an_empty_list_of_a_scanner_is_a_clean_scan() {
    let document = br#"{"bomFormat":"CycloneDX","metadata":{"tools":[{"name":"Grype"}]},"components":[]}"#;
    assert!(scan(&read(document)).unwrap().findings.is_empty());
}

#[test]
fn is_recognised_by_its_components_where_they_hide_the_name() {
    let component = r#"{"type":"library","bom-ref":"r","name":"n","version":"1","purl":"pkg:npm/n@1"}"#;
    let components = vec![component; 2000].join(",");
    let document = format!(r#"{{"components":[{components}],"bomFormat":"CycloneDX"}}"#);
    assert_eq!(read(document.as_bytes()).listed_components, 2000);
}

#[test]
fn one_names_the_image() {
    let parsed = read(ONE);
    let Target::Image(image) = &sbom(&parsed).unwrap().target else { panic!("not an image") };
    let references: Vec<String> = image.references.iter().map(ToString::to_string).collect();
    assert_eq!(references[1], "registry.example/shop/api:2.1");
    assert_eq!(image.best_digest().unwrap().short(), "abababababab");
    assert_eq!(
        image.digests.iter().map(|(role, _)| *role).collect::<Vec<_>>(),
        [DigestRole::Repository, DigestRole::Config]
    );
    assert_eq!(image.platform.as_ref().unwrap().architecture, "amd64");
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12.5"));
    assert_eq!((image.layers.len(), image.size), (1, Some(7_340_032)));
}

#[test]
fn one_describes_the_package() {
    let parsed = read(ONE);
    assert_eq!(parsed.listed_components, 2);
    let [package] = sbom(&parsed).unwrap().components.as_slice() else { panic!("the system is no package") };
    assert_eq!(package.purl.as_str(), "pkg:deb/debian/libssl3@1:3.0.11-1");
    assert_eq!(package.version.as_deref(), Some("1:3.0.11-1"));
    let source = SourcePackage { name: "openssl".to_owned(), version: Some("1:3.0.11-2".to_owned()) };
    assert_eq!(package.source, Some(source));
    assert_eq!(package.licences, ["Apache-2.0", "OpenSSL"]);
    assert_eq!(package.paths, ["usr/lib/libssl.so.3"]);
}

#[test]
fn one_judges_by_the_source_of_the_vulnerability() {
    let parsed = read(ONE);
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
    let scan = scan(&parsed).unwrap();
    assert_eq!(scan.scanned_at.unwrap().to_rfc3339(), "2026-02-03T03:05:06+00:00");
    let [finding] = scan.findings.as_slice() else { panic!("one finding") };
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Low, "low"));
    assert_eq!(
        (finding.fix.state, finding.fix.versions.join(" ")),
        (FixState::Fixed, "3.0.13-1~deb12u1".to_owned())
    );
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!(record.aliases[0].as_str(), "GHSA-aaaa-bbbb-cccc");
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(9.8)));
    assert!((record.cvss[0].read().unwrap().base - 9.8).abs() < 1e-9, "{}", record.cvss[0].vector);
    assert_eq!(record.weaknesses, ["CWE-787"]);
    assert_eq!(
        record.references,
        ["https://tracker.example/CVE-2030-0001", "https://advisories.example/GHSA-aaaa-bbbb-cccc"]
    );
    assert!(record.published_at < record.modified_at);
}

#[test]
fn many_lists_components_at_any_depth_once() {
    let parsed = read(MANY);
    assert_eq!(parsed.listed_components, 9);
    let sbom = sbom(&parsed).unwrap();
    let purls: Vec<&str> = sbom.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(
        purls,
        [
            "pkg:generic/com.shop/shop-web@4.0",
            "pkg:npm/%40angular/core@16.2.0",
            "pkg:npm/tslib@2.6.0",
            "pkg:apk/alpine/musl@1.2.5-r0",
            "pkg:generic/odd%20thing@1",
        ]
    );
    assert_eq!(sbom.components[1].licences, ["MIT OR Apache-2.0"]);
    let tslib = &sbom.components[2];
    assert_eq!(tslib.paths, ["/app/node_modules/tslib/package.json", "/srv/node_modules/tslib/package.json"]);
    assert_eq!(tslib.licences, ["0BSD"]);
    assert_eq!(sbom.components[3].source.as_ref().unwrap().name, "musl-src");
    assert_eq!(sbom.components[3].paths, ["/lib/apk/db/installed"]);
    let Target::Image(image) = &sbom.target else { panic!("not an image") };
    assert_eq!(image.digests[0].0, DigestRole::Manifest, "Syft's version is the manifest");
    assert_eq!(image.labels["maintainer"], "shop@registry.example");
    assert_eq!(image.distribution.as_ref().unwrap().family, "alpine");
}

#[test]
fn many_resolves_references() {
    let parsed = read(MANY);
    assert_eq!(parsed.entries, 7);
    let scan = scan(&parsed).unwrap();
    let found: Vec<(String, &str)> = scan
        .findings
        .iter()
        .map(|finding| {
            let id = scan.vulnerability_of(finding).unwrap().id.to_string();
            (id, scan.component_of(finding).unwrap().purl.as_str())
        })
        .collect();
    let expected = [
        ("GHSA-dddd-eeee-ffff", "pkg:npm/%40angular/core@16.2.0"),
        ("GHSA-dddd-eeee-ffff", "pkg:npm/tslib@2.6.0"),
        ("RHSA-2030:1", "pkg:apk/alpine/musl@1.2.5-r0"),
        ("CVE-2030-1002", "pkg:apk/alpine/musl@1.2.5-r0"),
        ("CVE-2030-1003", "pkg:npm/left-pad@1.3.0"),
        ("CVE-2030-1003", "pkg:generic/nowhere@9"),
        ("CVE-2030-1004", "pkg:apk/alpine/musl@1.2.5-r0"),
        (
            "CVE-2030-1005",
            "pkg:generic/registry.example%2Fshop%2Fweb@sha256:1212121212121212121212121212121212121212121212121212121212121212",
        ),
    ];
    for ((id, purl), expected) in found.iter().zip(expected) {
        assert_eq!((id.as_str(), *purl), expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn many_keeps_verdicts_names_and_fixes_apart() {
    let parsed = read(MANY);
    let scan = scan(&parsed).unwrap();
    let finding = |nth: usize| &scan.findings[nth];
    assert_eq!(finding(0).severity, Severity::High, "from the score");
    assert_eq!(finding(0).fix.versions, ["16.2.1", "17.0.0"]);
    assert_eq!((finding(2).severity, finding(2).severity_word.as_str()), (Severity::High, "Important"));
    assert_eq!(finding(3).severity, Severity::Medium, "the worst of both");
    assert_eq!(finding(3).verdict, Verdict::Suppressed("not_affected: code_not_reachable".to_owned()));
    assert_eq!((&finding(4).verdict, finding(4).fix.state), (&Verdict::Affected, FixState::WontFix));
    assert!(matches!(finding(6).verdict, Verdict::Suppressed(_)), "an unaffected version");
    let [ghsa, rhsa, ..] = scan.vulnerabilities.as_slice() else { panic!("two records") };
    assert_eq!(ghsa.aliases[0].as_str(), "CVE-2030-1000");
    assert!(rhsa.aliases.is_empty(), "an advisory is not its vulnerability");
    assert_eq!(rhsa.related[0].as_str(), "CVE-2030-1001");
}

#[test]
fn many_tells_what_was_odd() {
    let warnings: Vec<String> = read(MANY)
        .warnings
        .into_iter()
        .map(|warning| format!("{}: {}", warning.at, warning.message))
        .collect();
    let expected = [
        "components[6]: `not a purl` is not a package URL: missing scheme and was passed over",
        "components[8]: a component has neither a purl nor a name and was left out",
        "vulnerabilities[3]: `nowhere` is no component of this document; it is kept as pkg:generic",
        "vulnerabilities[5]: `two words` is not a vulnerability id and was left out",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn a_scan_states_only_what_it_sets_aside() {
    let parsed = read(MANY);
    let statements = statements(&parsed);
    let [statement] = statements.as_slice() else { panic!("one statement") };
    assert_eq!((statement.status, statement.author.as_str()), (VexStatus::NotAffected, "Shop Security"));
    assert_eq!(statement.stated_at.unwrap().to_rfc3339(), "2026-03-02T00:00:00+00:00");
    assert_eq!(statement.justification.as_deref(), Some("code_not_reachable"));
    assert_eq!(statement.products[0].digests, [format!("sha256:{}", "12".repeat(32))]);
    assert_eq!(
        statement.products[0].subcomponents,
        ["pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&upstream=musl-src"]
    );
}

#[test]
fn statements_alone_are_no_scan() {
    let parsed = read(include_bytes!("fixtures/vex.json"));
    assert_eq!((parsed.entries, parsed.listed_components), (4, 0));
    assert!(scan(&parsed).is_none() && sbom(&parsed).is_none());
    let statements = statements(&parsed);
    let states: Vec<VexStatus> = statements.iter().map(|statement| statement.status).collect();
    assert_eq!(states, [VexStatus::Fixed, VexStatus::Affected, VexStatus::NotAffected]);
    assert!(statements[0].products[0].id.starts_with("pkg:oci/api@"));
    assert_eq!(statements[0].products[0].digests, [format!("sha256:{}", "ab".repeat(32))]);
    assert_eq!(statements[1].products[0].id, "pkg:maven/org.acme/lib@1.0?type=jar");
    assert_eq!(statements[2].products[0].id, "other-product@2.4");
    assert_eq!(statements[2].author, "Shop");
    assert_eq!(parsed.warnings.len(), 2, "{:?}", parsed.warnings);
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(matches!(&error, Error::Truncated { at, .. } if at.starts_with("vulnerabilities[0]")), "{error}");
}

#[test]
fn reads_the_corpus() {
    // File, entries, listed components, distinct packages, findings, statements; counted with a script.
    const FILES: [(&str, usize, usize, usize, usize, usize); 19] = [
        ("cyclonedx-json/dd-jake2.json", 7, 67, 67, 7, 0),
        ("cyclonedx-json/dtrack-bom-metadata-components.json", 0, 151, 151, 0, 0),
        ("cyclonedx-json/example_container_index.json", 0, 1, 1, 0, 0),
        ("cyclonedx-json/guac-alpine-cyclonedx.json", 0, 15, 14, 0, 0),
        ("cyclonedx-json/guac-big-mongo-cyclonedx.json", 0, 293, 173, 0, 0),
        ("cyclonedx-json/guac-busybox-cyclonedx.json.zst", 0, 1, 0, 0, 0),
        ("cyclonedx-json/guac-xray-cdx-vulns.json", 1, 1, 1, 1, 0),
        ("cyclonedx-json/juice-shop-11.1.2.cdx.json", 0, 840, 840, 0, 0),
        ("cyclonedx-json/secobserve-trivy.json", 2, 86, 85, 2, 0),
        ("cyclonedx-json/simple.cdx.json.gz", 0, 8, 8, 0, 0),
        ("cyclonedx-json/simple.cdx.json.xz", 0, 8, 8, 0, 0),
        ("cyclonedx-json/trivy-empty-bom.json", 0, 0, 0, 0, 0),
        ("cyclonedx-json/trivy-fluentd.cdx.json", 0, 161, 160, 0, 0),
        ("cyclonedx-json/trustify-invalid-purl.cdx.json", 0, 1, 1, 0, 0),
        ("cyclonedx-vex/cisa-case1-vex-not_affected.json", 1, 0, 0, 0, 1),
        ("cyclonedx-vex/cisa-case6-vex.json", 2, 0, 0, 0, 2),
        ("cyclonedx-vex/cisa-case8-vex.json", 8, 0, 0, 0, 8),
        ("cyclonedx-vex/guac-cyclonedx-unaffected-vex.json", 1, 0, 0, 0, 1),
        ("cyclonedx-vex/guac-cyclonedx-vex-false-positive.json", 2, 0, 0, 0, 2),
    ];
    let Some(root) = corpus("") else { return };
    for (file, entries, listed, packages, findings, stated) in FILES {
        let parsed = read(&std::fs::read(root.join(file)).unwrap());
        let counts = (
            parsed.entries,
            parsed.listed_components,
            sbom(&parsed).map_or(0, |sbom| sbom.components.len()),
            scan(&parsed).map_or(0, |scan| scan.findings.len()),
            statements(&parsed).len(),
        );
        assert_eq!(counts, (entries, listed, packages, findings, stated), "{file}");
    }
}

#[test]
fn reads_every_file_of_the_corpus() {
    for folder in ["cyclonedx-json", "cyclonedx-vex"] {
        let Some(folder) = corpus(folder) else { return };
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let read = crate::read(&std::fs::read(&path).unwrap(), Limits::default());
            match path.file_name().unwrap().to_str().unwrap() {
                "trustify-indigestable.json" => {
                    let read = read.unwrap();
                    assert_eq!((read.format.kind, read.parsed.warnings.len()), ("spdx-json", 1));
                }
                _ => assert_eq!(read.unwrap().format.kind, super::KIND, "{}", path.display()),
            }
        }
    }
}
