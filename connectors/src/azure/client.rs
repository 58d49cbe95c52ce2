//! Every call to Azure goes through [`Caller`]: it waits for leave, counts, keeps the deadline, asks again where
//! that may help, and tells failures in words. Refuses to call when the run was cancelled.

use std::sync::Arc;
use std::time::Duration;

use domain::source::Scope;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::http::{Answer, Http, Lost, Request};
use super::refusal::{Again, Circumstances, Refusal, is_page};
use crate::pace::Pace;
use crate::{Context, Failure};

/// The first wait before asking again; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait before asking again.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How often a call is made that fails without being throttled.
const FEW: u32 = 4;

/// Makes calls in one scope.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Where.
    pub(super) scope: Scope,
    /// Who needs the roles.
    pub(super) grantee: String,
    /// How this scope keeps to what the vendor allows.
    pub(super) pace: Arc<Pace>,
    /// Shares in the calls of the whole source.
    pub(super) whole: Arc<Semaphore>,
    /// Counting, cancelling, deadlines.
    pub(super) context: Context,
    /// The connections.
    pub(super) http: Arc<Http>,
}

/// Why a call was given up, with what the vendor said where it refused.
#[derive(Debug)]
pub(super) struct Unsettled {
    /// In words.
    pub(super) failure: Failure,
    /// As the vendor said it.
    pub(super) refusal: Refusal,
}

impl From<Failure> for Unsettled {
    fn from(failure: Failure) -> Self {
        Self { failure, refusal: Refusal::default() }
    }
}

impl Caller {
    /// Makes a call until it is answered, refused or out of time.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(super) async fn settle(&self, action: &str, request: &Request) -> Result<Answer, Unsettled> {
        let at = Circumstances { action, scope: &self.scope, grantee: &self.grantee };
        let (mut ends, mut attempts) = (None, 0);
        loop {
            let refusal = match self.attempt(at, attempts, &mut ends, request).await? {
                Ok(answer) if answer.status < 400 && !is_page(&answer.body) => return Ok(answer),
                Ok(answer) => Refusal::of(&answer),
                Err(lost) => Refusal::lost(lost),
            };
            attempts += 1;
            let (failure, again) = refusal.judge(at);
            let least = match again {
                Again::AFewTimes if attempts < FEW => Duration::ZERO,
                Again::Never | Again::AFewTimes => return Err(Unsettled { failure, refusal }),
                Again::Slower(after) => {
                    self.pace.throttled();
                    self.context.meter.throttled();
                    after.unwrap_or_default()
                }
            };
            let wait = jittered(attempts).max(least);
            if ends.is_none_or(|ends| Instant::now() + wait >= ends) {
                return Err(failure.into());
            }
            self.rest(wait).await?;
        }
    }

    /// An answer that is not what the vendor's interface says.
    pub(super) fn unreadable(&self, action: &str, reason: &impl ToString) -> Failure {
        let (action, scope) = (action.to_owned(), self.scope.clone());
        Failure::Unreadable { action, scope, detail: reason.to_string() }
    }

    /// One attempt, with leave. The deadline begins with the first leave.
    async fn attempt(
        &self,
        at: Circumstances<'_>,
        before: u32,
        ends: &mut Option<Instant>,
        request: &Request,
    ) -> Result<Result<Answer, Lost>, Failure> {
        let asked = async {
            let _leave = self.pace.leave().await;
            let _share = self.whole.acquire().await;
            self.context.meter.call(before > 0);
            let deadline = *ends.get_or_insert_with(|| Instant::now() + self.context.call_deadline);
            tokio::time::timeout_at(deadline, self.http.send(request)).await
        };
        let answer = tokio::select! {
            biased;
            () = self.context.cancelled.cancelled() => return Err(Failure::Cancelled),
            answer = asked => answer,
        };
        self.pace.answered();
        answer.map_err(|_| Failure::TimedOut {
            action: at.action.to_owned(),
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

/// Twice as long each time, and up to half of it less, so that many callers do not come back at once.
fn jittered(attempts: u32) -> Duration {
    let whole = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1))).min(LONGEST_WAIT);
    whole.mul_f64(0.5 + fastrand::f64() / 2.0)
}
