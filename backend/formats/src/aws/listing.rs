//! The shapes in which lists of findings leave Amazon's services: the answer of a list call, a bare
//! array, one finding a line, events of EventBridge, an answer that a test recorder kept.
//!
//! Refuses to take single findings for a whole list: what arrives one by one closes nothing.

use serde::Deserialize;

use crate::error::Error;
use crate::head::Head;
use crate::json::{self, Text, nullable};

/// Where the findings of a document stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"findings": […], "nextToken": …}`, one or several pages after another.
    List,
    /// `[…]`.
    Array,
    /// Findings themselves, one or several after another.
    Bare,
    /// `{"detail": {…}}`, events of one finding each.
    Event,
    /// `{"detail": {"findings": […]}}`, events of several.
    EventList,
    /// `{"data": {"findings": […]}}`, a recorded answer.
    Recorded,
}

/// Every shape with the path prefix of its findings.
const PREFIXES: [(Shape, &str); 7] = [
    (Shape::List, "findings[]."),
    (Shape::List, "Findings[]."),
    (Shape::Array, "[]."),
    (Shape::Bare, ""),
    (Shape::Event, "detail."),
    (Shape::EventList, "detail.findings[]."),
    (Shape::Recorded, "data.findings[]."),
];

/// The findings of a document.
#[derive(Debug)]
pub(crate) struct Listing<F> {
    /// In document order, pages joined.
    pub findings: Vec<F>,
    /// Why the list is not whole, if it is not.
    pub partial: Option<&'static str>,
}

#[derive(Debug, Deserialize)]
#[serde(default, bound(deserialize = "F: Deserialize<'de>, 'de: 'a"))]
struct Page<'a, F> {
    #[serde(alias = "Findings", deserialize_with = "nullable")]
    findings: Vec<F>,
    #[serde(rename = "nextToken", alias = "NextToken")]
    next_token: Text<'a>,
}

impl<F> Default for Page<'_, F> {
    fn default() -> Self {
        Self { findings: Vec::new(), next_token: Text::default() }
    }
}

#[derive(Debug, Deserialize)]
struct Event<T> {
    detail: T,
}

#[derive(Debug, Deserialize)]
struct Recorded<T> {
    data: T,
}

impl Shape {
    /// The shape of a document whose findings a format tells by the paths at a prefix.
    pub(crate) fn of(head: &Head, tells: impl Fn(&dyn Fn(&str) -> bool) -> bool) -> Option<Self> {
        PREFIXES
            .iter()
            .find(|(_, prefix)| tells(&|path: &str| head.has(&format!("{prefix}{path}"))))
            .map(|(shape, _)| *shape)
    }

    /// Whether a document is an answer with an empty list under this key, and nothing else.
    pub(crate) fn is_empty_list(head: &Head, key: &str) -> bool {
        const BESIDE: [&str; 3] = ["nextToken", "NextToken", "ResponseMetadata"];
        let alone = head.keys().iter().all(|known| known == key || BESIDE.contains(&known.as_str()));
        if !alone || !head.is_whole() || !head.is_json_object() {
            return false;
        }
        let bare: String = head.text().split_ascii_whitespace().collect();
        bare.contains(&format!("\"{key}\":[]"))
    }
}

impl<'a, F: Deserialize<'a>> Listing<F> {
    /// Reads every value of a document in this shape.
    pub(crate) fn read(document: &'a [u8], kind: &'static str, shape: Shape) -> Result<Self, Error> {
        const SINGLE: &str = "the document holds single findings, not a whole list";
        const MORE: &str = "the list goes on: its next page is missing";
        let pages = |pages: Vec<Page<'a, F>>| {
            let more = pages.last().is_some_and(|page| page.next_token.filled().is_some());
            (pages.into_iter().flat_map(|page| page.findings).collect(), more.then_some(MORE))
        };
        let (findings, partial) = match shape {
            Shape::List => pages(json::documents(document, kind)?),
            Shape::Recorded => {
                let recorded: Vec<Recorded<Page<'a, F>>> = json::documents(document, kind)?;
                pages(recorded.into_iter().map(|answer| answer.data).collect())
            }
            Shape::Array => {
                let arrays: Vec<Vec<F>> = json::documents(document, kind)?;
                (arrays.into_iter().flatten().collect(), None)
            }
            Shape::Bare => (json::documents(document, kind)?, Some(SINGLE)),
            Shape::Event => {
                let events: Vec<Event<F>> = json::documents(document, kind)?;
                (events.into_iter().map(|event| event.detail).collect(), Some(SINGLE))
            }
            Shape::EventList => {
                let events: Vec<Event<Page<'a, F>>> = json::documents(document, kind)?;
                (events.into_iter().flat_map(|event| event.detail.findings).collect(), Some(SINGLE))
            }
        };
        Ok(Self { findings, partial })
    }
}

/// Where the finding of a number stands, pages counted through.
pub(crate) fn place(number: usize) -> String {
    format!("findings[{number}]")
}
