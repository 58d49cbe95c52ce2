//! The files of images: the list, and one image's findings and components. Refuses other columns than the
//! API's names.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::finding::FindingClass;
use domain::id::ImageId;
use domain::scope::Viewer;
use reports::Cell;
use store::Store;
use store::findings::Filter;
use store::images::{self, ImageRow, ListedComponent};
use store::list::{Page, Sort};

use super::detail::{find, one};
use super::list::{SPEC, filter_of};
use super::tabs::COMPONENTS;
use crate::State;
use crate::error::Error;
use crate::export::Shape;
use crate::pages::findings;
use crate::pages::listing::{Rows, file, text_of};
use crate::query::ListQuery;
use crate::viewer::CurrentViewer;

/// The list as a file.
pub(crate) async fn list(
    extension: web::Path<String>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let shape = Shape::of(&extension)?;
    let list = ListQuery::parse(&SPEC, request.query_string())?;
    let filter = filter_of(&list, state.stale_before())?;
    file(("images", shape), (COLUMNS, cells), Rows::of(state, viewer, &list, filter, images::list)).await
}

/// The findings or components of one image as a file.
pub(crate) async fn part(
    at: web::Path<(String, String, String)>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (key, what, extension) = at.into_inner();
    let shape = Shape::of(&extension)?;
    let image = one(find(&state, &viewer, &key).await?, &key)?.id;
    match what.as_str() {
        "findings" => findings(image, &[FindingClass::Vulnerability], shape, viewer, state, &request).await,
        "others" => findings(image, &OTHERS, shape, viewer, state, &request).await,
        "components" => components(image, shape, viewer, state, &request).await,
        other => Err(Error::NotFound(format!("file {other} of an image"))),
    }
}

async fn findings(
    image: ImageId,
    classes: &[FindingClass],
    shape: Shape,
    viewer: CurrentViewer,
    state: web::Data<State>,
    request: &HttpRequest,
) -> Result<HttpResponse, Error> {
    let list = ListQuery::parse(&findings::SPEC, request.query_string())?;
    let filter = Filter { image: Some(image), classes: classes.to_vec(), ..findings::filter_of(&list)? };
    let rows = Rows::of(state, viewer, &list, filter, store::findings::list);
    file(("findings", shape), (findings::COLUMNS, findings::cells), rows).await
}

async fn components(
    image: ImageId,
    shape: Shape,
    viewer: CurrentViewer,
    state: web::Data<State>,
    request: &HttpRequest,
) -> Result<HttpResponse, Error> {
    let list = ListQuery::parse(&COMPONENTS, request.query_string())?;
    let read =
        async move |store: &Store, viewer: &Viewer, text: &Option<String>, sort: &Sort, page: &Page| {
            images::components(store, viewer, image, text.as_deref(), sort, page).await
        };
    let rows = Rows::of(state, viewer, &list, text_of(&list), read);
    file(("components", shape), (COMPONENT_COLUMNS, component_cells), rows).await
}

/// The classes that are not vulnerabilities.
pub(super) const OTHERS: [FindingClass; 4] =
    [FindingClass::Secret, FindingClass::Misconfiguration, FindingClass::Malware, FindingClass::Licence];

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "digest",
    "registry",
    "repository",
    "platform",
    "distribution",
    "distribution_version",
    "end_of_life",
    "score",
    "critical",
    "high",
    "medium",
    "low",
    "unknown",
    "exploited",
    "fixable",
    "secrets",
    "misconfigurations",
    "max_epss",
    "components",
    "running",
    "workloads",
    "last_scanned_at",
    "created_at",
    "first_seen_at",
    "size",
];

/// A count as a cell.
pub(crate) fn count(count: u64) -> Cell {
    Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

fn cells(row: &ImageRow) -> Vec<Cell> {
    let mut cells = vec![
        row.id.to_string().into(),
        row.name.as_str().into(),
        row.digest.as_str().into(),
        row.registry.as_str().into(),
        row.repository.as_str().into(),
        row.platform.as_str().into(),
        row.distribution.clone().into(),
        row.distribution_version.clone().into(),
        row.end_of_life.map(|ended| if ended { "yes" } else { "no" }).into(),
        row.score.into(),
    ];
    // What nobody scanned has no counts: an empty cell, not a zero.
    let scanned = row.last_scanned_at.is_some();
    let known = |number: u64| if scanned { count(number) } else { Cell::Empty };
    cells.extend(row.severities.map(known));
    cells.extend([row.kev, row.fixable, row.secrets, row.misconfigurations].map(known));
    cells.push(row.max_epss.into());
    cells.extend([row.component_count, row.running, row.workload_count].map(count));
    cells.extend(
        [row.last_scanned_at, row.created_at, Some(row.first_seen_at)]
            .map(|at| at.map(|at| at.to_rfc3339()).into()),
    );
    cells.push(row.size.map_or(Cell::Empty, count));
    cells
}

const COMPONENT_COLUMNS: &[&str] =
    &["purl", "type", "name", "version", "source", "source_version", "licences", "path", "tools", "findings"];

fn component_cells(row: &ListedComponent) -> Vec<Cell> {
    vec![
        row.purl.as_str().into(),
        row.kind.as_str().into(),
        row.name.as_str().into(),
        row.version.as_str().into(),
        row.source_name.as_str().into(),
        row.source_version.as_str().into(),
        row.licences.join("; ").into(),
        row.path.as_str().into(),
        count(row.tools),
        count(row.findings),
    ]
}
