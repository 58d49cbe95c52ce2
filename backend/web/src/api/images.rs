//! Images over the API, by any digest that names them. Refuses to choose where a few digits lead to several.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::scope::Viewer;
use serde::Serialize;
use serde_json::Value;
use store::images::{
    self, DigestRow, ImageDetail, ImageRow, Resolved, RunRow, ScanRow, SignatureRow, TagRow,
};
use utoipa::ToSchema;

use super::findings::{self, Finding};
use super::list::{Asked, Page, SeverityCounts, answer, explained};
use crate::State;
use crate::error::Error;
use crate::pages::images::{SPEC, filter_of};
use crate::viewer::CurrentViewer;

/// An image.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Image {
    /// Its id.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015", pattern = "^[0-9a-f]{32}$")]
    id: String,
    /// The digest it is known by.
    #[schema(example = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")]
    digest: String,
    /// This image in the API.
    href: String,
    /// The page about it.
    page: String,
    /// Its name as people say it.
    #[schema(example = "shop/api:1.9")]
    name: String,
    /// Registry; empty if none is known.
    #[schema(example = "ghcr.io")]
    registry: String,
    /// Repository; empty if none is known.
    #[schema(example = "acme/shop-api")]
    repository: String,
    /// Operating system and architecture; empty if not known.
    #[schema(example = "linux/amd64")]
    platform: String,
    /// Distribution family.
    #[schema(example = "debian")]
    distribution: Option<String>,
    /// Its version.
    #[schema(example = "12.9")]
    distribution_version: Option<String>,
    /// Whether the distribution is past its end of life, if a tool said so.
    end_of_life: Option<bool>,
    /// Bytes.
    size: Option<u64>,
    /// When it was built.
    created_at: Option<DateTime<Utc>>,
    /// When it was first heard of.
    first_seen_at: DateTime<Utc>,
    /// When a tool last looked at it; null means that none has, and then its counts say nothing.
    last_scanned_at: Option<DateTime<Utc>>,
    /// Components in it.
    component_count: u64,
    /// Open findings by severity.
    findings: SeverityCounts,
    /// Open findings with a fix.
    fixable: u64,
    /// Vulnerabilities known to be exploited.
    kev: u64,
    /// Secrets.
    secrets: u64,
    /// Misconfigurations.
    misconfigurations: u64,
    /// The highest EPSS probability of its open findings.
    max_epss: Option<f64>,
    /// Running containers.
    running: u64,
    /// Workloads that use it.
    workload_count: u64,
    /// Score, 0 to 100; null until scored.
    score: Option<f64>,
    /// The reach for which it was scored.
    score_reach: Option<String>,
    /// Whether it is signed: `verified`, `unverified`, `invalid`, `unsigned`, or `unknown` where nobody looked.
    #[schema(example = "verified")]
    signing: &'static str,
}

impl From<ImageRow> for Image {
    fn from(row: ImageRow) -> Self {
        Self {
            href: format!("{}/images/{}", super::BASE, row.digest),
            page: format!("/images/{}", row.id),
            id: row.id.to_string(),
            digest: row.digest,
            name: row.name,
            registry: row.registry,
            repository: row.repository,
            platform: row.platform,
            distribution: row.distribution,
            distribution_version: row.distribution_version,
            end_of_life: row.end_of_life,
            size: row.size,
            created_at: row.created_at,
            first_seen_at: row.first_seen_at,
            last_scanned_at: row.last_scanned_at,
            component_count: row.component_count,
            findings: row.severities.into(),
            fixable: row.fixable,
            kev: row.kev,
            secrets: row.secrets,
            misconfigurations: row.misconfigurations,
            max_epss: row.max_epss,
            running: row.running,
            workload_count: row.workload_count,
            score: row.score,
            score_reach: row.score_reach,
            signing: row.signing.as_str(),
        }
    }
}

