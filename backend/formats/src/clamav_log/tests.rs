//! The mapping of ClamAV's logs, data in, data out.

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
fn a_clean_scan_is_a_scan() {
    let parsed = parse(include_bytes!("fixtures/none.log")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.target), (0, 0, &Target::Unstated));
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("clamav", Some("1.4.2")));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:00:20Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Malware]);
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
}

#[test]
fn names_signature_and_file() {
    let parsed = parse(include_bytes!("fixtures/one.log")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(lines(scan), ["Demo.Worm-1 /srv/a file: odd"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Unknown, ""));
    assert_eq!((parsed.entries, &scan.partial), (1, &None));
}

#[test]
fn a_scan_that_could_not_read_all_is_not_whole() {
    let parsed = parse(include_bytes!("fixtures/many.log")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        lines(scan),
        [
            "Demo.Worm-1 /srv/a",
            "Demo.Miner-2.UNOFFICIAL /srv/a",
            "PUA.Demo.Packed-3 C:\\srv\\b.exe",
            "Demo.Worm-1 /srv/c"
        ]
    );
    assert_eq!((parsed.entries, scan.partial.as_deref()), (5, Some("2 files could not be read")));
    assert_eq!(parsed.warnings[0].at, "line 9");
}

#[test]
fn a_log_without_a_summary_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/v0_daemon.log")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(lines(scan), ["Demo.Worm-1 /srv/a"]);
    assert_eq!(scan.partial.as_deref(), Some("the log has no summary: it may be cut"));
    let text = "/srv/a: Demo.Worm-1 FOUND\n----------- SCAN SUMMARY -----------\nInfected files: 3\n";
    let parsed = parse(text.as_bytes()).unwrap();
    let told = "the summary counts 3 infected files and the log lists 1";
    assert_eq!(scans(&parsed)[0].partial.as_deref(), Some(told));
}

#[test]
fn says_which_line_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.log")).unwrap_err().to_string();
    assert!(error.contains("`line 2`") && error.contains("expected a file and a signature"), "{error}");
}

#[test]
fn other_text_is_refused() {
    for text in [
        "",
        "status: OK\n",
        "/srv/a: OK\nbuild finished\nmore\n",
        "lost and FOUND\n",
        "{\"a\": \"- SCAN SUMMARY - Infected files:\"}",
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
    assert!(super::recognise(&Head::new(b"/srv/a: OK\n/srv/b: Empty file\n/srv/c: O")));
}
