//! What a failed call means, in words that say what to do, and whether asking again may help. Refuses to take
//! anything but Google's own code for a denial.

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;

use std::time::Duration;

use domain::source::Scope;
use serde::Deserialize;
use serde_json::Value;

use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};

/// The wait after a token was refused: one that is signed here carries the second in which it was made.
const SIGN_IN_WAIT: Duration = Duration::from_millis(1_100);
/// How often a call is made whose token is refused.
const SIGN_INS: u32 = 3;
/// Characters of a foreign answer that are shown.
const SHOWN: usize = 120;

/// A failed call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Status of the answer; none where none came.
    pub(super) status: Option<u16>,
    /// Google's canonical code: `PERMISSION_DENIED`.
    pub(super) code: String,
    /// What it or the library said.
    pub(super) message: String,
    /// What it says besides.
    pub(super) info: Option<Box<Info>>,
    /// How long it asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// The beginning of an answer that is none of Google's.
    pub(super) foreign: Option<String>,
    /// Why there was no token to ask with, and whether there may be one soon.
    pub(super) no_token: Option<bool>,
}

/// What Google says of a refusal in fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Info {
    /// Its finer reason: `SERVICE_DISABLED`.
    reason: String,
    /// The permission, API and resource that it names.
    permission: Option<String>,
    api: Option<String>,
    resource: Option<String>,
}

/// Google's error body, as far as it is used.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Told,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    message: String,
    status: String,
    details: Vec<Detail>,
}

/// `ErrorInfo` or `RetryInfo`; other details have neither of these members.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Detail {
    reason: String,
    metadata: Value,
    retry_delay: String,
}

/// How a registry words its errors.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RegistryBody {
    errors: Vec<RegistryError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RegistryError {
    code: String,
    message: String,
}

impl Refused for Refusal {
    fn judge(&self, at: Circumstances<'_>) -> (Failure, Again) {
        let (action, scope) = (at.action.to_owned(), at.scope.clone());
        if let Some(transient) = self.no_token {
            let again = if transient { Again::AFewTimes } else { Again::Never };
            return (Failure::Unauthenticated { scope, remedy: sign_in(&self.message) }, again);
        }
        match (self.status, self.code.as_str()) {
            (Some(429), _) | (_, "RESOURCE_EXHAUSTED") => {
                let retry_after = self.retry_after;
                (Failure::Throttled { action, scope, retry_after }, Again::Slower(retry_after))
            }
            (_, "PERMISSION_DENIED") => {
                let remedy = self.allow(&action, &scope);
                let named = self.info.as_ref().and_then(|info| info.permission.clone());
                (Failure::Denied { action: named.unwrap_or(action), scope, remedy }, Again::Never)
            }
            (Some(401), _) | (_, "UNAUTHENTICATED") => {
                let late = self.info.as_ref().is_some_and(|info| info.reason == "ACCESS_TOKEN_EXPIRED");
                let clock = if late { "check this machine's clock: " } else { "" };
                let remedy = format!("{clock}{}", sign_in(&format!("Google said {}", self.words())));
                (Failure::Unauthenticated { scope, remedy }, Again::After(SIGN_INS, SIGN_IN_WAIT))
            }
            (status, _) => {
                let again = match status {
                    Some(501) => Again::Never,
                    Some(500..) | None => Again::AFewTimes,
                    Some(_) if self.foreign.is_some() => Again::AFewTimes,
                    Some(_) => Again::Never,
                };
                match (&self.foreign, status) {
                    (Some(text), Some(status)) => {
                        let detail = foreign(status, text);
                        (Failure::Unreadable { action, scope, detail }, again)
                    }
                    _ => (Failure::Vendor { action, scope, detail: short(&self.words()) }, again),
                }
            }
        }
    }
}

