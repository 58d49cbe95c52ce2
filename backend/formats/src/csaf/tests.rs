//! Documents in, statements out: the fixtures in detail, the corpus by its counts.

use domain::observation::Observation;
use domain::vex::{VexStatement, VexStatus};

use crate::test_support::corpus;
use crate::{Error, Head, Limits, Parsed};

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

fn warnings(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn none_states_nothing() {
    let (parsed, statements) = read(include_bytes!("fixtures/none.json"));
    assert!(statements.is_empty() && parsed.warnings.is_empty());
    let tool = parsed.tool.unwrap();
    assert_eq!((tool.name.as_str(), tool.version.as_deref()), ("advisory maker", Some("1.2.0")));
}

#[test]
fn one_is_about_a_component_of_an_image() {
    let (parsed, statements) = read(include_bytes!("fixtures/one.json"));
    assert_eq!((parsed.entries, parsed.listed_components, parsed.warnings.len()), (0, 0, 0));
    let [statement] = statements.as_slice() else { panic!("one statement") };
    assert_eq!(statement.author, "Shop Security");
    assert_eq!(statement.stated_at.unwrap().to_rfc3339(), "2026-02-03T04:05:06+00:00", "the current release");
    assert_eq!(statement.vulnerability.as_str(), "CVE-2030-0001");
    assert_eq!(statement.aliases.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["GHSA-aaaa-bbbb-cccc"]);
    assert_eq!(statement.status, VexStatus::NotAffected);
    assert_eq!(statement.justification.as_deref(), Some("vulnerable_code_not_in_execute_path"));
    assert_eq!(statement.statement.as_deref(), Some("Never called."), "not the word for the severity");
    let [product] = statement.products.as_slice() else { panic!("one product") };
    assert!(product.id.starts_with("pkg:oci/api@sha256%3Aabab"), "as written: {}", product.id);
    assert_eq!(product.digests, [format!("sha256:{}", "ab".repeat(32))]);
    assert_eq!(product.subcomponents, ["pkg:npm/left-pad@1.3.0"]);
}

#[test]
fn many_keeps_parts_where_they_are() {
    let (_, statements) = read(include_bytes!("fixtures/many.json"));
    let told: Vec<(&str, VexStatus, Option<&str>, Vec<String>)> = statements
        .iter()
        .map(|said| {
            let products = said.products.iter().map(|product| {
                format!("{} {}", product.id, product.subcomponents.join(" ")).trim_end().to_owned()
            });
            (said.vulnerability.as_str(), said.status, said.statement.as_deref(), products.collect())
        })
        .collect();
    let list = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<String>>();
    assert_eq!(
        told,
        [
            (
                "CVE-2030-1000",
                VexStatus::Affected,
                Some("Upgrade."),
                // A distribution's build is itself, a library in an application is not.
                list(&["pkg:rpm/some/bash@5.1-6?arch=x86_64", "App 4 pkg:npm/left-pad@1.3.0"])
            ),
            ("CVE-2030-1000", VexStatus::Fixed, None, list(&["pkg:rpm/some/bash@5.1-7?arch=x86_64"])),
            ("CVE-2030-1000", VexStatus::Affected, Some("Wait."), list(&["App 4"])),
            ("CVE-2030-1000", VexStatus::NotAffected, None, list(&["NOWHERE"])),
            ("GHSA-dddd-eeee-ffff", VexStatus::UnderInvestigation, None, list(&["Only named"])),
        ]
    );
    assert_eq!(statements[0].stated_at.unwrap().to_rfc3339(), "2026-02-01T00:00:00+00:00");
}

#[test]
fn many_tells_what_was_left_out() {
    let (parsed, _) = read(include_bytes!("fixtures/many.json"));
    assert_eq!(
        warnings(&parsed),
        [
            "document.category: a document of the category `csaf_security_advisory` is not of the VEX profile: \
             only the status of its products is read",
            "document.tracking.status: the document is a draft",
            "vulnerabilities[0]: VEX has no status `recommended`: its products were left out",
            "vulnerabilities[0]: a product that the tree of products does not have is known by its id alone",
            "vulnerabilities[2]: a vulnerability without the status of a product says nothing of any image",
            "vulnerabilities[3]: a vulnerability without an id was left out",
        ]
    );
}

#[test]
fn documents_may_stand_one_a_line() {
    let (parsed, statements) = read(include_bytes!("fixtures/lines.jsonl"));
    let authors: Vec<&str> = statements.iter().map(|statement| statement.author.as_str()).collect();
    assert_eq!(authors, ["A", "B"]);
    assert_eq!(parsed.warnings[0].at, "[1].vulnerabilities[0]");
}

#[test]
fn parts_that_hold_each_other_end() {
    let (_, statements) = read(
        br#"{"document":{"category":"csaf_vex","csaf_version":"2.0"},"product_tree":{"relationships":[
            {"product_reference":"A","relates_to_product_reference":"A","full_product_name":{"product_id":"A","name":"A"}}]},
            "vulnerabilities":[{"cve":"CVE-2030-0001","product_status":{"fixed":["A"]}}]}"#,
    );
    assert_eq!((statements[0].author.as_str(), statements[0].products[0].id.as_str()), ("unstated", "A"));
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Broken { at, .. } if at == "vulnerabilities[0].product_status"),
        "{error}"
    );
}

#[test]
fn lists_of_documents_are_refused() {
    for text in [
        r#"{"canonical_url":"https://a.example","publisher":{"name":"A"},"distributions":[]}"#,
        r#"{"feed":{"id":"a","title":"b","entry":[]}}"#,
        r#"{"aggregator":{"name":"a"},"csaf_providers":[]}"#,
        r#"[{"document":{"csaf_version":"2.0"}}]"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn reads_the_corpus() {
    // File, statements, products in them; counted with a script.
    const FILES: [(&str, usize, usize); 14] = [
        ("cisco-sa-20180328-smi2.json", 1, 259),
        ("cve-2023-33201.json", 5, 380),
        ("dd-csaf_many_vuln.json", 5, 5),
        ("dd-csaf_one_vuln.json", 1, 1),
        ("guac-rhsa-csaf.json", 2, 36),
        ("rhsa-2021_5186.json", 4, 6),
        ("rhsa-2024-2705.json", 4, 2104),
        ("rhsa-2024_3666.json", 2, 18),
        ("secobserve-csaf_product_branches.json", 3, 3),
        ("secobserve-csaf_product_no_branch.json", 3, 3),
        ("stackrox-rhba-2024_0599.jsonl", 4, 16),
        ("stackrox-rhsa-2024_0024.jsonl", 11, 143),
        ("v2.1-2022-evd-uc-03-ms-001.json", 19, 19),
        ("v2.1-rhsa-2022_0011.json", 1, 15),
    ];
    let Some(folder) = corpus("csaf") else { return };
    for (file, statements, products) in FILES {
        let (_, found) = read(&std::fs::read(folder.join(file)).unwrap());
        let listed: usize = found.iter().map(|statement| statement.products.len()).sum();
        assert_eq!((found.len(), listed), (statements, products), "{file}");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len(), "every file is in the table");
}
