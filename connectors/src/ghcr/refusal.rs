//! What a failed call to GitHub's API means. GitHub says 403 to those who may not and to those who asked too much.
//! Refuses to mistake one for the other.

use std::time::Duration;

use super::wire::Told;
use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::{Answer, Lost, Meant};
use crate::oci;

/// How long to wait where the second limit does not say: what GitHub's reference says.
const LEAST: Duration = Duration::from_secs(60);

/// A call that was answered, but not as hoped, or not at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusal {
    /// As any registry says it.
    pub(super) plain: oci::Refusal,
    /// What GitHub said.
    message: String,
    /// How long to ask nothing, where too much was asked.
    limited: Option<Duration>,
    /// Whether the token is not authorised for an organisation's single sign-on.
    sign_on: bool,
}

impl Meant for Refusal {
    fn of(answer: &Answer) -> Self {
        let told: Told = serde_json::from_slice(&answer.body).unwrap_or_default();
        Self {
            plain: oci::Refusal::of(answer),
            limited: limited(answer, &told.message),
            message: told.message,
            sign_on: answer.header("x-github-sso").is_some_and(|told| told.starts_with("required")),
        }
    }

    fn lost(lost: Lost) -> Self {
        Self { plain: oci::Refusal::lost(lost), ..Self::default() }
    }
}

impl Refused for Refusal {
    fn judge(&self, at: Circumstances<'_>) -> (Failure, Again) {
        let (action, scope) = (at.action.to_owned(), at.scope.clone());
        if let Some(wait) = self.limited {
            let retry_after = Some(wait);
            return (Failure::Throttled { action, scope, retry_after }, Again::Slower(retry_after));
        }
        match self.plain.judge(at) {
            (Failure::Denied { .. }, again) if self.plain.status == Some(401) => {
                let remedy = format!(
                    "GitHub does not know the token of {}; check it, and whether it has ended or was taken back",
                    at.grantee
                );
                (Failure::Unauthenticated { scope, remedy }, again)
            }
            (Failure::Denied { .. }, again) => {
                (Failure::Denied { action, scope, remedy: self.remedy(at) }, again)
            }
            (Failure::Vendor { .. }, again) if self.is_other_token() => {
                (Failure::Denied { action, scope, remedy: self.remedy(at) }, again)
            }
            other => other,
        }
    }
}

impl Refusal {
    /// Packages are listed to classic tokens only; to others it is said that the type of package is none.
    fn is_other_token(&self) -> bool {
        self.plain.status == Some(400) && self.message.starts_with("Invalid argument")
    }

    fn remedy(&self, at: Circumstances<'_>) -> String {
        let who = at.grantee;
        if self.sign_on {
            return format!(
                "authorise the token of {who} for the organisation's single sign-on, at GitHub under its tokens"
            );
        }
        if self.message.contains("personal access token (classic)") {
            return "the organisation forbids classic tokens, and GitHub lists packages to no other; let an owner of it \
                    allow them"
                .to_owned();
        }
        if self.is_other_token() || self.message.contains("by personal access token") {
            return format!(
                "give {who} a classic personal access token with `read:packages`: GitHub lists packages to no other"
            );
        }
        if at.action == super::ORGANISATIONS {
            return format!(
                "give the token of {who} the scope `read:org`, or name `organisations` in the settings"
            );
        }
        format!(
            "give the token of {who} the scope `read:packages` and let {who} read it, or leave it out in the settings"
        )
    }
}

/// How long to ask nothing; nothing where it is no matter of how much was asked.
fn limited(answer: &Answer, message: &str) -> Option<Duration> {
    if ![403, 429].contains(&answer.status) {
        return None;
    }
    let seconds = answer.header("retry-after").and_then(|told| told.trim().parse().ok());
    let none_left = answer.header("x-ratelimit-remaining").is_some_and(|left| left.trim() == "0");
    let first = || oci::until(answer, "x-ratelimit-reset").filter(|_| none_left);
    let second = || (none_left || message.contains("rate limit")).then_some(LEAST);
    seconds.map(Duration::from_secs).or_else(first).or_else(second)
}
