//! The mapping of YARA's output, data in, data out.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Head;
use crate::test_support::scans;

fn lines(scan: &Scan) -> Vec<String> {
    let line = |finding: &ReportedFinding| match &finding.subject {
        Subject::Malware { name, path } => format!("{name} {path}"),
        other => panic!("{other:?}"),
    };
    scan.findings.iter().map(line).collect()
}

#[test]
fn files_that_could_not_be_scanned_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.target), (0, 0, &Target::Unstated));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Malware]);
    assert_eq!(scan.partial.as_deref(), Some("2 files could not be scanned"));
    assert_eq!((scan.tool.name.as_str(), parsed.warnings.len()), ("yara", 0));
}

#[test]
fn names_rule_and_file() {
    let parsed = parse(include_bytes!("fixtures/one.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(lines(scan), ["Demo_Miner /srv/bin/miner"]);
    assert_eq!((scan.findings[0].severity, &scan.findings[0].title), (Severity::Unknown, &None));
    assert!(scan.partial.is_some(), "the rules of the next run may be others");
}

#[test]
fn what_a_rule_says_of_itself_is_kept_and_what_matched_is_not() {
    let parsed = parse(include_bytes!("fixtures/many.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        lines(scan),
        [
            "Demo_Miner /srv/a file",
            "Demo_Shell web/upload/b.php",
            "Demo_Miner C:\\srv\\c d.exe",
            "Demo_Packed ./d"
        ]
    );
    let told: Vec<(Option<&str>, &str, Severity)> = scan
        .findings
        .iter()
        .map(|finding| (finding.title.as_deref(), finding.severity_word.as_str(), finding.severity))
        .collect();
    assert_eq!(
        told,
        [
            (None, "", Severity::Unknown),
            (Some("A shell [in PHP], of a page"), "high", Severity::High),
            (None, "80", Severity::Unknown),
            (None, "", Severity::Unknown),
        ]
    );
    assert!(!format!("{parsed:?}").contains("hunter2"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["line 52"]);
}

#[test]
fn says_which_line_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.txt")).unwrap_err().to_string();
    assert!(error.contains("`line 1`") && error.contains("expected a rule and a file"), "{error}");
}

#[test]
fn other_text_is_refused() {
    for text in [
        "",
        "warning: rule \"a\" may be slow\n",
        "hello world\n",
        "Rule /srv/a\nand other words\n",
        "cve,epss\nCVE-2021-1,0.5\n",
        "/srv/a: 3\n",
        "a-b /srv/a\n",
        "see http://example.com/a\n",
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}
