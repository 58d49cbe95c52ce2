//! What a request for a list asks: who looks, at which store, for which rows; they are read from there as a page, or
//! whole as a file. Refuses to know which list it is, and to hold a whole file in memory: rows are read and sent a few
//! thousand at a time.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use domain::scope::Viewer;
use futures_util::stream;
use reports::{Cell, Table, csv, json};
use store::Store;
use store::list::{Listed, Page, Sort, Start};

use super::listing::{page_of, sort_of};
use crate::State;
use crate::error::Error;
use crate::export::Shape;
use crate::query::{ListQuery, ListSpec};
use crate::viewer::CurrentViewer;

/// Rows read at once for a file.
const CHUNK: u32 = 2_000;

/// What a file holds: the names of its columns, and the cells of a row under them.
pub(crate) type Columns<T> = (&'static [&'static str], fn(&T) -> Vec<Cell>);

/// What a request for a list asks.
pub(crate) struct Asked {
    /// Who looks.
    pub(crate) viewer: CurrentViewer,
    /// What handlers may use.
    pub(crate) state: Data<State>,
    /// The part of the address after `?`.
    query: String,
}

impl Asked {
    /// What the address says of a list.
    pub(crate) fn list(&self, spec: &'static ListSpec) -> Result<ListQuery, Error> {
        ListQuery::parse(spec, &self.query)
    }

    /// The page of a list that its address names, narrowed by a filter and read by a function of the store.
    pub(crate) async fn page<T, F>(
        &self,
        list: &ListQuery,
        filter: &F,
        read: impl AsyncFn(&Store, &Viewer, &F, &Sort, &Page) -> Result<Listed<T>, store::Error>,
    ) -> Result<Listed<T>, Error> {
        let page = page_of(list)?;
        Ok(read(&self.state.store, &self.viewer, filter, &sort_of(list), &page).await?)
    }

    /// Every row of a list as a file of this name and extension. The first rows are read before the answer begins,
    /// so that what cannot be read is an error and not a torn file.
    pub(crate) async fn file<T, F>(
        self,
        (name, extension): (&str, &str),
        (columns, cells): Columns<T>,
        list: &ListQuery,
        filter: F,
        read: impl AsyncFn(&Store, &Viewer, &F, &Sort, &Page) -> Result<Listed<T>, store::Error> + 'static,
    ) -> Result<HttpResponse, Error>
    where
        T: 'static,
        F: 'static,
    {
        let (shape, sort) = (Shape::of(extension)?, sort_of(list));
        let fetch = async move |page: Page| {
            read(&self.state.store, &self.viewer, &filter, &sort, &page.uncounted()).await
        };
        let first = fetch(Page::first(CHUNK)).await?;
        let start = Some((first, true));
        let parts = stream::unfold((start, fetch), move |(state, fetch)| async move {
            let (listed, opens) = state?;
            let rows = listed.rows.iter().map(cells).collect();
            let bytes = part(shape, columns, rows, opens, listed.next.is_none());
            let following = match listed.next {
                Some(cursor) => match fetch(Page::at(CHUNK, Start::Cursor(cursor))).await {
                    Ok(next) => Some((next, false)),
                    Err(error) => return Some((Err(Error::from(error)), (None, fetch))),
                },
                None => None,
            };
            Some((Ok::<_, Error>(Bytes::from(bytes)), (following, fetch)))
        });
        let content_type = match shape {
            Shape::Csv => "text/csv; charset=utf-8",
            Shape::Json => "application/json",
        };
        Ok(HttpResponse::Ok()
            .content_type(content_type)
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header(ContentDisposition {
                disposition: DispositionType::Attachment,
                parameters: vec![DispositionParam::Filename(format!("{name}.{extension}"))],
            })
            .streaming(parts))
    }
}

impl FromRequest for Asked {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let viewer = CurrentViewer::from_request(request, payload).into_inner();
        let state = Data::<State>::from_request(request, payload).into_inner();
        let query = request.query_string().to_owned();
        ready(viewer.and_then(|viewer| Ok(Self { viewer, state: state?, query })))
    }
}

/// Some rows as their part of the file: the head only before the first, the end only after the last.
fn part(shape: Shape, columns: &[&'static str], rows: Vec<Vec<Cell>>, opens: bool, ends: bool) -> Vec<u8> {
    let table = Table { columns: columns.to_vec(), rows };
    match shape {
        Shape::Csv => {
            let head = csv::to_csv(&Table::new(columns.to_vec())).len();
            let mut bytes = csv::to_csv(&table);
            if opens { bytes } else { bytes.split_off(head) }
        }
        Shape::Json => {
            let mut bytes = json::to_json(&table);
            if !ends {
                bytes.truncate(bytes.len().saturating_sub("\n]\n".len()));
            }
            if !opens && !table.rows.is_empty() {
                bytes[0] = b',';
            }
            bytes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(shape: Shape) -> String {
        let row = |text: &str| vec![vec![Cell::from(text)]];
        let mut bytes = part(shape, &["name"], row("a"), true, false);
        bytes.extend(part(shape, &["name"], row("=b"), false, false));
        bytes.extend(part(shape, &["name"], row("c"), false, true));
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_file_in_parts_is_the_file() {
        let rows = ["a", "=b", "c"].map(|text| vec![Cell::from(text)]).to_vec();
        let whole = Table { columns: vec!["name"], rows };
        assert_eq!(parts(Shape::Csv).into_bytes(), csv::to_csv(&whole));
        assert_eq!(parts(Shape::Json).into_bytes(), json::to_json(&whole));
        assert_eq!(
            part(Shape::Json, &["name"], Vec::new(), true, true),
            json::to_json(&Table::new(vec!["name"]))
        );
    }
}
