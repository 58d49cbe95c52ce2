//! Findings over the API, each with what every tool says of it. Refuses to sort the findings of the whole
//! estate by what no index holds.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::finding::FindingClass;
use domain::severity::Severity;
use serde::Serialize;
use store::findings::{self, Attribution, FindingRow, FoundIn};
use utoipa::ToSchema;

use super::list::{Asked, Page, answer};
use crate::State;
use crate::error::Error;
use crate::pages::listing::{SEVERITIES, choice, id_of, open, text, worst};
use crate::query::{Filter, ListQuery, ListSpec};
use crate::viewer::CurrentViewer;

/// What the list of all findings knows: sorts that an index answers, and the filters of the pages' tables.
pub(super) static SPEC: ListSpec = ListSpec {
    path: "/api/v1/findings",
    noun: ("finding", "findings"),
    text_hint: "vulnerability, component, subject, path or title",
    columns: &[worst("rank", "Severity", ""), worst("age", "Since", "")],
    default_sort: "rank",
    filters: FILTERS,
};

/// What the findings of one image know.
pub(super) static IMAGE_SPEC: ListSpec = ListSpec {
    path: "/api/v1/images",
    noun: ("finding", "findings"),
    text_hint: "vulnerability, component, subject, path or title",
    columns: &[
        worst("severity", "Severity", ""),
        worst("threat", "Threat", ""),
        worst("age", "Since", ""),
        text("vulnerability", "Vulnerability", ""),
        text("component", "Component", ""),
        text("path", "Path", ""),
        text("fix", "Fix", ""),
    ],
    default_sort: "severity",
    filters: FILTERS,
};

const FILTERS: &[Filter] = &[
    choice(
        "class",
        "Class",
        &[
            ("vulnerability", "Vulnerability"),
            ("secret", "Secret"),
            ("misconfiguration", "Misconfiguration"),
            ("licence", "Licence"),
            ("malware", "Malware"),
        ],
    ),
    choice("severity", "Severity", SEVERITIES),
    choice("fixable", "Fix", &[("yes", "With a fix")]),
    choice("kev", "Exploitation", &[("yes", "Known exploited")]),
    choice("said", "Agreement of tools", &[("differently", "Tools disagree")]),
    choice(
        "state",
        "State",
        &[("suppressed", "Set aside"), ("closed", "Closed"), ("any", "Open and closed")],
    ),
    open("component", "Component (an id)"),
    open("tool", "Tool"),
    open("vulnerability", "Vulnerability"),
    open("workload", "Workload (an id)"),
];

/// The filter that an address asks for.
pub(super) fn filter_of(query: &ListQuery) -> Result<findings::Filter, Error> {
    Ok(findings::Filter {
        workload: id_of(query, "workload")?,
        vulnerability: query.filter("vulnerability").map(str::to_owned),
        classes: query.filter("class").and_then(FindingClass::from_word).into_iter().collect(),
        ..crate::pages::findings::filter_of(query)?
    })
}

/// One fact on one image, whoever reported it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Finding {
    /// Its id.
    #[schema(example = "2c26b46b68ffc68ff99b453c1d304134", pattern = "^[0-9a-f]{32}$")]
    id: String,
    /// The id of the image.
    image_id: String,
    /// The image's name.
    #[schema(example = "shop/api:1.9")]
    image_name: String,
    /// `vulnerability`, `secret`, `misconfiguration`, `licence`, `malware`.
    #[schema(example = "vulnerability")]
    class: String,
    /// The worst severity that a tool states.
    #[schema(value_type = String, example = "high")]
    severity: Severity,
    /// The vulnerability, if it is one.
    #[schema(example = "CVE-2023-5363")]
    vulnerability: Option<String>,
    /// The component, if it is about one.
    component: Option<Component>,
    /// The rule, check, licence or signature of other classes; empty for vulnerabilities.
    subject: String,
    /// A file; may be empty.
    path: String,
    /// The resource inside it, of misconfigurations; may be empty.
    resource: String,
    /// A line in it.
    line: Option<u64>,
    /// One line for people.
    title: Option<String>,
    /// `fixed`, `not_fixed`, `wont_fix`, `unknown`.
    #[schema(example = "fixed")]
    fix_state: String,
    /// The version with the fix; may be empty.
    #[schema(example = "3.0.15-1~deb12u1")]
    fix_version: String,
    /// Whether a tool or a VEX statement set it aside.
    suppressed: bool,
    /// What a VEX statement says of it.
    vex_status: Option<String>,
    /// First report.
    first_seen_at: DateTime<Utc>,
    /// When a fix was first reported.
    fix_seen_at: Option<DateTime<Utc>>,
    /// When it was closed; null while it is open.
    closed_at: Option<DateTime<Utc>>,
    /// Why it was closed.
    closed_reason: Option<String>,
    /// EPSS probability.
    epss: Option<f64>,
    /// EPSS percentile, 0 to 1.
    epss_percentile: Option<f64>,
    /// When it was listed as known to be exploited.
    kev_added_at: Option<DateTime<Utc>>,
    /// CVSS base score.
    cvss_base: Option<f64>,
    /// What each tool says.
    attributions: Vec<Said>,
}

