//! Every call of a connector that speaks plain HTTP goes through [`Caller`]: it waits for leave, counts, keeps the
//! deadline, asks again where that may help, and tells failures in words. What an answer means is each vendor's to say.
//!
//! Refuses to call when the run was cancelled.

use std::sync::Arc;
use std::time::Duration;

use domain::source::Scope;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::pace::Pace;
use crate::{Context, Failure};

/// The first wait before asking again; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait before asking again.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How often a call is made that fails without being throttled.
const FEW: u32 = 4;

/// Whether to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// The answer would be the same.
    Never,
    /// A few times: it may have been bad luck.
    AFewTimes,
    /// So many times, each after this time.
    After(u32, Duration),
    /// Until the deadline, at a slower pace, not before this time has passed.
    Slower(Option<Duration>),
}

/// Why one attempt gave no answer, as a vendor says it; the default says nothing.
pub(crate) trait Refused: Default {
    /// The failure in words, and whether to ask again.
    fn judge(&self, at: Circumstances<'_>) -> (Failure, Again);
}

/// Where and as whom a call was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances<'c> {
    /// The permission as the vendor names it.
    pub(crate) action: &'c str,
    /// Where.
    pub(crate) scope: &'c Scope,
    /// Who needs it, if that is known: `the application bbbb…`.
    pub(crate) grantee: &'c str,
}

/// Makes calls in one scope.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Where.
    pub(crate) scope: Scope,
    /// Who needs the permissions, if that is known.
    pub(crate) grantee: String,
    /// How this scope keeps to what the vendor allows.
    pub(crate) pace: Arc<Pace>,
    /// Shares in the calls of the whole source.
    pub(crate) whole: Arc<Semaphore>,
    /// Counting, cancelling, deadlines.
    pub(crate) context: Context,
}

/// Why a call was given up, with what the vendor said where it refused.
#[derive(Debug)]
pub(crate) struct Unsettled<R> {
    /// In words.
    pub(crate) failure: Failure,
    /// As the vendor said it.
    pub(crate) refusal: R,
}

impl<R: Default> From<Failure> for Unsettled<R> {
    fn from(failure: Failure) -> Self {
        Self { failure, refusal: R::default() }
    }
}

impl Caller {
    /// Makes a call until it is answered, refused or out of time.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(crate) async fn settle<T, R: Refused, F: Future<Output = Result<T, R>>>(
        &self,
        action: &str,
        attempt: impl Fn() -> F,
    ) -> Result<T, Unsettled<R>> {
        let at = Circumstances { action, scope: &self.scope, grantee: &self.grantee };
        let (mut ends, mut attempts) = (None, 0);
        loop {
            let refusal = match self.attempt(action, attempts, &mut ends, &attempt).await? {
                Ok(answer) => return Ok(answer),
                Err(refusal) => refusal,
            };
            attempts += 1;
            let (failure, again) = refusal.judge(at);
            let least = match again {
                Again::AFewTimes if attempts < FEW => Duration::ZERO,
                Again::After(times, wait) if attempts < times => wait,
                Again::Slower(after) => {
                    self.pace.throttled();
                    self.context.meter.throttled();
                    after.unwrap_or_default()
                }
                Again::Never | Again::AFewTimes | Again::After(..) => {
                    return Err(Unsettled { failure, refusal });
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
    pub(crate) fn unreadable(&self, action: &str, reason: &impl ToString) -> Failure {
        let (action, scope) = (action.to_owned(), self.scope.clone());
        Failure::Unreadable { action, scope, detail: reason.to_string() }
    }

    /// A page token that came before.
    pub(crate) fn repeated(&self, action: &str, pages: usize) -> Failure {
        Failure::RepeatedToken { action: action.to_owned(), scope: self.scope.clone(), pages }
    }

    /// One attempt, with leave. The deadline begins with the first leave.
    async fn attempt<T, R, F: Future<Output = Result<T, R>>>(
        &self,
        action: &str,
        before: u32,
        ends: &mut Option<Instant>,
        attempt: &impl Fn() -> F,
    ) -> Result<Result<T, R>, Failure> {
        let asked = async {
            let _leave = self.pace.leave().await;
            let _share = self.whole.acquire().await;
            self.context.meter.call(before > 0);
            let deadline = *ends.get_or_insert_with(|| Instant::now() + self.context.call_deadline);
            tokio::time::timeout_at(deadline, attempt()).await
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

/// Twice as long each time, and up to half of it less, so that many callers do not come back at once.
fn jittered(attempts: u32) -> Duration {
    let whole = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1))).min(LONGEST_WAIT);
    whole.mul_f64(0.5 + fastrand::f64() / 2.0)
}
