//! Every call to Google Cloud goes through [`Caller`]. Refuses a list whose page token repeats.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::config::Config;
use super::place::Place;
use super::refusal::Refusal;
use super::request::{Client, Request};
use crate::missing::Missing;
use crate::paging::Pages;
use crate::{Context, Failure, caller};

/// The most rows that a page may have, in every API that is asked.
const ROWS: &str = "1000";

/// One project, location and service, ready to be asked.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    /// Project, location and what labels mean.
    pub(super) place: Place,
    /// What the run gives.
    pub(super) context: &'a Context,
    /// What the source was told.
    pub(super) settings: &'a Config,
    /// Makes the calls.
    pub(super) caller: Caller,
}

/// A page of a list, whatever its rows are called.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Page<T> {
    #[serde(
        alias = "dockerImages",
        alias = "folders",
        alias = "jobs",
        alias = "locations",
        alias = "notes",
        alias = "occurrences",
        alias = "projects",
        alias = "repositories",
        alias = "services",
        alias = "workerPools"
    )]
    rows: Vec<T>,
    next_page_token: Option<String>,
    unreachable: Vec<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), next_page_token: None, unreachable: Vec::new() }
    }
}

impl Ask<'_> {
    /// Reads something by its name; nothing where it is not there.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        action: &str,
        request: &Request,
    ) -> Result<Option<T>, Failure> {
        match self.caller.settle(action, request, read).await {
            Ok(answer) => Ok(Some(answer)),
            Err(unsettled) if unsettled.refusal.is_absent() => Ok(None),
            Err(unsettled) => Err(unsettled.failure),
        }
    }

    /// The bytes of an answer; nothing where it is not there.
    ///
    /// # Errors
    /// As [`Ask::find`].
    pub(super) async fn bytes(&self, action: &str, request: &Request) -> Result<Option<Vec<u8>>, Failure> {
        match self.caller.settle(action, request, |bytes| Ok(bytes.to_vec())).await {
            Ok(answer) => Ok(Some(answer)),
            Err(unsettled) if unsettled.refusal.is_absent() => Ok(None),
            Err(unsettled) => Err(unsettled.failure),
        }
    }

    /// Reads something that is there: that it is not is a failure.
    ///
    /// # Errors
    /// As [`Ask::find`].
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        action: &str,
        request: &Request,
    ) -> Result<T, Failure> {
        self.caller.settle(action, request, read).await.map_err(|unsettled| unsettled.failure)
    }

    /// Reads a list to its end. Places that could not be reached are noted.
    ///
    /// # Errors
    /// When a page cannot be had, or a token repeats; also when what it is of is not there: that is no empty list.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        action: &str,
        request: Request,
        missing: &mut Missing,
    ) -> Result<Vec<T>, Failure> {
        let (mut rows, mut next) = (Vec::new(), self.pages(action, request));
        while !next.ended() {
            rows.extend(next.page(missing).await.map_err(|unsettled| unsettled.failure)?);
        }
        Ok(rows)
    }

    /// A list, page by page.
    pub(super) fn pages<'l>(&'l self, action: &'l str, request: Request) -> Listing<'l> {
        Listing { caller: &self.caller, action, request, pages: Pages::default(), token: None, ended: false }
    }

    /// An answer that is not what the vendor's interface says.
    pub(super) fn unreadable(&self, action: &str, reason: &impl ToString) -> Failure {
        self.caller.caller.unreadable(action, reason)
    }
}

/// A list on its way.
#[derive(Debug)]
pub(super) struct Listing<'l> {
    caller: &'l Caller,
    action: &'l str,
    request: Request,
    pages: Pages,
    token: Option<String>,
    ended: bool,
}

impl Listing<'_> {
    /// The next page.
    ///
    /// # Errors
    /// When it cannot be had, what it is of is not there any more, or its token came before.
    pub(super) async fn page<T: DeserializeOwned>(
        &mut self,
        missing: &mut Missing,
    ) -> Result<Vec<T>, Unsettled> {
        let mut request = self.request.clone().with("pageSize", ROWS);
        if let Some(token) = &self.token {
            request = request.with("pageToken", token);
        }
        let page = self.caller.settle(self.action, &request, read::<Page<T>>).await?;
        for place in &page.unreachable {
            missing.note(format!(
                "`{}` in {} could not reach {place}: what is there was not seen",
                self.action, self.caller.caller.scope
            ));
        }
        self.token = self
            .pages
            .next(page.next_page_token)
            .map_err(|pages| self.caller.caller.repeated(self.action, pages))?;
        self.ended = self.token.is_none();
        Ok(page.rows)
    }

    /// Whether there is no further page.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }
}

/// Makes calls in one scope.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// When and how often.
    pub(super) caller: caller::Caller,
    /// What sends them.
    pub(super) client: Arc<Client>,
}

/// Why a call was given up, with what Google said where it refused.
pub(super) type Unsettled = caller::Unsettled<Refusal>;

impl Caller {
    async fn settle<T>(
        &self,
        action: &str,
        request: &Request,
        read: impl Fn(&[u8]) -> Result<T, Refusal> + Sync,
    ) -> Result<T, Unsettled> {
        let read = &read;
        self.caller.settle(action, || async move { read(&self.client.send(request).await?) }).await
    }
}

/// JSON; an empty answer is an empty object.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let text = if bytes.is_empty() { b"{}" } else { bytes };
    serde_json::from_slice(text).map_err(|error| Refusal::unreadable(200, bytes, &error))
}