/// The component that a finding is about.
#[derive(Debug, Serialize, ToSchema)]
struct Component {
    /// Its id.
    id: String,
    /// Its package URL.
    #[schema(example = "pkg:deb/debian/openssl@3.0.11-1~deb12u2")]
    purl: String,
    /// Its name.
    name: String,
    /// Its version; may be empty.
    version: String,
    /// Its source package; may be empty.
    source_name: String,
    /// That package's version; may be empty.
    source_version: String,
}

/// What one tool says of a finding.
#[derive(Debug, Serialize, ToSchema)]
struct Said {
    /// The tool.
    #[schema(example = "trivy")]
    tool: String,
    /// Its severity on the common scale.
    #[schema(value_type = String, example = "high")]
    severity: Severity,
    /// Its own word.
    #[schema(example = "HIGH")]
    severity_word: String,
    /// `fixed`, `not_fixed`, `wont_fix`, `unknown`.
    fix_state: String,
    /// The version with the fix; may be empty.
    fix_version: String,
    /// The CVSS vector it rates by.
    cvss_vector: Option<String>,
    /// Why it set the finding aside, if it did.
    suppressed_reason: Option<String>,
    /// Where it saw it, beyond the subject.
    location: Option<String>,
    /// Whether the component is used where the image runs, in its words, if it says so.
    in_use: Option<String>,
    /// The id it reports it under; may be empty.
    reported_as: String,
    /// The id of the document that says so.
    document_id: String,
    /// Since when it says so.
    first_seen_at: DateTime<Utc>,
}

impl From<FindingRow> for Finding {
    fn from(row: FindingRow) -> Self {
        Self {
            id: row.id.to_string(),
            image_id: row.image.to_string(),
            image_name: row.image_name,
            class: row.class,
            severity: row.severity,
            vulnerability: row.vulnerability,
            component: row.component.map(component),
            subject: row.subject,
            path: row.path,
            resource: row.resource,
            line: row.line,
            title: row.title,
            fix_state: row.fix_state,
            fix_version: row.fix_version,
            suppressed: row.suppressed,
            vex_status: row.vex_status,
            first_seen_at: row.first_seen_at,
            fix_seen_at: row.fix_seen_at,
            closed_at: row.closed_at,
            closed_reason: row.closed_reason,
            epss: row.epss,
            epss_percentile: row.epss_percentile,
            kev_added_at: row.kev_added_at,
            cvss_base: row.cvss_base,
            attributions: row.attributions.into_iter().map(said).collect(),
        }
    }
}

fn component(row: FoundIn) -> Component {
    Component {
        id: row.id.to_string(),
        purl: row.purl,
        name: row.name,
        version: row.version,
        source_name: row.source_name,
        source_version: row.source_version,
    }
}

fn said(row: Attribution) -> Said {
    Said {
        tool: row.tool,
        severity: row.severity,
        severity_word: row.severity_word,
        fix_state: row.fix_state,
        fix_version: row.fix_version,
        cvss_vector: row.cvss_vector,
        suppressed_reason: row.suppressed_reason,
        location: row.location,
        in_use: row.in_use,
        reported_as: row.reported_as,
        document_id: row.document.to_string(),
        first_seen_at: row.first_seen_at,
    }
}

/// List findings
///
/// Of all images, worst first unless sorted by age.
#[utoipa::path(
    tag = "findings",
    responses((status = 200, body = Page<Finding>, description = "One page, with what every tool says of each."))
)]
#[get("/findings")]
pub(crate) async fn list_findings(
    request: HttpRequest,
    viewer: CurrentViewer,
    state: Data<State>,
) -> Result<HttpResponse, Error> {
    let asked = Asked::of(&request, &SPEC)?;
    let filter = filter_of(&asked.query)?;
    let found = findings::list(&state.store, &viewer, &filter, &asked.sort(), &asked.start).await?;
    Ok(answer(&asked.page(found, Finding::from)))
}
