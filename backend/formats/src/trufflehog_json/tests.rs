//! The mapping of TruffleHog's lines, data in, data out.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Head;
use crate::test_support::scans;

/// Findings in one line each: rule, file, line, layer or commit.
fn lines(scan: &Scan) -> Vec<String> {
    let line = |finding: &ReportedFinding| match &finding.subject {
        Subject::Secret { rule, path, line } => {
            format!("{rule} {path} {} {}", line.unwrap_or(0), finding.location.as_deref().unwrap_or("-"))
        }
        other => panic!("{other:?}"),
    };
    scan.findings.iter().map(line).collect()
}

#[test]
fn a_log_alone_is_a_clean_run() {
    let parsed = parse(include_bytes!("fixtures/none.jsonl")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.target), (0, 0, &Target::Unstated));
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("trufflehog", Some("3.88.1")));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:00:02Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Secret]);
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
}

#[test]
fn a_secret_in_an_image_keeps_its_layer() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4");
    let layer = format!("sha256:{}", "a".repeat(64));
    assert_eq!(lines(scan), [format!("Demo /app/deploy.env 0 {layer}")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Unknown, ""));
    assert_eq!(finding.title.as_deref(), Some("verified: it opens what it is for"));
    assert!(parsed.warnings.is_empty() && !format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn each_source_has_its_scan() {
    let parsed = parse(include_bytes!("fixtures/many.jsonl")).unwrap();
    let scans = scans(&parsed);
    let targets: Vec<String> = scans
        .iter()
        .map(|scan| match &scan.target {
            Target::Image(image) => format!("image {}", image.references[0]),
            Target::Other { kind, name } => format!("{kind} {name}"),
            Target::Unstated => "unstated".to_owned(),
        })
        .collect();
    assert_eq!(
        targets,
        [
            "image docker.io/shop/api",
            "image /tmp/api.tar",
            "repository https://git.example.com/shop/api",
            "bucket shop-backups",
            "unstated"
        ]
    );
    let Target::Image(image) = &scans[0].target else { panic!("{:?}", scans[0].target) };
    let digest = format!("sha256:{}", "b".repeat(64));
    assert_eq!(image.digests, [(DigestRole::Repository, digest.parse().unwrap())]);
    assert_eq!(lines(scans[0]), ["Demo image-metadata:history:3:created-by 0 -", "17 /srv/key 0 -"]);
    assert_eq!(lines(scans[2]), ["PrivateKey keys 4 4444444444444444444444444444444444444444"]);
    assert_eq!(lines(scans[3]), ["URI dump.sql 0 -"]);
    assert_eq!(lines(scans[4]), ["Demo https://wiki.example.com/page/7 0 -"]);
    assert_eq!(parsed.entries, 6);
    assert_eq!(scans[4].partial.as_deref(), Some("the log of the run tells of errors"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["[7]"]);
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn reads_release_two() {
    let parsed = parse(include_bytes!("fixtures/v2_many.jsonl")).unwrap();
    let scan = scans(&parsed)[0];
    let commit = "5555555555555555555555555555555555555555";
    assert_eq!(
        lines(scan),
        [format!("High Entropy src/a.py 0 {commit}"), format!("Demo Token src/b.py 0 {commit}")]
    );
    assert_eq!((&scan.target, scan.findings[0].title.as_deref()), (&Target::Unstated, None));
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn lines_may_stand_in_a_list() {
    let list = format!("[{}]", include_str!("fixtures/one.json").trim());
    assert!(super::recognise(&Head::new(list.as_bytes())));
    assert_eq!(parse(list.as_bytes()).unwrap().entries, 1);
}

#[test]
fn says_where_a_line_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.jsonl")).unwrap_err().to_string();
    assert!(error.contains("DetectorName"), "{error}");
}
