//! Every call to Google Cloud goes through [`Caller`]: it waits for leave, counts, keeps the deadline, asks again
//! where that may help, and tells failures in words. Refuses to call when the run was cancelled, and a list whose
//! page token repeats.

use std::sync::Arc;
use std::time::Duration;

use domain::source::Scope;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::config::Config;
use super::place::Place;
use super::refusal::{Again, Refusal};
use super::request::{Client, Request};
use crate::missing::Missing;
use crate::pace::Pace;
use crate::paging::Pages;
use crate::{Context, Failure};

/// The first wait before asking again; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait before asking again.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The wait after a token was refused: one that is signed here carries the second in which it was made.
const SIGN_IN_WAIT: Duration = Duration::from_millis(1_100);
/// How often a call is made that fails without being throttled.
const FEW: u32 = 4;
/// How often a call is made whose token is refused.
const SIGN_INS: u32 = 3;
/// The most rows that a page may have, in every API that is asked.
const ROWS: &str = "1000";

/// One project, location and service, ready to be asked.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    /// Project, location and what labels mean.
    pub(super) place: Place,
    /// What the run gives.
    pub(super) context: &'a Context,
    /// What the source was told.
    pub(super) settings: &'a Config,
    /// Makes the calls.
    pub(super) caller: Caller,
}

/// A page of a list, whatever its rows are called.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Page<T> {
    #[serde(
        alias = "dockerImages",
        alias = "folders",
        alias = "jobs",
        alias = "locations",
        alias = "notes",
        alias = "occurrences",
        alias = "projects",
        alias = "repositories",
        alias = "services",
        alias = "workerPools"
    )]
    rows: Vec<T>,
    next_page_token: Option<String>,
    unreachable: Vec<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), next_page_token: None, unreachable: Vec::new() }
    }
}

impl Ask<'_> {
    /// Reads something by its name; nothing where it is not there.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        action: &str,
        request: &Request,
    ) -> Result<Option<T>, Failure> {
        match self.caller.settle(action, request, read).await {
            Ok(answer) => Ok(Some(answer)),
            Err(unsettled) if unsettled.absent => Ok(None),
            Err(unsettled) => Err(unsettled.failure),
        }
    }

    /// The bytes of an answer; nothing where it is not there.
    ///
    /// # Errors
    /// As [`Ask::find`].
    pub(super) async fn bytes(&self, action: &str, request: &Request) -> Result<Option<Vec<u8>>, Failure> {
        match self.caller.settle(action, request, |bytes| Ok(bytes.to_vec())).await {
            Ok(answer) => Ok(Some(answer)),
            Err(unsettled) if unsettled.absent => Ok(None),
            Err(unsettled) => Err(unsettled.failure),
        }
    }

    /// Reads something that is there: that it is not is a failure.
    ///
    /// # Errors
    /// As [`Ask::find`].
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        action: &str,
        request: &Request,
    ) -> Result<T, Failure> {
        self.caller.settle(action, request, read).await.map_err(|unsettled| unsettled.failure)
    }

    /// Reads a list to its end. Places that could not be reached are noted.
    ///
    /// # Errors
    /// When a page cannot be had, or a token repeats; also when what it is of is not there: that is no empty list.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        action: &str,
        request: Request,
        missing: &mut Missing,
    ) -> Result<Vec<T>, Failure> {
        let (mut rows, mut next) = (Vec::new(), self.pages(action, request));
        while !next.ended() {
            rows.extend(next.page(missing).await.map_err(|unsettled| unsettled.failure)?);
        }
        Ok(rows)
    }

    /// A list, page by page.
    pub(super) fn pages<'l>(&'l self, action: &'l str, request: Request) -> Listing<'l> {
        Listing { caller: &self.caller, action, request, pages: Pages::default(), token: None, ended: false }
    }

    /// An answer that is not what the vendor's interface says.
    pub(super) fn unreadable(&self, action: &str, reason: &impl ToString) -> Failure {
        Failure::Unreadable {
            action: action.to_owned(),
            scope: self.caller.scope.clone(),
            detail: reason.to_string(),
        }
    }
}

/// A list on its way.
#[derive(Debug)]
pub(super) struct Listing<'l> {
    caller: &'l Caller,
    action: &'l str,
    request: Request,
    pages: Pages,
    token: Option<String>,
    ended: bool,
}