impl Refusal {
    /// Takes an answer apart whose status is no success. `wait` is its `Retry-After` in seconds.
    pub(super) fn of(status: u16, wait: Option<u64>, body: &[u8]) -> Self {
        let google = serde_json::from_slice::<Body>(body).ok().map(|body| body.error);
        let google = google.filter(|told| !told.status.is_empty());
        let retry_after = wait.map(Duration::from_secs);
        if let Some(told) = google {
            let info = told.details.iter().find(|detail| !detail.reason.is_empty()).map(Info::of);
            let delay = told.details.iter().find_map(|detail| seconds(&detail.retry_delay));
            return Self {
                status: Some(status),
                info: info.map(Box::new),
                retry_after: retry_after.max(delay),
                code: told.status,
                message: told.message,
                ..Self::default()
            };
        }
        let registry = serde_json::from_slice::<RegistryBody>(body).ok();
        if let Some(error) = registry.and_then(|body| body.errors.into_iter().next()) {
            let code = if status == 404 { "NOT_FOUND".to_owned() } else { error.code };
            return Self {
                status: Some(status),
                code,
                message: error.message,
                retry_after,
                ..Self::default()
            };
        }
        Self { status: Some(status), retry_after, foreign: Some(beginning(body)), ..Self::default() }
    }

    /// An answer with a good status that cannot be read.
    pub(super) fn unreadable(status: u16, body: &[u8], reason: &impl ToString) -> Self {
        let page = is_page(&beginning(body));
        Self {
            status: Some(status),
            foreign: Some(if page { beginning(body) } else { reason.to_string() }),
            ..Self::default()
        }
    }

    /// No answer came.
    pub(super) fn unreached(message: String) -> Self {
        Self { message, ..Self::default() }
    }

    /// Whether what was asked for is not there.
    pub(super) fn is_absent(&self) -> bool {
        self.code == "NOT_FOUND"
    }

    fn words(&self) -> String {
        let code = self.info.as_ref().map_or(&self.code, |info| &info.reason);
        match (code.is_empty(), self.message.is_empty()) {
            (true, _) => self.message.clone(),
            (_, true) => code.clone(),
            _ => format!("{code}: {}", self.message),
        }
    }

    /// How to allow it, by what the refusal says of its reason.
    fn allow(&self, action: &str, scope: &Scope) -> String {
        let (project, nothing) = (&scope.account, Info::default());
        let info = self.info.as_deref().unwrap_or(&nothing);
        match info.reason.as_str() {
            "SERVICE_DISABLED" => {
                let api = info.api.as_deref().unwrap_or("the API");
                format!(
                    "{api} is not enabled in project {project}; enable it with `gcloud services enable {api} \
                     --project {project}`, or leave {} out",
                    scope.service
                )
            }
            "CONSUMER_INVALID" => format!("project {project} was not found or is being deleted"),
            "USER_PROJECT_DENIED" => {
                "the quota project may not be used: grant these credentials roles/serviceusage.serviceUsageConsumer \
                 in it, or name another in `quota_project`"
                    .to_owned()
            }
            "SECURITY_POLICY_VIOLATED" => {
                "a perimeter of VPC Service Controls stands in the way; let it admit these credentials".to_owned()
            }
            _ => {
                let permission = info.permission.as_deref().unwrap_or(action);
                let resource = match (&info.resource, project.is_empty()) {
                    (Some(resource), _) => resource.trim_start_matches('/').to_owned(),
                    (None, true) => "what is named above".to_owned(),
                    (None, false) => format!("project {project}"),
                };
                format!("grant these credentials a role with `{permission}` on {resource}")
            }
        }
    }
}

impl Info {
    fn of(detail: &Detail) -> Self {
        let named = |name: &str| detail.metadata[name].as_str().map(str::to_owned);
        Self {
            reason: detail.reason.clone(),
            permission: named("permission"),
            api: named("service"),
            resource: named("resource"),
        }
    }
}

fn sign_in(said: &str) -> String {
    format!(
        "{}; give the machine a service account, name a key file in GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud \
         auth application-default login`",
        short(said)
    )
}

fn foreign(status: u16, text: &str) -> String {
    if is_page(text) {
        return format!(
            "status {status} with a web page, `{text}`; is a proxy or a sign-in page in between?"
        );
    }
    format!("status {status}, `{text}`")
}

fn is_page(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.starts_with("<!doctype") || lower.contains("<html")
}

fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]);
    short(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn short(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

/// A duration as Google writes it: `2s`, `0.250s`.
fn seconds(text: &str) -> Option<Duration> {
    let seconds = text.strip_suffix('s')?.parse::<f64>().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}
