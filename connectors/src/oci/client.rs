//! Every call to a registry goes through [`Ask`]: the catalogue, tags, manifests, blobs, what refers to a manifest.
//! Refuses to follow a link to another host, and to bring a key to whom a blob is handed out by.

use std::collections::HashMap;
use std::sync::Arc;

use domain::digest::Digest;
use domain::source::Scope;
use futures_util::future::BoxFuture;
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, OnceCell, OwnedMutexGuard, Semaphore};

use super::attached::digest_of;
use super::beside::Door;
use super::images::Named;
use super::login::Login;
use super::pulls::Pulls;
use super::refusal::{Refusal, used_up};
use super::wire::{Descriptor, LARGEST, Manifest};
use crate::caller::{Caller, Unsettled};
use crate::http::{Answer, Asker, Http, Request};
use crate::pace::Pace;
use crate::paging::Pages;
use crate::{Context, Failure};

/// Rows of a page.
const ROWS: usize = 1000;
/// How often one call is made again with another key.
const RENEWALS: usize = 2;
/// What is asked of the catalogue.
const CATALOGUE: &str = "registry:catalog:*";
/// Every form in which manifests are kept: others would be refused.
const ACCEPTED: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
                        application/vnd.docker.distribution.manifest.list.v2+json, \
                        application/vnd.docker.distribution.manifest.v2+json, \
                        application/vnd.docker.distribution.manifest.v1+prettyjws, \
                        application/vnd.docker.distribution.manifest.v1+json";

/// A registry: its door, and what is kept of having been through it.
#[derive(Debug)]
pub(crate) struct Registry {
    /// Its host, which names it in references.
    pub(crate) host: String,
    /// Where it is asked.
    pub(crate) base: Url,
    /// How it is entered.
    pub(crate) login: Login,
    /// Whether more may be pulled.
    pub(super) pulls: Pulls,
    /// Whether the door was looked at.
    begun: OnceCell<()>,
    pace: std::sync::OnceLock<Arc<Pace>>,
    /// By repository.
    turns: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

/// A registry in one scope, ready to be asked.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    /// The registry.
    pub(crate) registry: &'a Registry,
    /// When, how often, over which connections.
    pub(crate) asker: Asker,
}

/// What a tag or digest leads to, by the headers of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its digest.
    pub(crate) digest: Digest,
    /// Its media type.
    pub(crate) media_type: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Catalogue {
    repositories: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tags {
    tags: Option<Vec<String>>,
}

impl Registry {
    /// Nothing is asked before it is needed.
    pub(crate) fn new(host: String, base: Url, login: Login) -> Self {
        Self {
            host,
            base,
            login,
            pulls: Pulls::default(),
            begun: OnceCell::new(),
            pace: std::sync::OnceLock::new(),
            turns: Mutex::default(),
        }
    }

    /// Leave to read manifests of a repository, until it is dropped. Scopes that come to the same manifests at once
    /// would each pull them; so one reads, and the other finds them remembered.
    pub(super) async fn turn(&self, repository: &str) -> OwnedMutexGuard<()> {
        let slot = Arc::clone(self.turns.lock().await.entry(repository.to_owned()).or_default());
        slot.lock_owned().await
    }

    /// Ready to be asked in a scope.
    pub(crate) fn ask(
        &self,
        scope: &Scope,
        http: &Arc<Http>,
        whole: &Arc<Semaphore>,
        context: &Context,
    ) -> Ask<'_> {
        // What one scope learns of the registry's patience holds for the others.
        let pace = self.pace.get_or_init(|| Arc::new(Pace::new(context.concurrency)));
        let caller = Caller {
            scope: scope.clone(),
            grantee: self.login.grantee(),
            pace: Arc::clone(pace),
            whole: Arc::clone(whole),
            context: context.clone(),
        };
        Ask { registry: self, asker: Asker { caller, http: Arc::clone(http) } }
    }
}

