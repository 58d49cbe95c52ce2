//! Vulnerabilities over the API, by any of their names. Refuses to rate them: severities and probabilities
//! are their sources'.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::severity::Severity;
use serde::Serialize;
use store::vulnerabilities::{self, AffectedComponent, CvssRow, ThreatRow, VexRow, VulnerabilityRow};
use utoipa::ToSchema;

use super::images::Image;
use super::list::{Asked, Page, answer};
use super::workloads::Workload;
use crate::State;
use crate::error::Error;
use crate::pages::vulnerabilities::{SPEC, filter_of};
use crate::query::encoded;
use crate::viewer::CurrentViewer;

/// The most images and workloads given with one vulnerability; their lists, narrowed to it, have the rest.
const AFFECTED: u32 = 100;

/// A vulnerability.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Vulnerability {
    /// Its id: the CVE where there is one.
    #[schema(example = "CVE-2023-5363")]
    id: String,
    /// This vulnerability in the API.
    href: String,
    /// The page about it.
    page: String,
    /// One line for people.
    title: Option<String>,
    /// The worst severity stated of it.
    #[schema(value_type = String, example = "high")]
    severity: Severity,
    /// CVSS base score.
    cvss_base: Option<f64>,
    /// EPSS probability.
    epss: Option<f64>,
    /// EPSS percentile, 0 to 1.
    epss_percentile: Option<f64>,
    /// The tool that repeats the probability, where FIRST's own feed says nothing.
    epss_source: Option<String>,
    /// The tool that knows of an exploit.
    exploit_source: Option<String>,
    /// When it last knew of one.
    exploit_seen_at: Option<DateTime<Utc>>,
    /// When it was listed as known to be exploited.
    kev_added_at: Option<DateTime<Utc>>,
    /// The date by which that list wants it gone.
    kev_due_at: Option<DateTime<Utc>>,
    /// Whether ransomware campaigns use it.
    kev_ransomware: Option<bool>,
    /// First publication.
    published_at: Option<DateTime<Utc>>,
    /// When it was first heard of here.
    first_seen_at: DateTime<Utc>,
    /// Open findings.
    finding_count: u64,
    /// Images with open findings.
    image_count: u64,
    /// Workloads that use such an image.
    workload_count: u64,
    /// Running containers of such images.
    running: u64,
    /// Open findings with a fix.
    fixable: u64,
}

impl From<VulnerabilityRow> for Vulnerability {
    fn from(row: VulnerabilityRow) -> Self {
        Self {
            href: format!("{}/vulnerabilities/{}", super::BASE, encoded(&row.id)),
            page: format!("/vulnerabilities/{}", encoded(&row.id)),
            id: row.id,
            title: row.title,
            severity: row.severity,
            cvss_base: row.cvss_base,
            epss: row.epss,
            epss_percentile: row.epss_percentile,
            epss_source: row.epss_source,
            exploit_source: row.exploit_source,
            exploit_seen_at: row.exploit_seen_at,
            kev_added_at: row.kev_added_at,
            kev_due_at: row.kev_due_at,
            kev_ransomware: row.kev_ransomware,
            published_at: row.published_at,
            first_seen_at: row.first_seen_at,
            finding_count: row.finding_count,
            image_count: row.image_count,
            workload_count: row.workload_count,
            running: row.running,
            fixable: row.fixable,
        }
    }
}

/// A vulnerability with its names, its ratings and where it is.
#[derive(Debug, Serialize, ToSchema)]
struct VulnerabilityWithEvidence {
    #[serde(flatten)]
    vulnerability: Vulnerability,
    /// Other names of the same.
    aliases: Vec<String>,
    /// What is connected with it but not the same.
    related: Vec<String>,
    /// Prose of its publisher.
    description: Option<String>,
    /// Weakness ids.
    weaknesses: Vec<String>,
    /// Links.
    links: Vec<String>,
    /// Vectors by source.
    cvss: Vec<Cvss>,
    /// What tools say of exploits.
    threats: Vec<Threat>,
    /// Components with open findings.
    components: Vec<Affected>,
    /// What its authors say of whether it affects.
    statements: Vec<Statement>,
    /// Images with open findings, the hundred that run most.
    images: Vec<Image>,
    /// Workloads that use such an image, the hundred worst.
    workloads: Vec<Workload>,
}

/// A CVSS vector with who said it.
#[derive(Debug, Serialize, ToSchema)]
struct Cvss {
    /// Who.
    source: String,
    /// The vector.
    vector: String,
    /// The base score.
    base: Option<f64>,
}

