//! One call as HTTP: its address, and what came back. Refuses redirections but one of a blob, to which no token goes
//! that leads to another host; and answers that are too long to hold.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, Url};
use tokio::sync::Mutex;

use super::config::Config;
use super::exchange;
use super::refusal::Refusal;
use super::sign_in::{NoToken, SignIn, told};
use crate::token::{Hidden, Kept};

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
    /// The most bytes that are read.
    pub(super) most: usize,
    /// Whether an answer that leads elsewhere is followed there.
    pub(super) follows: bool,
}

impl Request {
    /// A call that reads something by its name.
    pub(super) fn get(host: &str, path: impl Into<String>) -> Self {
        let (host, path) = (host.to_owned(), path.into());
        Self { host, path, query: Vec::new(), accept: None, most: LONGEST, follows: false }
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
    /// What the key of a service account was exchanged for.
    exchanged: Mutex<Option<Kept>>,
    endpoint: Option<String>,
    quota_project: Option<String>,
    http: OnceLock<Result<reqwest::Client, String>>,
}

impl Client {
    /// A client that connects when it is first used.
    pub(super) fn new(settings: &Config, sign_in: SignIn) -> Self {
        Self {
            sign_in,
            exchanged: Mutex::default(),
            endpoint: settings.endpoint.clone(),
            quota_project: settings.quota_project.clone(),
            http: OnceLock::new(),
        }
    }

    /// The bytes of an answer.
    pub(super) async fn send(&self, request: &Request) -> Result<Vec<u8>, Refusal> {
        let token = self.token().await?;
        let answer = self.sent(request, &token).await;
        if answer.as_ref().is_err_and(|refusal| refusal.status == Some(401)) {
            self.refused(&token).await;
        }
        answer
    }

    /// A token that is good now.
    pub(super) async fn token(&self) -> Result<String, Refusal> {
        self.sign_in.token().await.map_err(unsigned)
    }

    /// A token that is good now wherever Google's access tokens are taken.
    pub(super) async fn access_token(&self) -> Result<Arc<Hidden>, Refusal> {
        let token = self.token().await?;
        if !exchange::is_self_signed(&token) {
            return Ok(Arc::new(Hidden(token)));
        }
        let mut exchanged = self.exchanged.lock().await;
        if let Some(kept) = exchanged.as_ref().filter(|kept| kept.is_fresh()) {
            return Ok(Arc::clone(&kept.token));
        }
        let form = exchange::form(&self.sign_in.signer().map_err(unsigned)?).await.map_err(unsigned)?;
        let (http, address) = self.address(exchange::HOST, exchange::PATH)?;
        let call = self.hosted(http.post(address), exchange::HOST);
        let call = call.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        let answer = body(call.send().await.map_err(unreached)?, LONGEST).await?;
        let answer: exchange::Answer =
            serde_json::from_slice(&answer).map_err(|error| Refusal::unreadable(200, &[], &error))?;
        Ok(Arc::clone(&exchanged.insert(answer.kept()).token))
    }

    /// Forgets the credentials whose token was refused.
    pub(super) async fn refused(&self, token: &str) {
        let mut exchanged = self.exchanged.lock().await;
        if exchanged.as_ref().is_some_and(|kept| kept.token.0 == token) {
            *exchanged = None;
        }
        self.sign_in.refused(token).await;
    }

    /// Where a path of a host is asked. One address stands for every host, as a proxy does.
    fn address(&self, host: &str, path: &str) -> Result<(&reqwest::Client, String), Refusal> {
        let http = self.http.get_or_init(connected).as_ref();
        let http = http.map_err(|message| Refusal::unreached(message.clone()))?;
        let own = format!("https://{host}");
        Ok((http, format!("{}/{path}", self.endpoint.as_ref().unwrap_or(&own))))
    }

    /// With the name of the host, where another address stands for it.
    fn hosted(&self, call: RequestBuilder, host: &str) -> RequestBuilder {
        if self.endpoint.is_some() { call.header(HOST, host) } else { call }
    }

    async fn sent(&self, request: &Request, token: &str) -> Result<Vec<u8>, Refusal> {
        let (http, address) = self.address(&request.host, &request.path)?;
        let mut call = self.hosted(http.get(address).query(&request.query), &request.host);
        call = call.header(AUTHORIZATION, format!("Bearer {token}"));
        if let Some(accept) = &request.accept {
            call = call.header(ACCEPT, accept.as_str());
        }
        if let Some(project) = &self.quota_project {
            call = call.header("x-goog-user-project", project.as_str());
        }
        let mut answer = call.send().await.map_err(unreached)?;
        if request.follows
            && let Some(led) = led(&answer)?
        {
            let mut call = http.get(led.clone());
            if led.origin() == answer.url().origin() {
                call = call.header(AUTHORIZATION, format!("Bearer {token}"));
                call = self.hosted(call, &request.host);
            }
            answer = call.send().await.map_err(unreached)?;
        }
        body(answer, request.most).await
    }
}

/// Where an answer leads, if it leads elsewhere.
fn led(answer: &Response) -> Result<Option<Url>, Refusal> {
    let Some(place) = answer.headers().get(LOCATION).filter(|_| answer.status().is_redirection()) else {
        return Ok(None);
    };
    let odd = |reason: &str| Refusal::unreadable(answer.status().as_u16(), &[], &reason);
    let place = place.to_str().ok().and_then(|place| answer.url().join(place).ok());
    let place = place.ok_or_else(|| odd("it leads to no address"))?;
    if place.scheme() != "https" && place.scheme() != answer.url().scheme() {
        return Err(odd("it leads to an address without TLS"));
    }
    Ok(Some(place))
}

/// The bytes of an answer of at most so many.
async fn body(mut answer: Response, most: usize) -> Result<Vec<u8>, Refusal> {
    let status = answer.status();
    let wait = answer.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.trim().parse().ok());
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(unreached)? {
        if body.len() + piece.len() > most {
            let reason = format!("an answer of more than {} MiB", most >> 20);
            return Err(Refusal::unreadable(status.as_u16(), &[], &reason));
        }
        body.extend_from_slice(&piece);
    }
    if status.is_success() { Ok(body) } else { Err(Refusal::of(status.as_u16(), wait, &body)) }
}

fn unsigned(refused: NoToken) -> Refusal {
    Refusal { message: refused.message, no_token: Some(refused.transient), ..Refusal::default() }
}

fn unreached(error: reqwest::Error) -> Refusal {
    Refusal::unreached(told(&error.without_url()))
}

fn connected() -> Result<reqwest::Client, String> {
    let client =
        reqwest::Client::builder().redirect(Policy::none()).connect_timeout(CONNECT).user_agent(AGENT);
    client.build().map_err(|error| told(&error))
}
