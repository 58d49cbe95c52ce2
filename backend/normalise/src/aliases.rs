//! Which vulnerability ids are names of one vulnerability. A group has at most one CVE and is named by
//! it; without one, by its GHSA id, then by the first in text order.
//!
//! Refuses to fuse two CVEs: an id that is linked to two different ones joins neither, and a stored
//! membership of a CVE's group stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

/// Names of vulnerabilities and the one that stands for them all.
#[derive(Clone, Debug, Default)]
pub struct AliasGroups {
    /// Only ids that differ from their canonical one.
    canonical: HashMap<VulnerabilityId, VulnerabilityId>,
}

/// The canonical names that have to change because two stored groups turned out to be one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rename {
    /// The name that a stored group has.
    pub from: VulnerabilityId,
    /// The name that it gets.
    pub to: VulnerabilityId,
}

/// A claim that two ids name the same vulnerability.
type Link = (VulnerabilityId, VulnerabilityId);

impl AliasGroups {
    /// The groups that records of one document state.
    #[must_use]
    pub fn of_records<'a>(records: impl IntoIterator<Item = &'a VulnerabilityRecord>) -> Self {
        Self::joined(records.into_iter().flat_map(links_of), &HashMap::new()).0
    }

    /// The groups that `links` state together with what is stored (`stored` leads from an id to the
    /// canonical one of its group), and the stored names that change.
    #[must_use]
    pub fn joined(
        links: impl IntoIterator<Item = Link>,
        stored: &HashMap<VulnerabilityId, VulnerabilityId>,
    ) -> (Self, Vec<Rename>) {
        let home = |id: VulnerabilityId| stored.get(&id).cloned().unwrap_or(id);
        let mut cves: BTreeMap<VulnerabilityId, BTreeSet<VulnerabilityId>> = BTreeMap::new();
        let mut others: BTreeMap<VulnerabilityId, BTreeSet<VulnerabilityId>> = BTreeMap::new();
        let mut mentioned = BTreeSet::new();
        for (left, right) in links {
            mentioned.extend([left.clone(), right.clone()]);
            let (left, right) = (home(left), home(right));
            match (left.is_cve(), right.is_cve()) {
                (true, true) => {}
                (true, false) => drop(cves.entry(right).or_default().insert(left)),
                (false, true) => drop(cves.entry(left).or_default().insert(right)),
                (false, false) if left == right => {}
                (false, false) => {
                    others.entry(left.clone()).or_default().insert(right.clone());
                    others.entry(right).or_default().insert(left);
                }
            }
        }
        let chosen = choose(&cves, &others);
        let mut groups = Self::default();
        for id in mentioned.into_iter().chain(stored.keys().cloned()) {
            let home = home(id.clone());
            let canonical = chosen.get(&home).unwrap_or(&home);
            if *canonical != id {
                groups.canonical.insert(id, canonical.clone());
            }
        }
        let renames: BTreeSet<Rename> = stored
            .values()
            .filter_map(|from| chosen.get(from).map(|to| (from, to)))
            .filter(|(from, to)| from != to)
            .map(|(from, to)| Rename { from: from.clone(), to: to.clone() })
            .collect();
        (groups, renames.into_iter().collect())
    }

    /// The id that names the group of `id`; itself where nothing else is known.
    #[must_use]
    pub fn canonical<'a>(&'a self, id: &'a VulnerabilityId) -> &'a VulnerabilityId {
        self.canonical.get(id).unwrap_or(id)
    }

    /// Every alias with the name of its group, where they differ.
    pub fn aliases(&self) -> impl Iterator<Item = (&VulnerabilityId, &VulnerabilityId)> {
        self.canonical.iter()
    }
}

/// The links that a record states: its id with each alias.
pub fn links_of(record: &VulnerabilityRecord) -> impl Iterator<Item = Link> + '_ {
    record.aliases.iter().map(|alias| (record.id.clone(), alias.clone()))
}

/// The canonical id of every id that has links and is no CVE.
fn choose(
    cves: &BTreeMap<VulnerabilityId, BTreeSet<VulnerabilityId>>,
    others: &BTreeMap<VulnerabilityId, BTreeSet<VulnerabilityId>>,
) -> BTreeMap<VulnerabilityId, VulnerabilityId> {
    let mut chosen = BTreeMap::new();
    let mut visited = BTreeSet::new();
    for start in cves.keys().chain(others.keys()) {
        let group = reachable(start, others, &mut visited);
        let linked: BTreeSet<&VulnerabilityId> =
            group.iter().filter_map(|id| cves.get(*id)).flatten().collect();
        match linked.len() {
            0 => {
                if let Some(name) = group.iter().min_by_key(|id| id.precedence()) {
                    chosen.extend(group.iter().map(|id| ((*id).clone(), (*name).clone())));
                }
            }
            1 => chosen
                .extend(group.iter().flat_map(|id| linked.iter().map(|cve| ((*id).clone(), (*cve).clone())))),
            // The group would fuse several CVEs: only ids that name exactly one of them join it.
            _ => chosen.extend(group.iter().filter_map(|id| match cves.get(*id) {
                Some(own) if own.len() == 1 => own.first().map(|cve| ((*id).clone(), cve.clone())),
                _ => None,
            })),
        }
    }
    chosen
}