/// An image with what leads to it, who looked at it and where it runs.
#[derive(Debug, Serialize, ToSchema)]
struct ImageWithEvidence {
    #[serde(flatten)]
    image: Image,
    /// What `digest` names: `manifest`, `config`, `index`, `repository`.
    digest_role: String,
    /// When its first finding falls due where it is exposed.
    due_exposed_at: Option<DateTime<Utc>>,
    /// When its first finding falls due elsewhere.
    due_internal_at: Option<DateTime<Utc>>,
    /// How the score came about; null until scored. The reason of its factor `in_use` tells what shows the worst finding's
    /// package in use: the program that was executed or the library that was loaded, the sensor and the day, or a tool's word.
    #[schema(value_type = Option<Object>)]
    explanation: Option<Value>,
    /// Labels of its configuration.
    labels: BTreeMap<String, String>,
    /// Layer digests, base first.
    layers: Vec<String>,
    /// Every digest that leads to it.
    digests: Vec<ImageDigest>,
    /// The times during which a tag led to it.
    tags: Vec<ImageTag>,
    /// Who looked at it, latest first.
    scans: Vec<ImageScan>,
    /// The containers that use it, worst workload first.
    runs: Vec<ImageRun>,
    /// Its signatures and those of the indexes that list it, as they were checked.
    signatures: Vec<ImageSignature>,
}

/// A signature as it was checked.
#[derive(Debug, Serialize, ToSchema)]
struct ImageSignature {
    /// The digest that it is on.
    digest: String,
    /// What became of it: `verified`, `unverified` or `invalid`.
    #[schema(example = "verified")]
    state: &'static str,
    /// Why, in a sentence.
    reason: String,
    /// The id of the document that holds it.
    document_id: String,
}

/// A digest that leads to an image.
#[derive(Debug, Serialize, ToSchema)]
struct ImageDigest {
    /// The digest.
    digest: String,
    /// What it names.
    role: String,
}

/// A time during which a tag led to an image.
#[derive(Debug, Serialize, ToSchema)]
struct ImageTag {
    /// Registry.
    registry: String,
    /// Repository.
    repository: String,
    /// Tag.
    tag: String,
    /// First observation.
    first_seen_at: DateTime<Utc>,
    /// Last observation.
    last_seen_at: DateTime<Utc>,
    /// When it was first seen to lead elsewhere.
    ended_at: Option<DateTime<Utc>>,
}

/// One look of one tool at an image.
#[derive(Debug, Serialize, ToSchema)]
struct ImageScan {
    /// The tool.
    tool: String,
    /// Its version.
    tool_version: Option<String>,
    /// When it looked.
    scanned_at: DateTime<Utc>,
    /// How old its vulnerability database was.
    database_at: Option<DateTime<Utc>>,
    /// The id of the document that says so.
    document_id: String,
    /// Why it is not whole, if it is not; such a scan closes nothing.
    partial: Option<String>,
    /// Findings it reported.
    finding_count: u64,
    /// Whether a later scan of the same tool replaced it.
    superseded: bool,
}

/// A container that uses an image.
#[derive(Debug, Serialize, ToSchema)]
struct ImageRun {
    /// The id of the workload.
    workload_id: String,
    /// Its cluster; empty if not known.
    cluster: String,
    /// Its namespace.
    namespace: String,
    /// Its kind.
    kind: String,
    /// Its name.
    name: String,
    /// The container's name.
    container: String,
    /// From where it can be reached.
    reach: String,
    /// Running instances.
    running: u64,
    /// The first stage of the exposure gap that it fails.
    gap_stage: String,
}

/// List images
#[utoipa::path(tag = "images", responses((status = 200, body = Page<Image>, description = "One page.")))]
#[get("/images")]
pub(crate) async fn list_images(
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &SPEC)?;
    let filter = filter_of(&asked.query, state.stale_before())?;
    let found = images::list(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, Image::from)))
}

