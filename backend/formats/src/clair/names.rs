//! The ids behind what Clair calls the name of a vulnerability: `CVE-2018-1000654 libtasn1: …`,
//! `RHSA-2023:7877: openssl security update (Low)`, or a title alone whose link leads to the CVE.
//!
//! Refuses to let an advisory stand for the vulnerabilities that its links name: each is one of its own, and
//! the advisory is related. Without such links it stands for itself.

use std::collections::BTreeSet;

use domain::vulnerability::VulnerabilityId;

/// Beginnings of advisories that cover several vulnerabilities.
const ADVISORIES: &[&str] = &[
    "ALAS",
    "ALBA-",
    "ALSA-",
    "DLA-",
    "DSA-",
    "ELBA-",
    "ELEA-",
    "ELSA-",
    "PHSA-",
    "RHBA-",
    "RHEA-",
    "RHSA-",
    "RLSA-",
    "SUSE-",
    "USN-",
    "openSUSE-",
];
/// Beginnings of ids of single vulnerabilities.
const SINGLE: &[&str] = &["CVE-", "GHSA-", "GO-", "MAL-", "OSV-", "PYSEC-", "RUSTSEC-", "TEMP-", "pyup.io-"];
/// Where a source that is not the CVE's own names the CVE that it is about.
const ABOUT: &str = "nvd.nist.gov/vuln/detail/";

/// A vulnerability with its other names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub id: VulnerabilityId,
    pub aliases: Vec<VulnerabilityId>,
    pub related: Vec<VulnerabilityId>,
}

impl Named {
    fn bare(id: VulnerabilityId) -> Self {
        Self { id, aliases: Vec::new(), related: Vec::new() }
    }
}

/// The vulnerabilities that a name and the links beside it speak of; none where neither holds an id.
pub(crate) fn names(name: &str, links: &str) -> Vec<Named> {
    let linked = cves(links);
    match lead(name, linked.is_empty()) {
        None => linked.into_iter().map(Named::bare).collect(),
        Some(id) if id.is_cve() => vec![Named::bare(id)],
        Some(id) if is_advisory(id.as_str()) && !linked.is_empty() => {
            let covered = |cve| Named { related: vec![id.clone()], ..Named::bare(cve) };
            linked.into_iter().map(covered).collect()
        }
        Some(id) => {
            let in_name = cves(name);
            let same = in_name.len() == 1 || in_name.is_empty() && linked.len() == 1 && links.contains(ABOUT);
            let others = if in_name.is_empty() { linked } else { in_name };
            let (aliases, related) = if same { (others, Vec::new()) } else { (Vec::new(), others) };
            vec![Named { id, aliases, related }]
        }
    }
}

/// Whether an id is one of an advisory, which may cover several vulnerabilities.
pub(crate) fn is_advisory(id: &str) -> bool {
    begins(id, ADVISORIES)
}

/// The id that a name begins with, or that it is where no link is a better one.
fn lead(name: &str, unlinked: bool) -> Option<VulnerabilityId> {
    let first = name.split_whitespace().next()?.trim_end_matches([':', ',']);
    let alone = name.split_whitespace().nth(1).is_none();
    let is_id = begins(first, SINGLE) || begins(first, ADVISORIES);
    if is_id || alone && unlinked { first.parse().ok() } else { None }
}

fn begins(text: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| text.starts_with(beginning))
}

/// Every CVE id in a text, once each, in their order.
fn cves(text: &str) -> Vec<VulnerabilityId> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let ids: BTreeSet<VulnerabilityId> =
        words.filter(|word| is_cve(word)).filter_map(|word| word.parse().ok()).collect();
    ids.into_iter().collect()
}

fn is_cve(word: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = word.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, number)| {
        year.len() == 4 && digits(year) && (4..20).contains(&number.len()) && digits(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, links: &str, expected: &[(&str, &str, &str)]) {
        let text = |ids: &[VulnerabilityId]| ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ");
        let found = names(name, links);
        let found: Vec<(String, String, String)> = found
            .iter()
            .map(|named| (named.id.to_string(), text(&named.aliases), text(&named.related)))
            .collect();
        let found: Vec<(&str, &str, &str)> =
            found.iter().map(|(id, aliases, related)| (&**id, &**aliases, &**related)).collect();
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn a_cve_is_itself_whatever_its_links_name() {
        check("CVE-2025-10001", "https://x.example.org/CVE-2025-10009", &[("CVE-2025-10001", "", "")]);
        check("CVE-2025-10001 demo: overflow (low)", "", &[("CVE-2025-10001", "", "")]);
        check("CVE-2025-10001 on Ubuntu 24.04 LTS (noble) - medium.", "", &[("CVE-2025-10001", "", "")]);
    }

    #[test]
    fn a_title_is_what_its_link_names() {
        let link = "https://tracker.example.org/cve/CVE-2025-10001";
        check("demo: overflow (low)", link, &[("CVE-2025-10001", "", "")]);
        check("997 (low)", link, &[("CVE-2025-10001", "", "")]);
        check("demo: overflow (low)", "https://example.org", &[]);
        check("", "", &[]);
    }

    #[test]
    fn an_advisory_is_related_to_each_that_it_covers() {
        check(
            "RHSA-2025:0001: demo security update (Moderate)",
            "https://e.example.org/RHSA-2025:0001 https://e.example.org/CVE-2025-10002 https://e.example.org/CVE-2025-10001",
            &[("CVE-2025-10001", "", "RHSA-2025:0001"), ("CVE-2025-10002", "", "RHSA-2025:0001")],
        );
        check("RHSA-2025:0001", "https://e.example.org/RHSA-2025:0001", &[("RHSA-2025:0001", "", "")]);
    }

    #[test]
    fn one_cve_is_an_alias_and_several_are_related() {
        let nvd = "https://nvd.nist.gov/vuln/detail/CVE-2025-10001";
        check("GHSA-aaaa-bbbb-cccc", nvd, &[("GHSA-aaaa-bbbb-cccc", "CVE-2025-10001", "")]);
        check(
            "GHSA-aaaa-bbbb-cccc",
            "https://blog.example.org/CVE-2025-10001",
            &[("GHSA-aaaa-bbbb-cccc", "", "CVE-2025-10001")],
        );
        check("pyup.io-1 (CVE-2025-10001)", "", &[("pyup.io-1", "CVE-2025-10001", "")]);
    }
}
