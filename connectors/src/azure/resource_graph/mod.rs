//! Resource Graph: one question about a whole subscription, answered in pages. Refuses an answer that was cut off,
//! which says nothing of what is missing.

use reqwest::Url;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::ask::Ask;
use super::wire::nullable;
use crate::Failure;
use crate::http::Request;
use crate::paging::Pages;

const VERSION: &str = "2022-10-01";
const PATH: &str = "/providers/Microsoft.ResourceGraph/resources";
/// The most rows that a page may have.
const ROWS: usize = 1000;

/// A question under way.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    ask: &'a Ask<'a>,
    action: &'a str,
    query: &'a str,
    address: Url,
    pages: Pages,
    next: Option<String>,
    ended: bool,
}

/// A page of rows, unread.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Page {
    #[serde(deserialize_with = "nullable")]
    data: Vec<Box<RawValue>>,
    #[serde(rename = "$skipToken")]
    skip_token: Option<String>,
    /// A flag, written as text.
    #[serde(deserialize_with = "nullable")]
    result_truncated: String,
}

impl<'a> Asking<'a> {
    /// Asks about the subscription of the scope; `action` is what reading the rows takes.
    ///
    /// # Errors
    /// When the settings name no address.
    pub(super) fn new(ask: &'a Ask<'a>, action: &'a str, query: &'a str) -> Result<Self, Failure> {
        let address = ask.address(action, PATH, VERSION)?;
        Ok(Self { ask, action, query, address, pages: Pages::default(), next: None, ended: false })
    }

    /// The rows of the next page; nothing at the end.
    ///
    /// # Errors
    /// When the page cannot be had or read, or its token came before.
    pub(super) async fn page(&mut self) -> Result<Option<Vec<Box<RawValue>>>, Failure> {
        if self.ended {
            return Ok(None);
        }
        let mut options = json!({ "$top": ROWS, "resultFormat": "objectArray" });
        if let Some(token) = &self.next {
            options["$skipToken"] = json!(token);
        }
        let asked = json!({
            "subscriptions": [self.ask.place.account.id], "query": self.query, "options": options,
        });
        let request = Request::json(self.address.clone(), &asked);
        let answer = self.ask.manager(self.action, &request).await.map_err(|refused| refused.failure)?;
        let page: Page = self.ask.read(self.action, &answer)?;
        if page.skip_token.is_none() && page.result_truncated == "true" {
            return Err(self
                .ask
                .unreadable(self.action, &"rows were cut off and no further page was offered"));
        }
        self.next = self.ask.next(self.action, &mut self.pages, page.skip_token)?;
        self.ended = self.next.is_none();
        Ok(Some(page.data))
    }
}
