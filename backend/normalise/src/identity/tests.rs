//! Identity: the same fact in two words is one, two facts in the same word are two.

use std::collections::HashMap;

use domain::component::Component;
use domain::image::{DigestRole, Image};
use domain::scan::{ScanBuilder, Tool};
use domain::severity::Severity;
use domain::vulnerability::VulnerabilityRecord;
use proptest::prelude::*;

use super::*;
use crate::report;

fn builder(tool: &str, digest: char) -> ScanBuilder {
    let mut image = Image::default();
    let digest = format!("sha256:{}", digest.to_string().repeat(64)).parse().unwrap();
    image.add_digest(DigestRole::Manifest, digest);
    ScanBuilder::new(Tool { name: tool.to_owned(), version: None }, Target::Image(image))
}

/// A scan of packages with vulnerabilities, each with aliases.
fn scan(tool: &str, entries: &[(&str, &str, &[&str])]) -> Scan {
    let mut builder = builder(tool, 'a');
    for (purl, id, aliases) in entries {
        let component = builder.component(Component::from_purl(purl.parse().unwrap()));
        let mut record = VulnerabilityRecord::bare(id.parse().unwrap());
        record.aliases = aliases.iter().map(|alias| alias.parse().unwrap()).collect();
        let vulnerability = builder.vulnerability(record);
        let subject = Subject::Vulnerability { component, vulnerability };
        builder.finding(ReportedFinding::new(subject, Severity::High, tool));
    }
    builder.build()
}

#[track_caller]
fn check(scans: &[Scan], expected: usize) {
    let observations: Vec<Observation> = scans.iter().cloned().map(Observation::Scan).collect();
    assert_eq!(distinct_findings(&observations, usize::MAX), expected);
}

const OPENSSL: &str = "pkg:deb/debian/openssl@3.0.11";

#[test]
fn counts_a_finding_once_whatever_it_is_called() {
    check(&[scan("one", &[(OPENSSL, "CVE-2024-1", &[]), (OPENSSL, "CVE-2024-1", &[])])], 1);
    check(&[scan("one", &[(OPENSSL, "CVE-2024-1", &[]), (OPENSSL, "GHSA-aaaa", &["CVE-2024-1"])])], 1);
    check(&[scan("one", &[(OPENSSL, "CVE-2024-1", &[]), (OPENSSL, "CVE-2024-2", &[])])], 2);
    check(&[scan("one", &[(OPENSSL, "CVE-2024-1", &[])]), scan("two", &[(OPENSSL, "CVE-2024-1", &[])])], 1);
}

#[test]
fn counts_targets_apart() {
    let mut other = scan("one", &[(OPENSSL, "CVE-2024-1", &[])]);
    other.target = Target::Other { kind: "filesystem".to_owned(), name: "/".to_owned() };
    check(&[scan("one", &[(OPENSSL, "CVE-2024-1", &[])]), other], 2);
}

#[test]
fn a_stored_finding_has_the_id_it_came_with() {
    let keys = [
        FindingKey::Vulnerability { purl: OPENSSL, vulnerability: "CVE-2024-1" },
        FindingKey::Secret { rule: "aws", path: "/a", line: Some(3) },
        FindingKey::Misconfiguration { check: "DS002", path: "Dockerfile", resource: "x", line: None },
        FindingKey::Licence { purl: OPENSSL, path: "", licence: "GPL-3.0" },
        FindingKey::Malware { name: "eicar", path: "/b" },
    ];
    let image = ImageId::derived(&[b"image"]);
    for key in keys {
        let (purl, vulnerability) = match key {
            FindingKey::Vulnerability { purl, vulnerability } => (purl, vulnerability),
            FindingKey::Licence { purl, .. } => (purl, ""),
            _ => ("", ""),
        };
        let read = FindingKey::of_stored(key.class(), purl, vulnerability, key.stored());
        assert_eq!(read, key);
        assert_eq!(read.id(image), key.id(image));
    }
}

fn entries() -> impl Strategy<Value = Vec<(usize, usize, bool)>> {
    prop::collection::vec((0..4_usize, 0..5_usize, any::<bool>()), 0..30)
}

const PURLS: [&str; 4] = [OPENSSL, "pkg:npm/a@1", "pkg:npm/b@1", "pkg:pypi/c@2"];
const IDS: [&str; 5] = ["CVE-2024-1", "GHSA-aaaa", "CVE-2024-2", "TEMP-1", "GHSA-bbbb"];
const ALIASES: [&[&str]; 5] = [&[], &["CVE-2024-1"], &[], &[], &["CVE-2024-2"]];

/// The same vulnerability under either of its names, as two tools would report it.
fn reported(tool: &str, entries: &[(usize, usize, bool)]) -> Scan {
    let entries: Vec<(&str, &str, &[&str])> =
        entries.iter().map(|(purl, id, _)| (PURLS[*purl], IDS[*id], ALIASES[*id])).collect();
    scan(tool, &entries)
}

proptest! {
    #[test]
    fn the_order_of_entries_never_matters(entries in entries(), rotation in 0..30_usize) {
        let mut rotated = entries.clone();
        rotated.rotate_left(if entries.is_empty() { 0 } else { rotation % entries.len() });
        rotated.reverse();
        let (one, two) = (reported("one", &entries), reported("one", &rotated));
        let groups = AliasGroups::of_records(&one.vulnerabilities);
        prop_assert_eq!(report::fingerprint(&one, &groups, 1), report::fingerprint(&two, &groups, 1));
        prop_assert_eq!(
            distinct_findings(&[Observation::Scan(one)], usize::MAX),
            distinct_findings(&[Observation::Scan(two)], usize::MAX)
        );
    }

    #[test]
    fn two_tools_never_make_two_findings(entries in entries()) {
        // The second tool swaps each alias for the name of its group and back.
        let swapped: Vec<(usize, usize, bool)> = entries
            .iter()
            .map(|(purl, id, swap)| (*purl, if *swap { [1, 0, 4, 3, 2][*id] } else { *id }, *swap))
            .collect();
        let (one, two) = (reported("one", &entries), reported("two", &swapped));
        let all = one.vulnerabilities.iter().chain(&two.vulnerabilities);
        let links = all.flat_map(crate::aliases::links_of).chain(
            [("GHSA-aaaa", "CVE-2024-1"), ("GHSA-bbbb", "CVE-2024-2")]
                .map(|(left, right)| (left.parse().unwrap(), right.parse().unwrap())),
        );
        let groups = AliasGroups::joined(links, &HashMap::new()).0;
        let image = ImageId::derived(&[b"image"]);
        let mut ids_one: Vec<FindingId> = report::findings(&one, image, &groups).into_keys().collect();
        let mut ids_two: Vec<FindingId> = report::findings(&two, image, &groups).into_keys().collect();
        ids_one.sort_unstable();
        ids_two.sort_unstable();
        prop_assert_eq!(ids_one, ids_two);
    }
}
