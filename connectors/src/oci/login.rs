//! Ways into a registry: none, a name and a password with every call, or a token for each repository. Refuses to bring
//! a password where the registry's word alone says that it is wanted: only to the registry, to hosts beside it, and to
//! those that the settings name.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::challenge::Challenge;
use super::refusal::Refusal;
use crate::Failure;
use crate::http::{Asker, Request};
use crate::token::{Hidden, Kept};

/// How long a token is believed to last that does not say it: what the specification says.
const USUAL: Duration = Duration::from_secs(60);

/// A name and what proves it.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    /// The name; empty for a token that opens everything by itself.
    pub(crate) user: String,
    /// Its password, or a token that stands for it.
    pub(crate) password: Hidden,
}

/// How a registry is entered.
#[derive(Debug)]
pub(crate) struct Login {
    credentials: Option<Credentials>,
    /// Addresses that may see the password, each without a path.
    trusted: Vec<Url>,
    /// What the registry asked for the last time, if it did.
    asked: std::sync::Mutex<Option<Challenge>>,
    /// Tokens by scope; whoever needs one that is being made waits for it.
    tokens: Mutex<HashMap<String, Arc<Mutex<Option<Kept>>>>>,
}

/// A token as registries give it, by either name.
#[derive(Deserialize)]
struct Given {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
}

impl Credentials {
    /// In the words of `Basic`.
    pub(crate) fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.user, self.password.0)))
    }

    /// What a vendor's own API takes: a name with its password, or the token.
    pub(crate) fn words(&self) -> String {
        self.alone().unwrap_or_else(|| self.basic())
    }

    fn alone(&self) -> Option<String> {
        self.user.is_empty().then(|| format!("Bearer {}", self.password.0))
    }
}

impl Login {
    /// Nothing is asked before it is needed. The registry itself may see the password.
    pub(crate) fn new(credentials: Option<Credentials>, registry: &Url, others: &[Url]) -> Self {
        let trusted = std::iter::once(registry).chain(others).cloned().collect();
        Self { credentials, trusted, asked: std::sync::Mutex::default(), tokens: Mutex::default() }
    }

    /// Who asks, for people; empty for anybody.
    pub(crate) fn grantee(&self) -> String {
        match &self.credentials {
            Some(known) if known.user.is_empty() => "the owner of the token".to_owned(),
            Some(known) => format!("`{}`", known.user),
            None => String::new(),
        }
    }

    /// What opens everything by itself.
    fn alone(&self) -> Option<String> {
        self.credentials.as_ref().and_then(Credentials::alone)
    }

    /// What to bring for a scope such as `repository:team/api:pull`.
    ///
    /// # Errors
    /// When no token is given for it.
    pub(crate) async fn key(&self, scope: &str, asker: &Asker) -> Result<Option<String>, Failure> {
        if let Some(alone) = self.alone() {
            return Ok(Some(alone));
        }
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match asked {
            None => Ok(None),
            Some(Challenge::Basic) => Ok(self.credentials.as_ref().map(Credentials::basic)),
            Some(Challenge::Bearer { realm, service, .. }) => {
                let slot = Arc::clone(self.tokens.lock().await.entry(scope.to_owned()).or_default());
                let mut slot = slot.lock().await;
                if let Some(known) = slot.as_ref().filter(|known| known.is_fresh()) {
                    return Ok(Some(format!("Bearer {}", known.token.0)));
                }
                let made = self.fetch(&realm, service.as_deref(), scope, asker).await?;
                let words = format!("Bearer {}", made.token.0);
                *slot = Some(made);
                Ok(Some(words))
            }
        }
    }