/// All ids connected with `start` through links between ids that are no CVEs; empty if it was visited.
fn reachable<'a>(
    start: &'a VulnerabilityId,
    others: &'a BTreeMap<VulnerabilityId, BTreeSet<VulnerabilityId>>,
    visited: &mut BTreeSet<&'a VulnerabilityId>,
) -> Vec<&'a VulnerabilityId> {
    let mut group = Vec::new();
    let mut pending = vec![start];
    while let Some(id) = pending.pop() {
        if visited.insert(id) {
            group.push(id);
            pending.extend(others.get(id).into_iter().flatten());
        }
    }
    group
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> VulnerabilityId {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(links: &[(&str, &str)], expected: &[(&str, &str)]) {
        let links = links.iter().map(|(left, right)| (id(left), id(right)));
        let groups = AliasGroups::joined(links, &HashMap::new()).0;
        for (alias, canonical) in expected {
            assert_eq!(groups.canonical(&id(alias)).as_str(), *canonical, "{alias}");
        }
    }

    #[test]
    fn a_cve_names_its_group() {
        check(
            &[("GHSA-a", "CVE-2024-1"), ("PYSEC-1", "GHSA-a")],
            &[("GHSA-a", "CVE-2024-1"), ("PYSEC-1", "CVE-2024-1"), ("CVE-2024-1", "CVE-2024-1")],
        );
    }

    #[test]
    fn without_a_cve_the_ghsa_does() {
        check(&[("PYSEC-1", "GHSA-b"), ("SNYK-1", "PYSEC-1")], &[("SNYK-1", "GHSA-b"), ("GHSA-b", "GHSA-b")]);
    }

    #[test]
    fn two_cves_never_become_one() {
        check(
            &[("GHSA-a", "CVE-2024-1"), ("GHSA-a", "CVE-2024-2"), ("CVE-2024-1", "CVE-2024-2")],
            &[("GHSA-a", "GHSA-a"), ("CVE-2024-1", "CVE-2024-1"), ("CVE-2024-2", "CVE-2024-2")],
        );
        check(
            &[("GHSA-a", "CVE-2024-1"), ("GHSA-b", "CVE-2024-2"), ("SNYK-1", "GHSA-a"), ("SNYK-1", "GHSA-b")],
            &[("GHSA-a", "CVE-2024-1"), ("GHSA-b", "CVE-2024-2"), ("SNYK-1", "SNYK-1")],
        );
    }

    #[test]
    fn a_stored_group_is_renamed_when_its_cve_appears() {
        let stored = HashMap::from([(id("PYSEC-1"), id("GHSA-b"))]);
        let (groups, renames) = AliasGroups::joined([(id("CVE-2024-3"), id("GHSA-b"))], &stored);
        assert_eq!(groups.canonical(&id("PYSEC-1")).as_str(), "CVE-2024-3");
        assert_eq!(renames, [Rename { from: id("GHSA-b"), to: id("CVE-2024-3") }]);
    }

    #[test]
    fn a_stored_membership_stands() {
        let stored = HashMap::from([(id("GHSA-a"), id("CVE-2024-1"))]);
        let (groups, renames) = AliasGroups::joined([(id("GHSA-a"), id("CVE-2024-2"))], &stored);
        assert_eq!(groups.canonical(&id("GHSA-a")).as_str(), "CVE-2024-1");
        assert!(renames.is_empty());
    }

    fn link() -> impl Strategy<Value = (String, String)> {
        let name = prop_oneof!["CVE-2024-[1-4]", "GHSA-[a-d]", "OSV-[1-4]"];
        (name.clone(), name)
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_cves_stay_apart(links in prop::collection::vec(link(), 0..12)) {
            let parsed: Vec<Link> = links.iter().map(|(left, right)| (id(left), id(right))).collect();
            let forth = AliasGroups::joined(parsed.clone(), &HashMap::new()).0;
            let back = AliasGroups::joined(
                parsed.iter().rev().map(|(left, right)| (right.clone(), left.clone())),
                &HashMap::new(),
            ).0;
            for name in parsed.iter().flat_map(|(left, right)| [left, right]) {
                prop_assert_eq!(forth.canonical(name), back.canonical(name));
                prop_assert_eq!(forth.canonical(forth.canonical(name)), forth.canonical(name));
                if name.is_cve() {
                    prop_assert_eq!(forth.canonical(name), name);
                }
            }
        }
    }
}
