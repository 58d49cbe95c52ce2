//! What a failed call to a registry means, in words that say what to do, and whether asking again may help. Refuses to
//! take anything but the registry's own word for a denial.

use std::time::Duration;

use chrono::Utc;
use domain::source::Scope;
use serde::Deserialize;

use super::challenge::Challenge;
use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::{Answer, Lost, Meant, is_page};

/// Characters of a foreign answer that are shown.
const SHOWN: usize = 160;
/// In what Docker Hub says to whom has pulled enough for some hours.
const USED_UP: &str = "pull rate limit";

/// A call that was answered, but not as hoped, or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Status of the answer; none where none came.
    pub(crate) status: Option<u16>,
    /// The registry's code: `MANIFEST_UNKNOWN`.
    code: String,
    /// What it said.
    message: String,
    /// The way in that it asks for.
    pub(crate) challenge: Option<Challenge>,
    /// How long it asks to wait.
    retry_after: Option<Duration>,
    /// The beginning of an answer that no registry wrote.
    foreign: Option<String>,
    /// Whether asking again cannot help.
    lasting: bool,
}

/// Errors as the distribution specification writes them, and as most vendors' APIs do.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    errors: Vec<Coded>,
    message: Option<String>,
    error: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Coded {
    code: serde_json::Value,
    message: Option<String>,
}

impl Meant for Refusal {
    fn of(answer: &Answer) -> Self {
        let read = serde_json::from_slice::<Body>(&answer.body).ok();
        let start = String::from_utf8_lossy(&answer.body[..answer.body.len().min(4 * SHOWN)]);
        let page = is_page(&answer.body);
        let (code, message) = read.map(told).unwrap_or_default();
        let foreign = (page || answer.status < 400).then(|| {
            let what = if page { "a web page, " } else { "" };
            let start = short(&start.split_whitespace().collect::<Vec<_>>().join(" "));
            format!("status {} with {what}`{start}`; is a proxy or a sign-in page in between?", answer.status)
        });
        let number = |name: &str| answer.header(name)?.trim().parse().ok();
        Self {
            status: Some(answer.status),
            message: if message.is_empty() { short(&start) } else { message },
            code,
            challenge: answer.header("www-authenticate").and_then(Challenge::read),
            retry_after: number("retry-after").map(Duration::from_secs),
            foreign,
            lasting: false,
        }
    }

    fn lost(lost: Lost) -> Self {
        Self { message: lost.detail, lasting: !lost.passing, ..Self::default() }
    }
}

impl Refused for Refusal {
    fn judge(&self, at: Circumstances<'_>) -> (Failure, Again) {
        let (action, scope) = (at.action.to_owned(), at.scope.clone());
        if self.is_used_up() {
            return (used_up(at.scope), Again::Never);
        }
        if self.status == Some(429) || self.code == "TOOMANYREQUESTS" {
            let retry_after = self.retry_after;
            return (Failure::Throttled { action, scope, retry_after }, Again::Slower(retry_after));
        }
        if let Some(detail) = self.foreign.clone() {
            return (Failure::Unreadable { action, scope, detail }, Again::AFewTimes);
        }
        let again = match self.status {
            _ if self.lasting => Again::Never,
            Some(401 | 403) => {
                return (Failure::Denied { action, scope, remedy: allow(at.grantee) }, Again::Never);
            }
            Some(500..) | None => Again::AFewTimes,
            Some(_) => Again::Never,
        };
        let detail = match (self.status, self.code.as_str()) {
            (_, code) if !code.is_empty() => format!("{code}: {}", self.message),
            (Some(status), _) => format!("status {status}: {}", self.message),
            (None, _) => self.message.clone(),
        };
        let detail = if self.lasting { detail } else { short(&detail) };
        (Failure::Vendor { action, scope, detail }, again)
    }
}

impl Refusal {
    /// Whether what was asked for is not there.
    pub(crate) fn is_absence(&self) -> bool {
        self.status == Some(404) && self.foreign.is_none()
    }

    /// What a registry would say to one more pull.
    pub(super) fn used_up() -> Self {
        Self { message: USED_UP.to_owned(), ..Self::default() }
    }

    /// Whether as much was pulled as is allowed for some hours.
    pub(crate) fn is_used_up(&self) -> bool {
        self.message.contains(USED_UP)
    }

    /// Whether what was brought does not open the door.
    pub(crate) fn is_about_the_key(&self) -> bool {
        matches!(self.status, Some(401 | 403))
    }
}

/// As much was pulled as is allowed for some hours: one sentence for all that was not read.
pub(super) fn used_up(scope: &Scope) -> Failure {
    let detail = "the pull rate limit is used up; what was read before stays, and the rest follows once it may be pulled again";
    Failure::Vendor { action: "pull".to_owned(), scope: scope.clone(), detail: detail.to_owned() }
}

/// How long it is until a moment that a header tells in seconds since 1970.
pub(crate) fn until(answer: &Answer, header: &str) -> Option<Duration> {
    let at: i64 = answer.header(header)?.trim().parse().ok()?;
    let left = at.saturating_sub(Utc::now().timestamp());
    Some(Duration::from_secs(u64::try_from(left).unwrap_or_default()))
}

fn allow(grantee: &str) -> String {
    if grantee.is_empty() {
        return "nobody is let in without a name; give `user` and `password` in the settings, or leave this out".to_owned();
    }
    format!("let {grantee} pull from it, or leave it out in the settings")
}

fn told(body: Body) -> (String, String) {
    let first = body.errors.into_iter().next().unwrap_or_default();
    let word = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let message = first.message.or(body.message).or_else(|| body.error.map(word)).unwrap_or_default();
    (word(first.code), message)
}

fn short(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}
