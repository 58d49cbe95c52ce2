//! Findings with what every tool says of each, for the pages of an image and of a workload and for the
//! API. Refuses to merge what tools say: disagreement stays visible.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::finding::FindingClass;
use domain::id::{ComponentId, DocumentId, FindingId, ImageId, WorkloadId};
use domain::scope::Viewer;
use domain::severity::Severity;

use crate::bulk::{self, Given, Type};
use crate::connection::Value;
use crate::list::{Clauses, Listed, Listing, Page, Sort, SortColumn, containing, natural};
use crate::row::Row;
use crate::{Error, Store};

/// A finding with everything a table of findings shows.
#[derive(Clone, Debug)]
pub struct FindingRow {
    /// The image.
    pub image: ImageId,
    /// Its name.
    pub image_name: String,
    /// The finding.
    pub id: FindingId,
    /// Its class, as stored.
    pub class: String,
    /// The component, if it is about one.
    pub component: Option<FoundIn>,
    /// The vulnerability, if it is one.
    pub vulnerability: Option<String>,
    /// The rule, check, licence or signature of other classes.
    pub subject: String,
    /// A file; may be empty.
    pub path: String,
    /// The resource inside it, of misconfigurations; may be empty.
    pub resource: String,
    /// A line in it.
    pub line: Option<u64>,
    /// One line for people.
    pub title: Option<String>,
    /// The worst severity that a tool states.
    pub severity: Severity,
    /// `fixed`, `not_fixed`, `wont_fix`, `unknown`.
    pub fix_state: String,
    /// The version with the fix; may be empty.
    pub fix_version: String,
    /// Whether a tool or a statement set it aside.
    pub suppressed: bool,
    /// What a VEX statement says of it.
    pub vex_status: Option<String>,
    /// First report.
    pub first_seen_at: DateTime<Utc>,
    /// When a fix was first reported.
    pub fix_seen_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was closed.
    pub closed_reason: Option<String>,
    /// EPSS probability.
    pub epss: Option<f64>,
    /// EPSS percentile.
    pub epss_percentile: Option<f64>,
    /// When it was listed as known to be exploited.
    pub kev_added_at: Option<DateTime<Utc>>,
    /// CVSS base score.
    pub cvss_base: Option<f64>,
    /// What each tool says, by tool name.
    pub attributions: Vec<Attribution>,
}

/// The component that a finding is about.
#[derive(Clone, Debug)]
pub struct FoundIn {
    /// Its id.
    pub id: ComponentId,
    /// Its package URL.
    pub purl: String,
    /// Its name.
    pub name: String,
    /// Its version; may be empty.
    pub version: String,
    /// Its source package; may be empty.
    pub source_name: String,
    /// That package's version; may be empty.
    pub source_version: String,
}

/// What one tool says of a finding.
#[derive(Clone, Debug)]
pub struct Attribution {
    /// The tool.
    pub tool: String,
    /// Its severity on our scale.
    pub severity: Severity,
    /// Its own word.
    pub severity_word: String,
    /// `fixed`, `not_fixed`, `wont_fix`, `unknown`.
    pub fix_state: String,
    /// The version with the fix; may be empty.
    pub fix_version: String,
    /// The vector it rates by.
    pub cvss_vector: Option<String>,
    /// Why it set the finding aside, if it did.
    pub suppressed_reason: Option<String>,
    /// Where it saw it, beyond the subject.
    pub location: Option<String>,
    /// Whether the component is used where the image runs, in its words, if it says so.
    pub in_use: Option<String>,
    /// The id it reports it under; may be empty.
    pub reported_as: String,
    /// The document that says so.
    pub document: DocumentId,
    /// Since when it says so.
    pub first_seen_at: DateTime<Utc>,
}

/// Which findings by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Open, suppressed ones included.
    #[default]
    Open,
    /// Open, but set aside by a tool or a statement.
    Suppressed,
    /// No longer there.
    Closed,
    /// All.
    Any,
}

/// What narrows a list of findings. The default lets every open one through.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in vulnerability, component, subject or title.
    pub text: Option<String>,
    /// Of this image.
    pub image: Option<ImageId>,
    /// Of the images of this workload.
    pub workload: Option<WorkloadId>,
    /// Of this vulnerability.
    pub vulnerability: Option<String>,
    /// In this component.
    pub component: Option<ComponentId>,
    /// Of these classes; none means all.
    pub classes: Vec<FindingClass>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// With a fix.
    pub fixable: bool,
    /// Known to be exploited.
    pub kev: bool,
    /// Reported by this tool.
    pub tool: Option<String>,
    /// Reported with different severities.
    pub disputed: bool,
    /// What became of them.
    pub state: State,
}

