//! What a failed call means, in words that say what to do, and whether asking again may help. Refuses to
//! take anything but the vendor's own code for a denial.

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;

use std::error::Error;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use domain::source::Scope;

use crate::Failure;

/// Codes by which services ask for fewer calls.
const THROTTLES: [&str; 12] = [
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "TooManyRequestsException",
    "TooManyRequests",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "LimitExceededException",
    "SlowDown",
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
];
/// Codes of a missing permission.
const DENIALS: [&str; 6] = [
    "AccessDeniedException",
    "AccessDenied",
    "UnauthorizedOperation",
    "AuthorizationErrorException",
    "NotAuthorized",
    "ForbiddenException",
];
/// Codes of credentials that are not accepted.
const CREDENTIALS: [&str; 12] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "AuthFailure",
    "OptInRequired",
];
/// Characters of a foreign answer that are shown.
const SHOWN: usize = 120;

/// A failed call, without the types of its service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The vendor's code.
    pub(super) code: Option<String>,
    /// What it or the library said.
    pub(super) message: String,
    /// Status of the answer; none where none came.
    pub(super) status: Option<u16>,
    /// How long the vendor asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// The beginning of the answer.
    pub(super) body: String,
    /// Whether no credentials could be had.
    pub(super) no_credentials: bool,
    /// A failure of ours that the library carried: entering the account failed.
    pub(super) own: Option<Failure>,
}

/// Whether to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// The answer would be the same.
    Never,
    /// A few times: it may have been bad luck.
    AFewTimes,
    /// Until the deadline, at a slower pace, not before this time has passed.
    Slower(Option<Duration>),
}

/// Where and as whom a call was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances<'c> {
    /// The permission: `ecr:DescribeImages`.
    pub(super) action: &'c str,
    /// Where.
    pub(super) scope: &'c Scope,
    /// Whose policy must allow it: `role PlimsollReader of account 111122223333`.
    pub(super) grantee: &'c str,
}

impl Refusal {
    /// Takes an error of the library apart.
    pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let raw = error.raw_response();
        let body = raw.and_then(|raw| raw.body().bytes()).unwrap_or_default();
        let service = error.as_service_error();
        let causes = causes(error);
        let own = own(error);
        Self {
            code: service.and_then(|error| error.code()).map(str::to_owned),
            message: service
                .and_then(|error| error.message())
                .map_or_else(|| causes.join(": "), str::to_owned),
            status: raw.map(|raw| raw.status().as_u16()),
            retry_after: raw.and_then(retry_after),
            body: String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]).into_owned(),
            no_credentials: own.is_none() && raw.is_none() && no_credentials(&causes),
            own,
        }
    }

    /// The failure in words, and whether to ask again.
    pub(super) fn judge(self, at: Circumstances<'_>) -> (Failure, Again) {
        if let Some(own) = self.own {
            return (own, Again::Never);
        }
        let (action, scope) = (at.action.to_owned(), at.scope.clone());
        let code = self.code.as_deref().unwrap_or_default();
        if THROTTLES.contains(&code) || self.status == Some(429) {
            let retry_after = self.retry_after;
            return (Failure::Throttled { action, scope, retry_after }, Again::Slower(retry_after));
        }
        if DENIALS.contains(&code) {
            let remedy = allow(at, &self.message);
            return (Failure::Denied { action, scope, remedy }, Again::Never);
        }
        if CREDENTIALS.contains(&code) || self.no_credentials {
            let remedy = sign_in(at, code, &self.message);
            return (Failure::Unauthenticated { scope, remedy }, Again::Never);
        }
        if let Some(detail) = foreign(&self) {
            return (Failure::Unreadable { action, scope, detail }, Again::AFewTimes);
        }
        let again = match self.status {
            Some(500..) | None => Again::AFewTimes,
            Some(_) => Again::Never,
        };
        let detail = if code.is_empty() { self.message } else { format!("{code}: {}", self.message) };
        (Failure::Vendor { action, scope, detail: short(&detail) }, again)
    }
}

/// How to allow an action, by what the refusal says of its reason.
fn allow(at: Circumstances<'_>, message: &str) -> String {
    let Circumstances { action, grantee, .. } = at;
    let lower = message.to_ascii_lowercase();
    let explicit =
        ["service control policy", "resource control policy", "permissions boundary", "session policy"]
            .into_iter()
            .find(|policy| lower.contains(policy));
    match explicit {
        Some(policy) => format!("a {policy} stands in the way; let it allow `{action}` for {grantee}"),
        None if lower.contains("explicit deny") => {
            format!("a policy denies it outright; exempt {grantee} from that denial of `{action}`")
        }
        None if action == "sts:AssumeRole" => format!(
            "let the trust policy of {grantee} name these credentials (with the external id, if it asks for one), \
             and let their own policy allow `{action}` on it"
        ),
        None => format!("allow `{action}` in a policy of {grantee}"),
    }
}

fn sign_in(at: Circumstances<'_>, code: &str, message: &str) -> String {
    let said = if code.is_empty() { short(message) } else { format!("AWS said {code}") };
    match code {
        "UnrecognizedClientException" | "OptInRequired" | "InvalidClientTokenId" => format!(
            "{said}; check the keys, and whether region {} is enabled in the account",
            if at.scope.region.is_empty() { "in use" } else { &at.scope.region }
        ),
        _ => format!("{said}; give the machine a role, or set a profile or AWS_ACCESS_KEY_ID and its secret"),
    }
}

/// What an answer begins with that no service of AWS wrote: a proxy's or a portal's page.
fn foreign(refusal: &Refusal) -> Option<String> {
    let status = refusal.status?;
    let text = refusal.body.trim_start();
    let lower = text.to_ascii_lowercase();
    let page = lower.starts_with("<!doctype") || lower.starts_with("<html") || lower.contains("<html");
    let start = short(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if page {
        return Some(format!(
            "status {status} with a web page, `{start}`; is a proxy or a sign-in page in between?"
        ));
    }
    // A success that could not be read, or an error without a code: not what the interface says.
    (refusal.code.is_none() && status < 500).then(|| format!("status {status}, `{start}`"))
}

fn short(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.trim().parse::<u64>().ok()?;
    Some(Duration::from_secs(seconds))
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let this = next?;
        next = this.source();
        Some(this)
    })
}

fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut causes: Vec<String> = chain(error).map(ToString::to_string).collect();
    causes.dedup();
    causes
}

fn own(error: &(dyn Error + 'static)) -> Option<Failure> {
    chain(error).find_map(|error| error.downcast_ref::<Failure>().cloned())
}

fn no_credentials(causes: &[String]) -> bool {
    causes.iter().any(|cause| cause.to_ascii_lowercase().contains("credentials"))
}
