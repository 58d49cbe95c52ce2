//! Every call to Artifactory's and Xray's APIs goes through [`Api`]. They lie at the address of the registry, and get
//! the same key. Refuses to follow a link to another host.

use domain::digest::Digest;
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::wire::{Catalogue, Found, Listed, Setup, Summaries};
use crate::Failure;
use crate::caller::{Again, Circumstances, Refused, Unsettled};
use crate::http::{Answer, Lost, Meant, Request};
use crate::oci::{Ask, Credentials, Refusal, next};
use crate::paging::Pages;
use crate::token::Hidden;

/// What repositories take.
pub(super) const READ: &str = "read";
/// What a query of files takes.
const SEARCH: &str = "api/search/aql";
/// What Xray's word takes.
pub(super) const XRAY: &str = "xray/summary/artifact";
/// Rows of a page of a catalogue.
const ROWS: &str = "1000";
/// The most bytes that are read of a query's answer: every file comes with its properties.
const MOST: usize = 256 << 20;

/// The APIs.
#[derive(Debug)]
pub(super) struct Api {
    words: Option<Hidden>,
}

/// What the APIs mean by an answer that is none: as a registry does, but that they are opened otherwise.
#[derive(Debug, Default)]
struct Declined(Refusal);

impl Api {
    /// Opened by this.
    pub(super) fn new(credentials: Option<&Credentials>) -> Self {
        Self { words: credentials.map(|known| Hidden(known.words())) }
    }

    /// Every repository of Artifactory that is shown.
    ///
    /// # Errors
    /// When they are not listed.
    pub(super) async fn listed(&self, ask: &Ask<'_>) -> Result<Vec<Listed>, Failure> {
        let request = Request::get(address(ask, &["artifactory", "api", "repositories"]));
        read(ask, READ, &self.call(ask, READ, &request).await.map_err(|refused| refused.failure)?)
    }

    /// How a repository is set up; nothing where that is not told, as to those who do not administer it.
    ///
    /// # Errors
    /// When it cannot be told now.
    pub(super) async fn setup(&self, ask: &Ask<'_>, key: &str) -> Result<Option<Setup>, Failure> {
        let request = Request::get(address(ask, &["artifactory", "api", "repositories", key]));
        match self.call(ask, READ, &request).await {
            Ok(answer) => read(ask, READ, &answer).map(Some),
            Err(refused) if matches!(refused.refusal.0.status, Some(400 | 401 | 403 | 404)) => Ok(None),
            Err(refused) => Err(refused.failure),
        }
    }

    /// The images of a repository, by their names below its key; nothing where it is gone.
    ///
    /// # Errors
    /// When the catalogue cannot be read to its end.
    pub(super) async fn catalogue(
        &self,
        ask: &Ask<'_>,
        (package, key): (&str, &str),
    ) -> Result<Option<Vec<String>>, Failure> {
        let mut at = address(ask, &["artifactory", "api", package, key, "v2", "_catalog"]);
        at.query_pairs_mut().append_pair("n", ROWS);
        let (mut names, mut pages) = (Vec::new(), Pages::default());
        loop {
            let answer = match self.call(ask, READ, &Request::get(at.clone())).await {
                Ok(answer) => answer,
                Err(refused) if refused.refusal.0.is_absence() => return Ok(None),
                Err(refused) => return Err(refused.failure),
            };
            names.extend(read::<Catalogue>(ask, READ, &answer)?.repositories);
            let link = answer.header("link").and_then(next).map(str::to_owned);
            let link = pages.next(link).map_err(|read| ask.asker.caller.repeated(READ, read))?;
            let Some(link) = link else { return Ok(Some(names)) };
            at = linked(&at, &link).map_err(|why| ask.unreadable(READ, &why))?;
        }
    }

    /// The files that a query finds, all in one answer: a query with properties knows no pages.
    ///
    /// # Errors
    /// When it is not answered.
    pub(super) async fn search(&self, ask: &Ask<'_>, query: String) -> Result<Found, Failure> {
        let at = address(ask, &["artifactory", "api", "search", "aql"]);
        let request = Request { method: Method::POST, body: Some(query), most: MOST, ..Request::get(at) };
        let answer = self.call(ask, SEARCH, &request.with("content-type", "text/plain")).await;
        read(ask, SEARCH, &answer.map_err(|refused| refused.failure)?)
    }

    /// What Xray says of images.
    ///
    /// # Errors
    /// When it says nothing at all.
    pub(super) async fn summaries(&self, ask: &Ask<'_>, digests: &[Digest]) -> Result<Summaries, Failure> {
        let checksums: Vec<&str> =
            digests.iter().filter_map(|digest| digest.as_str().strip_prefix("sha256:")).collect();
        let at = address(ask, &["xray", "api", "v1", "summary", "artifact"]);
        let request = Request::json(at, &json!({ "checksums": checksums }));
        match self.call(ask, XRAY, &request).await {
            Ok(answer) => read(ask, XRAY, &answer),
            Err(refused) if refused.refusal.0.is_absence() => {
                let (action, scope) = (XRAY.to_owned(), ask.asker.caller.scope.clone());
                let detail = "there is no Xray at this address; leave out the service `scans`".to_owned();
                Err(Failure::Vendor { action, scope, detail })
            }
            Err(refused) => Err(refused.failure),
        }
    }

    async fn call(
        &self,
        ask: &Ask<'_>,
        action: &str,
        request: &Request,
    ) -> Result<Answer, Unsettled<Declined>> {
        let request = match &self.words {
            Some(words) => request.clone().authorized(&words.0),
            None => request.clone(),
        };
        ask.asker.settle(action, &request).await
    }
}

fn read<T: DeserializeOwned>(ask: &Ask<'_>, action: &str, answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| ask.unreadable(action, &error))
}

fn address(ask: &Ask<'_>, segments: &[&str]) -> Url {
    let mut address = ask.registry.base.clone();
    if let Ok(mut path) = address.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    address
}

fn linked(address: &Url, link: &str) -> Result<Url, String> {
    let linked = address.join(link).map_err(|error| error.to_string())?;
    if linked.origin() == address.origin() {
        return Ok(linked);
    }
    let elsewhere = linked.host_str().unwrap_or("an address without a host");
    Err(format!("the next page lies at {elsewhere}, which gets no key"))
}

impl Meant for Declined {
    fn of(answer: &Answer) -> Self {
        Self(Refusal::of(answer))
    }

    fn lost(lost: Lost) -> Self {
        Self(Refusal::lost(lost))
    }
}

impl Refused for Declined {
    fn judge(&self, at: Circumstances<'_>) -> (Failure, Again) {
        match self.0.judge(at) {
            (Failure::Denied { action, scope, .. }, again) => {
                (Failure::Denied { action, scope, remedy: allow(at) }, again)
            }
            other => other,
        }
    }
}

fn allow(at: Circumstances<'_>) -> String {
    if at.grantee.is_empty() {
        return "nobody is told it without a name; give `user` and `password` in the settings, or a token as \
                `password` alone"
            .to_owned();
    }
    match at.action {
        XRAY => format!(
            "let {} see what Xray found in what they may read, or leave out the service `scans`",
            at.grantee
        ),
        _ => format!(
            "give {} the permission `{READ}` on the repository, or leave it out in the settings",
            at.grantee
        ),
    }
}
