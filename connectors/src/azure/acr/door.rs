//! A registry's own door: its tokens, its lists, manifests and blobs. Refuses to follow a link to another host, and
//! to bring a token to whom a blob is handed out by.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::Url;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::PULL;
use super::registries::{Registry, host};
use super::wire::{Access, Attributes, Catalogue, Manifests, Refresh, Row};
use crate::Failure;
use crate::azure::ask::{Ask, RENEWALS};
use crate::http::{Answer, LONGEST, Request};
use crate::oci::{self, Named};
use crate::paging::Pages;
use crate::token::{Hidden, Kept};

/// Rows of a page.
const ROWS: usize = 500;
/// How long a registry's tokens are believed to last; one that ends sooner is renewed when it is not taken.
const REFRESH: Duration = Duration::from_secs(3 * 3600);
const ACCESS: Duration = Duration::from_secs(3600);
/// What is asked of the catalogue.
const CATALOGUE: &str = "registry:catalog:*";
/// Every form in which manifests are kept: others would be refused.
const ACCEPTED: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
                        application/vnd.docker.distribution.manifest.list.v2+json, \
                        application/vnd.docker.distribution.manifest.v2+json";

/// A registry that can be asked.
#[derive(Debug)]
pub(super) struct Door<'a> {
    ask: &'a Ask<'a>,
    /// Its host, which names it in references.
    server: String,
    /// Where it is asked: at its host, or where the settings say that all registries are.
    base: Url,
    refresh: Mutex<Option<Kept>>,
    access: Mutex<HashMap<String, Kept>>,
}

impl<'a> Door<'a> {
    /// Nothing is asked before it is needed.
    ///
    /// # Errors
    /// When the registry names no host.
    pub(super) fn new(ask: &'a Ask<'a>, registry: &Registry) -> Result<Self, Failure> {
        let odd = || ask.unreadable(PULL, &format!("the registry {} names no host", registry.name));
        let server = host(registry).ok_or_else(odd)?;
        let own = format!("https://{server}");
        let base = ask.settings.registry_endpoint.as_ref().unwrap_or(&own).parse();
        let base = base.map_err(|error| ask.unreadable(PULL, &error))?;
        Ok(Self { ask, server, base, refresh: Mutex::default(), access: Mutex::default() })
    }

    /// The registry's host, which names it in references.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// The repositories of the registry; a name that no reference can hold is none.
    ///
    /// # Errors
    /// When the catalogue cannot be read to its end.
    pub(super) async fn repositories(&self) -> Result<Vec<Named>, Failure> {
        let path = format!("/acr/v1/_catalog?n={ROWS}");
        let names = self.rows(CATALOGUE, &path, |page: Catalogue| page.repositories).await?;
        let named =
            names.unwrap_or_default().into_iter().map(|name| Named { registry: self.server.clone(), name });
        Ok(named
            .filter(|named| {
                crate::azure::place::reference(&format!("{}/{}", named.registry, named.name)).is_some()
            })
            .collect())
    }

    /// What is told of a repository; nothing where it is gone.
    ///
    /// # Errors
    /// When it is not told.
    pub(super) async fn attributes(&self, named: &Named) -> Result<Option<Attributes>, Failure> {
        let address = self.address(&format!("/acr/v1/{}", named.name))?;
        match self.get(&scope(named), Request::get(address)).await? {
            Some(answer) => self.ask.read(PULL, &answer).map(Some),
            None => Ok(None),
        }
    }

