//! The list of images, out of their summary rows. Refuses findings, but where one vulnerability or
//! component narrows the list, and then by its key.

use chrono::{DateTime, Utc};
use domain::id::{ComponentId, ImageId, WorkloadId};
use domain::scope::Viewer;
use domain::severity::Severity;

use super::signatures::Standing;
use crate::bulk;
use crate::clouds::CLOUD_OF_REGISTRY;
use crate::connection::Value;
use crate::list::{self, Clauses, Facet, Listed, Listing, Page, Sort, SortColumn};
use crate::row::Row;
use crate::{Error, Store};

/// An image as the list shows it.
#[derive(Clone, Debug)]
pub struct ImageRow {
    /// Its id.
    pub id: ImageId,
    /// The digest it is known by.
    pub digest: String,
    /// Its name as people say it: `shop/api:1.9`.
    pub name: String,
    /// Registry; may be empty.
    pub registry: String,
    /// Repository; may be empty.
    pub repository: String,
    /// `linux/arm64/v8`, as far as known.
    pub platform: String,
    /// Distribution family, if known.
    pub distribution: Option<String>,
    /// Its version.
    pub distribution_version: Option<String>,
    /// Whether the distribution is past its end of life, if a tool said so.
    pub end_of_life: Option<bool>,
    /// Bytes.
    pub size: Option<u64>,
    /// When it was built.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was first heard of.
    pub first_seen_at: DateTime<Utc>,
    /// When a tool last looked at it; never, if absent.
    pub last_scanned_at: Option<DateTime<Utc>>,
    /// Components in it.
    pub component_count: u64,
    /// Open findings by severity: critical, high, medium, low, unknown.
    pub severities: [u64; 5],
    /// Open findings with a fix.
    pub fixable: u64,
    /// Vulnerabilities known to be exploited.
    pub kev: u64,
    /// Secrets.
    pub secrets: u64,
    /// Misconfigurations.
    pub misconfigurations: u64,
    /// The highest EPSS probability of its open findings.
    pub max_epss: Option<f64>,
    /// Running containers.
    pub running: u64,
    /// Workloads that use it.
    pub workload_count: u64,
    /// Score, 0 to 100; absent until scored.
    pub score: Option<f64>,
    /// The reach for which it was scored, or how it is used.
    pub score_reach: Option<String>,
    /// Whether it is signed.
    pub signing: Standing,
}

/// Whether a tool has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanState {
    /// No tool has.
    Never,
    /// Longer ago than the moment given.
    Stale,
    /// Since the moment given.
    Current,
}

/// What narrows the list of images. The default lets everything through.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in name, repository, tag or digest.
    pub text: Option<String>,
    /// At least one open finding of this severity.
    pub severity: Option<Severity>,
    /// At least one vulnerability known to be exploited.
    pub kev: bool,
    /// At least one open finding with a fix.
    pub fixable: bool,
    /// At least one secret.
    pub secrets: bool,
    /// Whether it runs.
    pub running: Option<bool>,
    /// Whether it was looked at, and since when.
    pub scan: Option<(ScanState, DateTime<Utc>)>,
    /// The distribution's family; empty means not known.
    pub distribution: Option<String>,
    /// The registry; empty means none stated.
    pub registry: Option<String>,
    /// The cloud whose registry it lies in, by the registry's host; empty means none.
    pub cloud: Option<String>,
    /// The cloud in which it runs; empty means one that is not known.
    pub runs_in: Option<String>,
    /// Whether it is signed.
    pub signing: Option<Standing>,
    /// Past the distribution's end of life.
    pub end_of_life: bool,
    /// Open findings of this vulnerability.
    pub vulnerability: Option<String>,
    /// Holds this component.
    pub component: Option<ComponentId>,
    /// Used by this workload.
    pub workload: Option<WorkloadId>,
    /// Holds this package.
    pub package: Option<Package>,
}

/// A package that one update changes: a source package, or a component that has none, by name and where
/// one is given by version. A binary package's own name and version find it too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version, if only one is meant.
    pub version: Option<String>,
}

