//! Every call to AWS goes through [`Caller`]: it waits for leave, counts, keeps the deadline, asks again where
//! that may help, and tells failures in words. Refuses to call when the run was cancelled.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use domain::source::Scope;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::config::Config;
use super::place::Place;
use super::refusal::{Again, Circumstances, Refusal};
use crate::pace::Pace;
use crate::paging::Pages;
use crate::{Context, Failure};

/// The first wait before asking again; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait before asking again.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How often a call is made that fails without being throttled.
const FEW: u32 = 4;

/// One account and region, ready to be asked.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    /// What clients of this account and region are made of.
    pub(super) sdk: SdkConfig,
    /// The connections of those clients, for calls that are made without one.
    pub(super) connections: SharedHttpConnector,
    /// Account, region and what tags mean.
    pub(super) place: Place,
    /// What the run gives.
    pub(super) context: &'a Context,
    /// What the source was told.
    pub(super) settings: &'a Config,
    /// Makes the calls.
    pub(super) caller: Caller,
}

impl Ask<'_> {
    /// Makes a call. `action` is the permission it takes, as IAM names it: `ecr:DescribeImages`.
    ///
    /// # Errors
    /// In words: what, where, what to do; when the deadline passes or asking again cannot help.
    pub(super) async fn call<T, E, F>(&self, action: &str, attempt: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.caller.call(action, attempt).await
    }

    /// Makes a call whose refusals the caller reads: `Err` inside is an answer such as "no such image".
    ///
    /// # Errors
    /// Everything else, as [`Ask::call`].
    pub(super) async fn answer<T, E, F>(
        &self,
        action: &str,
        attempt: impl Fn() -> F,
    ) -> Result<Result<T, E>, Failure>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        match self.caller.settle(action, attempt).await {
            Ok(answer) => Ok(Ok(answer)),
            Err(Unsettled { failure: Failure::Vendor { .. }, refused: Some(refused) }) => Ok(Err(refused)),
            Err(unsettled) => Err(unsettled.failure),
        }
    }

    /// The token of the next page; `None` at the end.
    ///
    /// # Errors
    /// When it came before, or the run was cancelled.
    pub(super) fn next(
        &self,
        action: &str,
        pages: &mut Pages,
        token: Option<String>,
    ) -> Result<Option<String>, Failure> {
        if self.context.cancelled.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        pages.next(token).map_err(|pages| Failure::RepeatedToken {
            action: action.to_owned(),
            scope: self.scope().clone(),
            pages,
        })
    }

    /// Whether a service is asked at all.
    pub(super) fn wants(&self, service: &str) -> bool {
        self.settings.leave_out.iter().all(|name| name != service)
    }

    /// A refusal that the caller read and cannot use, in words.
    pub(super) fn refused(&self, action: &str, error: &(impl Error + ProvideErrorMetadata)) -> Failure {
        let detail = match (error.code(), error.message()) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(code), None) => code.to_owned(),
            (None, _) => error.to_string(),
        };
        Failure::Vendor { action: action.to_owned(), scope: self.scope().clone(), detail }
    }

    /// An answer that is not what the vendor's interface says.
    pub(super) fn unreadable(&self, action: &str, reason: &impl ToString) -> Failure {
        Failure::Unreadable {
            action: action.to_owned(),
            scope: self.scope().clone(),
            detail: reason.to_string(),
        }
    }

    /// Where it is asked.
    pub(super) fn scope(&self) -> &Scope {
        &self.caller.scope
    }
}

/// Makes calls in one scope.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Where.
    pub(super) scope: Scope,
    /// Whose policy must allow what is asked.
    pub(super) grantee: String,
    /// How this scope keeps to what the vendor allows.
    pub(super) pace: Arc<Pace>,
    /// Shares in the calls of the whole source.
    pub(super) whole: Arc<Semaphore>,
    /// Counting, cancelling, deadlines.
    pub(super) context: Context,
}

/// Why a call was given up, with the vendor's own words where it refused.
struct Unsettled<E> {
    failure: Failure,
    refused: Option<E>,
}

impl<E> From<Failure> for Unsettled<E> {
    fn from(failure: Failure) -> Self {
        Self { failure, refused: None }
    }
}

impl Caller {
    /// As [`Ask::call`].
    ///
    /// # Errors
    /// As there.
    pub(super) async fn call<T, E, F>(&self, action: &str, attempt: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.settle(action, attempt).await.map_err(|unsettled| unsettled.failure)
    }

    async fn settle<T, E, F>(&self, action: &str, attempt: impl Fn() -> F) -> Result<T, Unsettled<E>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let at = Circumstances { action, scope: &self.scope, grantee: &self.grantee };
        let (mut ends, mut attempts) = (None, 0);
        loop {
            let error = match self.attempt(at, attempts, &mut ends, &attempt).await? {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            attempts += 1;
            let (failure, again) = Refusal::of(&error).judge(at);
            let least = match again {
                Again::AFewTimes if attempts < FEW => Duration::ZERO,
                Again::Never | Again::AFewTimes => {
                    return Err(Unsettled { failure, refused: refused(error) });
                }
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

    /// One attempt, with leave. The deadline begins with the first leave.
    async fn attempt<A, F: Future<Output = A>>(
        &self,
        at: Circumstances<'_>,
        before: u32,
        ends: &mut Option<Instant>,
        send: &impl Fn() -> F,
    ) -> Result<A, Failure> {
        let asked = async {
            let _leave = self.pace.leave().await;
            let _share = self.whole.acquire().await;
            self.context.meter.call(before > 0);
            let deadline = *ends.get_or_insert_with(|| Instant::now() + self.context.call_deadline);
            tokio::time::timeout_at(deadline, send()).await
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

fn refused<E>(error: SdkError<E, HttpResponse>) -> Option<E> {
    match error {
        SdkError::ServiceError(refused) => Some(refused.into_err()),
        _ => None,
    }
}

/// Twice as long each time, and up to half of it less, so that many callers do not come back at once.
fn jittered(attempts: u32) -> Duration {
    let whole = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1))).min(LONGEST_WAIT);
    whole.mul_f64(0.5 + fastrand::f64() / 2.0)
}
