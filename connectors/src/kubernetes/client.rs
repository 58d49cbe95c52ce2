//! Every call to a cluster goes through [`Ask`]; how it reads lists stands in `lists.rs`. Refuses pages that are too long
//! to hold.

use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use kube::client::Body;
use serde::Deserialize;

use super::clusters::chain;
use super::config::Config;
use super::refusal::Refusal;
use super::resource::Resource;
use crate::Failure;
use crate::caller::{Caller, Unsettled};
use crate::door::Entry;
use crate::token::Hidden;

/// The longest page that is read, in bytes.
const LONGEST: usize = 256 << 20;
/// The most bytes for which room is made because an answer says that they follow.
const ROOM: usize = 8 << 20;

/// One cluster and service, ready to be asked.
pub(super) struct Ask<'a> {
    /// What the source was told.
    pub(super) settings: &'a Config,
    /// The cluster.
    pub(super) client: kube::Client,
    /// How it is entered, where the client does not know that.
    pub(super) entry: Option<Entry>,
    /// When and how often.
    pub(super) caller: Caller,
}

/// What a server says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Version {
    git_version: String,
}

impl Ask<'_> {
    /// The version of the cluster, which every server tells whom it knows.
    ///
    /// # Errors
    /// When it cannot be had or read.
    pub(super) async fn version(&self) -> Result<Option<String>, Failure> {
        const ACTION: &str = "version: get";
        let answer = self.get(ACTION, "/version").await.map_err(|refused| refused.failure)?;
        let told: Version =
            serde_json::from_slice(&answer).map_err(|error| self.caller.unreadable(ACTION, &error))?;
        Ok(told.git_version.strip_prefix('v').map(str::to_owned))
    }

    /// Lists one object, to see whether that is allowed.
    ///
    /// # Errors
    /// When it is not.
    pub(super) async fn probe(&self, resource: &Resource<'_>) -> Result<(), Failure> {
        for group in resource.groups {
            for path in resource.paths(group, &self.settings.namespaces) {
                match self.get(resource.action, &format!("{path}?limit=1")).await {
                    Ok(_) => {}
                    Err(refused) if refused.refusal.is_absence() => {}
                    Err(refused) => return Err(refused.failure),
                }
            }
        }
        Ok(())
    }

    /// One answer.
    ///
    /// # Errors
    /// In words, with what the server said.
    pub(super) async fn get(&self, action: &str, address: &str) -> Result<Vec<u8>, Unsettled<Refusal>> {
        let settled =
            self.caller.settle(action, || async move { whole(self.sent(address).await?).await }).await;
        settled.map_err(|unsettled| self.advised(unsettled))
    }

    /// An answer that goes on for as long as somebody listens: nothing of it is read yet.
    ///
    /// # Errors
    /// In words, with what the server said.
    pub(super) async fn open(&self, action: &str, address: &str) -> Result<Body, Unsettled<Refusal>> {
        let settled = self.caller.settle(action, || self.sent(address)).await;
        settled.map(http::Response::into_body).map_err(|unsettled| self.advised(unsettled))
    }

    /// A refusal with what whoever runs the cluster can do about it.
    fn advised(&self, unsettled: Unsettled<Refusal>) -> Unsettled<Refusal> {
        match &self.entry {
            Some(Entry { advice, .. }) if unsettled.refusal.is_the_clusters() => {
                let silent = unsettled.refusal.is_silence();
                Unsettled { failure: advice.added(unsettled.failure, silent), refusal: unsettled.refusal }
            }
            _ => unsettled,
        }
    }

    /// Asks with what opens the cluster. A token that is not taken is made anew once: it may have ended.
    async fn sent(&self, address: &str) -> Result<http::Response<Body>, Refusal> {
        let Some(Entry { key, .. }) = &self.entry else { return self.asked(address, None).await };
        let token = key.token(&self.caller.context).await.map_err(Refusal::of_cloud)?;
        match self.asked(address, Some(&*token)).await {
            Err(refused) if refused.status == Some(401) => {
                key.refused(&token).await;
                let token = key.token(&self.caller.context).await.map_err(Refusal::of_cloud)?;
                self.asked(address, Some(&*token)).await
            }
            answered => answered,
        }
    }

    /// An answer that begins well.
    async fn asked(&self, address: &str, token: Option<&Hidden>) -> Result<http::Response<Body>, Refusal> {
        let mut request = http::Request::get(address)
            .header(http::header::ACCEPT, "application/json")
            .body(Body::empty())
            .map_err(|error| Refusal::lost(error.to_string()))?;
        if let Some(token) = token {
            let mut bearer = http::HeaderValue::from_str(&format!("Bearer {}", token.0))
                .map_err(|_| Refusal::no_credentials("a token that no header takes".to_owned()))?;
            bearer.set_sensitive(true);
            request.headers_mut().insert(http::header::AUTHORIZATION, bearer);
        }
        let answer = self.client.send(request).await.map_err(|error| match &error {
            kube::Error::Auth(refused) => Refusal::no_credentials(chain(refused)),
            // What wraps it says no more.
            kube::Error::Service(cause) => Refusal::lost(chain(&**cause)),
            _ => Refusal::lost(chain(&error)),
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let wait = answer
            .headers()
            .get(http::header::RETRY_AFTER)
            .and_then(|wait| wait.to_str().ok()?.trim().parse().ok().map(Duration::from_secs));
        Err(Refusal::of(status.as_u16(), wait, &read(answer).await?))
    }
}

/// A whole answer that is no web page.
async fn whole(answer: http::Response<Body>) -> Result<Vec<u8>, Refusal> {
    let status = answer.status();
    let body = read(answer).await?;
    if crate::http::is_page(&body) { Err(Refusal::of(status.as_u16(), None, &body)) } else { Ok(body) }
}

/// The body of an answer to its end. What came is let go of as it is taken over, so that it is held once.
async fn read(answer: http::Response<Body>) -> Result<Vec<u8>, Refusal> {
    let told = answer.headers().get(http::header::CONTENT_LENGTH);
    let told: Option<usize> = told.and_then(|length| length.to_str().ok()?.parse().ok());
    let mut whole = Vec::with_capacity(told.unwrap_or_default().min(ROOM));
    let mut body = Limited::new(answer.into_body(), LONGEST);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| match error.downcast::<LengthLimitError>() {
            Ok(_) => {
                let words = format!("a page of more than {} MiB", LONGEST >> 20);
                Refusal { lasting: true, ..Refusal::lost(words) }
            }
            Err(error) => Refusal::lost(error.to_string()),
        })?;
        if let Ok(data) = frame.into_data() {
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole)
}
