//! One subscription, ready to be asked through the resource manager: lists read to their end, single resources.
//! Refuses a next page at another address, which would get the token, and one that came before.

use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::client::{Caller, Unsettled};
use super::config::Config;
use super::place::Place;
use super::tokens::Tokens;
use super::wire::nullable;
use crate::Failure;
use crate::http::{Answer, Request};
use crate::paging::Pages;

/// Codes of a provider that nobody uses in the subscription: it has nothing.
const UNUSED: [&str; 2] = ["MissingSubscriptionRegistration", "SubscriptionNotRegistered"];

/// How often a token that is not taken is renewed for one call: others may have ended meanwhile as well.
pub(super) const RENEWALS: usize = 3;

/// A subscription that can be asked.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    /// The subscription and what tags mean.
    pub(super) place: Place,
    /// What the source was told.
    pub(super) settings: &'a Config,
    /// Its tokens.
    pub(super) tokens: &'a Tokens,
    /// Makes the calls.
    pub(super) caller: Caller,
}

/// A page of a list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
#[derive(Default)]
struct Page<'a> {
    #[serde(deserialize_with = "nullable", borrow)]
    value: Vec<&'a RawValue>,
    next_link: Option<String>,
}

impl Ask<'_> {
    /// Asks on behalf of the credentials, with another token where the first is not taken any more.
    ///
    /// # Errors
    /// As the caller's.
    pub(super) async fn authorised(
        &self,
        action: &str,
        audience: &str,
        request: &Request,
    ) -> Result<Answer, Unsettled> {
        let mut renewals = 0;
        loop {
            let token = self.tokens.current(audience, &self.caller).await?;
            match self.caller.settle(action, &request.clone().bearing(&token.0)).await {
                Err(refused) if renewals < RENEWALS && refused.refusal.is_about_the_token() => {
                    renewals += 1;
                    self.tokens.forget(audience, &token).await;
                }
                settled => return settled,
            }
        }
    }

    /// Asks the resource manager.
    ///
    /// # Errors
    /// As the caller's.
    pub(super) async fn manager(&self, action: &str, request: &Request) -> Result<Answer, Unsettled> {
        self.authorised(action, self.settings.cloud.manager, request).await
    }

    /// Every row of a list: `path` stands below the manager's address.
    ///
    /// # Errors
    /// When a page cannot be had or read, leads elsewhere, or came before.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        action: &str,
        path: &str,
        version: &str,
    ) -> Result<Vec<T>, Failure> {
        match self.rows(action, path, version).await {
            Err(refused) if UNUSED.contains(&refused.refusal.code.as_str()) => Ok(Vec::new()),
            told => told.map_err(|refused| refused.failure),
        }
    }

    /// Every row of a list of a resource's own; nothing where the resource is gone since it was listed.
    ///
    /// # Errors
    /// As [`Ask::list`].
    pub(super) async fn list_of<T: DeserializeOwned>(
        &self,
        action: &str,
        path: &str,
        version: &str,
    ) -> Result<Option<Vec<T>>, Failure> {
        match self.rows(action, path, version).await {
            Ok(rows) => Ok(Some(rows)),
            Err(refused) if refused.refusal.is_absence() => Ok(None),
            Err(refused) => Err(refused.failure),
        }
    }

    async fn rows<T: DeserializeOwned>(
        &self,
        action: &str,
        path: &str,
        version: &str,
    ) -> Result<Vec<T>, Unsettled> {
        let (mut rows, mut pages) = (Vec::new(), Pages::default());
        let mut address = self.address(action, path, version)?;
        loop {
            let answer = self.manager(action, &Request::get(address.clone())).await?;
            let page: Page<'_> = self.read(action, &answer)?;
            for row in page.value {
                rows.push(serde_json::from_str(row.get()).map_err(|error| self.unreadable(action, &error))?);
            }
            let Some(link) = self.next(action, &mut pages, page.next_link)? else { return Ok(rows) };
            let next: Url = link.parse().map_err(|error| self.unreadable(action, &error))?;
            address = self.same_door(action, &address, next)?;
        }
    }

    /// One resource; nothing where it is gone since it was listed.
    ///
    /// # Errors
    /// When it cannot be had or read.
    pub(super) async fn one<T: DeserializeOwned>(
        &self,
        action: &str,
        path: &str,
        version: &str,
    ) -> Result<Option<T>, Failure> {
        match self.manager(action, &Request::get(self.address(action, path, version)?)).await {
            Ok(answer) => self.read(action, &answer).map(Some),
            Err(refused) if refused.refusal.is_absence() => Ok(None),
            Err(refused) => Err(refused.failure),
        }
    }

    /// What is asked of the manager to see whether it may be asked: the first page of a list.
    ///
    /// # Errors
    /// As its answer.
    pub(super) async fn may(&self, action: &str, path: &str, version: &str) -> Result<(), Failure> {
        let asked = self.manager(action, &Request::get(self.address(action, path, version)?)).await;
        asked.map(drop).map_err(|refused| refused.failure)
    }

    /// An address of the manager's.
    ///
    /// # Errors
    /// When the settings name none.
    pub(super) fn address(&self, action: &str, path: &str, version: &str) -> Result<Url, Failure> {
        let text = format!("{}{path}", self.settings.endpoint);
        let mut address: Url = text.parse().map_err(|error| self.unreadable(action, &error))?;
        address.query_pairs_mut().append_pair("api-version", version);
        Ok(address)
    }

    /// The path of a list in the subscription: `Microsoft.App/jobs`.
    pub(super) fn below(&self, what: &str) -> String {
        format!("/subscriptions/{}/providers/{what}", self.place.account.id)
    }

    /// The path of something in a group that need not exist: `Microsoft.Web/sites/nobody/config/web`.
    pub(super) fn nowhere(&self, what: &str) -> String {
        let id = &self.place.account.id;
        format!("/subscriptions/{id}/resourceGroups/plimsoll-asks-whether-it-may/providers/{what}")
    }

    /// Whether a resource lies in the location of the scope, which may be all of them.
    pub(super) fn is_here(&self, location: &str) -> bool {
        let wanted = &self.caller.scope.region;
        wanted.is_empty() || *wanted == super::place::location(location)
    }

    /// The token or link of the next page; `None` at the end.
    ///
    /// # Errors
    /// When it came before, or the run was cancelled.
    pub(super) fn next(
        &self,
        action: &str,
        pages: &mut Pages,
        token: Option<String>,
    ) -> Result<Option<String>, Failure> {
        if self.caller.context.cancelled.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        pages.next(token).map_err(|pages| Failure::RepeatedToken {
            action: action.to_owned(),
            scope: self.caller.scope.clone(),
            pages,
        })
    }

    /// The next page, if it is asked at the same door: nobody else gets a token.
    ///
    /// # Errors
    /// When it lies elsewhere.
    pub(super) fn same_door(&self, action: &str, here: &Url, next: Url) -> Result<Url, Failure> {
        if next.origin() == here.origin() {
            return Ok(next);
        }
        let elsewhere = next.host_str().unwrap_or("an address without a host");
        Err(self.unreadable(action, &format!("the next page lies at {elsewhere}, which gets no token")))
    }

    /// An answer as the vendor's interface says it.
    ///
    /// # Errors
    /// When it is something else.
    pub(super) fn read<'d, T: Deserialize<'d>>(
        &self,
        action: &str,
        answer: &'d Answer,
    ) -> Result<T, Failure> {
        serde_json::from_slice(&answer.body).map_err(|error| self.unreadable(action, &error))
    }

    /// See [`Caller::unreadable`].
    pub(super) fn unreadable(&self, action: &str, reason: &impl ToString) -> Failure {
        self.caller.unreadable(action, reason)
    }
}
