//! What every list of the API shares: `cursor` and `limit`, the page it answers with, and the description
//! of both. Filters and sort are the page's own. Refuses page numbers: they lie while rows arrive.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Value, json};
use store::list::{Listed, Sort, Start};
use utoipa::ToSchema;

use crate::error::Error;
use crate::pages::listing::sort_of;
use crate::query::{Direction, ListQuery, ListSpec, encoded};

const DEFAULT_LIMIT: u32 = 50;
const LARGEST_LIMIT: u32 = 500;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The rows, in the order asked for.
    pub(crate) items: Vec<T>,
    /// The address of the next page; null on the last one.
    #[schema(example = "/api/v1/images?limit=50&cursor=c2NvcmU")]
    pub(crate) next: Option<String>,
}

/// What a list's address asks for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Filters and sort, as the page reads them.
    pub(crate) query: ListQuery,
    /// Which rows.
    pub(crate) start: store::list::Page,
    path: String,
    rest: Vec<(String, String)>,
}

impl Asked {
    /// Reads the address of a request.
    pub(crate) fn of(request: &HttpRequest, spec: &'static ListSpec) -> Result<Self, Error> {
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|_| Error::Invalid("The part of the address after `?` could not be read.".to_owned()))?;
        let (mut start, mut limit, mut rest) = (Start::First, DEFAULT_LIMIT, Vec::new());
        for (key, value) in pairs.into_inner() {
            match key.as_str() {
                "cursor" if value.is_empty() => {}
                "cursor" => start = Start::Cursor(value.parse().map_err(|_| no_cursor())?),
                "limit" => limit = read_limit(&value)?,
                "q" | "sort" => rest.push((key, value)),
                filter if spec.filters.iter().any(|known| known.key == filter) => rest.push((key, value)),
                unknown => return Err(no_filter(spec, unknown)),
            }
        }
        let query = ListQuery::parse(spec, &joined(&rest))?;
        let start = store::list::Page::at(limit, start).uncounted();
        Ok(Self { query, start, path: request.path().to_owned(), rest })
    }

    /// The column and direction.
    pub(crate) fn sort(&self) -> Sort {
        sort_of(&self.query)
    }

    /// The page to answer with.
    pub(crate) fn page<R, T>(&self, found: Listed<R>, item: impl Fn(R) -> T) -> Page<T> {
        let next = found.next.map(|cursor| {
            let mut pairs = self.rest.clone();
            pairs.push(("limit".to_owned(), self.start.size.to_string()));
            pairs.push(("cursor".to_owned(), cursor.to_string()));
            format!("{}?{}", self.path, joined(&pairs))
        });
        Page { items: found.rows.into_iter().map(item).collect(), next }
    }
}

/// A value as JSON that no cache keeps.
pub(crate) fn answer<T: Serialize>(value: &T) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(value)
}

/// The description of a list's parameters.
pub(crate) fn parameters(spec: &ListSpec) -> Vec<Value> {
    let mut all = vec![
        parameter("q", &format!("Text to look for in {}.", spec.text_hint), json!({ "type": "string" })),
        parameter("sort", &sort_description(spec), json!({ "type": "string", "enum": sort_words(spec) })),
    ];
    for filter in spec.filters {
        let words: Vec<_> = filter.values.iter().map(|(word, _)| *word).collect();
        let schema = if words.is_empty() {
            json!({ "type": "string" })
        } else {
            json!({ "type": "string", "enum": words })
        };
        all.push(parameter(filter.key, &format!("Narrows the list by {}.", lowered(filter.label)), schema));
    }
    let limit =
        json!({ "type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT });
    all.push(parameter("limit", "The most rows to answer with.", limit));
    let cursor = "Where the page begins, as the previous page's `next` says.";
    all.push(parameter("cursor", cursor, json!({ "type": "string" })));
    all
}

fn parameter(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
}

/// A label inside a sentence; abbreviations stay as they are.
fn lowered(label: &str) -> String {
    if label.chars().nth(1).is_some_and(char::is_uppercase) { label.to_owned() } else { label.to_lowercase() }
}

fn sort_description(spec: &ListSpec) -> String {
    let opening = spec.columns.iter().find(|column| column.key == spec.default_sort);
    let sign = if opening.is_some_and(|column| column.first == Direction::Descending) { "-" } else { "" };
    format!(
        "Column to sort by; a leading minus turns the order round. Default: `{sign}{}`.",
        spec.default_sort
    )
}

fn sort_words(spec: &ListSpec) -> Vec<String> {
    spec.columns.iter().flat_map(|column| [column.key.to_owned(), format!("-{}", column.key)]).collect()
}

fn no_filter(spec: &ListSpec, key: &str) -> Error {
    let known: Vec<_> = spec.filters.iter().map(|filter| filter.key).collect();
    Error::Invalid(format!(
        "This list has no parameter `{}`. It knows q, sort, limit, cursor, {}.",
        key.chars().take(60).collect::<String>(),
        known.join(", ")
    ))
}

fn no_cursor() -> Error {
    Error::Invalid("`cursor` is not one that a page's `next` gave out.".to_owned())
}

fn read_limit(text: &str) -> Result<u32, Error> {
    text.parse().ok().filter(|limit| (1..=LARGEST_LIMIT).contains(limit)).ok_or_else(|| {
        Error::Invalid(format!("`{text}` is not a limit. It is a number from 1 to {LARGEST_LIMIT}."))
    })
}

fn joined(pairs: &[(String, String)]) -> String {
    let pair = |(key, value): &(String, String)| format!("{}={}", encoded(key), encoded(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Open findings by severity.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct SeverityCounts {
    /// Critical.
    critical: u64,
    /// High.
    high: u64,
    /// Medium.
    medium: u64,
    /// Low and negligible.
    low: u64,
    /// Nobody said.
    unknown: u64,
}

impl From<[u64; 5]> for SeverityCounts {
    fn from([critical, high, medium, low, unknown]: [u64; 5]) -> Self {
        Self { critical, high, medium, low, unknown }
    }
}

/// A stored explanation of a score; none until there is one.
pub(crate) fn explained(text: &str) -> Option<Value> {
    serde_json::from_str(text)
        .ok()
        .filter(|value: &Value| value.as_object().is_some_and(|object| !object.is_empty()))
}
