//! The mapping of Trivy's reports, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;

const MANY: &[u8] = include_bytes!("fixtures/many.json");

fn scan(parsed: &Parsed) -> &Scan {
    match &parsed.observations[0] {
        Observation::Scan(scan) => scan,
        other => panic!("{other:?}"),
    }
}

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_the_image_the_tool_and_the_time() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scan(&parsed);
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("trivy", Some("0.68.1")));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.5Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    let image = image(scan);
    let names: Vec<String> = image.references.iter().map(ToString::to_string).collect();
    assert_eq!(names[0], "registry.example.com/shop/api:stable", "the name that was asked for leads");
    assert_eq!(names.len(), 3);
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Repository, DigestRole::Config]);
    assert_eq!(image.platform.as_ref().unwrap().variant.as_deref(), Some("v8"));
    assert_eq!(image.distribution.as_ref().unwrap().end_of_life, None);
    assert_eq!(image.labels["org.opencontainers.image.source"], "https://git.example.com/shop/api");
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn keeps_what_is_said_of_a_vulnerability() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scan(&parsed);
    let finding = &scan.findings[0];
    assert_eq!(scan.component_of(finding).unwrap().purl.to_string(), "pkg:deb/debian/libdemo1@1:2.0-1");
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!(finding.fix.state, FixState::Fixed);
    let record = scan.vulnerability_of(finding).unwrap();
    assert!(record.aliases.is_empty());
    assert_eq!(record.related[0].as_str(), "DSA-9001-1");
    let sources: Vec<&str> = record.cvss.iter().map(|score| score.source.as_str()).collect();
    assert_eq!(sources, ["nvd", "nvd", "redhat"]);
    assert_eq!(record.cvss[0].stated, Some(9.8));
    assert_eq!(
        record.references,
        ["https://vuln.example.org/CVE-2025-10001", "https://lists.example.org/demo"]
    );
}

#[test]
fn maps_every_class() {
    let parsed = parse(MANY).unwrap();
    let scan = scan(&parsed);
    let count = |class| scan.findings.iter().filter(|finding| finding.subject.class() == class).count();
    assert_eq!(parsed.entries, 10);
    assert_eq!(count(FindingClass::Vulnerability), 5);
    assert_eq!(count(FindingClass::Secret), 1);
    assert_eq!(count(FindingClass::Misconfiguration), 2);
    assert_eq!(count(FindingClass::Licence), 3);
    assert_eq!(scan.covers.len(), 4);
    let unfixed = &scan.findings[1];
    assert_eq!((unfixed.fix.state, unfixed.severity), (FixState::WontFix, Severity::Unknown));
    let two_branches = &scan.findings[2];
    assert_eq!(two_branches.fix.versions, ["1.0.1", "2.0.0"]);
}

#[test]
fn one_package_under_two_paths_is_one_component() {
    let parsed = parse(MANY).unwrap();
    let scan = scan(&parsed);
    let left = scan.components.iter().find(|component| component.name == "@demo/left").unwrap();
    assert_eq!(left.paths.len(), 2);
    let libdemo = scan.components.iter().find(|component| component.name == "libdemo1").unwrap();
    assert_eq!(libdemo.source.as_ref().unwrap().version.as_deref(), Some("1:2.0-1"));
}

#[test]
fn what_was_set_aside_is_kept_and_marked() {
    let parsed = parse(MANY).unwrap();
    let suppressed: Vec<&Verdict> = scan(&parsed)
        .findings
        .iter()
        .map(|finding| &finding.verdict)
        .filter(|verdict| **verdict != Verdict::Affected)
        .collect();
    assert_eq!(
        suppressed,
        [
            &Verdict::Suppressed("exception".to_owned()),
            &Verdict::Suppressed("not_affected: vulnerable_code_not_present (vex.json)".to_owned()),
        ]
    );
    assert_eq!(parsed.warnings.len(), 1, "{:?}", parsed.warnings);
}

