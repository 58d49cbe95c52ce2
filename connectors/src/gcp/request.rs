//! One call as HTTP: its address, and what came back. Refuses redirections, and answers that are too long to hold.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HOST, RETRY_AFTER};
use reqwest::redirect::Policy;

use super::config::Config;
use super::refusal::Refusal;
use super::sign_in::{SignIn, told};

/// The longest answer that is read, in bytes: pages of a thousand findings stay well below.
const LONGEST: usize = 64 << 20;
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How Google's logs name what asks.
const AGENT: &str = concat!("plimsoll/", env!("CARGO_PKG_VERSION"));

/// What is asked, without who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// `run.googleapis.com`.
    pub(super) host: String,
    /// Below the host, without a leading slash: `v2/projects/…`.
    pub(super) path: String,
    /// In order.
    pub(super) query: Vec<(&'static str, String)>,
    /// Media types, where JSON is not what is asked for.
    pub(super) accept: Option<String>,
}

impl Request {
    /// A call that reads something by its name.
    pub(super) fn get(host: &str, path: impl Into<String>) -> Self {
        Self { host: host.to_owned(), path: path.into(), query: Vec::new(), accept: None }
    }

    /// With this parameter.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }
}

/// Sends requests.
#[derive(Debug)]
pub(super) struct Client {
    sign_in: SignIn,
    endpoint: Option<String>,
    quota_project: Option<String>,
    http: OnceLock<Result<reqwest::Client, String>>,
}

impl Client {
    /// A client that connects when it is first used.
    pub(super) fn new(settings: &Config, sign_in: SignIn) -> Self {
        Self {
            sign_in,
            endpoint: settings.endpoint.clone(),
            quota_project: settings.quota_project.clone(),
            http: OnceLock::new(),
        }
    }

    /// The bytes of an answer.
    pub(super) async fn send(&self, request: &Request) -> Result<Vec<u8>, Refusal> {
        let token = self.sign_in.token().await.map_err(|refused| Refusal {
            message: refused.message,
            no_token: Some(refused.transient),
            ..Refusal::default()
        })?;
        let answer = self.sent(request, &token).await;
        if answer.as_ref().is_err_and(|refusal| refusal.status == Some(401)) {
            self.sign_in.refused(&token).await;
        }
        answer
    }

    async fn sent(&self, request: &Request, token: &str) -> Result<Vec<u8>, Refusal> {
        let http = self.http.get_or_init(connected).as_ref();
        let http = http.map_err(|message| Refusal::unreached(message.clone()))?;
        let mut call = match &self.endpoint {
            // One address stands for every host, as a proxy does.
            Some(endpoint) => {
                http.get(format!("{endpoint}/{}", request.path)).header(HOST, request.host.as_str())
            }
            None => http.get(format!("https://{}/{}", request.host, request.path)),
        };
        call = call.query(&request.query).header(AUTHORIZATION, format!("Bearer {token}"));
        if let Some(accept) = &request.accept {
            call = call.header(ACCEPT, accept.as_str());
        }
        if let Some(project) = &self.quota_project {
            call = call.header("x-goog-user-project", project.as_str());
        }
        let unreached = |error: reqwest::Error| Refusal::unreached(told(&error.without_url()));
        let mut answer = call.send().await.map_err(unreached)?;
        let status = answer.status();
        let wait = answer.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.trim().parse().ok());
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(unreached)? {
            if body.len() + piece.len() > LONGEST {
                let reason = format!("an answer of more than {} MiB", LONGEST >> 20);
                return Err(Refusal::unreadable(status.as_u16(), &[], &reason));
            }
            body.extend_from_slice(&piece);
        }
        if status.is_success() { Ok(body) } else { Err(Refusal::of(status.as_u16(), wait, &body)) }
    }
}

fn connected() -> Result<reqwest::Client, String> {
    let client =
        reqwest::Client::builder().redirect(Policy::none()).connect_timeout(CONNECT).user_agent(AGENT);
    client.build().map_err(|error| told(&error))
}
