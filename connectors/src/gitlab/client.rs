//! Every call to GitLab's API goes through [`Api`]: one thing, or a list to its end. Refuses to follow a link to another
//! host, to go on with a page that came before, and to take for a report what is handed out elsewhere.

use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::{Answer, Lost, Meant, Request};
use crate::oci::{Ask, Refusal, next};
use crate::paging::Pages;
use crate::token::Hidden;

/// What the API takes: a scope of the token.
pub(super) const READ: &str = "read_api";
/// Rows of a page: the most that GitLab gives.
pub(super) const ROWS: &str = "100";

/// GitLab's API.
#[derive(Debug)]
pub(super) struct Api {
    endpoint: Url,
    token: Option<Hidden>,
}

/// What the API means by an answer that is none: as a registry does, but that it is opened otherwise.
#[derive(Debug, Default)]
struct Declined(Refusal);

impl Api {
    /// Where it is, and what opens it.
    pub(super) fn new(endpoint: Url, token: Option<String>) -> Self {
        Self { endpoint, token: token.map(Hidden) }
    }

    /// An address of the API: names are written so that a slash is a part of them.
    pub(super) fn address(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut address = self.endpoint.clone();
        if let Ok(mut path) = address.path_segments_mut() {
            path.pop_if_empty().extend(["api", "v4"]).extend(segments);
        }
        if !query.is_empty() {
            address.query_pairs_mut().extend_pairs(query);
        }
        address
    }

    /// One thing; nothing where it is not there, or not shown.
    ///
    /// # Errors
    /// When it is not told.
    pub(super) async fn one<T: DeserializeOwned>(
        &self,
        ask: &Ask<'_>,
        address: Url,
    ) -> Result<Option<T>, Failure> {
        let Some(answer) = self.get(ask, &address).await? else { return Ok(None) };
        serde_json::from_slice(&answer.body).map(Some).map_err(|error| ask.unreadable(READ, &error))
    }

    /// Every row of a list; nothing where what is listed is not there, or not shown.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn all<T: DeserializeOwned>(
        &self,
        ask: &Ask<'_>,
        mut address: Url,
    ) -> Result<Option<Vec<T>>, Failure> {
        address.query_pairs_mut().append_pair("per_page", ROWS);
        let (mut rows, mut pages) = (Vec::new(), Pages::default());
        loop {
            let Some(answer) = self.get(ask, &address).await? else { return Ok(None) };
            let page: Vec<T> =
                serde_json::from_slice(&answer.body).map_err(|error| ask.unreadable(READ, &error))?;
            rows.extend(page);
            let Some(following) = following(&address, &answer).map_err(|why| ask.unreadable(READ, &why))?
            else {
                return Ok(Some(rows));
            };
            // Numbers of pages never repeat themselves, even where the page is the same each time.
            let page = String::from_utf8_lossy(&answer.body).into_owned();
            pages.next(Some(page)).map_err(|read| ask.asker.caller.repeated(READ, read))?;
            address = following;
        }
    }

    /// The bytes of a file; nothing where there is none.
    ///
    /// # Errors
    /// When they are not handed out here.
    pub(super) async fn file(&self, ask: &Ask<'_>, address: Url) -> Result<Option<Vec<u8>>, Failure> {
        let Some(answer) = self.get(ask, &address).await? else { return Ok(None) };
        if answer.status >= 300 {
            return Err(ask.unreadable(READ, &"the file is handed out by another address, which gets no key"));
        }
        Ok(Some(answer.body))
    }

    async fn get(&self, ask: &Ask<'_>, address: &Url) -> Result<Option<Answer>, Failure> {
        let request = Request::get(address.clone());
        let request = match &self.token {
            Some(token) => request.bearing(&token.0),
            None => request,
        };
        match ask.asker.settle::<Declined>(READ, &request).await {
            Ok(answer) => Ok(Some(answer)),
            Err(refused) if refused.refusal.0.is_absence() => Ok(None),
            Err(refused) => Err(refused.failure),
        }
    }
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
                (Failure::Denied { action, scope, remedy: allow(at.grantee) }, again)
            }
            other => other,
        }
    }
}

fn allow(grantee: &str) -> String {
    if grantee.is_empty() {
        return "nobody is told it without a token; give `user` and `password` in the settings".to_owned();
    }
    format!(
        "give the token of {grantee} the scope `{READ}` and the role Reporter; with a deploy token, which opens the \
         registry alone, name `repositories` and leave out the service `scans`"
    )
}

/// The address of the next page: by its number, or by the link where pages have keys.
pub(super) fn following(address: &Url, answer: &Answer) -> Result<Option<Url>, String> {
    match answer.header("x-next-page").map(str::trim) {
        Some("") => return Ok(None),
        Some(number) => {
            let kept: Vec<(String, String)> =
                address.query_pairs().into_owned().filter(|(name, _)| name != "page").collect();
            let mut following = address.clone();
            following.query_pairs_mut().clear().extend_pairs(kept).append_pair("page", number);
            return Ok(Some(following));
        }
        None => {}
    }
    let Some(link) = answer.header("link").and_then(next) else { return Ok(None) };
    let linked = address.join(link).map_err(|error| error.to_string())?;
    if linked.origin() != address.origin() {
        let elsewhere = linked.host_str().unwrap_or("an address without a host");
        return Err(format!("the next page lies at {elsewhere}, which gets no key"));
    }
    Ok(Some(linked))
}