    /// Takes the registry's word for what it wants, and forgets what did not open it. `false` where nothing else can
    /// be brought.
    pub(crate) async fn challenged(&self, scope: &str, brought: Option<&str>, wanted: &Challenge) -> bool {
        if let Challenge::Bearer { insufficient: true, .. } = wanted
            && brought.is_some()
        {
            return false;
        }
        if self.alone().is_some() {
            return false;
        }
        let changed = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let same = match (asked.as_ref(), wanted) {
                (
                    Some(Challenge::Bearer { realm, service, .. }),
                    Challenge::Bearer { realm: other, service: theirs, .. },
                ) => realm == other && service == theirs,
                (known, wanted) => known == Some(wanted),
            };
            if !same {
                *asked = Some(wanted.clone());
            }
            !same
        };
        let slot = self.tokens.lock().await.get(scope).cloned();
        if let Some(slot) = slot {
            let mut slot = slot.lock().await;
            // Another may have renewed it meanwhile.
            let stale = |kept: &Kept| brought == Some(format!("Bearer {}", kept.token.0).as_str());
            drop(slot.take_if(|kept| stale(kept)));
        }
        changed || matches!(wanted, Challenge::Bearer { .. })
    }

    async fn fetch(
        &self,
        realm: &str,
        service: Option<&str>,
        scope: &str,
        asker: &Asker,
    ) -> Result<Kept, Failure> {
        let odd = |why: &str| {
            let (action, scope) = ("sign-in".to_owned(), asker.caller.scope.clone());
            Failure::Unreadable {
                action,
                scope,
                detail: format!("tokens are said to be had at `{realm}`, {why}"),
            }
        };
        let mut address: Url = realm.parse().map_err(|_| odd("which is no address"))?;
        if !["http", "https"].contains(&address.scheme()) {
            return Err(odd("which is no address of a web service"));
        }
        let trusted = self.trusted.iter().any(|known| is_beside(known, &address));
        if self.credentials.is_some() && !trusted {
            return Err(odd(
                "which is not shown the password; name that address in `sign_in` if it is right",
            ));
        }
        address.query_pairs_mut().extend_pairs(service.map(|service| ("service", service)));
        if !scope.is_empty() {
            address.query_pairs_mut().append_pair("scope", scope);
        }
        let request = Request::get(address);
        let request = match &self.credentials {
            Some(known) => request.authorized(&known.basic()),
            None => request,
        };
        let action = if scope.is_empty() { "sign-in" } else { scope };
        let answer = asker.settle::<Refusal>(action, &request).await.map_err(|refused| {
            let about = refused.refusal.is_about_the_key() && scope.is_empty() && self.credentials.is_some();
            if about { self.unknown(asker) } else { refused.failure }
        })?;
        // Why it is unreadable is not told: the text may hold the token.
        let given: Given =
            serde_json::from_slice(&answer.body).map_err(|_| odd("which answered without one"))?;
        let token = given.token.filter(|token| !token.is_empty()).or(given.access_token);
        let token =
            token.filter(|token| !token.is_empty()).ok_or_else(|| odd("which answered without one"))?;
        Ok(Kept::lasting(token, given.expires_in.map_or(USUAL, Duration::from_secs)))
    }

    /// The name and password are refused.
    pub(crate) fn unknown(&self, asker: &Asker) -> Failure {
        let remedy = match &self.credentials {
            Some(known) if known.user.is_empty() => {
                "the registry does not take this token; check it, and whether it has ended".to_owned()
            }
            Some(known) => format!(
                "the registry does not know `{}` by this password; check both, and whether it has ended",
                known.user
            ),
            None => "give `user` and `password` in the settings".to_owned(),
        };
        Failure::Unauthenticated { scope: asker.caller.scope.clone(), remedy }
    }
}

/// Whether an address is the same door as another, or one of the same domain: `auth.docker.io` beside
/// `registry-1.docker.io`. Encryption is never given up.
pub(super) fn is_beside(known: &Url, address: &Url) -> bool {
    if known.origin() == address.origin() {
        return true;
    }
    let domain =
        |url: &Url| url.domain().and_then(|host| host.split_once('.')).map(|(_, domain)| domain.to_owned());
    let same = domain(known).is_some_and(|own| own.contains('.') && domain(address).as_ref() == Some(&own));
    let usual = |url: &Url| url.scheme() == "https" && url.port().is_none();
    let below = |one: &Url, other: &Url| {
        one.domain()
            .zip(other.domain())
            .is_some_and(|(one, other)| one.strip_suffix(other).is_some_and(|rest| rest.ends_with('.')))
    };
    usual(known) && usual(address) && (same || below(known, address) || below(address, known))
}

#[cfg(test)]
mod tests {
    use super::is_beside;

    #[test]
    fn a_password_is_shown_to_the_registry_and_to_hosts_beside_it() {
        let beside = |known: &str, other: &str| is_beside(&known.parse().unwrap(), &other.parse().unwrap());
        assert!(beside("https://registry-1.docker.io", "https://auth.docker.io/token"));
        assert!(beside("https://registry.gitlab.com", "https://gitlab.com/jwt/auth"));
        assert!(beside("http://127.0.0.1:5000", "http://127.0.0.1:5000/token"));
        for (known, other) in [
            ("https://registry.example.com", "https://evil.com/token"),
            ("https://registry.example.com", "http://auth.example.com/token"),
            ("https://registry.example.com", "https://auth.example.com:8443/token"),
            ("http://127.0.0.1:5000", "http://127.0.0.1:6000/token"),
            ("https://a.com", "https://b.com/token"),
            ("https://127.0.0.1", "https://127.0.0.2/token"),
            ("https://example.com", "https://badexample.com/"),
        ] {
            assert!(!beside(known, other), "{known} {other}");
        }
    }
}
