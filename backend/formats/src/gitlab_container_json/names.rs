//! The ids of an entry: GitLab lists every name and category of a vulnerability side by side. A GHSA
//! beside one CVE is that CVE; several CVEs are as many vulnerabilities of the package.
//!
//! Refuses to join through vendor advisories and old databases: those are related.

use domain::vulnerability::VulnerabilityId;

use super::wire::{Identifier, Vulnerability};
use crate::warnings::Warnings;

/// How many identifiers of one entry are read.
const MOST: usize = 100;

/// An id with its aliases and related ids.
type Names = (VulnerabilityId, Vec<VulnerabilityId>, Vec<VulnerabilityId>);

/// The vulnerabilities of an entry.
pub(super) fn of(entry: &Vulnerability<'_>, at: &str, warnings: &mut Warnings) -> Vec<Names> {
    if entry.identifiers.len() > MOST {
        warnings.push(at, format!("only the first {MOST} identifiers of an entry were read"));
    }
    let mut ids: Vec<VulnerabilityId> = Vec::new();
    for id in entry.identifiers.iter().take(MOST).filter_map(named) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        let elsewhere = [&entry.cve, &entry.name, &entry.id].into_iter().find_map(|text| text.parse().ok());
        ids.extend(elsewhere.filter(|id: &VulnerabilityId| id.is_cve() || is_ghsa(id)));
    }
    let (cves, others): (Vec<_>, Vec<_>) = ids.into_iter().partition(VulnerabilityId::is_cve);
    match <[VulnerabilityId; 1]>::try_from(cves) {
        Ok([cve]) => {
            let (mut aliases, mut related): (Vec<_>, Vec<_>) = others.into_iter().partition(is_ghsa);
            if aliases.len() > 1 {
                related.append(&mut aliases);
            }
            vec![(cve, aliases, related)]
        }
        Err(cves) if cves.is_empty() => {
            let mut others = others.into_iter();
            others.next().map(|first| (first, Vec::new(), others.collect())).into_iter().collect()
        }
        Err(cves) => cves.into_iter().map(|cve| (cve, Vec::new(), others.clone())).collect(),
    }
}

/// Weaknesses among the identifiers: `CWE-79`.
pub(super) fn weaknesses(entry: &Vulnerability<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for identifier in entry.identifiers.iter().take(MOST) {
        let number = identifier.value.trim_start_matches("CWE-");
        if identifier.kind.eq_ignore_ascii_case("cwe") && number.parse::<u32>().is_ok() {
            let weakness = format!("CWE-{number}");
            if !found.contains(&weakness) {
                found.push(weakness);
            }
        }
    }
    found
}

/// The id of an identifier that names a vulnerability or an advisory, and no category or row of GitLab's.
fn named(identifier: &Identifier<'_>) -> Option<VulnerabilityId> {
    let kind = identifier.kind.to_ascii_lowercase();
    if matches!(kind.as_str(), "cwe" | "owasp" | "gemnasium") {
        return None;
    }
    identifier.value.parse().or_else(|_| identifier.name.parse()).ok()
}

fn is_ghsa(id: &VulnerabilityId) -> bool {
    id.as_str().starts_with("GHSA-")
}