/// What a tool says of exploits.
#[derive(Debug, Serialize, ToSchema)]
struct Threat {
    /// The tool.
    #[schema(example = "aws-inspector")]
    tool: String,
    /// EPSS probability as it repeats it.
    epss: Option<f64>,
    /// Whether an exploit exists.
    exploit: Option<bool>,
    /// When it last knew of one.
    exploit_seen_at: Option<DateTime<Utc>>,
    /// When it said so.
    stated_at: DateTime<Utc>,
}

/// A component with open findings.
#[derive(Debug, Serialize, ToSchema)]
struct Affected {
    /// Package type.
    kind: String,
    /// Name.
    name: String,
    /// Installed version.
    version: String,
    /// `fixed`, `not_fixed`, `wont_fix`, `unknown`.
    fix_state: String,
    /// The version with the fix; may be empty.
    fix_version: String,
    /// Images with it.
    images: u64,
    /// Running containers of them.
    running: u64,
}

/// A VEX statement.
#[derive(Debug, Serialize, ToSchema)]
struct Statement {
    /// Who signs for it.
    author: String,
    /// When.
    stated_at: DateTime<Utc>,
    /// Of what.
    product: String,
    /// `not_affected`, `affected`, `fixed`, `under_investigation`.
    status: String,
    /// The machine-readable justification.
    justification: Option<String>,
    /// Prose.
    statement: Option<String>,
}

/// List vulnerabilities
///
/// Those that an image has, what is exploited first, unless filtered and sorted otherwise.
#[utoipa::path(
    tag = "vulnerabilities",
    responses((status = 200, body = Page<Vulnerability>, description = "One page."))
)]
#[get("/vulnerabilities")]
pub(crate) async fn list_vulnerabilities(
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &SPEC)?;
    let filter = filter_of(&asked.query)?;
    let found = vulnerabilities::list(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, Vulnerability::from)))
}

/// Show a vulnerability and where it is
#[utoipa::path(
    tag = "vulnerabilities",
    params(("id" = String, Path, description = "Its id or any alias.", example = "CVE-2023-5363")),
    responses((status = 200, body = VulnerabilityWithEvidence, description = "The vulnerability with its evidence."))
)]
#[get("/vulnerabilities/{id}")]
pub(crate) async fn get_vulnerability(
    text: Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let (store, viewer) = (&state.store, &*viewer);
    let unknown = || Error::NotFound(format!("vulnerability {}", text.chars().take(64).collect::<String>()));
    let id = vulnerabilities::resolve(store, viewer, &text).await?.ok_or_else(unknown)?;
    let found = vulnerabilities::detail(store, viewer, &id).await?.ok_or_else(unknown)?;
    let (aliases, related) = vulnerabilities::names(store, viewer, &id).await?;
    let cvss = vulnerabilities::cvss(store, viewer, &id).await?;
    let threats = vulnerabilities::threats(store, viewer, &id).await?;
    let components = vulnerabilities::components(store, viewer, &id).await?;
    let statements = vulnerabilities::vex(store, viewer, &id).await?;
    let images = vulnerabilities::affected_images(store, viewer, &id, AFFECTED).await?;
    let workloads = vulnerabilities::affected_workloads(store, viewer, &id, AFFECTED).await?;
    Ok(answer(&VulnerabilityWithEvidence {
        vulnerability: found.vulnerability.into(),
        aliases,
        related,
        description: found.description,
        weaknesses: found.weaknesses,
        links: found.links,
        cvss: cvss.into_iter().map(Cvss::from).collect(),
        threats: threats.into_iter().map(Threat::from).collect(),
        components: components.into_iter().map(Affected::from).collect(),
        statements: statements.into_iter().map(Statement::from).collect(),
        images: images.rows.into_iter().map(Image::from).collect(),
        workloads: workloads.rows.into_iter().map(Workload::from).collect(),
    }))
}

impl From<CvssRow> for Cvss {
    fn from(row: CvssRow) -> Self {
        Self { source: row.source, vector: row.vector, base: row.base }
    }
}

impl From<ThreatRow> for Threat {
    fn from(row: ThreatRow) -> Self {
        Self {
            tool: row.tool,
            epss: row.epss,
            exploit: row.exploit,
            exploit_seen_at: row.exploit_seen_at,
            stated_at: row.stated_at,
        }
    }
}

impl From<AffectedComponent> for Affected {
    fn from(row: AffectedComponent) -> Self {
        Self {
            kind: row.kind,
            name: row.name,
            version: row.version,
            fix_state: row.fix_state,
            fix_version: row.fix_version,
            images: row.images,
            running: row.running,
        }
    }
}

impl From<VexRow> for Statement {
    fn from(row: VexRow) -> Self {
        Self {
            author: row.author,
            stated_at: row.stated_at,
            product: row.product,
            status: row.status,
            justification: row.justification,
            statement: row.statement,
        }
    }
}