impl Ask<'_> {
    /// Looks at the door: whether a registry is there, and what it wants.
    ///
    /// # Errors
    /// When there is none, or the name and password are refused.
    pub(crate) async fn begin(&self) -> Result<(), Failure> {
        let looked =
            self.registry.begun.get_or_try_init(|| async {
                let request = Request::get(self.address("/v2/")?);
                match self.call("", "sign-in", &request).await {
                    // A door that opens for some things only is opened when one of them is asked for.
                    Ok(_) => Ok(()),
                    Err(refused) if refused.refusal.is_absence() => Err(self
                        .unreadable("sign-in", &"there is no registry at this address: `/v2/` is not found")),
                    Err(refused)
                        if refused.refusal.is_about_the_key() && !self.asker.caller.grantee.is_empty() =>
                    {
                        Err(self.registry.login.unknown(&self.asker))
                    }
                    Err(refused) if refused.refusal.is_about_the_key() => Ok(()),
                    Err(refused) => Err(refused.failure),
                }
            });
        looked.await.map(drop)
    }

    /// The repositories of the registry; a name that no reference can hold is none.
    ///
    /// # Errors
    /// When the catalogue cannot be read to its end.
    pub(crate) async fn catalogue(&self) -> Result<Vec<String>, Failure> {
        let path = format!("/v2/_catalog?n={ROWS}");
        let names =
            self.rows(CATALOGUE, &path, |page: Catalogue| page.repositories.unwrap_or_default()).await?;
        names.ok_or_else(|| {
            let detail = "it has no catalogue; name its repositories in the settings";
            self.unreadable(CATALOGUE, &detail)
        })
    }

    /// The tags of a repository; nothing where there is no such repository.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(crate) async fn tags(&self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        let path = format!("/v2/{name}/tags/list?n={ROWS}");
        self.rows(&pull(name), &path, |page: Tags| page.tags.unwrap_or_default()).await
    }

    /// What a tag or digest leads to; nothing where it is gone. Costs no pull.
    ///
    /// # Errors
    /// When it is not told.
    pub(crate) async fn head(&self, name: &str, reference: &str) -> Result<Option<Head>, Failure> {
        let address = self.address(&format!("/v2/{name}/manifests/{reference}"))?;
        let request = Request::head(address).with("accept", ACCEPTED);
        let Some(answer) = self.get(&pull(name), &request).await? else { return Ok(None) };
        let digest = answer.header("docker-content-digest").and_then(|digest| digest.parse().ok());
        let media_type = answer.header("content-type").unwrap_or_default().to_owned();
        match digest {
            Some(digest) => Ok(Some(Head { digest, media_type })),
            None => self.hashed(name, reference).await,
        }
    }

    /// The same by the bytes themselves, where a registry does not tell the digest beside them.
    async fn hashed(&self, name: &str, reference: &str) -> Result<Option<Head>, Failure> {
        let Some(answer) = self.manifest_answer(name, reference).await? else { return Ok(None) };
        let media_type = answer.header("content-type").unwrap_or_default().to_owned();
        Ok(digest_of(&answer.body).map(|digest| Head { digest, media_type }))
    }

    async fn manifest_answer(&self, name: &str, reference: &str) -> Result<Option<Answer>, Failure> {
        if self.registry.pulls.are_used_up() {
            return Err(used_up(&self.asker.caller.scope));
        }
        let address = self.address(&format!("/v2/{name}/manifests/{reference}"))?;
        let request = Request { most: LARGEST, ..Request::get(address).with("accept", ACCEPTED) };
        self.get(&pull(name), &request).await
    }

    /// What refers to a manifest; nothing where the registry does not tell that.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    pub(crate) async fn referrers(
        &self,
        name: &str,
        digest: &str,
    ) -> Result<Option<Vec<Descriptor>>, Failure> {
        let path = format!("/v2/{name}/referrers/{digest}");
        self.rows(&pull(name), &path, |page: Manifest| page.manifests).await
    }

    /// Every row of a list; nothing where what is listed is not there.
    async fn rows<P: DeserializeOwned, T>(
        &self,
        scope: &str,
        path: &str,
        of: impl Fn(P) -> Vec<T>,
    ) -> Result<Option<Vec<T>>, Failure> {
        let (mut rows, mut pages, mut address) = (Vec::new(), Pages::default(), self.address(path)?);
        loop {
            let Some(answer) = self.get(scope, &Request::get(address.clone())).await? else {
                return Ok(None);
            };
            let link = answer.header("link").and_then(next).map(str::to_owned);
            let page =
                serde_json::from_slice(&answer.body).map_err(|error| self.unreadable(scope, &error))?;
            rows.extend(of(page));
            let link = pages.next(link).map_err(|pages| self.asker.caller.repeated(scope, pages))?;
            let Some(link) = link else { return Ok(Some(rows)) };
            let linked = address.join(&link).map_err(|error| self.unreadable(scope, &error))?;
            if linked.origin() != self.registry.base.origin() {
                let elsewhere = linked.host_str().unwrap_or("an address without a host");
                return Err(
                    self.unreadable(scope, &format!("the next page lies at {elsewhere}, which gets no key"))
                );
            }
            address = linked;
        }
    }

    /// An answer; nothing where what was asked for is not there.
    async fn get(&self, scope: &str, request: &Request) -> Result<Option<Answer>, Failure> {
        self.begin().await?;
        match self.call(scope, scope, request).await {
            Ok(answer) => Ok(Some(answer)),
            Err(refused) if refused.refusal.is_absence() => Ok(None),
            Err(refused) => Err(refused.failure),
        }
    }

    /// Asks with what opens a scope, and again with what the answer says that it takes.
    async fn call(&self, scope: &str, action: &str, request: &Request) -> Result<Answer, Unsettled<Refusal>> {
        let login = &self.registry.login;
        let mut renewals = 0;
        loop {
            let key = login.key(scope, &self.asker).await?;
            let keyed = match &key {
                Some(key) => request.clone().authorized(key),
                None => request.clone(),
            };
            let attempt = || self.registry.pulls.attempt(&self.asker, &keyed);
            let refused = match self.asker.caller.settle(action, attempt).await {
                Ok(answer) => return Ok(answer),
                Err(refused) => refused,
            };
            let Some(wanted) = refused.refusal.challenge.as_ref().filter(|_| renewals < RENEWALS) else {
                return Err(refused);
            };
            if refused.refusal.status != Some(401) || !login.challenged(scope, key.as_deref(), wanted).await {
                return Err(refused);
            }
            renewals += 1;
        }
    }

    /// An address of the registry's.
    fn address(&self, path: &str) -> Result<Url, Failure> {
        let base = self.registry.base.as_str().trim_end_matches('/');
        format!("{base}{path}").parse().map_err(|error| self.unreadable(path, &error))
    }

    /// See [`Caller::unreadable`].
    pub(crate) fn unreadable(&self, action: &str, reason: &impl ToString) -> Failure {
        self.asker.caller.unreadable(action, reason)
    }
}

