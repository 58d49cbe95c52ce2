//! The mapping of Defender's pages, data in, data out.

use domain::fix::FixState;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::Head;
use crate::test_support::scans;

fn host(scan: &Scan) -> &str {
    match &scan.target {
        Target::Other { kind, name } if kind == "host" => name,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_page_says_nothing_of_any_machine() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn keeps_a_vulnerability_of_its_machine() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), host(scan)), ("ms-defender", "machine-1"));
    assert!(scan.partial.is_some(), "a list has a query");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!((finding.fix.state, finding.fix.versions.len()), (FixState::Fixed, 0));
    assert_eq!(scan.components[0].purl.as_str(), "pkg:generic/left@1.0");
    assert_eq!(scan.vulnerabilities[0].id.as_str(), "CVE-2025-10001");
    assert!(scan.vulnerabilities[0].threat.is_none());
    assert_eq!(parsed.warnings[0].at, "value[0]");
}

#[test]
fn reads_rows_of_the_export_too() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| host(scan)).collect::<Vec<_>>(), ["node-1.example.com", "machine-2"]);
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(scans[0].scanned_at, crate::time::parse("2026-02-03T10:20:30.1234567Z"));
    assert_eq!(scans[0].components[0].paths, ["/opt/left/bin/left"]);
    let exploits: Vec<Option<bool>> =
        scans[0].vulnerabilities.iter().map(|record| record.threat.and_then(|word| word.exploit)).collect();
    assert_eq!(exploits, [Some(true), Some(false)]);
    assert_eq!(scans[0].findings[1].severity, Severity::Unknown);
    let more = Some("the list goes on: its next page is missing");
    assert_eq!((scans[1].partial.as_deref(), parsed.entries), (more, 5));
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(told, ["value[0]", "value[3]", "value[4]"]);
}

#[test]
fn a_list_of_machines_is_none_of_vulnerabilities() {
    let machines = br##"{"@odata.context":"https://api.securitycenter.microsoft.com/api/$metadata#Machines","value":[]}"##;
    assert!(!recognise(&Head::new(machines)));
}

#[test]
fn says_where_a_page_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`value[0].diskPaths`"), "{error}");
}