/// Columns by which the list can be sorted.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("score", &["COALESCE(score, -1)"]),
    SortColumn::by("name", &["name"]),
    SortColumn::by("severity", &["critical", "high", "medium", "low"]),
    SortColumn::by("fixable", &["fixable"]),
    SortColumn::by("kev", &["kev"]),
    SortColumn::by("epss", &["COALESCE(max_epss, -1)"]),
    SortColumn::by("secrets", &["secrets"]),
    SortColumn::by("components", &["component_count"]),
    SortColumn::by("running", &["running"]),
    SortColumn::by("workloads", &["workload_count"]),
    SortColumn::by("scanned", &["COALESCE(last_scanned_at, 0)"]),
    SortColumn::by("distribution", &["COALESCE(distribution, '')", "COALESCE(distribution_version, '')"]),
    SortColumn::by("created", &["COALESCE(created_at, 0)"]),
    SortColumn::by("seen", &["first_seen_at"]),
];

pub(crate) const COLUMNS: &str = "id, digest, name, registry, repository, os, architecture, variant, distribution, \
     distribution_version, end_of_life, size, created_at, first_seen_at, last_scanned_at, component_count, \
     critical, high, medium, low, unknown, fixable, kev, secrets, misconfigurations, max_epss, running, \
     workload_count, score, score_reach, signing";

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            text_clause(&mut clauses, text);
        }
        if let Some(severity) = self.severity {
            clauses.and(&format!("{} > 0", severity.as_str()), []);
        }
        clauses.when(self.kev, "kev > 0");
        clauses.when(self.fixable, "fixable > 0");
        clauses.when(self.secrets, "secrets > 0");
        clauses.when(self.end_of_life, "end_of_life");
        clauses.when(self.running == Some(true), "running > 0");
        clauses.when(self.running == Some(false), "running = 0");
        match self.scan {
            Some((ScanState::Never, _)) => clauses.and("last_scanned_at IS NULL", []),
            Some((ScanState::Stale, since)) => clauses.and("last_scanned_at < ?", [bulk::time(since)]),
            Some((ScanState::Current, since)) => clauses.and("last_scanned_at >= ?", [bulk::time(since)]),
            None => {}
        }
        clauses.equals("COALESCE(distribution, '')", self.distribution.as_deref());
        clauses.equals("registry", self.registry.as_deref());
        clauses.equals(&CLOUD_OF_REGISTRY, self.cloud.as_deref());
        match self.signing {
            None => {}
            Some(Standing::Unknown) => clauses.and("signing IS NULL", []),
            Some(known) => clauses.and("signing = ?", [known.as_str().into()]),
        }
        self.key_clauses(&mut clauses);
        clauses
    }

    /// What is looked up by key in other tables.
    fn key_clauses(&self, clauses: &mut Clauses) {
        if let Some(vulnerability) = &self.vulnerability {
            clauses.and(
                "id IN (SELECT image_id FROM findings WHERE vulnerability_id = ? AND closed_at IS NULL)",
                [vulnerability.as_str().into()],
            );
        }
        if let Some(component) = self.component {
            clauses.and(
                "id IN (SELECT image_id FROM image_components WHERE component_id = ?)",
                [bulk::id(component)],
            );
        }
        if let Some(workload) = self.workload {
            clauses
                .and("id IN (SELECT image_id FROM containers WHERE workload_id = ?)", [bulk::id(workload)]);
        }
        if let Some(cloud) = &self.runs_in {
            clauses.and(
                "id IN (SELECT c.image_id FROM workloads w JOIN containers c ON c.workload_id = w.id \
                 AND c.running > 0 WHERE w.provider = ? AND w.retired_at IS NULL)",
                [cloud.as_str().into()],
            );
        }
        if let Some(package) = &self.package {
            package_clause(clauses, package);
        }
    }
}

/// Images whose components are listed, and those of which only findings are known.
fn package_clause(clauses: &mut Clauses, package: &Package) {
    let mut components = String::from("SELECT id FROM components WHERE (source_name = ? OR name = ?)");
    let mut values: Vec<Value> = vec![package.name.as_str().into(); 2];
    if let Some(version) = &package.version {
        components.push_str(" AND (source_version = ? OR version = ?)");
        values.extend([version.as_str().into(), version.as_str().into()]);
    }
    let clause = format!(
        "id IN (SELECT image_id FROM image_components WHERE component_id IN ({components}) UNION \
         SELECT image_id FROM findings WHERE closed_at IS NULL AND component_id IN ({components}))"
    );
    clauses.and(&clause, [values.clone(), values].concat());
}

