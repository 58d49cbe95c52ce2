//! What a document says of a vulnerability itself: names, vectors, links, severity.
//! Refuses to join vulnerabilities through an advisory: only an unambiguous counterpart is an alias.

use domain::cvss::CvssScore;
use domain::severity::Severity;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::components::filled;
use crate::cyclonedx_json::wire::{Rating, Source, Vulnerability};
use crate::warnings::Warnings;
use crate::{severity, time, untrusted};

/// Ids of advisories that may cover several vulnerabilities.
const ADVISORIES: [&str; 10] =
    ["RHSA-", "RHBA-", "RHEA-", "DSA-", "DLA-", "USN-", "ALAS", "ELSA-", "SUSE-", "openSUSE-"];

/// The id a vulnerability leads with.
pub(super) fn id(wire: &Vulnerability<'_>, at: &str, warnings: &mut Warnings) -> Option<VulnerabilityId> {
    let Some(text) = filled(wire.id.as_ref()) else {
        warnings.skip(at, "a vulnerability without an id was left out");
        return None;
    };
    match text.parse() {
        Ok(id) => Some(id),
        Err(error) => {
            warnings.skip(at, format!("{error} and was left out"));
            None
        }
    }
}

/// All that is said of a vulnerability, apart from what it affects.
pub(super) fn record(wire: &Vulnerability<'_>, id: VulnerabilityId) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(id);
    (record.aliases, record.related) = names(wire, &record.id);
    record.description =
        filled(wire.description.as_ref()).or_else(|| filled(wire.detail.as_ref())).map(untrusted::prose);
    (record.severity, _) = judge(wire);
    record.cvss = wire.ratings.iter().filter_map(|rating| vector(rating, &wire.source)).collect();
    record.weaknesses = wire.cwes.iter().filter_map(|cwe| weakness(cwe)).collect();
    record.references = links(wire);
    record.published_at = filled(wire.published.as_ref()).and_then(time::parse);
    record.modified_at = filled(wire.updated.as_ref()).and_then(time::parse);
    record
}

/// Severity with the word for it: that of the vulnerability's own source, else the worst, else the one
/// of the highest score.
pub(super) fn judge(wire: &Vulnerability<'_>) -> (Severity, String) {
    let own = filled(wire.source.name.as_ref());
    let stated = wire.ratings.iter().filter_map(|rating| {
        let word = filled(rating.severity.as_ref())?;
        let is_own = own.is_some() && filled(rating.source.name.as_ref()) == own;
        Some((severity::from_word(word), !is_own, word))
    });
    let known = stated.clone().filter(|(severity, ..)| *severity != Severity::Unknown);
    if let Some((severity, _, word)) = known.min_by_key(|(severity, foreign, _)| (*foreign, *severity)) {
        return (severity, word.to_owned());
    }
    let word = stated.map(|(.., word)| word.to_owned()).next().unwrap_or_default();
    let scores = wire.ratings.iter().filter_map(|rating| rating.score?.0);
    let severity = scores.reduce(f64::max).map_or(Severity::Unknown, Severity::from_cvss);
    (severity, word)
}

/// Other names: aliases, and what is only related.
pub(super) fn names(
    wire: &Vulnerability<'_>,
    id: &VulnerabilityId,
) -> (Vec<VulnerabilityId>, Vec<VulnerabilityId>) {
    let mut others: Vec<VulnerabilityId> = Vec::new();
    for reference in &wire.references {
        let other = filled(reference.id.as_ref()).and_then(|text| text.parse().ok());
        if let Some(other) = other.filter(|other| other != id && !others.contains(other)) {
            others.push(other);
        }
    }
    let is_ghsa = |id: &VulnerabilityId| id.as_str().starts_with("GHSA-");
    let advisory = ADVISORIES.iter().any(|prefix| id.as_str().starts_with(prefix));
    let counterpart: fn(&VulnerabilityId) -> bool =
        if id.is_cve() { |other| other.as_str().starts_with("GHSA-") } else { VulnerabilityId::is_cve };
    let single = others.iter().filter(|other| counterpart(other)).count() == 1;
    let same = !advisory && single && (id.is_cve() || is_ghsa(id) || !others.iter().any(is_ghsa));
    others.into_iter().partition(|other| same && counterpart(other))
}

/// A rating's vector. Many leave out the version prefix, which the method supplies.
fn vector(rating: &Rating<'_>, source: &Source<'_>) -> Option<CvssScore> {
    let written = filled(rating.vector.as_ref())?.trim();
    let prefix = match rating.method.as_deref().unwrap_or_default() {
        "CVSSv3" => "CVSS:3.0/",
        "CVSSv31" => "CVSS:3.1/",
        "CVSSv4" => "CVSS:4.0/",
        "" | "CVSSv2" => "",
        method if method.starts_with("CVSS") => "",
        _ => return None,
    };
    let prefix = if written.starts_with("CVSS:") { "" } else { prefix };
    let source = filled(rating.source.name.as_ref()).or_else(|| filled(source.name.as_ref()));
    Some(CvssScore {
        source: source.unwrap_or("unstated").to_lowercase(),
        vector: format!("{prefix}{written}"),
        stated: rating.score.and_then(|score| score.0),
    })
}

fn weakness(cwe: &str) -> Option<String> {
    let number = cwe.trim().trim_start_matches("CWE-");
    let valid = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && number != "0";
    valid.then(|| format!("CWE-{number}"))
}

fn links(wire: &Vulnerability<'_>) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let advisories = wire.advisories.iter().map(|advisory| advisory.url.as_ref());
    let references = wire.references.iter().map(|reference| reference.source.url.as_ref());
    for link in std::iter::once(wire.source.url.as_ref()).chain(advisories).chain(references) {
        let link = filled(link).and_then(untrusted::link);
        if let Some(link) = link.filter(|link| !links.contains(link)) {
            links.push(link);
        }
    }
    links
}