impl Listing<'_> {
    /// The next page.
    ///
    /// # Errors
    /// When it cannot be had, what it is of is not there any more, or its token came before.
    pub(super) async fn page<T: DeserializeOwned>(
        &mut self,
        missing: &mut Missing,
    ) -> Result<Vec<T>, Unsettled> {
        let mut request = self.request.clone().with("pageSize", ROWS);
        if let Some(token) = &self.token {
            request = request.with("pageToken", token);
        }
        let page = self.caller.settle(self.action, &request, read::<Page<T>>).await?;
        for place in &page.unreachable {
            missing.note(format!(
                "`{}` in {} could not reach {place}: what is there was not seen",
                self.action, self.caller.scope
            ));
        }
        self.token = self.pages.next(page.next_page_token).map_err(|pages| Failure::RepeatedToken {
            action: self.action.to_owned(),
            scope: self.caller.scope.clone(),
            pages,
        })?;
        self.ended = self.token.is_none();
        Ok(page.rows)
    }

    /// Whether there is no further page.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }
}

/// Makes calls in one scope.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Where.
    pub(super) scope: Scope,
    /// What sends them.
    pub(super) client: Arc<Client>,
    /// How this scope keeps to what the vendor allows.
    pub(super) pace: Arc<Pace>,
    /// Shares in the calls of the whole source.
    pub(super) whole: Arc<Semaphore>,
    /// Counting, cancelling, deadlines.
    pub(super) context: Context,
}

/// Why a call was given up.
#[derive(Debug)]
pub(super) struct Unsettled {
    /// In words.
    pub(super) failure: Failure,
    /// Whether that is because what was asked for is not there.
    pub(super) absent: bool,
}

impl From<Failure> for Unsettled {
    fn from(failure: Failure) -> Self {
        Self { failure, absent: false }
    }
}

impl Caller {
    async fn settle<T>(
        &self,
        action: &str,
        request: &Request,
        read: impl Fn(&[u8]) -> Result<T, Refusal>,
    ) -> Result<T, Unsettled> {
        let (mut ends, mut attempts) = (None, 0);
        loop {
            let answer = self.attempt(action, attempts, &mut ends, request).await?;
            let refusal = match answer.and_then(|bytes| read(&bytes)) {
                Ok(answer) => return Ok(answer),
                Err(refusal) => refusal,
            };
            attempts += 1;
            let absent = refusal.is_absent();
            let (failure, again) = refusal.judge(action, &self.scope);
            let least = match again {
                Again::AFewTimes if attempts < FEW => Duration::ZERO,
                Again::SignedInAnew if attempts < SIGN_INS => SIGN_IN_WAIT,
                Again::Slower(after) => {
                    self.pace.throttled();
                    self.context.meter.throttled();
                    after.unwrap_or_default()
                }
                Again::Never | Again::AFewTimes | Again::SignedInAnew => {
                    return Err(Unsettled { failure, absent });
                }
            };
            let wait = jittered(attempts).max(least);
            if ends.is_none_or(|ends| Instant::now() + wait >= ends) {
                return Err(failure.into());
            }
            self.rest(wait).await?;
        }
    }

    /// One attempt, with leave. The deadline begins with the first leave.
    async fn attempt(
        &self,
        action: &str,
        before: u32,
        ends: &mut Option<Instant>,
        request: &Request,
    ) -> Result<Result<Vec<u8>, Refusal>, Failure> {
        let asked = async {
            let _leave = self.pace.leave().await;
            let _share = self.whole.acquire().await;
            self.context.meter.call(before > 0);
            let deadline = *ends.get_or_insert_with(|| Instant::now() + self.context.call_deadline);
            tokio::time::timeout_at(deadline, self.client.send(request)).await
        };
        let answer = tokio::select! {
            biased;
            () = self.context.cancelled.cancelled() => return Err(Failure::Cancelled),
            answer = asked => answer,
        };
        self.pace.answered();
        answer.map_err(|_| Failure::TimedOut {
            action: action.to_owned(),
            scope: self.scope.clone(),
            after: self.context.call_deadline,
        })
    }

    async fn rest(&self, wait: Duration) -> Result<(), Failure> {
        self.context.meter.waited(wait);
        tokio::select! {
            () = self.context.cancelled.cancelled() => Err(Failure::Cancelled),
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }
}

/// JSON; an empty answer is an empty object.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let text = if bytes.is_empty() { b"{}" } else { bytes };
    serde_json::from_slice(text).map_err(|error| Refusal::unreadable(200, bytes, &error))
}

/// Twice as long each time, and up to half of it less, so that many callers do not come back at once.
fn jittered(attempts: u32) -> Duration {
    let whole = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1))).min(LONGEST_WAIT);
    whole.mul_f64(0.5 + fastrand::f64() / 2.0)
}