/// Name, repository and tags by any part; digests, of any role, by their beginning.
fn text_clause(clauses: &mut Clauses, text: &str) {
    let part = list::containing(text);
    let mut clause = String::from(
        "LOWER(name) LIKE ? ESCAPE '!' OR LOWER(repository) LIKE ? ESCAPE '!' OR id IN \
         (SELECT image_id FROM image_tags WHERE LOWER(repository || ':' || tag) LIKE ? ESCAPE '!')",
    );
    let mut values: Vec<Value> = vec![part.clone(), part.clone(), part];
    let hex = text.rsplit([':', '@']).next().unwrap_or(text).to_ascii_lowercase();
    if hex.len() >= 4 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        clause
            .push_str(" OR digest LIKE ? OR id IN (SELECT image_id FROM image_digests WHERE digest LIKE ?)");
        let beginning: Value = format!("sha256:{hex}%").into();
        values.extend([beginning.clone(), beginning]);
    }
    clauses.and(&clause, values);
}

/// A page of the images that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<ImageRow>, Error> {
    listing(filter.clauses(viewer)).page(store, sort, page).await
}

pub(crate) fn listing(clauses: Clauses) -> Listing<'static, ImageRow> {
    Listing {
        columns: COLUMNS,
        from: "images",
        clauses,
        sorts: SORTS,
        key: "id",
        locate: "id = ?",
        anchor: list::by_id,
        read,
        key_of: |row| row.id.as_bytes().to_vec(),
    }
}

/// The values that the filters of the list offer.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Distribution families; an empty value stands for not known.
    pub distributions: Vec<Facet>,
    /// Registries; an empty value stands for none stated.
    pub registries: Vec<Facet>,
}

/// The values that the filters of the list offer, in one query.
///
/// # Errors
/// When the database does not answer.
pub async fn facets(store: &Store, viewer: &Viewer) -> Result<Facets, Error> {
    let columns = ["distribution", "registry"];
    let [distributions, registries] = list::facets(store, "images", &Clauses::of(viewer), columns).await?;
    Ok(Facets { distributions, registries })
}

pub(crate) fn read(row: &Row) -> Result<ImageRow, Error> {
    let platform: Vec<String> = ["os", "architecture", "variant"]
        .into_iter()
        .filter_map(|column| row.optional_text(column).transpose())
        .collect::<Result<_, _>>()?;
    Ok(ImageRow {
        id: row.id("id")?,
        digest: row.text("digest")?,
        name: row.text("name")?,
        registry: row.text("registry")?,
        repository: row.text("repository")?,
        platform: platform.join("/"),
        distribution: row.optional_text("distribution")?,
        distribution_version: row.optional_text("distribution_version")?,
        end_of_life: row.optional_boolean("end_of_life")?,
        size: row.optional_integer("size")?.and_then(|size| u64::try_from(size).ok()),
        created_at: row.optional_time("created_at")?,
        first_seen_at: row.time("first_seen_at")?,
        last_scanned_at: row.optional_time("last_scanned_at")?,
        component_count: row.count("component_count")?,
        severities: severities(row)?,
        fixable: row.count("fixable")?,
        kev: row.count("kev")?,
        secrets: row.count("secrets")?,
        misconfigurations: row.count("misconfigurations")?,
        max_epss: row.optional_real("max_epss")?,
        running: row.count("running")?,
        workload_count: row.count("workload_count")?,
        score: row.optional_real("score")?,
        score_reach: row.optional_text("score_reach")?,
        signing: Standing::of(row.optional_text("signing")?.as_deref()),
    })
}

/// The five counts that images and workloads carry.
pub(crate) fn severities(row: &Row) -> Result<[u64; 5], Error> {
    Ok([
        row.count("critical")?,
        row.count("high")?,
        row.count("medium")?,
        row.count("low")?,
        row.count("unknown")?,
    ])
}
