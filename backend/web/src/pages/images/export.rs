//! The files of images: the list, and one image's findings and components. Refuses other columns than the
//! API's names.

use actix_web::{HttpResponse, web};
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
use crate::error::Error;
use crate::pages::asked::Asked;
use crate::pages::findings;
use crate::pages::listing::text_of;

/// The list as a file.
pub(crate) async fn list(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list, asked.state.stale_before())?;
    asked.file(("images", &extension), (COLUMNS, cells), &list, filter, images::list).await
}

/// The findings or components of one image as a file.
pub(crate) async fn part(
    at: web::Path<(String, String, String)>,
    asked: Asked,
) -> Result<HttpResponse, Error> {
    let (key, what, extension) = at.into_inner();
    let image = one(find(&asked.state, &asked.viewer, &key).await?, &key)?.id;
    match what.as_str() {
        "findings" => findings(image, &[FindingClass::Vulnerability], &extension, asked).await,
        "others" => findings(image, &OTHERS, &extension, asked).await,
        "components" => components(image, &extension, asked).await,
        other => Err(Error::NotFound(format!("file {other} of an image"))),
    }
}

async fn findings(
    image: ImageId,
    classes: &[FindingClass],
    extension: &str,
    asked: Asked,
) -> Result<HttpResponse, Error> {
    let list = asked.list(&findings::SPEC)?;
    let filter = Filter { image: Some(image), classes: classes.to_vec(), ..findings::filter_of(&list)? };
    let read = store::findings::list;
    asked.file(("findings", extension), (findings::COLUMNS, findings::cells), &list, filter, read).await
}

async fn components(image: ImageId, extension: &str, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&COMPONENTS)?;
    let read =
        async move |store: &Store, viewer: &Viewer, text: &Option<String>, sort: &Sort, page: &Page| {
            images::components(store, viewer, image, text.as_deref(), sort, page).await
        };
    let text = text_of(&list);
    asked.file(("components", extension), (COMPONENT_COLUMNS, component_cells), &list, text, read).await
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
    "signing",
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
    cells.push(row.signing.as_str().into());
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
