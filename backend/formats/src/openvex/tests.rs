//! Documents in, statements out: the fixtures in detail, the corpus by its counts.

use domain::observation::Observation;
use domain::vex::{VexStatement, VexStatus};

use crate::test_support::corpus;
use crate::{Error, Limits, Parsed};

#[track_caller]
fn read(document: &[u8]) -> (Parsed, Vec<VexStatement>) {
    let read = crate::read(document, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    let statements = read.parsed.observations.iter().map(|observation| match observation {
        Observation::Vex(statement) => statement.clone(),
        other => panic!("not a statement: {other:?}"),
    });
    let statements = statements.collect();
    (read.parsed, statements)
}

#[test]
fn none_states_nothing() {
    let (parsed, statements) = read(include_bytes!("fixtures/none.json"));
    assert!(statements.is_empty() && parsed.warnings.is_empty());
    let tool = parsed.tool.unwrap();
    assert_eq!((tool.name.as_str(), tool.version.as_deref()), ("vexctl", Some("v0.3.0")));
}

#[test]
fn one_is_about_a_component_of_an_image() {
    let (parsed, statements) = read(include_bytes!("fixtures/one.json"));
    assert_eq!((parsed.entries, parsed.listed_components, parsed.tool), (0, 0, None));
    let [statement] = statements.as_slice() else { panic!("one statement") };
    assert_eq!(statement.author, "Shop Security");
    assert_eq!(statement.stated_at.unwrap().to_rfc3339(), "2026-02-03T04:05:06+00:00", "the document's");
    assert_eq!(statement.vulnerability.as_str(), "CVE-2030-0001");
    assert_eq!(statement.aliases[0].as_str(), "GHSA-aaaa-bbbb-cccc");
    assert_eq!(statement.status, VexStatus::NotAffected);
    assert_eq!(statement.justification.as_deref(), Some("vulnerable_code_not_in_execute_path"));
    assert_eq!(statement.statement.as_deref(), Some("Never called."));
    let [product] = statement.products.as_slice() else { panic!("one product") };
    assert!(product.id.starts_with("pkg:oci/api@sha256%3Aabab"), "as written: {}", product.id);
    assert_eq!(product.digests, [format!("sha256:{}", "ab".repeat(32))]);
    assert_eq!(product.subcomponents, ["pkg:deb/debian/libssl3@3.0.11-1"]);
}

#[test]
fn many_reads_every_version() {
    let (_, statements) = read(include_bytes!("fixtures/many.json"));
    let [strings, address, bare, parts] = statements.as_slice() else { panic!("four statements") };
    assert_eq!(strings.vulnerability.as_str(), "CVE-2030-1000");
    assert_eq!(strings.products.len(), 2);
    assert!(strings.products.iter().all(|product| product.subcomponents == ["pkg:apk/wolfi/readline@8"]));
    assert_eq!(strings.stated_at.unwrap().to_rfc3339(), "2026-02-01T00:00:00+00:00");
    assert_eq!(address.vulnerability.as_str(), "CVE-2030-1001", "from the address");
    assert_eq!(address.products[0].id, "pkg:npm/left-pad@1.3.0");
    assert_eq!(address.products[0].digests, [format!("sha256:{}", "34".repeat(32))]);
    assert_eq!(address.statement.as_deref(), Some("Upgrade."));
    assert_eq!(address.stated_at.unwrap().to_rfc3339(), "2026-02-02T00:00:00+00:00", "the update");
    assert_eq!((bare.products.len(), bare.status), (0, VexStatus::UnderInvestigation));
    assert_eq!(bare.stated_at.unwrap().to_rfc3339(), "2026-02-05T00:00:00+00:00", "the document's update");
    assert_eq!((parts.products.len(), parts.products[0].id.as_str()), (1, "z"));
}

#[test]
fn many_tells_what_was_left_out() {
    let (parsed, _) = read(include_bytes!("fixtures/many.json"));
    let warnings: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        warnings,
        [
            "statements[2]: a statement names no product and so says nothing of any image",
            "statements[3]: a statement of the unknown status `maybe` was left out",
            "statements[4]: a statement without a vulnerability id was left out",
            "statements[5]: a product without an identifier was left out",
        ]
    );
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Broken { at, .. } if at.starts_with("statements[0].products[0]")),
        "{error}"
    );
}

#[test]
fn reads_the_corpus() {
    // File, statements; counted with a script.
    const FILES: [(&str, usize); 10] = [
        ("dd-openvex_one_vuln.json", 1),
        ("guac-open-vex-affected.json", 1),
        ("rancher-fleet-apis.openvex.json", 2936),
        ("so_openvex_2020_0001_0001.json", 13),
        ("trivy-openvex-multiple.json", 2),
        ("vexctl-document1.vex.json", 1),
        ("vexctl-document2.vex.json", 1),
        ("vexctl-sample-history.openvex.json", 2),
        ("vexctl-v001-1.vex.json", 1),
        ("vexctl-v020-2.vex.json", 1),
    ];
    let Some(folder) = corpus("openvex") else { return };
    for (file, expected) in FILES {
        let (parsed, statements) = read(&std::fs::read(folder.join(file)).unwrap());
        assert_eq!((statements.len(), parsed.warnings.len()), (expected, 0), "{file}");
    }
    let other = crate::read(
        &std::fs::read(folder.join("dd-openvex_not_a_document.json")).unwrap(),
        Limits::default(),
    );
    assert!(matches!(other, Err(Error::NotRecognised { .. })));
}
