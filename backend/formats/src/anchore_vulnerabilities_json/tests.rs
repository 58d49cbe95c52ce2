//! The mapping of Anchore's vulnerabilities, data in, data out.

use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn an_image_without_findings_was_looked_at() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), scan.covers.len()), ("anchore", 0, 1));
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
    assert_eq!(image(scan).digests[0].0, DigestRole::Manifest);
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!(
        (finding.fix.state, finding.fix.versions.join(" ")),
        (FixState::Fixed, "1:2.0-1+deb12u1".into())
    );
    assert_eq!((&finding.location, scan.components[0].paths.len()), (&None, 0));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.as_str(), record.aliases.len(), record.related.len()), ("CVE-2025-10001", 0, 0));
    assert_eq!(record.references, ["https://security-tracker.debian.org/tracker/CVE-2025-10001"]);
    let distribution = image(scan).distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.version.as_deref()), ("debian", Some("12")));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn packages_are_those_of_the_distribution_and_of_languages() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        [
            "pkg:rpm/rocky/demo-libs@1.2-3.el8.rocky.0.1",
            "pkg:rpm/rocky/left@4.0-1.el8",
            "pkg:pypi/left-pad@1.0",
            "pkg:maven/demo@1.4",
            "pkg:generic/odd@7",
        ]
    );
    assert_eq!(image(scan).distribution.as_ref().unwrap().version.as_deref(), Some("8"));
    assert_eq!(scan.components[3].paths, ["/srv/a.war:WEB-INF/lib/demo.jar", "/srv/b.jar"]);
    assert_eq!(scan.findings[4].location.as_deref(), Some("/srv/b.jar"));
    assert_eq!((parsed.entries, scan.findings.len()), (9, 7));
    assert_eq!(
        messages(&parsed),
        [
            "vulnerabilities[6]: nothing tells the ecosystem of a package, so it is known by name alone",
            "vulnerabilities[7]: a finding without a usable vulnerability id was skipped",
            "vulnerabilities[8]: a finding without a package name was skipped",
        ]
    );
}

#[test]
fn fixes_and_names_are_as_stated() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let fixes: Vec<(FixState, String)> =
        scan.findings.iter().map(|finding| (finding.fix.state, finding.fix.versions.join(" "))).collect();
    assert_eq!(fixes[0], (FixState::Fixed, "1.2-4.el8 1.3-1.el8".to_owned()));
    assert_eq!(fixes[1], (FixState::WontFix, String::new()));
    assert_eq!(fixes[2], (FixState::Unknown, String::new()));
    let names: Vec<(&str, usize, usize)> = scan
        .vulnerabilities
        .iter()
        .map(|record| (record.id.as_str(), record.aliases.len(), record.related.len()))
        .collect();
    assert_eq!(names[2], ("GHSA-aaaa-bbbb-cccc", 1, 0), "one CVE is another name");
    assert_eq!(names[4], ("ELSA-2025-0001", 0, 2), "an advisory covers several");
    assert!(scan.vulnerabilities[1].references.is_empty());
}

#[test]
fn what_was_not_asked_for_is_not_clean() {
    let parsed = parse(include_bytes!("fixtures/os.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.partial.as_deref(), Some("only packages of the distribution were asked for"));
    assert_eq!((&scan.target, purls(scan)), (&Target::Unstated, vec!["pkg:apk/alpine/musl-demo@1.2.4-r0"]));
    assert_eq!(parsed.warnings[0].at, "imageDigest");
}

#[test]
fn the_list_of_anchorectl_says_the_same() {
    let parsed = parse(include_bytes!("fixtures/ctl_many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), scans[0].findings.len()), (1, 2));
    let one = parse(include_bytes!("fixtures/one.json")).unwrap();
    let one = crate::test_support::scans(&one)[0].clone();
    assert_eq!((&scans[0].target, &scans[0].components), (&one.target, &one.components));
    assert_eq!(scans[0].vulnerabilities[0].description.as_deref(), Some("Demo overflows."));
    assert_eq!(scans[0].findings[1].fix.state, FixState::Fixed, "a fix that is out counts");
    assert!(parsed.warnings.is_empty());
}

#[test]
fn says_where_an_answer_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`vulnerabilities[0].nvd_data`"), "{error}");
}