const KEV: &str = "CASE WHEN v.kev_added_at IS NULL THEN 0 ELSE 1 END";
const EPSS: &str = "COALESCE(v.epss, -1)";

/// Columns by which findings can be sorted. `rank` and `age` are answered from an index over all
/// findings; the others are for the findings of one image, workload or vulnerability.
pub const SORTS: &[SortColumn] = &[
    SortColumn::by("severity", &["(4 - f.severity)", KEV, EPSS]),
    SortColumn::inverted("rank", &["f.severity"]),
    SortColumn::inverted("age", &["f.first_seen_at"]),
    SortColumn::by("threat", &[KEV, EPSS, "(4 - f.severity)"]),
    SortColumn::by("vulnerability", &[natural!("COALESCE(f.vulnerability_id, '')"), "f.subject"]),
    SortColumn::by("subject", &["f.class", "f.subject", "f.path"]),
    SortColumn::by("component", &["COALESCE(c.name, '')", "COALESCE(c.version, '')"]),
    SortColumn::by("path", &["f.path"]),
    SortColumn::by("fix", &["f.fix_state", "f.fix_version"]),
    SortColumn::by("image", &["i.name"]),
];

const COLUMNS: &str = "f.image_id, i.name AS image_name, f.id, f.class, f.component_id, c.purl, c.name AS component_name, \
     c.version, c.source_name, c.source_version, f.vulnerability_id, f.subject, f.path, f.resource, f.line, \
     COALESCE(f.title, v.title) AS title, f.severity, f.fix_state, f.fix_version, f.suppressed, f.vex_status, \
     f.first_seen_at, f.fix_seen_at, f.closed_at, f.closed_reason, v.epss, v.epss_percentile, v.kev_added_at, v.cvss_base";

/// Outer joins, so that the order of `findings` leads.
const FROM: &str = "findings f LEFT JOIN images i ON i.id = f.image_id LEFT JOIN components c ON c.id = f.component_id \
     LEFT JOIN vulnerabilities v ON v.id = f.vulnerability_id";

impl Filter {
    fn clauses(&self, viewer: &Viewer) -> Clauses {
        let mut clauses = Clauses::of(viewer);
        match self.state {
            State::Open => clauses.and("f.closed_at IS NULL", []),
            State::Suppressed => clauses.and("f.closed_at IS NULL AND f.suppressed", []),
            State::Closed => clauses.and("f.closed_at IS NOT NULL", []),
            State::Any => {}
        }
        if let Some(image) = self.image {
            clauses.and("f.image_id = ?", [bulk::id(image)]);
        }
        if let Some(workload) = self.workload {
            let images = "f.image_id IN (SELECT image_id FROM containers WHERE workload_id = ?)";
            clauses.and(images, [bulk::id(workload)]);
        }
        clauses.equals("f.vulnerability_id", self.vulnerability.as_deref());
        if let Some(component) = self.component {
            clauses.and("f.component_id = ?", [bulk::id(component)]);
        }
        if !self.classes.is_empty() {
            let marks = vec!["?"; self.classes.len()].join(", ");
            let words = self.classes.iter().map(|class| Value::from(class.as_str()));
            clauses.and(&format!("f.class IN ({marks})"), words);
        }
        if let Some(severity) = self.severity {
            clauses.and("f.severity = ?", [severity.rank().into()]);
        }
        clauses.when(self.fixable, "f.fix_state = 'fixed'");
        clauses.when(self.kev, "v.kev_added_at IS NOT NULL");
        self.tool_clauses(&mut clauses);
        if let Some(text) = self.text.as_deref().filter(|text| !text.is_empty()) {
            let columns = [
                "f.vulnerability_id",
                "c.name",
                "c.source_name",
                "f.subject",
                "f.path",
                "f.title",
                "v.title",
            ];
            let clause =
                columns.map(|column| format!("LOWER(COALESCE({column}, '')) LIKE ? ESCAPE '!'")).join(" OR ");
            clauses.and(&clause, vec![containing(text); columns.len()]);
        }
        clauses
    }

    fn tool_clauses(&self, clauses: &mut Clauses) {
        let said = "SELECT 1 FROM attributions a WHERE a.image_id = f.image_id AND a.finding_id = f.id";
        if let Some(tool) = &self.tool {
            clauses.and(&format!("EXISTS ({said} AND a.tool = ?)"), [tool.as_str().into()]);
        }
        clauses.when(
            self.disputed,
            &format!("EXISTS ({said} GROUP BY a.finding_id HAVING MIN(a.severity) < MAX(a.severity))"),
        );
    }
}