    /// The manifests of a repository; none where it is gone.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(super) async fn manifests(&self, named: &Named) -> Result<Vec<Row>, Failure> {
        let path = format!("/acr/v1/{}/_manifests?n={ROWS}", named.name);
        let rows = self.rows(&scope(named), &path, |page: Manifests| page.manifests).await?;
        Ok(rows.unwrap_or_default())
    }

    /// Every row of a list; nothing where what is listed is gone.
    async fn rows<P: DeserializeOwned, T>(
        &self,
        scope: &str,
        path: &str,
        of: impl Fn(P) -> Vec<T>,
    ) -> Result<Option<Vec<T>>, Failure> {
        let (mut rows, mut pages, mut address) = (Vec::new(), Pages::default(), self.address(path)?);
        loop {
            let Some(answer) = self.get(scope, Request::get(address.clone())).await? else { return Ok(None) };
            let link = answer.header("link").and_then(next).map(str::to_owned);
            rows.extend(of(self.ask.read(PULL, &answer)?));
            let Some(link) = self.ask.next(PULL, &mut pages, link)? else { return Ok(Some(rows)) };
            let linked = self.base.join(&link).map_err(|error| self.ask.unreadable(PULL, &error))?;
            address = self.ask.same_door(PULL, &self.base, linked)?;
        }
    }

    /// Asks with a token for a scope, and with another where that is not taken any more.
    async fn get(&self, scope: &str, request: Request) -> Result<Option<Answer>, Failure> {
        let request = self.named(request);
        let mut renewals = 0;
        loop {
            let token = self.token(scope).await?;
            match self.ask.caller.settle(PULL, &request.clone().bearing(&token.0)).await {
                Ok(answer) => return Ok(Some(answer)),
                Err(refused) if refused.refusal.is_absence() => return Ok(None),
                Err(refused) if renewals < RENEWALS && refused.refusal.is_about_the_token() => {
                    renewals += 1;
                    self.access.lock().await.remove(scope);
                }
                Err(refused) => return Err(refused.failure),
            }
        }
    }

    async fn token(&self, scope: &str) -> Result<Arc<Hidden>, Failure> {
        let known = self.access.lock().await.get(scope).filter(|known| known.is_fresh()).cloned();
        if let Some(known) = known {
            return Ok(known.token);
        }
        let address = self.address("/oauth2/token")?;
        let mut renewals = 0;
        loop {
            let refresh = self.refreshing().await?;
            let fields = [
                ("grant_type", "refresh_token"),
                ("service", self.server.as_str()),
                ("scope", scope),
                ("refresh_token", refresh.0.as_str()),
            ];
            let request = self.named(Request::form(address.clone(), &fields));
            match self.ask.caller.settle(PULL, &request).await {
                Ok(answer) => {
                    let given: Access = self.secret(&answer)?;
                    let kept = Kept::lasting(given.access_token, ACCESS);
                    let token = Arc::clone(&kept.token);
                    self.access.lock().await.insert(scope.to_owned(), kept);
                    return Ok(token);
                }
                Err(refused) if renewals < RENEWALS && refused.refusal.is_about_the_token() => {
                    renewals += 1;
                    self.refresh.lock().await.take_if(|known| *known.token == *refresh);
                }
                Err(refused) => return Err(refused.failure),
            }
        }
    }

    /// The registry's token for which it gives all others. One caller renews it, the others wait.
    async fn refreshing(&self) -> Result<Arc<Hidden>, Failure> {
        let mut kept = self.refresh.lock().await;
        if let Some(known) = kept.as_ref().filter(|known| known.is_fresh()) {
            return Ok(Arc::clone(&known.token));
        }
        let (audience, address) = (self.ask.settings.cloud.registries, self.address("/oauth2/exchange")?);
        let mut renewals = 0;
        loop {
            let own = self.ask.tokens.current(audience, &self.ask.caller).await?;
            let fields = [
                ("grant_type", "access_token"),
                ("service", self.server.as_str()),
                ("access_token", own.0.as_str()),
            ];
            let request = self.named(Request::form(address.clone(), &fields));
            match self.ask.caller.settle(PULL, &request).await {
                Ok(answer) => {
                    let given: Refresh = self.secret(&answer)?;
                    let made = Kept::lasting(given.refresh_token, REFRESH);
                    return Ok(Arc::clone(&kept.insert(made).token));
                }
                Err(refused) if renewals < RENEWALS && refused.refusal.is_about_the_token() => {
                    renewals += 1;
                    self.ask.tokens.forget(audience, &own).await;
                }
                Err(refused) => return Err(refused.failure),
            }
        }
    }

    /// A token in an answer. Why it is unreadable is not told: the text may hold the token.
    fn secret<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, Failure> {
        serde_json::from_slice(&answer.body)
            .map_err(|_| self.ask.unreadable(PULL, &"an answer without a token"))
    }

    /// Whoever answers for every registry is told which is meant.
    fn named(&self, request: Request) -> Request {
        let own = self.base.host_str() == Some(self.server.as_str());
        if own { request } else { request.with("host", &self.server) }
    }

    fn address(&self, path: &str) -> Result<Url, Failure> {
        self.base.join(path).map_err(|error| self.ask.unreadable(PULL, &error))
    }
}

impl oci::Door for Door<'_> {
    fn manifest<'a>(
        &'a self,
        named: &'a Named,
        digest: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Failure>> {
        Box::pin(async move {
            let address = self.address(&format!("/v2/{}/manifests/{digest}", named.name))?;
            let answer = self.get(&scope(named), Request::get(address).with("accept", ACCEPTED)).await?;
            Ok(answer.map(|answer| answer.body))
        })
    }

    fn blob<'a>(
        &'a self,
        named: &'a Named,
        digest: &'a str,
        most: usize,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Failure>> {
        Box::pin(async move {
            let address = self.address(&format!("/v2/{}/blobs/{digest}", named.name))?;
            let most = most.clamp(1024, LONGEST);
            let request = Request { most, ..Request::get(address) };
            let Some(answer) = self.get(&scope(named), request).await? else { return Ok(None) };
            let Some(storage) = answer.header("location").filter(|_| answer.status >= 300) else {
                return Ok(Some(answer.body));
            };
            let storage = self.base.join(storage).map_err(|error| self.ask.unreadable(PULL, &error))?;
            if storage.scheme() != "https" && storage.scheme() != self.base.scheme() {
                return Err(self
                    .ask
                    .unreadable(PULL, &"the address of a blob that was handed out has no TLS"));
            }
            let handed = self.ask.caller.settle(PULL, &Request { most, ..Request::get(storage) }).await;
            handed.map(|answer| Some(answer.body)).map_err(|refused| refused.failure)
        })
    }
}

/// What is asked of a repository.
fn scope(named: &Named) -> String {
    format!("repository:{}:pull,metadata_read", named.name)
}

/// The next page in a `Link` header: `</acr/v1/_catalog?last=a>; rel="next"`.
pub(super) fn next(header: &str) -> Option<&str> {
    let (link, about) = header.trim().strip_prefix('<')?.split_once('>')?;
    about.contains("rel=\"next\"").then_some(link)
}
