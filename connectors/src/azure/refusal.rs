//! What a failed call means, in words that say what to do, and whether asking again may help. Refuses to take
//! anything but the vendor's own code for a denial.

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;

use std::time::Duration;

use serde::Deserialize;

use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::{Answer, Lost, Meant, is_page};

/// Codes by which the manager, Resource Graph and registries ask for fewer calls.
const THROTTLES: [&str; 6] = [
    "SubscriptionRequestsThrottled",
    "TooManyRequests",
    "RateLimiting",
    "TOOMANYREQUESTS",
    "OperationNotAllowedThrottled",
    "temporarily_unavailable",
];
/// Codes of a missing permission.
const DENIALS: [&str; 4] =
    ["AuthorizationFailed", "LinkedAuthorizationFailed", "DENIED", "RoleDefinitionDoesNotExist"];
/// Codes of tokens that are not accepted, and those by which the directory gives none.
const CREDENTIALS: [&str; 11] = [
    "AuthenticationFailed",
    "ExpiredAuthenticationToken",
    "InvalidAuthenticationToken",
    "InvalidAuthenticationTokenAudience",
    "InvalidAuthenticationTokenTenant",
    "invalid_client",
    "unauthorized_client",
    "invalid_grant",
    "invalid_request",
    "invalid_resource",
    "invalid_scope",
];
/// Characters of a foreign answer that are shown.
const SHOWN: usize = 160;

/// A call that was answered, but not as hoped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The vendor's code.
    pub(super) code: String,
    /// What it said.
    pub(super) message: String,
    /// Status of the answer; none where none came.
    pub(super) status: Option<u16>,
    /// How long the vendor asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// The beginning of the answer.
    pub(super) body: String,
    /// Whether asking again cannot help.
    pub(super) lasting: bool,
}

