//! What Snyk says of a vulnerability: an issue of one CVE is that CVE by another name, one of several is related
//! to each, one of none is known by its GHSA or Snyk's own id.
//!
//! Refuses to give a score to vulnerabilities that share an issue: it is none of theirs.

use domain::cvss::CvssScore;
use domain::fix::{Fix, FixState};
use domain::vulnerability::{ThreatWord, VulnerabilityId, VulnerabilityRecord};

use super::wire::{Identifiers, Issue};
use crate::json::Text;
use crate::time;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;

/// How many identifiers of one issue are read.
const MOST: usize = 100;

/// The name under which Snyk's own vectors are kept.
const SOURCE: &str = "snyk";

/// The vulnerabilities of an issue; none where it names neither itself nor another.
pub(crate) fn of(issue: &Issue<'_>, at: &str, warnings: &mut Warnings) -> Vec<VulnerabilityRecord> {
    let names = names(&issue.id, &issue.identifiers, at, warnings);
    let single = names.len() == 1;
    names
        .into_iter()
        .map(|(id, aliases, related)| {
            let mut record = VulnerabilityRecord { aliases, related, ..record(issue, id) };
            if single {
                record.cvss = scores(issue);
                record.threat = threat(issue);
            }
            record
        })
        .collect()
}

/// An id with its aliases and related ids.
type Names = (VulnerabilityId, Vec<VulnerabilityId>, Vec<VulnerabilityId>);

fn names(own: &str, identifiers: &Identifiers<'_>, at: &str, warnings: &mut Warnings) -> Vec<Names> {
    let (cves, ghsas) = (ids(&identifiers.cve, at, warnings), ids(&identifiers.ghsa, at, warnings));
    let own: Option<VulnerabilityId> = own.parse().ok();
    match <[VulnerabilityId; 1]>::try_from(cves) {
        Ok([cve]) => {
            let (mut aliases, related) =
                if ghsas.len() == 1 { (ghsas, Vec::new()) } else { (Vec::new(), ghsas) };
            aliases.extend(own.filter(|own| *own != cve));
            vec![(cve, aliases, related)]
        }
        Err(cves) if cves.is_empty() => match (<[VulnerabilityId; 1]>::try_from(ghsas), own) {
            (Ok([ghsa]), own) => {
                let aliases = own.into_iter().filter(|own| *own != ghsa).collect();
                vec![(ghsa, aliases, Vec::new())]
            }
            (Err(ghsas), Some(own)) => vec![(own, Vec::new(), ghsas)],
            (Err(ghsas), None) => ghsas.into_iter().map(|ghsa| (ghsa, Vec::new(), Vec::new())).collect(),
        },
        Err(cves) => {
            let others: Vec<VulnerabilityId> = ghsas.into_iter().chain(own).collect();
            cves.into_iter().map(|cve| (cve, Vec::new(), others.clone())).collect()
        }
    }
}

fn ids(texts: &[Text<'_>], at: &str, warnings: &mut Warnings) -> Vec<VulnerabilityId> {
    if texts.len() > MOST {
        warnings.push(at, format!("only the first {MOST} identifiers of an issue were read"));
    }
    let mut ids: Vec<VulnerabilityId> = Vec::new();
    for text in texts.iter().take(MOST) {
        match text.parse::<VulnerabilityId>() {
            Ok(id) if !ids.contains(&id) => ids.push(id),
            Ok(_) => {}
            Err(error) => warnings.push(at, error.to_string()),
        }
    }
    ids
}

fn record(issue: &Issue<'_>, id: VulnerabilityId) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(id);
    record.title = issue.title.filled().filter(|title| *title != record.id.as_str()).map(prose);
    record.description = issue.description.filled().map(prose);
    record.weaknesses = issue
        .identifiers
        .cwe
        .iter()
        .filter(|text| text.starts_with("CWE-"))
        .map(ToString::to_string)
        .collect();
    for link in issue.references.iter().filter_map(|reference| link(&reference.url)) {
        if !record.references.contains(&link) {
            record.references.push(link);
        }
    }
    record.published_at = time::parse(&issue.publication_time);
    record.modified_at = time::parse(&issue.modification_time);
    record
}

/// Snyk's own vector, then those of others.
fn scores(issue: &Issue<'_>) -> Vec<CvssScore> {
    let own = (SOURCE, &issue.cvss_v3, issue.cvss_score);
    let older =
        issue.cvss_details.iter().map(|one| (&*one.assigner, &one.cvss_v3_vector, one.cvss_v3_base_score));
    let newer = issue.cvss_sources.iter().map(|one| (&*one.assigner, &one.vector, one.base_score));
    let mut scores: Vec<CvssScore> = Vec::new();
    for (source, vector, stated) in std::iter::once(own).chain(older).chain(newer) {
        let source = source.to_ascii_lowercase().replace(' ', "-");
        let known = scores.iter().any(|score| score.source == source && score.vector == **vector);
        if !known && let Some(vector) = vector.filled() {
            let stated = stated.0.filter(|score| (0.0..=10.0).contains(score));
            scores.push(CvssScore { source, vector: vector.to_owned(), stated });
        }
    }
    scores
}

fn threat(issue: &Issue<'_>) -> Option<ThreatWord> {
    let epss = issue.epss_details.probability.0.filter(|share| (0.0..=1.0).contains(share));
    let exploit = match issue.exploit.to_ascii_lowercase().as_str() {
        "attacked" | "functional" | "high" | "mature" | "proof of concept" => Some(true),
        "unproven" | "no known exploit" => Some(false),
        _ => None,
    };
    (epss.is_some() || exploit.is_some()).then(|| ThreatWord { epss, exploit, ..ThreatWord::default() })
}

/// The fix of an issue: for packages of a distribution the release that fixes it there.
pub(super) fn fix(issue: &Issue<'_>, at: &str, warnings: &mut Warnings) -> Fix {
    if let Some(version) = issue.nearest_fixed_in_version.filled() {
        return Fix::in_versions(vec![bounded(version, at, warnings)]);
    }
    let Some(stated) = &issue.fixed_in else { return Fix::default() };
    let versions: Vec<String> = stated
        .iter()
        .filter_map(|text| text.filled())
        .map(|version| bounded(version, at, warnings))
        .collect();
    let state = if versions.is_empty() { FixState::NotFixed } else { FixState::Fixed };
    Fix { state, versions }
}
