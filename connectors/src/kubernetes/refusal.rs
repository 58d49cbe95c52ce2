//! What a failed call to a cluster means, in words that say what to do, and whether asking again may help. Refuses to
//! take anything but the API server's own word for a denial.

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;

use std::time::Duration;

use serde::Deserialize;

use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::is_page;

/// Characters of a foreign answer that are shown.
const SHOWN: usize = 160;

/// A call that was answered, but not as hoped, or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Status of the answer; none where none came.
    pub(super) status: Option<u16>,
    /// The server's word: `Forbidden`, `Expired`.
    pub(super) reason: String,
    /// What it said.
    pub(super) message: String,
    /// How long it asks to wait.
    pub(super) retry_after: Option<Duration>,
    /// Where a list that has expired can be gone on with.
    pub(super) resume: Option<String>,
    /// The beginning of an answer that no API server wrote.
    pub(super) foreign: Option<String>,
    /// Whether asking again cannot help.
    pub(super) lasting: bool,
    /// Why the cloud that runs the cluster gave no token.
    pub(super) of_cloud: Option<Failure>,
}

/// An API server's answer that is none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    kind: String,
    reason: String,
    message: String,
    metadata: Metadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    r#continue: String,
}

impl Refusal {
    /// Takes an answer apart.
    pub(super) fn of(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let told: Status = serde_json::from_slice(body).unwrap_or_default();
        let own = told.kind == "Status";
        let start = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]);
        let foreign = (!own).then(|| {
            let words = short(&start.split_whitespace().collect::<Vec<_>>().join(" "), SHOWN);
            if is_page(body) {
                format!(
                    "status {status} with a web page, `{words}`; is a proxy or a sign-in page in between?"
                )
            } else {
                format!("status {status}, `{words}`")
            }
        });
        Self {
            status: Some(status),
            reason: told.reason,
            message: told.message,
            retry_after,
            resume: Some(told.metadata.r#continue).filter(|token| !token.is_empty()),
            foreign,
            lasting: false,
            of_cloud: None,
        }
    }

    /// Of an answer that never came.
    pub(super) fn lost(message: String) -> Self {
        if message.contains("certificate") {
            let remedy = "the kubeconfig has to name who signed it in `certificate-authority-data`";
            let message = format!("its certificate is not trusted: {message}; {remedy}");
            return Self { message, lasting: true, ..Self::default() };
        }
        Self { message, ..Self::default() }
    }

    /// Of credentials that could not be had.
    pub(super) fn no_credentials(message: String) -> Self {
        Self { reason: "Unauthorized".to_owned(), message, lasting: true, ..Self::default() }
    }

    /// Of a token that the cloud did not give.
    pub(super) fn of_cloud(failure: Failure) -> Self {
        Self { of_cloud: Some(failure), lasting: true, ..Self::default() }
    }

    /// Whether it is about the cluster, rather than the cloud or the run.
    pub(super) fn is_the_clusters(&self) -> bool {
        self.of_cloud.is_none()
    }

    /// Whether no answer came, and may come another time or from elsewhere.
    pub(super) fn is_silence(&self) -> bool {
        self.status.is_none() && !self.lasting
    }

    /// Whether the cluster has no such kind of objects.
    pub(super) fn is_absence(&self) -> bool {
        self.status == Some(404)
    }

    /// Whether a list cannot be gone on with as it was begun.
    pub(super) fn is_expired(&self) -> bool {
        self.status == Some(410)
    }
}

impl Refused for Refusal {
    fn judge(&self, at: Circumstances<'_>) -> (Failure, Again) {
        if let Some(failure) = &self.of_cloud {
            return (failure.clone(), Again::Never);
        }
        let (action, scope) = (at.action.to_owned(), at.scope.clone());
        match (self.status, self.reason.as_str()) {
            (Some(429), _) => {
                let retry_after = self.retry_after;
                (Failure::Throttled { action, scope, retry_after }, Again::Slower(retry_after))
            }
            (Some(403), "Forbidden") => {
                (Failure::Denied { action, scope, remedy: allow(at.action, &self.message) }, Again::Never)
            }
            (Some(401), _) | (None, "Unauthorized") => {
                let said = if self.message.is_empty() { "the server said no more" } else { &self.message };
                let remedy = format!(
                    "{said}; renew the token or certificate of its user in the kubeconfig, or the service account"
                );
                (Failure::Unauthenticated { scope, remedy }, Again::Never)
            }
            (status, _) => {
                let again = match status {
                    _ if self.lasting => Again::Never,
                    Some(408 | 500..) | None => Again::AFewTimes,
                    Some(_) if self.foreign.is_some() => Again::AFewTimes,
                    Some(_) => Again::Never,
                };
                if let Some(detail) = &self.foreign {
                    return (Failure::Unreadable { action, scope, detail: detail.clone() }, again);
                }
                let words = [self.reason.as_str(), self.message.as_str()];
                let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
                // What will not pass says what to do.
                let most = if self.lasting { 4 * SHOWN } else { SHOWN };
                (Failure::Vendor { action, scope, detail: short(&words.join(": "), most) }, again)
            }
        }
    }
}

/// How to allow it: `pods is forbidden: User "…" cannot list resource "pods" in API group "" at the cluster scope`.
fn allow(action: &str, message: &str) -> String {
    let whom = between(message, "User \"", "\"").unwrap_or("this user");
    let (resource, verb) = action.split_once(": ").unwrap_or((action, "list"));
    let place = match between(message, "in the namespace \"", "\"") {
        Some(namespace) => format!("a Role in {namespace}"),
        None => "a ClusterRole".to_owned(),
    };
    format!("give {whom} {place} that may `{verb}` `{resource}`")
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let rest = text.split_once(before)?.1;
    Some(rest.split_once(after)?.0)
}

fn short(text: &str, most: usize) -> String {
    let shown: String = text.chars().take(most).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}