#[test]
fn licences_find_their_package() {
    let parsed = parse(MANY).unwrap();
    let scan = scan(&parsed);
    let licences: Vec<(Option<String>, Option<String>)> = scan
        .findings
        .iter()
        .filter_map(|finding| match &finding.subject {
            Subject::Licence { path, .. } => {
                Some((scan.component_of(finding).map(|component| component.purl.to_string()), path.clone()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(licences[0].0.as_deref(), Some("pkg:deb/debian/libdemo1@1:2.0-1"));
    assert_eq!(licences[1].0.as_deref(), Some("pkg:deb/debian/other"));
    assert_eq!(licences[2], (None, Some("/usr/share/x/LICENSE".to_owned())));
}

#[test]
fn listed_packages_are_a_bill_of_materials() {
    let parsed = parse(MANY).unwrap();
    let Some(Observation::Sbom(bill)) = parsed.observations.get(1) else { panic!("no bill") };
    assert_eq!(bill.listed, 2);
    let purls: Vec<&str> = bill.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(purls, ["pkg:deb/debian/libdemo1@1:2.0-1", "pkg:npm/%40demo/left@1.0.0"]);
    assert_eq!(parsed.listed_components, 0);
}

#[test]
fn reads_the_array_of_schema_version_one() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scan(&parsed);
    assert_eq!(image(scan).references[0].to_string(), "docker.io/shop/old:2.1");
    assert_eq!(image(scan).distribution.as_ref().unwrap().family, "alpine");
    let purls: Vec<&str> = scan.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(
        purls,
        ["pkg:apk/alpine/musl@1.1.22-r2", "pkg:apk/alpine/zlib@1.2.11-r1", "pkg:npm/%40demo/right@0.1.0"]
    );
    assert_eq!(scan.findings[1].fix.state, FixState::Unknown);
    assert_eq!(scan.findings[2].location.as_deref(), Some("srv/package-lock.json"));
}

#[track_caller]
fn check_target(report: &str, expected: &str) {
    let parsed = parse(report.as_bytes()).unwrap();
    let text = match &scan(&parsed).target {
        Target::Image(image) => {
            let names: Vec<String> = image.references.iter().map(ToString::to_string).collect();
            let roles: Vec<&str> = image.digests.iter().map(|(role, _)| role.as_str()).collect();
            format!("image {} {}", names.join(","), roles.join(","))
        }
        Target::Other { kind, name } => format!("{kind} {name}"),
        Target::Unstated => "unstated".to_owned(),
    };
    assert_eq!(text.trim(), expected);
}

#[test]
fn tells_images_from_everything_else() {
    let digest = format!("sha256:{}", "d".repeat(64));
    check_target(r#"{"SchemaVersion":2,"ArtifactName":"srv","ArtifactType":"filesystem"}"#, "filesystem srv");
    check_target(
        r#"{"SchemaVersion":2,"ArtifactName":"nginx","ArtifactType":"container_image"}"#,
        "image docker.io/library/nginx:latest",
    );
    check_target(
        r#"{"SchemaVersion":2,"ArtifactName":"out/nginx.tar.gz","ArtifactType":"container_image"}"#,
        "image",
    );
    check_target(
        &format!(
            r#"{{"SchemaVersion":2,"ArtifactName":"nginx","ArtifactType":"container_image",
            "Metadata":{{"ImageID":"{digest}","RepoDigests":["nginx@{digest}"]}}}}"#
        ),
        &format!("image docker.io/library/nginx@{digest} repository"),
    );
    check_target(r#"{"SchemaVersion":2,"Results":[]}"#, "unstated");
}

#[test]
fn a_distribution_past_its_end_says_so() {
    let report = br#"{"SchemaVersion":2,"ArtifactName":"old:1","ArtifactType":"container_image",
        "Metadata":{"OS":{"Family":"alpine","Name":"3.9.4","EOSL":true}}}"#;
    let parsed = parse(report).unwrap();
    assert_eq!(image(scan(&parsed)).distribution.as_ref().unwrap().end_of_life, Some(true));
    assert!(
        scan(&parsed).covers.is_empty(),
        "a report without results shows nothing to have been looked for"
    );
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Results[0].Vulnerabilities[0].PkgName`"), "{error}");
    let error = parse(&MANY[..2000]).unwrap_err().to_string();
    assert!(error.starts_with("truncated trivy-json at byte 2000"), "{error}");
}
