//! Every call to GitHub's API, page by page. Refuses to follow a link to another host, and to bring the token there.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use reqwest::Url;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;
use super::wire::{Organisation, Package, Version};
use super::{ORGANISATIONS, READS};
use crate::Failure;
use crate::http::{Answer, Request};
use crate::missing::Missing;
use crate::oci::{Ask, next};
use crate::paging::Pages;
use crate::token::Hidden;

/// The version of the API that is understood here.
const VERSION: &str = "2022-11-28";
/// Rows of a page: more are not given.
const ROWS: (&str, &str) = ("per_page", "100");
/// The packages that are images.
const CONTAINERS: (&str, &str) = ("package_type", "container");

/// GitHub's API, and what opens it.
#[derive(Debug)]
pub(super) struct GitHub {
    base: Url,
    token: Hidden,
    /// Where the packages of an owner are listed, as was found out.
    owners: Mutex<HashMap<String, &'static str>>,
}

/// The rows of a list, and whether an organisation's single sign-on hides some.
type Rows<T> = (Vec<T>, bool);

impl GitHub {
    /// Nothing is asked before it is needed.
    pub(super) fn new(base: Url, token: String) -> Self {
        Self { base, token: Hidden(token), owners: Mutex::default() }
    }

    /// The organisations of the user.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn organisations(&self, ask: &Ask<'_>) -> Result<(Vec<String>, Missing), Failure> {
        let path = (&["user", "orgs"][..], &[ROWS][..]);
        let rows = self.rows(ask, ORGANISATIONS, path, |row: &Organisation| &row.login).await?;
        let (rows, hidden) = rows.ok_or_else(|| {
            let detail =
                "there is no API of GitHub at this address; correct `endpoint`, or name `organisations`";
            ask.unreadable(ORGANISATIONS, &detail)
        })?;
        let mut missing = Missing::default();
        if hidden {
            missing.note(
                "organisations with single sign-on are hidden from this token; authorise it for them, at GitHub under its \
                 tokens, or name `organisations` in the settings",
            );
        }
        let names = rows.into_iter().map(|row| row.login).filter(|name| !name.is_empty());
        Ok((names.collect(), missing))
    }

    /// The packages of an organisation or a user; nothing where there is neither.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn packages(&self, ask: &Ask<'_>, owner: &str) -> Result<Option<Vec<Package>>, Failure> {
        for kind in ["orgs", "users"] {
            let path = (&[kind, owner, "packages"][..], &[CONTAINERS, ROWS][..]);
            let rows = self.rows(ask, READS, path, |row: &Package| &row.name).await?;
            if let Some((rows, _)) = rows {
                self.owners().insert(owner.to_ascii_lowercase(), kind);
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }

    /// The versions of a package by the name of its repository; nothing where there is no such package.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn versions(
        &self,
        ask: &Ask<'_>,
        repository: &str,
    ) -> Result<Option<Vec<Version>>, Failure> {
        let Some((owner, name)) = repository.split_once('/') else { return Ok(None) };
        let kind = self.owners().get(owner).copied().unwrap_or("orgs");
        let path = (&[kind, owner, "packages", "container", name, "versions"][..], &[ROWS][..]);
        let action = format!("{READS} of {repository}");
        let rows = self.rows(ask, &action, path, |row: &Version| &row.name).await?;
        Ok(rows.map(|(rows, _)| rows))
    }

    /// Every row of a list; nothing where what is listed is not there.
    async fn rows<T: DeserializeOwned>(
        &self,
        ask: &Ask<'_>,
        action: &str,
        (path, query): (&[&str], &[(&str, &str)]),
        name: fn(&T) -> &String,
    ) -> Result<Option<Rows<T>>, Failure> {
        let mut address = self.address(ask, action, path)?;
        address.query_pairs_mut().extend_pairs(query);
        let (mut rows, mut hidden, mut pages) = (Vec::new(), false, Pages::default());
        loop {
            let Some(answer) = self.answer(ask, action, &address).await? else { return Ok(None) };
            let shown: Vec<T> =
                serde_json::from_slice(&answer.body).map_err(|error| ask.unreadable(action, &error))?;
            hidden |= answer.header("x-github-sso").is_some_and(|told| told.starts_with("partial-results"));
            let link = answer.header("link").and_then(next).map(str::to_owned);
            // Pages have numbers, so one that comes again has another link, but not other rows.
            let seen = shown.iter().map(name).fold(String::new(), |seen, name| seen + name + "\n");
            let mark = link.as_ref().map(|link| if seen.is_empty() { link.clone() } else { seen });
            rows.extend(shown);
            pages.next(mark).map_err(|pages| ask.asker.caller.repeated(action, pages))?;
            let Some(link) = link else { return Ok(Some((rows, hidden))) };
            let linked = address.join(&link).map_err(|error| ask.unreadable(action, &error))?;
            if linked.origin() != self.base.origin() {
                let elsewhere = linked.host_str().unwrap_or("an address without a host");
                let detail = format!("the next page lies at {elsewhere}, which gets no key");
                return Err(ask.unreadable(action, &detail));
            }
            address = linked;
        }
    }

    /// An answer; nothing where what was asked for is not there.
    async fn answer(&self, ask: &Ask<'_>, action: &str, address: &Url) -> Result<Option<Answer>, Failure> {
        let request = Request::get(address.clone())
            .with("accept", "application/vnd.github+json")
            .with("x-github-api-version", VERSION)
            .bearing(&self.token.0);
        match ask.asker.settle::<Refusal>(action, &request).await {
            Ok(answer) if answer.status >= 300 => {
                Err(ask.unreadable(action, &"it sends us on elsewhere; correct the name or `endpoint`"))
            }
            Ok(answer) => Ok(Some(answer)),
            Err(refused) if refused.refusal.plain.is_absence() => Ok(None),
            Err(refused) => Err(refused.failure),
        }
    }

    /// Slashes in a name are part of it.
    fn address(&self, ask: &Ask<'_>, action: &str, path: &[&str]) -> Result<Url, Failure> {
        let mut address = self.base.clone();
        let odd = || ask.unreadable(action, &"`endpoint` is no address below which others lie");
        address.path_segments_mut().map_err(|()| odd())?.pop_if_empty().extend(path);
        Ok(address)
    }

    fn owners(&self) -> std::sync::MutexGuard<'_, HashMap<String, &'static str>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
