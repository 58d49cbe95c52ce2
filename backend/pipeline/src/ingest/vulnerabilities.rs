//! The vulnerabilities that a document speaks of: alias groups first, because identity hangs on them, then
//! what is said of each. Refuses to let one document's silence erase another's word.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::cvss::AttackVector;
use domain::finding::Subject;
use domain::id::ImageId;
use domain::scan::Scan;
use domain::severity::Severity;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};
use normalise::aliases::{self, AliasGroups};
use normalise::merge::{source_rank, version_rank};
use store::Tx;
use store::save::vulnerabilities::{self as rows, Rating, Record, Vector};

use super::content::Content;
use super::moves;
use crate::Error;

/// The alias groups of a document together with the stored ones; writes what is new. Tells which images
/// have findings that got another name.
pub(super) async fn groups(tx: &Tx, content: &Content) -> Result<(AliasGroups, Vec<ImageId>), Error> {
    let records = content.scans.iter().flat_map(|scan| &scan.vulnerabilities);
    let mut links: Vec<(VulnerabilityId, VulnerabilityId)> = records.flat_map(aliases::links_of).collect();
    for statement in &content.statements {
        links.extend(statement.aliases.iter().map(|alias| (statement.vulnerability.clone(), alias.clone())));
    }
    let stored = stored(tx, content, &links).await?;
    let (groups, renames) = AliasGroups::joined(links, &stored);
    let touched = moves::rename(tx, &renames).await?;
    let mut new: Vec<(&str, &str)> = groups
        .aliases()
        .filter(|(alias, canonical)| stored.get(*alias) != Some(*canonical))
        .map(|(alias, canonical)| (alias.as_str(), canonical.as_str()))
        .collect();
    new.sort_unstable();
    rows::add_aliases(tx, &new).await?;
    Ok((groups, touched))
}

/// Where the ids of a document lead. An id with links that has a row of its own leads to itself, so that
/// the row is renamed when the group gets a better name.
async fn stored(
    tx: &Tx,
    content: &Content,
    links: &[(VulnerabilityId, VulnerabilityId)],
) -> Result<HashMap<VulnerabilityId, VulnerabilityId>, Error> {
    let linked: BTreeSet<&VulnerabilityId> = links.iter().flat_map(|(left, right)| [left, right]).collect();
    let mentioned = content.scans.iter().flat_map(|scan| &scan.vulnerabilities).map(|record| &record.id);
    let stated = content.statements.iter().map(|statement| &statement.vulnerability);
    let others: BTreeSet<&VulnerabilityId> =
        linked.iter().copied().chain(mentioned).chain(stated).filter(|id| !id.is_cve()).collect();
    let texts: Vec<&str> = others.iter().map(|id| id.as_str()).collect();
    let mut leads: HashMap<VulnerabilityId, VulnerabilityId> = HashMap::new();
    for (alias, canonical) in rows::canonical(tx, &texts).await? {
        if let (Ok(alias), Ok(canonical)) = (alias.parse(), canonical.parse()) {
            leads.insert(alias, canonical);
        }
    }
    let own: Vec<&str> = others
        .iter()
        .filter(|id| linked.contains(*id) && !leads.contains_key(**id))
        .map(|id| id.as_str())
        .collect();
    for id in rows::known(tx, &own).await? {
        if let Ok(id) = id.parse::<VulnerabilityId>() {
            leads.insert(id.clone(), id);
        }
    }
    Ok(leads)
}

/// Writes what scans say of their vulnerabilities.
pub(super) async fn save(tx: &Tx, scans: &[&Scan], groups: &AliasGroups, at: i64) -> Result<(), Error> {
    let mut said: BTreeMap<&VulnerabilityId, Vec<&VulnerabilityRecord>> = BTreeMap::new();
    let mut worst: HashMap<&VulnerabilityId, Severity> = HashMap::new();
    for scan in scans {
        for record in &scan.vulnerabilities {
            said.entry(groups.canonical(&record.id)).or_default().push(record);
        }
        for finding in &scan.findings {
            let Subject::Vulnerability { vulnerability, .. } = finding.subject else { continue };
            let Some(record) = scan.vulnerabilities.get(vulnerability) else { continue };
            let known = worst.entry(groups.canonical(&record.id)).or_insert(Severity::Unknown);
            *known = known.worse(finding.severity);
        }
    }
    let records: Vec<Record> = said
        .iter()
        .map(|(id, records)| record(id, records, worst.get(id).copied().unwrap_or(Severity::Unknown)))
        .collect();
    rows::save(tx, &records, at).await?;
    let mut relations: Vec<(&str, &str)> = said
        .iter()
        .flat_map(|(id, records)| {
            records.iter().flat_map(|record| &record.related).map(|related| (id.as_str(), related.as_str()))
        })
        .collect();
    relations.sort_unstable();
    relations.dedup();
    rows::add_relations(tx, &relations).await?;
    rate(tx, &said).await?;
    let ids: Vec<&str> = said.keys().map(|id| id.as_str()).collect();
    Ok(rows::adopt_feeds(tx, &ids).await?)
}

