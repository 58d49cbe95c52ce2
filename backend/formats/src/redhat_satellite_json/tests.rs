//! The mapping of Satellite's errata, data in, data out.

use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn an_empty_page_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), parsed.entries), ("redhat-satellite", 0, 0));
    assert!(scan.partial.is_some() && parsed.warnings.is_empty());
    assert!(matches!(&scan.target, Target::Other { kind, .. } if kind == "hosts"));
}

#[test]
fn reads_an_erratum_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.components.len(), scan.findings.len()), (1, 1));
    assert_eq!(scan.components[0].purl.as_str(), "pkg:rpm/redhat/demo-libs");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "Important"));
    assert_eq!(finding.fix.versions, ["2.0-2.el9"]);
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.as_str(), record.related[0].as_str()), ("CVE-2025-10001", "RHSA-2025:0001"));
    assert_eq!(record.references, ["https://access.redhat.com/security/cve/CVE-2025-10001"]);
    assert_eq!(record.published_at, crate::time::parse("2025-01-02"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn each_cve_is_in_each_package() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let pairs: Vec<(&str, &str)> = scan
        .findings
        .iter()
        .filter_map(|finding| {
            Some((scan.component_of(finding)?.name.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
        })
        .collect();
    assert_eq!(
        pairs,
        [
            ("demo", "CVE-2025-10002"),
            ("demo", "CVE-2025-10003"),
            ("demo-tools", "CVE-2025-10002"),
            ("demo-tools", "CVE-2025-10003"),
        ]
    );
    assert_eq!(scan.findings[0].fix.versions, ["1:3.0-1.el9"]);
    let told: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("results[0]", "a package whose name could not be read was passed over"),
            ("results[2]", "an erratum without a usable id or package was skipped"),
            ("subtotal", "the list goes on: its other pages are missing"),
            ("results[1]", "1 finding of the type `bugfix` was set aside: they fix no CVE"),
        ]
    );
    assert_eq!(parsed.entries, 3);
}

#[test]
fn says_where_a_page_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`results[0].packages`"), "{error}");
}