/// A page of findings with what every tool says of each, in at most four queries.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<FindingRow>, Error> {
    let listing = Listing {
        columns: COLUMNS,
        from: FROM,
        clauses: filter.clauses(viewer),
        sorts: SORTS,
        key: "f.id",
        locate: "f.image_id = ? AND f.id = ?",
        anchor: |key| (key.len() == 32).then(|| vec![key[..16].to_vec().into(), key[16..].to_vec().into()]),
        read,
        key_of: |row: &FindingRow| [row.image.as_bytes().as_slice(), row.id.as_bytes()].concat(),
    };
    let mut listed = listing.page(store, sort, page).await?;
    attribute(store, &mut listed.rows).await?;
    Ok(listed)
}

async fn attribute(store: &Store, findings: &mut [FindingRow]) -> Result<(), Error> {
    let mut given = Given::of_page(&[("image", Type::Bytes), ("finding", Type::Bytes)]);
    for finding in &*findings {
        given.push([bulk::id(finding.image), bulk::id(finding.id)]);
    }
    let sql = "SELECT a.* FROM given JOIN attributions a ON a.image_id = given.image AND a.finding_id = given.finding";
    let mut said: HashMap<(ImageId, FindingId), Vec<Attribution>> = HashMap::new();
    for row in bulk::query_given(store, given, sql, Vec::new()).await? {
        said.entry((row.id("image_id")?, row.id("finding_id")?)).or_default().push(read_attribution(&row)?);
    }
    for finding in findings {
        finding.attributions = said.remove(&(finding.image, finding.id)).unwrap_or_default();
        finding.attributions.sort_by(|one, other| one.tool.cmp(&other.tool));
    }
    Ok(())
}

fn read_attribution(row: &Row) -> Result<Attribution, Error> {
    Ok(Attribution {
        tool: row.text("tool")?,
        severity: Severity::from_rank(row.small("severity")?),
        severity_word: row.text("severity_word")?,
        fix_state: row.text("fix_state")?,
        fix_version: row.text("fix_version")?,
        cvss_vector: row.optional_text("cvss_vector")?,
        suppressed_reason: row.optional_text("suppressed_reason")?,
        location: row.optional_text("location")?,
        in_use: row.optional_text("in_use")?,
        reported_as: row.text("reported_as")?,
        document: row.id("document_id")?,
        first_seen_at: row.time("first_seen_at")?,
    })
}

fn read(row: &Row) -> Result<FindingRow, Error> {
    Ok(FindingRow {
        image: row.id("image_id")?,
        image_name: row.optional_text("image_name")?.unwrap_or_default(),
        id: row.id("id")?,
        class: row.text("class")?,
        component: read_component(row)?,
        vulnerability: row.optional_text("vulnerability_id")?,
        subject: row.text("subject")?,
        path: row.text("path")?,
        resource: row.text("resource")?,
        line: row.optional_integer("line")?.and_then(|line| u64::try_from(line).ok()),
        title: row.optional_text("title")?,
        severity: Severity::from_rank(row.small("severity")?),
        fix_state: row.text("fix_state")?,
        fix_version: row.text("fix_version")?,
        suppressed: row.boolean("suppressed")?,
        vex_status: row.optional_text("vex_status")?,
        first_seen_at: row.time("first_seen_at")?,
        fix_seen_at: row.optional_time("fix_seen_at")?,
        closed_at: row.optional_time("closed_at")?,
        closed_reason: row.optional_text("closed_reason")?,
        epss: row.optional_real("epss")?,
        epss_percentile: row.optional_real("epss_percentile")?,
        kev_added_at: row.optional_time("kev_added_at")?,
        cvss_base: row.optional_real("cvss_base")?,
        attributions: Vec::new(),
    })
}

/// A component that a finding names but nobody stored is still named by its id alone.
fn read_component(row: &Row) -> Result<Option<FoundIn>, Error> {
    let Some(id) = row.optional_id("component_id")? else { return Ok(None) };
    let text = |column: &str| row.optional_text(column).map(Option::unwrap_or_default);
    Ok(Some(FoundIn {
        id,
        purl: text("purl")?,
        name: text("component_name")?,
        version: text("version")?,
        source_name: text("source_name")?,
        source_version: text("source_version")?,
    }))
}
