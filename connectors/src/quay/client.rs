//! Every call to Quay's own interface goes through [`Api`]: it goes to Quay's own address, with the token of an
//! application, or as anybody. Refuses to bring the password of a robot, which opens the registry alone.

use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::Failure;
use crate::http::Request;
use crate::oci::{Ask, Refusal};
use crate::token::Hidden;

/// What an application has to be allowed in order to see repositories.
pub(super) const READ: &str = "repo:read";
/// What it has to be allowed in order to know its user.
pub(super) const USER: &str = "user:read";

/// Quay's own interface in one scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api<'a> {
    /// The registry.
    pub(super) ask: &'a Ask<'a>,
    token: Option<&'a Hidden>,
}

impl<'a> Api<'a> {
    /// One that is asked with this token, or as anybody.
    pub(super) fn new(ask: &'a Ask<'a>, token: Option<&'a Hidden>) -> Self {
        Self { ask, token }
    }

    /// An address below `/api/v1`; names of repositories keep their slashes.
    ///
    /// # Errors
    /// When that is no address.
    pub(super) fn address(&self, path: &str) -> Result<Url, Failure> {
        let base = self.ask.registry.base.as_str().trim_end_matches('/');
        format!("{base}/api/v1/{path}").parse().map_err(|error| self.ask.unreadable(path, &error))
    }

    /// The bytes of an answer; nothing where what was asked for is not there.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(super) async fn bytes(&self, action: &str, address: Url) -> Result<Option<Vec<u8>>, Failure> {
        let request = Request::get(address);
        let request = match self.token {
            Some(token) => request.bearing(&token.0),
            None => request,
        };
        match self.ask.asker.settle::<Refusal>(action, &request).await {
            Ok(answer) => Ok(Some(answer.body)),
            Err(refused) if refused.refusal.is_absence() => Ok(None),
            Err(refused) => Err(self.with_remedy(refused.failure)),
        }
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

    /// Permissions of Quay are those of a token and those of the user it stands for.
    fn with_remedy(&self, failure: Failure) -> Failure {
        let Failure::Denied { action, scope, .. } = failure else { return failure };
        let remedy = if self.token.is_some() {
            "see that `api_token` is still good and has this permission and that its user may read here, or leave this out"
        } else {
            "that is told to applications only; give `api_token` in the settings, or leave this out"
        };
        Failure::Denied { action, scope, remedy: remedy.to_owned() }
    }
}
