//! The one way a call is made: at the source's pace, counted, within its deadline, tried again where that
//! helps, and its failure put in words. Refuses the SDK's own retries: they would not be counted.

use std::error::Error;
use std::fmt::Write;
use std::future::Future;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::time::Instant;

use super::Ask;
use crate::Failure;

/// The longest one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(20);
/// Attempts at a call that fails without the vendor asking to wait.
const ATTEMPTS: u32 = 4;
/// The first pause; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// Codes by which AWS asks for fewer calls.
const THROTTLING: [&str; 9] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequests",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
];
/// Codes by which AWS refuses for want of a permission.
const DENIED: [&str; 5] =
    ["AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "NotAuthorized"];
/// Codes by which AWS refuses the credentials themselves.
const UNAUTHENTICATED: [&str; 6] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// What one attempt came to, when it did not succeed.
enum Setback {
    /// Another attempt may help; after this long, if the vendor says so.
    Throttled(Option<Duration>),
    /// Another attempt may help.
    Passing(Failure),
    /// None will.
    Final(Failure),
}

impl Ask<'_> {
    /// Makes a call. `action` is the permission it needs, as IAM names it.
    ///
    /// # Errors
    /// The failure in words, after the deadline or when another attempt cannot help.
    pub(super) async fn call<T, E, F, Attempt>(&self, action: &'static str, attempt: F) -> Result<T, Failure>
    where
        F: Fn() -> Attempt,
        Attempt: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match self.answer(action, attempt).await? {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.refusal(action, &error)),
        }
    }

    /// Makes a call whose refusals the caller reads: `Err` inside is an answer such as "no such image".
    ///
    /// # Errors
    /// Everything else, as [`Ask::call`].
    pub(super) async fn answer<T, E, F, Attempt>(
        &self,
        action: &'static str,
        attempt: F,
    ) -> Result<Result<T, E>, Failure>
    where
        F: Fn() -> Attempt,
        Attempt: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let deadline = Instant::now() + self.context.call_deadline;
        let (mut tries, mut pause) = (0_u32, FIRST_PAUSE);
        loop {
            if self.context.cancelled.is_cancelled() {
                return Err(Failure::Cancelled);
            }
            let leave = self.aws.pace.leave().await;
            self.context.meter.call(tries > 0);
            let limit = ATTEMPT.min(deadline.saturating_duration_since(Instant::now()));
            let outcome = tokio::time::timeout(limit, attempt()).await;
            drop(leave);
            let setback = match outcome {
                Err(_) => Setback::Passing(self.timed_out(action)),
                Ok(Ok(answer)) => {
                    self.aws.pace.answered();
                    return Ok(Ok(answer));
                }
                Ok(Err(error)) => match self.setback(action, error) {
                    Ok(setback) => setback,
                    Err(refusal) => return Ok(Err(refusal)),
                },
            };
            tries += 1;
            let wait = match setback {
                Setback::Final(failure) => return Err(failure),
                Setback::Passing(failure) if tries >= ATTEMPTS => return Err(failure),
                Setback::Passing(_) => jittered(pause),
                Setback::Throttled(after) => {
                    self.aws.pace.throttled();
                    self.context.meter.throttled();
                    after.unwrap_or_else(|| jittered(pause))
                }
            };
            if Instant::now() + wait >= deadline {
                return Err(match setback {
                    Setback::Throttled(retry_after) => Failure::Throttled {
                        action: action.to_owned(),
                        scope: self.scope.clone(),
                        retry_after,
                    },
                    _ => self.timed_out(action),
                });
            }
            self.context.meter.waited(wait);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.context.cancelled.cancelled() => return Err(Failure::Cancelled),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn timed_out(&self, action: &str) -> Failure {
        Failure::TimedOut {
            action: action.to_owned(),
            scope: self.scope.clone(),
            after: self.context.call_deadline,
        }
    }

    /// What a failed attempt means, or the vendor's refusal for the caller to read.
    fn setback<E>(&self, action: &str, error: SdkError<E, HttpResponse>) -> Result<Setback, E>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let (action, scope) = (action.to_owned(), self.scope.clone());
        let after = error.raw_response().and_then(retry_after);
        let status = error.raw_response().map(|response| response.status().as_u16());
        let code = error.as_service_error().and_then(|error| error.code()).unwrap_or_default().to_owned();
        if THROTTLING.contains(&code.as_str()) || status == Some(429) {
            return Ok(Setback::Throttled(after));
        }
        if UNAUTHENTICATED.contains(&code.as_str()) {
            let remedy = format!("AWS answered {code}; renew the credentials or correct the clock");
            return Ok(Setback::Final(Failure::Unauthenticated { scope, remedy }));
        }
        let failed = status.is_some_and(|status| status >= 500);
        let detail = words(&error);
        Ok(match error {
            SdkError::ServiceError(_) if failed => {
                Setback::Passing(Failure::Vendor { action, scope, detail })
            }
            SdkError::ServiceError(refused) if code.is_empty() => {
                // An answer without an error code did not come from AWS: a proxy's page, for instance.
                let status = refused.raw().status().as_u16();
                let detail = format!("status {status} without an error code; is a proxy in between?");
                Setback::Passing(Failure::Unreadable { action, scope, detail })
            }
            SdkError::ServiceError(refused) => return Err(refused.into_err()),
            SdkError::TimeoutError(_) => Setback::Passing(self.timed_out(&action)),
            SdkError::DispatchFailure(failure) if failure.is_user() || detail.contains("credentials") => {
                let remedy =
                    format!("{detail}; give the process a profile, an instance role or AWS_ variables");
                Setback::Final(Failure::Unauthenticated { scope, remedy })
            }
            SdkError::DispatchFailure(_) => Setback::Passing(Failure::Vendor { action, scope, detail }),
            SdkError::ResponseError(_) => Setback::Passing(Failure::Unreadable { action, scope, detail }),
            _ => Setback::Final(Failure::Vendor { action, scope, detail }),
        })
    }

    /// A refusal in words.
    pub(super) fn refusal<E: ProvideErrorMetadata>(&self, action: &str, error: &E) -> Failure {
        let code = error.code().unwrap_or("an unknown code");
        let (action, scope) = (action.to_owned(), self.scope.clone());
        if DENIED.contains(&code) {
            let remedy = match &self.aws.config.role {
                Some(role) => {
                    format!("add `{action}` to the policy of the role {role} in account {}", scope.account)
                }
                None => format!("add `{action}` to the policy of the credentials in use"),
            };
            return Failure::Denied { action, scope, remedy };
        }
        let message = error.message().unwrap_or("without a message");
        Failure::Vendor { action, scope, detail: format!("{code}: {message}") }
    }
}

/// The chain of an error in one line.
fn words(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(300).collect()
}

fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let seconds: u64 = response.headers().get("retry-after")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Between half and all of a pause, so that many callers do not come back at once.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + fastrand::f64() / 2.0)
}