impl Door for Ask<'_> {
    fn manifest<'a>(
        &'a self,
        named: &'a Named,
        digest: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Failure>> {
        Box::pin(async move {
            let answer = self.manifest_answer(&named.name, digest).await?;
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
            let request = Request { most, ..Request::get(address.clone()) };
            let action = pull(&named.name);
            let Some(answer) = self.get(&action, &request).await? else { return Ok(None) };
            let Some(storage) = answer.header("location").filter(|_| answer.status >= 300) else {
                return Ok(Some(answer.body));
            };
            let storage = address.join(storage).map_err(|error| self.unreadable(&action, &error))?;
            if storage.scheme() != "https" && storage.scheme() != address.scheme() {
                let why = "a blob is handed out by an address without encryption";
                return Err(self.unreadable(&action, &why));
            }
            let request = Request { most, ..Request::get(storage) };
            let handed = self.asker.settle::<Refusal>(&action, &request).await;
            handed.map(|answer| Some(answer.body)).map_err(|refused| refused.failure)
        })
    }
}

/// What is asked of a repository.
pub(crate) fn pull(name: &str) -> String {
    format!("repository:{name}:pull")
}

/// The next page in a `Link` header: `</v2/_catalog?last=a>; rel="next"`.
pub(crate) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        let (link, about) = rest.split_once('<')?.1.split_once('>')?;
        let own = about.split_once('<').map_or(about, |(own, _)| own);
        let mut words = own.split([';', ',']).map(str::trim);
        if words.any(|word| ["rel=\"next\"", "rel=next"].contains(&word)) {
            return Some(link);
        }
        rest = about;
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn a_link_tells_the_next_page() {
        assert_eq!(next(r#"</v2/_catalog?last=a&n=2>; rel="next""#), Some("/v2/_catalog?last=a&n=2"));
        assert_eq!(next(r#"</a>; rel="prev", </b?last=c,d>; rel=next"#), Some("/b?last=c,d"));
        assert_eq!(next(r#"</v2/_catalog>; rel="prev""#), None);
        assert_eq!(next("nonsense"), None);
    }
}
