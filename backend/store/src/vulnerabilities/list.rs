//! The list of vulnerabilities, out of their summary rows. Refuses findings, but where one image narrows
//! the list, and then by its key.

use chrono::{DateTime, Utc};
use domain::id::ImageId;
use domain::scope::Viewer;
use domain::severity::Severity;

use crate::bulk;
use crate::list::{self, Clauses, Listed, Listing, Page, Sort, SortColumn};
use crate::row::Row;
use crate::{Error, Store};

/// A vulnerability as the list shows it.
#[derive(Clone, Debug)]
pub struct VulnerabilityRow {
    /// Its id: the CVE where there is one.
    pub id: String,
    /// One line for people.
    pub title: Option<String>,
    /// The worst severity stated of it.
    pub severity: Severity,
    /// CVSS base score.
    pub cvss_base: Option<f64>,
    /// EPSS probability.
    pub epss: Option<f64>,
    /// EPSS percentile.
    pub epss_percentile: Option<f64>,
    /// The tool that repeats the probability, where FIRST's own feed says nothing.
    pub epss_source: Option<String>,
    /// The tool that knows of an exploit.
    pub exploit_source: Option<String>,
    /// When it last knew of one.
    pub exploit_seen_at: Option<DateTime<Utc>>,
    /// When it was listed as known to be exploited.
    pub kev_added_at: Option<DateTime<Utc>>,
    /// The date by which the list wants it gone.
    pub kev_due_at: Option<DateTime<Utc>>,
    /// Whether ransomware campaigns use it.
    pub kev_ransomware: Option<bool>,
    /// First publication.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was first heard of here.
    pub first_seen_at: DateTime<Utc>,
    /// Open findings.
    pub finding_count: u64,
    /// Images with open findings.
    pub image_count: u64,
    /// Workloads that use such an image.
    pub workload_count: u64,
    /// Running containers of such images.
    pub running: u64,
    /// Open findings with a fix.
    pub fixable: u64,
}

/// Where a vulnerability is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// In an image.
    #[default]
    Found,
    /// In a running container.
    Running,
    /// No longer in any image.
    Gone,
    /// Anywhere or nowhere.
    Any,
}

/// What narrows the list of vulnerabilities. The default lets every one through that an image has.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in id, alias or title.
    pub text: Option<String>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Known to be exploited.
    pub kev: bool,
    /// Used by ransomware campaigns.
    pub ransomware: bool,
    /// Whether any finding has a fix.
    pub fixable: Option<bool>,
    /// EPSS probability of at least this.
    pub epss_from: Option<f64>,
    /// Where it is.
    pub presence: Presence,
    /// Open findings in this image.
    pub image: Option<ImageId>,
}

/// Columns by which the list can be sorted. `threat` puts what is exploited first, then EPSS.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("threat", &["CASE WHEN kev_added_at IS NULL THEN 0 ELSE 1 END", "COALESCE(epss, -1)"]),
    SortColumn::by("id", &[list::natural!("id")]),
    SortColumn::inverted("severity", &["severity"]),
    SortColumn::by("cvss", &["COALESCE(cvss_base, -1)"]),
    SortColumn::by("epss", &["COALESCE(epss, -1)"]),
    SortColumn::by("kev", &["COALESCE(kev_added_at, 0)"]),
    SortColumn::by("findings", &["finding_count"]),
    SortColumn::by("images", &["image_count"]),
    SortColumn::by("workloads", &["workload_count"]),
    SortColumn::by("running", &["running"]),
    SortColumn::by("fixable", &["fixable"]),
    SortColumn::by("published", &["COALESCE(published_at, 0)"]),
    SortColumn::by("seen", &["first_seen_at"]),
];

pub(crate) const COLUMNS: &str = "id, title, severity, cvss_base, epss, epss_percentile, epss_source, exploit_source, exploit_seen_at, kev_added_at, kev_due_at, \
     kev_ransomware, published_at, first_seen_at, finding_count, image_count, workload_count, running, fixable";

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        match self.presence {
            Presence::Found => clauses.and("finding_count > 0", []),
            Presence::Running => clauses.and("running > 0", []),
            Presence::Gone => clauses.and("finding_count = 0", []),
            Presence::Any => {}
        }
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            let pattern = list::containing(text);
            clauses.and(
                "LOWER(id) LIKE ? ESCAPE '!' OR LOWER(COALESCE(title, '')) LIKE ? ESCAPE '!' OR id IN \
                 (SELECT vulnerability_id FROM vulnerability_aliases WHERE LOWER(alias) LIKE ? ESCAPE '!')",
                [pattern.clone(), pattern.clone(), pattern],
            );
        }
        if let Some(severity) = self.severity {
            clauses.and("severity = ?", [severity.rank().into()]);
        }
        clauses.when(self.kev, "kev_added_at IS NOT NULL");
        clauses.when(self.ransomware, "kev_ransomware");
        clauses.when(self.fixable == Some(true), "fixable > 0");
        clauses.when(self.fixable == Some(false), "fixable = 0");
        if let Some(least) = self.epss_from {
            clauses.and("epss >= ?", [least.into()]);
        }
        if let Some(image) = self.image {
            clauses.and(
                "id IN (SELECT vulnerability_id FROM findings WHERE image_id = ? AND closed_at IS NULL)",
                [bulk::id(image)],
            );
        }
        clauses
    }
}

/// A page of the vulnerabilities that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<VulnerabilityRow>, Error> {
    let listing = Listing {
        columns: COLUMNS,
        from: "vulnerabilities",
        clauses: filter.clauses(viewer),
        sorts: SORTS,
        key: "id",
        locate: "id = ?",
        anchor: list::by_text,
        read,
        key_of: |row: &VulnerabilityRow| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

pub(crate) fn read(row: &Row) -> Result<VulnerabilityRow, Error> {
    Ok(VulnerabilityRow {
        id: row.text("id")?,
        title: row.optional_text("title")?,
        severity: Severity::from_rank(row.small("severity")?),
        cvss_base: row.optional_real("cvss_base")?,
        epss: row.optional_real("epss")?,
        epss_percentile: row.optional_real("epss_percentile")?,
        epss_source: row.optional_text("epss_source")?,
        exploit_source: row.optional_text("exploit_source")?,
        exploit_seen_at: row.optional_time("exploit_seen_at")?,
        kev_added_at: row.optional_time("kev_added_at")?,
        kev_due_at: row.optional_time("kev_due_at")?,
        kev_ransomware: row.optional_boolean("kev_ransomware")?,
        published_at: row.optional_time("published_at")?,
        first_seen_at: row.time("first_seen_at")?,
        finding_count: row.count("finding_count")?,
        image_count: row.count("image_count")?,
        workload_count: row.count("workload_count")?,
        running: row.count("running")?,
        fixable: row.count("fixable")?,
    })
}
