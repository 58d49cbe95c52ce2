//! The vulnerabilities that one entry of a report speaks of, where it has an id of its own and lists CVEs beside
//! it. One CVE is the same vulnerability by another name; several are as many vulnerabilities.
//!
//! Refuses to join through an advisory, even one of a single CVE: it is related.

use domain::vulnerability::VulnerabilityId;

use crate::clair::{Named, is_advisory};

/// How many ids of one entry are read.
const MOST: usize = 200;

/// The vulnerabilities of an entry; none where neither its id nor a CVE can be read.
pub(crate) fn of<'t>(own: &str, others: impl IntoIterator<Item = &'t str>) -> Vec<Named> {
    let own: Option<VulnerabilityId> = own.parse().ok();
    let mut cves: Vec<VulnerabilityId> = Vec::new();
    let mut rest: Vec<VulnerabilityId> = Vec::new();
    for id in others.into_iter().take(MOST).filter_map(|text| text.parse::<VulnerabilityId>().ok()) {
        let list = if id.is_cve() { &mut cves } else { &mut rest };
        if !list.contains(&id) && Some(&id) != own.as_ref() {
            list.push(id);
        }
    }
    match own {
        Some(own) if own.is_cve() => {
            let (aliases, mut related) = sorted(rest);
            related.extend(cves);
            vec![Named { id: own, aliases, related }]
        }
        Some(own) if cves.is_empty() => vec![Named { id: own, aliases: Vec::new(), related: rest }],
        own => {
            let single = cves.len() == 1;
            let rest: Vec<VulnerabilityId> = own.into_iter().chain(rest).collect();
            let names = cves.into_iter().map(|id| {
                let (aliases, related) =
                    if single { sorted(rest.clone()) } else { (Vec::new(), rest.clone()) };
                Named { id, aliases, related }
            });
            names.collect()
        }
    }
}

/// Ids that name one vulnerability, and those of advisories.
fn sorted(ids: Vec<VulnerabilityId>) -> (Vec<VulnerabilityId>, Vec<VulnerabilityId>) {
    ids.into_iter().partition(|id| !is_advisory(id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(own: &str, others: &[&str], expected: &[(&str, &str, &str)]) {
        let text = |ids: &[VulnerabilityId]| ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ");
        let found: Vec<(String, String, String)> = of(own, others.iter().copied())
            .iter()
            .map(|named| (named.id.to_string(), text(&named.aliases), text(&named.related)))
            .collect();
        let found: Vec<(&str, &str, &str)> =
            found.iter().map(|(id, aliases, related)| (&**id, &**aliases, &**related)).collect();
        assert_eq!(found, expected, "{own} {others:?}");
    }

    #[test]
    fn one_cve_is_the_same_and_several_are_related() {
        check("GHSA-aaaa-bbbb-cccc", &["CVE-2025-1"], &[("CVE-2025-1", "GHSA-aaaa-bbbb-cccc", "")]);
        check("RHSA-2025:1", &["CVE-2025-1", ""], &[("CVE-2025-1", "", "RHSA-2025:1")]);
        check(
            "RHSA-2025:1",
            &["CVE-2025-1", "CVE-2025-2", "CVE-2025-1"],
            &[("CVE-2025-1", "", "RHSA-2025:1"), ("CVE-2025-2", "", "RHSA-2025:1")],
        );
    }

    #[test]
    fn an_entry_may_name_itself_alone() {
        check(
            "CVE-2025-1",
            &["CVE-2025-1", "GHSA-aaaa-bbbb-cccc"],
            &[("CVE-2025-1", "GHSA-aaaa-bbbb-cccc", "")],
        );
        check("CVE-2025-1", &["CVE-2025-2"], &[("CVE-2025-1", "", "CVE-2025-2")]);
        check("demo-1", &["demo-2"], &[("demo-1", "", "demo-2")]);
        check("", &["CVE-2025-1"], &[("CVE-2025-1", "", "")]);
        check("", &[], &[]);
    }
}