/// What several records say of one vulnerability: the one that goes by the canonical id first.
fn record(id: &VulnerabilityId, records: &[&VulnerabilityRecord], worst: Severity) -> Record {
    let mut ordered = records.to_vec();
    ordered.sort_by_key(|record| (record.id != *id, record.id.clone()));
    let first = |field: fn(&VulnerabilityRecord) -> Option<&String>| {
        ordered.iter().find_map(|record| field(record)).cloned()
    };
    let list = |field: fn(&VulnerabilityRecord) -> &Vec<String>| {
        let longest = ordered.iter().map(|record| field(record)).find(|list| !list.is_empty());
        longest.and_then(|list| serde_json::to_string(list).ok()).unwrap_or_else(|| "[]".to_owned())
    };
    let stated = ordered.iter().map(|record| record.severity).fold(worst, Severity::worse);
    Record {
        id: id.to_string(),
        title: first(|record| record.title.as_ref()),
        description: first(|record| record.description.as_ref()),
        severity: stated.rank(),
        published_at: ordered
            .iter()
            .filter_map(|record| record.published_at)
            .min()
            .map(|at| at.timestamp_millis()),
        modified_at: ordered
            .iter()
            .filter_map(|record| record.modified_at)
            .max()
            .map(|at| at.timestamp_millis()),
        weaknesses: list(|record| &record.weaknesses),
        links: list(|record| &record.references),
    }
}

/// Adds the vectors that are new and lets the best of all speak for its vulnerability.
async fn rate(tx: &Tx, said: &BTreeMap<&VulnerabilityId, Vec<&VulnerabilityRecord>>) -> Result<(), Error> {
    let mut incoming: BTreeMap<&str, BTreeMap<(&str, &str), Option<f64>>> = BTreeMap::new();
    for (id, records) in said {
        for score in records.iter().flat_map(|record| &record.cvss) {
            incoming.entry(id.as_str()).or_default().insert((&score.source, &score.vector), None);
        }
    }
    let rated: Vec<&str> = incoming.keys().copied().collect();
    let stored = rows::vectors(tx, &rated).await?;
    let mut all: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for vector in &stored {
        all.entry(&vector.id).or_default().push((&vector.source, &vector.vector));
        if let Some(new) = incoming.get_mut(vector.id.as_str()) {
            new.remove(&(vector.source.as_str(), vector.vector.as_str()));
        }
    }
    let mut new = Vec::new();
    let mut changed = BTreeSet::new();
    for (id, vectors) in &incoming {
        for (source, vector) in vectors.keys() {
            all.entry(id).or_default().push((source, vector));
            changed.insert(*id);
            new.push(Vector {
                id: (*id).to_owned(),
                source: (*source).to_owned(),
                vector: (*vector).to_owned(),
                base: domain::cvss::read(vector).map(|reading| reading.base),
            });
        }
    }
    rows::add_vectors(tx, &new).await?;
    let ratings: Vec<Rating> =
        changed.into_iter().filter_map(|id| rating(id, all.get(id).map_or(&[], Vec::as_slice))).collect();
    Ok(rows::rate(tx, &ratings).await?)
}

/// The vector that speaks for a vulnerability, by source and version of CVSS.
fn rating(id: &str, vectors: &[(&str, &str)]) -> Option<Rating> {
    let mut ordered = vectors.to_vec();
    ordered.sort_by_key(|(source, vector)| (source_rank(source), version_rank(vector), *source, *vector));
    let (source, vector, reading) = ordered
        .into_iter()
        .find_map(|(source, vector)| Some((source, vector, domain::cvss::read(vector)?)))?;
    Some(Rating {
        id: id.to_owned(),
        source: source.to_owned(),
        vector: vector.to_owned(),
        base: reading.base,
        attack_vector: match reading.attack_vector {
            AttackVector::Network => "N",
            AttackVector::Adjacent => "A",
            AttackVector::Local => "L",
        },
        impact: reading.impact,
        automatable: reading.automatable,
        total_impact: reading.total_impact,
        severity: Severity::from_cvss(reading.base).rank(),
    })
}
