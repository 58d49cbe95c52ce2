//! The mapping of SARIF logs, data in, data out.

use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;

fn many() -> Parsed {
    parse(include_bytes!("fixtures/many.json")).unwrap()
}

fn scan<'p>(parsed: &'p Parsed, tool: &str) -> &'p Scan {
    parsed
        .observations
        .iter()
        .find_map(|observation| match observation {
            Observation::Scan(scan) if scan.tool.name == tool => Some(scan),
            _ => None,
        })
        .unwrap()
}

/// A finding in one line: class, what, where, severity.
fn line(scan: &Scan, finding: &ReportedFinding) -> String {
    let what = match &finding.subject {
        Subject::Vulnerability { .. } => format!(
            "{} {}",
            scan.vulnerability_of(finding).unwrap().id,
            scan.component_of(finding).unwrap().purl
        ),
        Subject::Secret { rule, path, line } => format!("{rule} {path} {}", line.unwrap_or(0)),
        Subject::Misconfiguration { check, path, resource, line } => {
            format!("{check} {path} {} {}", resource.as_deref().unwrap_or("-"), line.unwrap_or(0))
        }
        Subject::Licence { licence, path, .. } => format!("{licence} {}", path.as_deref().unwrap_or("-")),
        Subject::Malware { name, path } => format!("{name} {path}"),
    };
    format!("{} {what} {}", finding.subject.class().as_str(), finding.severity_word)
}

#[track_caller]
fn check(tool: &str, expected: &[&str]) {
    let parsed = many();
    let scan = scan(&parsed, tool);
    let lines: Vec<String> = scan.findings.iter().map(|finding| line(scan, finding)).collect();
    assert_eq!(lines, expected);
}

#[test]
fn reads_trivy() {
    check(
        "trivy",
        &[
            "vulnerability CVE-2025-10001 pkg:deb/debian/libdemo1@1:2.0-1 HIGH",
            "vulnerability CVE-2025-10002 pkg:npm/%40demo/left@1.0.0 MEDIUM",
            "secret demo-token app/deploy.sh 4 9.5",
            "misconfiguration DS-0002 Dockerfile - 9 8.0",
            "licence MIT - 2.0",
        ],
    );
    let parsed = many();
    let Target::Image(image) = &scan(&parsed, "trivy").target else { panic!("no image") };
    assert_eq!((image.references.len(), image.digests.len()), (2, 2));
    assert_eq!(scan(&parsed, "trivy").findings[0].fix.versions, ["1:2.0-1+deb12u1"]);
}

#[test]
fn reads_grype() {
    check(
        "grype",
        &[
            "vulnerability GHSA-aaaa-bbbb-cccc pkg:npm/left@1.0.0 medium",
            "vulnerability ELSA-2025-0001 pkg:rpm/oracle/libdemo1@2.0-1 high",
        ],
    );
    let parsed = many();
    let Target::Image(image) = &scan(&parsed, "grype").target else { panic!("no image") };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:stable");
}

#[test]
fn reads_snyk_and_joins_its_runs() {
    check(
        "snyk container",
        &[
            "vulnerability CVE-2025-10001 pkg:deb/debian/libdemo1@1:2.0-1 error",
            "vulnerability SNYK-JS-DEMOLEFT-2 pkg:npm/%40demo/left@1.0.0 note",
        ],
    );
    let parsed = many();
    let scan = scan(&parsed, "snyk container");
    assert_eq!(scan.vulnerabilities[0].aliases[0].as_str(), "SNYK-DEBIAN12-DEMO-1");
    assert_eq!(scan.vulnerabilities[1].related.len(), 2);
    assert_eq!(scan.components[0].source.as_ref().unwrap().name, "demo");
    assert_eq!(parsed.observations.len(), 5, "the second run of Snyk is part of the first");
}

#[test]
fn reads_scout() {
    let parsed = parse(include_bytes!("fixtures/scout.json")).unwrap();
    let scan = scan(&parsed, "docker scout");
    let lines: Vec<String> = scan.findings.iter().map(|finding| line(scan, finding)).collect();
    assert_eq!(
        lines,
        [
            "vulnerability CVE-2025-10001 pkg:deb/debian/demo@1:2.0-1 HIGH",
            "vulnerability GMS-2025-1 pkg:npm/left@1.0.0 UNSPECIFIED",
            "vulnerability GMS-2025-1 pkg:npm/left@2.0.0 UNSPECIFIED",
        ]
    );
    assert_eq!(scan.findings[0].fix.versions, ["1:2.0-2"]);
    assert_eq!(scan.findings[1].fix.state, domain::fix::FixState::NotFixed);
    assert_eq!((scan.findings[1].severity, scan.covers.len()), (Severity::Unknown, 1));
    assert_eq!(scan.components[0].source.as_ref().unwrap().name, "demo");
}

#[test]
fn secrets_never_carry_the_message() {
    check("gitleaks", &["secret AWS Access Key config.env 7 warning", "secret AWS config.env 8 warning"]);
    let parsed = many();
    let titles: Vec<_> =
        scan(&parsed, "gitleaks").findings.iter().map(|finding| finding.title.clone()).collect();
    assert_eq!(titles, [None, None]);
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn everything_else_is_a_misconfiguration() {
    check(
        "demolint",
        &[
            "misconfiguration DL2 src/main.c - 0 9.1",
            "misconfiguration PK1  Example.run 0 note",
            "misconfiguration DL1  - 0 error",
            "misconfiguration DL1 a - 0 error",
            "misconfiguration DL1/sub b - 0 error",
            "misconfiguration   - 0 warning",
            "vulnerability CVE-2025-10006 pkg:generic/srv%2Flib%2Fhandlebars.js low",
            "vulnerability CVE-2025-10007 pkg:maven/org.demo/core@1.0 warning",
        ],
    );
}

#[test]
fn suppressions_count_when_accepted() {
    let parsed = many();
    let scan = scan(&parsed, "demolint");
    assert_eq!(scan.findings[2].verdict, Verdict::Suppressed("external: known".to_owned()));
    assert_eq!(scan.findings[3].verdict, Verdict::Affected);
    assert_eq!(scan.findings[0].severity, Severity::Critical);
    assert!(scan.partial.is_some());
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:00:00Z"));
    let expected =
        Target::Other { kind: "repository".to_owned(), name: "https://git.example.com/shop/api".to_owned() };
    assert_eq!(scan.target, expected);
}

#[test]
fn a_clean_run_covers_what_its_tool_looks_for() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scan(&parsed, "demolint");
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Misconfiguration]);
    assert_eq!((parsed.entries, scan.tool.version.as_deref()), (0, Some("3.2.1")));
}

#[test]
fn titles_are_one_line() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    assert_eq!(scan(&parsed, "demolint").findings[0].title.as_deref(), Some("Pin the version"));
}

#[test]
fn a_log_without_runs_is_told() {
    let parsed = parse(br#"{"version":"2.1.0","runs":[]}"#).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(parsed.warnings[0].message, "the log holds no runs");
}

#[test]
fn says_where_a_log_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`runs[0].results[0].locations[0].physicalLocation`"), "{error}");
}
