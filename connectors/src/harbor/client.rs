//! Every call to Harbor's own interface goes through [`Api`]: it goes to the registry's own address, with the name and
//! password of the settings. Refuses to follow a link to another host, and a list that begins anew without end.

use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::Failure;
use crate::http::{Answer, Request};
use crate::oci::{Ask, Refusal, next};
use crate::paging::Pages;
use crate::token::Hidden;

/// Rows of a page, as many as Harbor gives.
const ROWS: &str = "100";
/// The forms of reports that are handed on, the better first; summaries are told of the same.
const REPORTS: &str = "application/vnd.security.vulnerability.report; version=1.1, \
                       application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0";

/// Harbor's own interface in one scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api<'a> {
    /// The registry.
    pub(super) ask: &'a Ask<'a>,
    key: Option<&'a Hidden>,
}

impl<'a> Api<'a> {
    /// One that is asked with these words of `Basic`, or as anybody.
    pub(super) fn new(ask: &'a Ask<'a>, key: Option<&'a Hidden>) -> Self {
        Self { ask, key }
    }

    /// Whether it is asked without a name.
    pub(super) fn is_anybodys(&self) -> bool {
        self.key.is_none()
    }

    /// An address below `/api/v2.0`. A part that holds slashes is encoded twice, as Harbor wants it.
    ///
    /// # Errors
    /// When the registry's address can have nothing below it.
    pub(super) fn address(&self, parts: &[&str]) -> Result<Url, Failure> {
        let mut address = self.ask.registry.base.clone();
        let base = "the address of the registry can have nothing below it";
        address
            .path_segments_mut()
            .map_err(|()| self.ask.unreadable("sign-in", &base))?
            .pop_if_empty()
            .extend(["api", "v2.0"])
            .extend(parts.iter().map(|part| part.replace('/', "%2F")));
        Ok(address)
    }

    /// The bytes of an answer; nothing where what was asked for is not there.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(super) async fn bytes(&self, action: &str, address: Url) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.answer(action, address).await?.map(|answer| answer.body))
    }

    /// One thing; nothing where it is not there.
    ///
    /// # Errors
    /// As [`Api::bytes`], and when the answer is unreadable.
    pub(super) async fn one<T: DeserializeOwned>(
        &self,
        action: &str,
        address: Url,
    ) -> Result<Option<T>, Failure> {
        let Some(body) = self.bytes(action, address).await? else { return Ok(None) };
        serde_json::from_slice(&body).map(Some).map_err(|error| self.ask.unreadable(action, &error))
    }

    /// Every row of a list; nothing where what is listed is not there.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn all<T: DeserializeOwned>(
        &self,
        action: &str,
        mut address: Url,
    ) -> Result<Option<Vec<T>>, Failure> {
        address.query_pairs_mut().append_pair("page_size", ROWS);
        let repeated = |pages| self.ask.asker.caller.repeated(action, pages);
        let (mut rows, mut links, mut pages) = (Vec::new(), Pages::default(), Pages::default());
        loop {
            let Some(answer) = self.answer(action, address.clone()).await? else { return Ok(None) };
            let page: Option<Vec<T>> =
                serde_json::from_slice(&answer.body).map_err(|error| self.ask.unreadable(action, &error))?;
            rows.extend(page.unwrap_or_default());
            let link = answer.header("link").and_then(next).map(str::to_owned);
            let Some(link) = links.next(link).map_err(repeated)? else { return Ok(Some(rows)) };
            // Pages go by numbers, which never come again: what they hold does.
            pages.next(Some(String::from_utf8_lossy(&answer.body).into_owned())).map_err(repeated)?;
            address = self.linked(action, &address, &link)?;
        }
    }

    fn linked(&self, action: &str, address: &Url, link: &str) -> Result<Url, Failure> {
        let linked = address.join(link).map_err(|error| self.ask.unreadable(action, &error))?;
        if linked.origin() == self.ask.registry.base.origin() {
            return Ok(linked);
        }
        let elsewhere = linked.host_str().unwrap_or("an address without a host");
        Err(self.ask.unreadable(action, &format!("the next page lies at {elsewhere}, which gets no key")))
    }

    async fn answer(&self, action: &str, address: Url) -> Result<Option<Answer>, Failure> {
        // Without the first of these, a project whose name is a number would be taken for one by its number.
        let request = Request::get(address)
            .with("x-is-resource-name", "true")
            .with("x-accept-vulnerabilities", REPORTS);
        let request = match self.key {
            Some(key) => request.authorized(&key.0),
            None => request,
        };
        match self.ask.asker.settle::<Refusal>(action, &request).await {
            Ok(answer) => Ok(Some(answer)),
            Err(refused) if refused.refusal.is_absence() => Ok(None),
            Err(refused) => Err(self.with_remedy(refused.failure)),
        }
    }

    /// Permissions of Harbor are given by project.
    fn with_remedy(&self, failure: Failure) -> Failure {
        let Failure::Denied { action, scope, .. } = failure else { return failure };
        let grantee = &self.ask.asker.caller.grantee;
        let remedy = if self.is_anybodys() {
            "nobody is told that without a name; give `user` and `password` in the settings, or leave this out"
                .to_owned()
        } else {
            format!("give {grantee} this permission in the project, or leave the project out in the settings")
        };
        Failure::Denied { action, scope, remedy }
    }
}
