//! What is asked of a destination: what is there of a run, to take a part, to end the run. Each call is
//! repeated while the destination is away, slow or busy, with growing pauses and as it asks to.
//!
//! Refuses to follow a redirect, which would carry the token on, and to repeat what was refused.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::id::RunId;
use domain::source::Scope;
use formats::plimsoll_observations::Packed;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::super::live::{Event, Watcher};
use super::super::{PushedPlan, random};
use super::{Destination, words};
use crate::Error;

/// How long the first question is repeated: who mistyped an address wants to know soon.
const FIRST_PATIENCE: Duration = Duration::from_secs(3);
/// How long every other call is repeated: a restart, an upgrade, a full queue.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take, the time apart that what is sent takes.
const ANSWER: Duration = Duration::from_secs(60);
/// Bytes a second that any network carries.
const SLOWEST: u64 = 20_000;
/// The first pause; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause of our own.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The most bytes of an answer.
const LONGEST_ANSWER: usize = 64 << 20;

/// What is at the destination of a run.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Here {
    /// Scopes of which there is something.
    pub(super) scopes: Vec<HereScope>,
    /// Whether the run was ended: then it takes nothing more.
    #[serde(default)]
    pub(super) ended: bool,
}

/// What is there of a scope.
#[derive(Debug, Deserialize)]
pub(super) struct HereScope {
    #[serde(flatten)]
    scope: Scope,
    /// Whether its last part is there.
    ended: bool,
}

impl Here {
    /// The scopes that are there to their end.
    pub(super) fn whole(&self) -> impl Iterator<Item = Scope> {
        self.scopes.iter().filter(|here| here.ended).map(|here| here.scope.clone())
    }
}

/// Calls a destination, with the provider of cryptography that the process has chosen.
pub(super) struct Client {
    to: Destination,
    http: Result<reqwest::Client, String>,
    watcher: Option<Watcher>,
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Why a call was not answered as hoped.
enum Trouble {
    /// It will not be, however often it is asked.
    Refused(String),
    /// It may be later; the destination may say when.
    Away(String, Option<Duration>),
}

impl Client {
    pub(super) fn new(to: Destination, watcher: Option<Watcher>) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .user_agent(concat!("plimsoll/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("no connection can be made from here: {}", cause(&error)));
        Self { to, http, watcher }
    }

    /// What is there of a run. The first question: it tells whether address and token are right.
    pub(super) async fn here(&self, run: RunId) -> Result<Here, Error> {
        let url = self.to.at(&[&run.to_string()]);
        let answer = self.persistently(true, 0, |http| http.get(url.clone())).await?;
        let read = serde_json::from_slice(&answer.body);
        read.map_err(|_| Error::NotSent(words::not_plimsoll(&self.to.to_string())))
    }

    /// Sends a part.
    pub(super) async fn push(&self, run: RunId, scope: &Scope, part: &Packed) -> Result<(), Error> {
        let mut url = self.to.at(&[]);
        url.query_pairs_mut()
            .append_pair("run", &run.to_string())
            .append_pair("account", &scope.account)
            .append_pair("region", &scope.region)
            .append_pair("service", &scope.service)
            .append_pair("part", &part.number.to_string())
            .append_pair("last", if part.last { "true" } else { "false" });
        let request = |http: &reqwest::Client| {
            let request = http.post(url.clone()).header(CONTENT_TYPE, "application/octet-stream");
            request.body(part.bytes.clone())
        };
        self.persistently(false, part.bytes.len(), request).await.map(drop)
    }

    /// Ends a run, so that it is saved.
    pub(super) async fn end(&self, run: RunId, plan: &PushedPlan) -> Result<(), Error> {
        let url = self.to.at(&[&run.to_string(), "end"]);
        let request = |http: &reqwest::Client| http.post(url.clone()).json(plan);
        self.persistently(false, 0, request).await.map(drop)
    }

    /// Asks until there is an answer, a refusal, or no patience left. `size` is that of what is sent.
    async fn persistently(
        &self,
        first: bool,
        size: usize,
        request: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Answer, Error> {
        let patience = if first { FIRST_PATIENCE } else { PATIENCE };
        let http = self.http.as_ref().map_err(|sentence| Error::NotSent(sentence.clone()))?;
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        let timeout = ANSWER + Duration::from_secs(size as u64 / SLOWEST);
        loop {
            let request = request(http).timeout(timeout);
            let request = request.header(AUTHORIZATION, self.to.authorization.clone());
            let (told, asked) = match self.once(request, first, size).await {
                Ok(answer) => return Ok(answer),
                Err(Trouble::Refused(sentence)) => return Err(Error::NotSent(sentence)),
                Err(Trouble::Away(told, asked)) => (told, asked),
            };
            let wait = asked.unwrap_or_else(|| jittered(pause));
            if begun.elapsed() + wait > patience {
                return Err(Error::NotSent(words::away(&told, begun.elapsed())));
            }
            if let Some(watcher) = &self.watcher {
                watcher(&Event::Delayed(words::delayed(&told, wait)));
            }
            sleep(wait).await;
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }

    async fn once(&self, request: RequestBuilder, first: bool, size: usize) -> Result<Answer, Trouble> {
        let to = self.to.to_string();
        let lost = |error: &reqwest::Error| {
            let cause = cause(error);
            if cause.contains("certificate") {
                Trouble::Refused(words::untrusted(&to, &cause))
            } else {
                Trouble::Away(words::unreachable(&to, &cause), None)
            }
        };
        let response = request.send().await.map_err(|error| lost(&error))?;
        let answer = whole(response).await.map_err(|error| lost(&error))?;
        let status = answer.status;
        if status.is_success() {
            return Ok(answer);
        }
        let detail = answer.detail();
        if matches!(status.as_u16(), 408 | 409 | 425 | 429) || status.is_server_error() {
            let told = words::busy(&to, status.as_u16(), detail.as_deref());
            return Err(Trouble::Away(told, answer.retry_after(Utc::now())));
        }
        let location = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        Err(Trouble::Refused(match status.as_u16() {
            300..=399 => words::elsewhere(&to, location.unwrap_or("another address")),
            401 => words::unknown_token(&to),
            404 | 405 if detail.is_none() => words::not_plimsoll(&to),
            404 if first => words::too_old(&to),
            413 => words::too_large(&to, size),
            status => words::refused(&to, status, detail.as_deref()),
        }))
    }
}

async fn whole(mut response: Response) -> Result<Answer, reqwest::Error> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

impl Answer {
    /// What the server says of a refusal, if it is one of ours.
    fn detail(&self) -> Option<String> {
        let problem: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        Some(problem.get("detail")?.as_str()?.to_owned())
    }

    /// How long the destination asks to wait: seconds, or a date.
    pub(super) fn retry_after(&self, now: DateTime<Utc>) -> Option<Duration> {
        let value = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = value.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = DateTime::parse_from_rfc2822(value).ok()?;
        Some((date.with_timezone(&Utc) - now).to_std().unwrap_or_default())
    }
}

/// A pause made longer at random by up to a quarter, so that many do not come back at once.
fn jittered(pause: Duration) -> Duration {
    pause + pause * u32::try_from(random(26)).unwrap_or(0) / 100
}

/// What lies at the ground of an error: that is what people can do something about.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
