//! The vulnerabilities that a document speaks of: alias groups first, because identity hangs on them, then
//! what is said of each. Refuses to let one document's silence erase another's word.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::cvss::{AttackVector, CvssReading};
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

/// Records written at a time, to bound memory: descriptions are long.
const BATCH: usize = 1_000;

/// What scans say of vulnerabilities, by canonical id.
type Said<'a> = BTreeMap<&'a VulnerabilityId, Vec<&'a VulnerabilityRecord>>;

/// Writes what scans say of their vulnerabilities.
pub(super) async fn save(tx: &Tx, scans: &[&Scan], groups: &AliasGroups, at: i64) -> Result<(), Error> {
    let mut said = Said::new();
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
    let ids: Vec<&str> = said.keys().map(|id| id.as_str()).collect();
    let known = rows::known(tx, &ids).await?;
    let stored = rows::vectors(tx, &known.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let vectors = Vectors::new(&said, &stored);
    let all: Vec<_> = said.iter().collect();
    for batch in all.chunks(BATCH) {
        let records: Vec<Record<'_>> = batch
            .iter()
            .map(|(id, records)| {
                let reported = worst.get(*id).copied().unwrap_or(Severity::Unknown);
                record(id, records, reported, vectors.rating(id.as_str()))
            })
            .collect();
        rows::save(tx, &records, at).await?;
    }
    rows::add_vectors(tx, &vectors.new_rows().collect::<Vec<_>>()).await?;
    let mut relations: Vec<(&str, &str)> = said
        .iter()
        .flat_map(|(id, records)| {
            records.iter().flat_map(|record| &record.related).map(|related| (id.as_str(), related.as_str()))
        })
        .collect();
    relations.sort_unstable();
    relations.dedup();
    Ok(rows::add_relations(tx, &relations).await?)
}

/// What several records say of one vulnerability: the one that goes by the canonical id first.
fn record<'a>(
    id: &'a VulnerabilityId,
    records: &[&'a VulnerabilityRecord],
    reported: Severity,
    rating: Option<Rating<'a>>,
) -> Record<'a> {
    let mut ordered = records.to_vec();
    ordered.sort_by_key(|record| (record.id != *id, &record.id));
    let list = |field: fn(&VulnerabilityRecord) -> &Vec<String>| {
        let first = ordered.iter().map(|record| field(record)).find(|list| !list.is_empty());
        first.and_then(|list| serde_json::to_string(list).ok()).unwrap_or_else(|| "[]".to_owned())
    };
    let stated = ordered.iter().map(|record| record.severity).fold(reported, Severity::worse);
    let rated = rating.as_ref().map(|rating| Severity::from_cvss(rating.base));
    Record {
        id: id.as_str(),
        title: ordered.iter().find_map(|record| record.title.as_deref()),
        description: ordered.iter().find_map(|record| record.description.as_deref()),
        severity: rated.unwrap_or(stated).rank(),
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
        rating,
    }
}

/// The vectors of vulnerabilities, each with its source: those on record and those that came.
struct Vectors<'a> {
    all: BTreeMap<&'a str, BTreeSet<(&'a str, &'a str)>>,
    stored: HashSet<(&'a str, &'a str, &'a str)>,
    /// What each vector says: thousands of vulnerabilities share a few hundred vectors.
    readings: HashMap<&'a str, Option<CvssReading>>,
}

impl<'a> Vectors<'a> {
    fn new(said: &Said<'a>, stored: &'a [Vector]) -> Self {
        let mut all: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
        for (id, records) in said {
            for score in records.iter().flat_map(|record| &record.cvss) {
                all.entry(id.as_str()).or_default().insert((&score.source, &score.vector));
            }
        }
        let mut known = HashSet::new();
        for vector in stored {
            known.insert((vector.id.as_str(), vector.source.as_str(), vector.vector.as_str()));
            all.entry(&vector.id).or_default().insert((&vector.source, &vector.vector));
        }
        let mut readings = HashMap::new();
        for (_, vector) in all.values().flatten() {
            readings.entry(*vector).or_insert_with(|| domain::cvss::read(vector));
        }
        Self { all, stored: known, readings }
    }

    fn read(&self, vector: &str) -> Option<CvssReading> {
        self.readings.get(vector).copied().flatten()
    }

    /// Those that are not on record.
    fn new_rows(&self) -> impl Iterator<Item = Vector> + '_ {
        self.all.iter().flat_map(move |(id, vectors)| {
            let new = vectors
                .iter()
                .filter(move |(source, vector)| !self.stored.contains(&(*id, *source, *vector)));
            new.map(move |(source, vector)| Vector {
                id: (*id).to_owned(),
                source: (*source).to_owned(),
                vector: (*vector).to_owned(),
                base: self.read(vector).map(|reading| reading.base),
            })
        })
    }

    /// The vector that speaks for a vulnerability, by source and version of CVSS.
    fn rating(&self, id: &str) -> Option<Rating<'a>> {
        let mut ordered: Vec<(&'a str, &'a str)> = self.all.get(id)?.iter().copied().collect();
        ordered.sort_by_key(|(source, vector)| (source_rank(source), version_rank(vector), *source, *vector));
        let (source, vector, reading) =
            ordered.into_iter().find_map(|(source, vector)| Some((source, vector, self.read(vector)?)))?;
        Some(Rating {
            source,
            vector,
            base: reading.base,
            attack_vector: match reading.attack_vector {
                AttackVector::Network => "N",
                AttackVector::Adjacent => "A",
                AttackVector::Local => "L",
            },
            impact: reading.impact,
            automatable: reading.automatable,
            total_impact: reading.total_impact,
        })
    }
}