/// An error in any of the ways in which Azure's doors write it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    /// The manager's object, or the directory's word.
    error: Option<Told>,
    error_description: Option<String>,
    /// A registry's.
    errors: Vec<Coded>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Told {
    Coded(Coded),
    Word(String),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Coded {
    code: String,
    message: Option<String>,
    details: Option<Vec<Coded>>,
}

impl Meant for Refusal {
    fn of(answer: &Answer) -> Self {
        let (code, message) = told(&answer.body);
        let start = &answer.body[..answer.body.len().min(4 * SHOWN)];
        Self {
            code,
            message,
            status: Some(answer.status),
            retry_after: retry_after(answer),
            body: String::from_utf8_lossy(start).into_owned(),
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
        let code = self.code.as_str();
        if self.status == Some(429) || THROTTLES.contains(&code) {
            let retry_after = self.retry_after;
            return (Failure::Throttled { action, scope, retry_after }, Again::Slower(retry_after));
        }
        if DENIALS.contains(&code) || (self.status == Some(403) && !code.is_empty()) {
            let remedy = allow(at, code, &self.message);
            return (Failure::Denied { action, scope, remedy }, Again::Never);
        }
        if code == "UNAUTHORIZED" {
            let remedy = format!("give {} a role with `{action}` on the registry or above it", at.grantee);
            return (Failure::Denied { action, scope, remedy }, Again::Never);
        }
        if CREDENTIALS.contains(&code) {
            return (Failure::Unauthenticated { scope, remedy: sign_in(code, &self.message) }, Again::Never);
        }
        if let Some(detail) = self.foreign() {
            return (Failure::Unreadable { action, scope, detail }, Again::AFewTimes);
        }
        let again = match self.status {
            _ if self.lasting => Again::Never,
            Some(500..) | None => Again::AFewTimes,
            Some(_) => Again::Never,
        };
        let detail = if code.is_empty() { self.message.clone() } else { format!("{code}: {}", self.message) };
        let most = if self.lasting { 4 * SHOWN } else { SHOWN };
        (Failure::Vendor { action, scope, detail: short(&detail, most) }, again)
    }
}

impl Refusal {
    /// Whether the token that was brought is not taken.
    pub(super) fn is_about_the_token(&self) -> bool {
        self.status == Some(401)
    }

    /// Whether what was asked for is not there.
    pub(super) fn is_absence(&self) -> bool {
        let absent = !self.code.is_empty() && self.code != "SubscriptionNotFound";
        self.status == Some(404) && absent
    }

    /// What an answer begins with that no service of Azure wrote: a proxy's or a portal's page.
    fn foreign(&self) -> Option<String> {
        let status = self.status?;
        let start = short(&self.body.split_whitespace().collect::<Vec<_>>().join(" "), SHOWN);
        if is_page(self.body.as_bytes()) {
            return Some(format!(
                "status {status} with a web page, `{start}`; is a proxy or a sign-in page in between?"
            ));
        }
        // A success that could not be read, or an error without a code: not what the interface says.
        (self.code.is_empty() && status < 500).then(|| format!("status {status}, `{start}`"))
    }
}

/// Code and message of an error; the inner ones where the outer ones only say that there are inner ones.
fn told(body: &[u8]) -> (String, String) {
    let read: Body = serde_json::from_slice(body).unwrap_or_default();
    let coded = match read.error {
        Some(Told::Coded(mut outer)) => {
            let inner = outer.details.take().into_iter().flatten().find(|inner| !inner.code.is_empty());
            inner.unwrap_or(outer)
        }
        Some(Told::Word(code)) => Coded { code, message: read.error_description, details: None },
        None => read.errors.into_iter().next().unwrap_or_default(),
    };
    (coded.code, coded.message.unwrap_or_default())
}

/// How to allow an action, by what the refusal says of its reason.
fn allow(at: Circumstances<'_>, code: &str, message: &str) -> String {
    let Circumstances { action, grantee, .. } = at;
    if code == "DENIED" && message.contains("firewall") {
        let whom = between(message, "client with IP '", "'").unwrap_or("this machine");
        return format!(
            "the registry lets {whom} not in; allow that address in its firewall, run where its private endpoint \
             is, or name it in `leave_out_registries`"
        );
    }
    if message.contains("deny assignment") {
        return format!("a deny assignment stands in the way; exempt {grantee} from it for `{action}`");
    }
    let named = between(message, "perform action '", "'").unwrap_or(action);
    match between(message, "over scope '", "'") {
        Some(over) => format!("give {grantee} a role with `{named}` over `{over}` or above it"),
        None => format!("give {grantee} a role with `{named}`"),
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let rest = text.split_once(before)?.1;
    Some(rest.split_once(after)?.0)
}

/// What to do about credentials, by the number that the directory gives to its reasons.
fn sign_in(code: &str, message: &str) -> String {
    let number = between(message, "AADSTS", ":");
    let said =
        number.map_or_else(|| format!("Azure said {code}"), |number| format!("Azure said AADSTS{number}"));
    let remedy = match number {
        Some("7000215") => "AZURE_CLIENT_SECRET is wrong; it is the value of a secret, not its id",
        Some("7000222") => "AZURE_CLIENT_SECRET has expired; make a new one",
        Some("700016") => "no such application in the tenant; check `client` and `tenant`",
        Some("90002") => "no such tenant in this cloud; check `tenant` and `cloud`",
        Some("700213" | "70021") => {
            "the application trusts no such federated identity; add one for this issuer and subject"
        }
        Some("700024" | "50027") => "the federated token is not in its time; check the clock and the file",
        _ => "check the tenant, the client and its secret, or sign in with `az login`",
    };
    format!("{said}; {remedy}")
}

fn short(text: &str, most: usize) -> String {
    let shown: String = text.chars().take(most).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

/// In seconds, or in milliseconds as some services tell it.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let number = |name: &str| answer.header(name)?.trim().parse::<u64>().ok();
    number("retry-after")
        .map(Duration::from_secs)
        .or_else(|| number("retry-after-ms").map(Duration::from_millis))
        .or_else(|| number("x-ms-retry-after-ms").map(Duration::from_millis))
}