/// Show an image
#[utoipa::path(
    tag = "images",
    params(("digest" = String, Path, description = "Any digest of it, twelve or more of its digits, or its id.",
        example = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")),
    responses((status = 200, body = ImageWithEvidence, description = "The image with its evidence."))
)]
#[get("/images/{digest}")]
pub(crate) async fn get_image(
    digest: Path<String>,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let id = resolve(&state, &viewer, &digest).await?.id;
    let (store, viewer) = (&state.store, &*viewer);
    let found = images::detail(store, viewer, id).await?.ok_or_else(|| unknown(&digest))?;
    let digests = images::digests(store, viewer, id).await?;
    let tags = images::tags(store, viewer, id).await?;
    let scans = images::scans(store, viewer, id).await?;
    let runs = images::runs(store, viewer, id).await?;
    let signatures = images::signatures(store, viewer, id).await?;
    let evidence = with_evidence(found, digests, tags, scans, runs);
    Ok(answer(&ImageWithEvidence { signatures: signatures.into_iter().map(signature).collect(), ..evidence }))
}

/// List the findings of an image
#[utoipa::path(
    tag = "images",
    params(("digest" = String, Path, description = "Any digest of it, twelve or more of its digits, or its id.")),
    responses((status = 200, body = Page<Finding>, description = "One page, with what every tool says of each."))
)]
#[get("/images/{digest}/findings")]
pub(crate) async fn list_image_findings(
    digest: Path<String>,
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &findings::IMAGE_SPEC)?;
    let image = Some(resolve(&state, &viewer, &digest).await?.id);
    let filter = store::findings::Filter { image, ..findings::filter_of(&asked.query)? };
    let found = store::findings::list(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, Finding::from)))
}

/// The image that an address names.
async fn resolve(state: &State, viewer: &Viewer, text: &str) -> Result<ImageRow, Error> {
    match images::resolve(&state.store, viewer, text).await? {
        Resolved::One(row) => Ok(*row),
        Resolved::Nothing => Err(unknown(text)),
        Resolved::Several(rows) => Err(Error::Invalid(format!(
            "`{text}` leads to {} images; name one by its id: {}.",
            rows.len(),
            rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>().join(", ")
        ))),
    }
}

fn unknown(text: &str) -> Error {
    Error::NotFound(format!("image {}", text.chars().take(80).collect::<String>()))
}

fn with_evidence(
    found: ImageDetail,
    digests: Vec<DigestRow>,
    tags: Vec<TagRow>,
    scans: Vec<ScanRow>,
    runs: Vec<RunRow>,
) -> ImageWithEvidence {
    ImageWithEvidence {
        image: found.image.into(),
        digest_role: found.digest_role,
        due_exposed_at: found.due_exposed_at,
        due_internal_at: found.due_internal_at,
        explanation: explained(&found.explanation),
        labels: found.labels,
        layers: found.layers,
        digests: digests.into_iter().map(|row| ImageDigest { digest: row.digest, role: row.role }).collect(),
        tags: tags.into_iter().map(tag).collect(),
        scans: scans.into_iter().map(scan).collect(),
        runs: runs.into_iter().map(run).collect(),
        signatures: Vec::new(),
    }
}

fn signature(row: SignatureRow) -> ImageSignature {
    ImageSignature {
        digest: row.subject,
        state: row.state.as_str(),
        reason: row.sentence,
        document_id: row.document.to_string(),
    }
}

fn tag(row: TagRow) -> ImageTag {
    ImageTag {
        registry: row.registry,
        repository: row.repository,
        tag: row.tag,
        first_seen_at: row.first_seen_at,
        last_seen_at: row.last_seen_at,
        ended_at: row.ended_at,
    }
}

fn scan(row: ScanRow) -> ImageScan {
    ImageScan {
        tool: row.tool,
        tool_version: row.tool_version,
        scanned_at: row.scanned_at,
        database_at: row.database_at,
        document_id: row.document.to_string(),
        partial: row.partial,
        finding_count: row.finding_count,
        superseded: row.superseded,
    }
}

fn run(row: RunRow) -> ImageRun {
    ImageRun {
        workload_id: row.workload.to_string(),
        cluster: row.cluster,
        namespace: row.namespace,
        kind: row.kind,
        name: row.name,
        container: row.container,
        reach: row.reach,
        running: row.running,
        gap_stage: row.gap_stage,
    }
}
