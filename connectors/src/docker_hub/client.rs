//! Every call to Docker Hub's API: signing in, lists page by page. Refuses to follow a link to another host, and to
//! bring a token elsewhere.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::sync::Mutex;

use super::READS;
use super::refusal::Refusal;
use super::wire::{Given, Organisation, Page, Repository, Tag};
use crate::Failure;
use crate::http::{Answer, Request};
use crate::oci::{Ask, Credentials};
use crate::paging::Pages;
use crate::token::{Hidden, Kept};

/// Rows of a page: more are not given.
const ROWS: &str = "100";
/// How long a token of the API lasts, as Docker's reference says it.
const LASTS: Duration = Duration::from_secs(600);
/// How often one call is made again with another token: others end tokens too.
const RENEWALS: usize = 2;

/// Docker Hub's API, and what opens it.
#[derive(Debug)]
pub(super) struct Hub {
    base: Url,
    credentials: Option<Credentials>,
    /// Whoever needs one that is being made waits for it.
    token: Mutex<Option<Kept>>,
}

impl Hub {
    /// Nothing is asked before it is needed.
    pub(super) fn new(base: Url, credentials: Option<Credentials>) -> Self {
        Self { base, credentials, token: Mutex::default() }
    }

    /// Who asks; nothing for anybody.
    pub(super) fn user(&self) -> Option<&str> {
        self.credentials.as_ref().map(|known| known.user.as_str())
    }

    /// The organisations of the user.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn organisations(&self, ask: &Ask<'_>) -> Result<Vec<String>, Failure> {
        // This one address ends with a slash: without it, one is sent on to the other.
        let rows =
            self.rows(ask, "organisations", &["v2", "user", "orgs", ""], |row: &Organisation| &row.orgname);
        let rows = rows.await?.ok_or_else(|| {
            let detail = "there is no Docker Hub at this address; correct `endpoint`, or name `namespaces`";
            ask.unreadable("organisations", &detail)
        })?;
        Ok(rows.into_iter().map(|row| row.orgname).filter(|name| !name.is_empty()).collect())
    }

    /// The repositories of a namespace; nothing where none is shown.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn repositories(
        &self,
        ask: &Ask<'_>,
        namespace: &str,
    ) -> Result<Option<Vec<Repository>>, Failure> {
        let path = ["v2", "namespaces", namespace, "repositories"];
        self.rows(ask, READS, &path, |row: &Repository| &row.name).await
    }

    /// The tags of a repository; nothing where there is no such repository.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn tags(&self, ask: &Ask<'_>, repository: &str) -> Result<Option<Vec<Tag>>, Failure> {
        let Some((namespace, name)) = repository.split_once('/') else { return Ok(None) };
        let path = ["v2", "namespaces", namespace, "repositories", name, "tags"];
        self.rows(ask, &format!("{READS} of {repository}"), &path, |row: &Tag| &row.name).await
    }

    /// Every row of a list; nothing where what is listed is not there.
    async fn rows<T: DeserializeOwned>(
        &self,
        ask: &Ask<'_>,
        action: &str,
        path: &[&str],
        name: fn(&T) -> &String,
    ) -> Result<Option<Vec<T>>, Failure> {
        let mut address = self.address(ask, action, path)?;
        address.query_pairs_mut().append_pair("page_size", ROWS);
        let (mut rows, mut pages) = (Vec::new(), Pages::default());
        loop {
            let Some(answer) = self.answer(ask, action, &address).await? else { return Ok(None) };
            let page: Page<T> =
                serde_json::from_slice(&answer.body).map_err(|error| ask.unreadable(action, &error))?;
            let Some(shown) = page.results else {
                return Err(ask.unreadable(action, &"a page without `results`"));
            };
            let next = page.next.filter(|next| !next.is_empty());
            // Pages have numbers, so one that comes again has another link, but not other rows.
            let seen = shown.iter().map(name).fold(String::new(), |seen, name| seen + name + "\n");
            let mark = next.as_ref().map(|next| if seen.is_empty() { next.clone() } else { seen });
            rows.extend(shown);
            pages.next(mark).map_err(|pages| ask.asker.caller.repeated(action, pages))?;
            let Some(next) = next else { return Ok(Some(rows)) };
            let linked = address.join(&next).map_err(|error| ask.unreadable(action, &error))?;
            if linked.origin() != self.base.origin() {
                let elsewhere = linked.host_str().unwrap_or("an address without a host");
                let detail = format!("the next page lies at {elsewhere}, which gets no key");
                return Err(ask.unreadable(action, &detail));
            }
            address = linked;
        }
    }

    /// An answer, with a new token where the old one has ended; nothing where what was asked for is not there.
    async fn answer(&self, ask: &Ask<'_>, action: &str, address: &Url) -> Result<Option<Answer>, Failure> {
        let mut renewals = 0;
        loop {
            let token = self.token(ask).await?;
            let request = Request::get(address.clone());
            let request = match &token {
                Some(token) => request.bearing(&token.0),
                None => request,
            };
            let refused = match ask.asker.settle::<Refusal>(action, &request).await {
                Ok(answer) if answer.status >= 300 => {
                    return Err(ask.unreadable(action, &"it sends us on elsewhere; correct `endpoint`"));
                }
                Ok(answer) => return Ok(Some(answer)),
                Err(refused) => refused,
            };
            match token {
                _ if refused.refusal.plain.is_absence() => return Ok(None),
                Some(token) if refused.refusal.plain.status == Some(401) && renewals < RENEWALS => {
                    self.forget(&token).await;
                    renewals += 1;
                }
                _ => return Err(refused.failure),
            }
        }
    }

    /// What opens the API; nothing for anybody.
    async fn token(&self, ask: &Ask<'_>) -> Result<Option<Arc<Hidden>>, Failure> {
        let Some(known) = &self.credentials else { return Ok(None) };
        let mut slot = self.token.lock().await;
        if let Some(kept) = slot.as_ref().filter(|kept| kept.is_fresh()) {
            return Ok(Some(Arc::clone(&kept.token)));
        }
        let address = self.address(ask, "sign-in", &["v2", "auth", "token"])?;
        let given = json!({ "identifier": known.user, "secret": known.password.0 });
        let answer = ask.asker.settle::<Refusal>("sign-in", &Request::json(address, &given)).await;
        let answer = answer.map_err(|refused| {
            let about = refused.refusal.plain.is_about_the_key();
            if about { ask.registry.login.unknown(&ask.asker) } else { refused.failure }
        })?;
        // Why it is unreadable is not told: the text may hold the token.
        let given: Given = serde_json::from_slice(&answer.body).unwrap_or_default();
        if given.access_token.is_empty() {
            return Err(ask.unreadable("sign-in", &"the API answered without a token; correct `endpoint`"));
        }
        let kept = slot.insert(Kept::lasting(given.access_token, LASTS));
        Ok(Some(Arc::clone(&kept.token)))
    }

    /// Another may have renewed it meanwhile.
    async fn forget(&self, old: &Arc<Hidden>) {
        drop(self.token.lock().await.take_if(|kept| kept.token == *old));
    }

    fn address(&self, ask: &Ask<'_>, action: &str, path: &[&str]) -> Result<Url, Failure> {
        let mut address = self.base.clone();
        let odd = || ask.unreadable(action, &"`endpoint` is no address below which others lie");
        address.path_segments_mut().map_err(|()| odd())?.pop_if_empty().extend(path);
        Ok(address)
    }
}
