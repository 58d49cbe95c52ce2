//! What a failed call to Docker Hub's API means. Refuses to take a limit of calls, which passes within a minute, for
//! one of pulls.

use std::time::Duration;

use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::{Answer, Lost, Meant};
use crate::oci;

/// A call that was answered, but not as hoped, or not at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusal {
    /// As any registry says it.
    pub(super) plain: oci::Refusal,
    /// How long the limit of calls holds, as Docker Hub says that.
    until: Option<Duration>,
}

impl Meant for Refusal {
    fn of(answer: &Answer) -> Self {
        let until = oci::until(answer, "x-retry-after");
        Self { plain: oci::Refusal::of(answer), until }
    }

    fn lost(lost: Lost) -> Self {
        Self { plain: oci::Refusal::lost(lost), ..Self::default() }
    }
}

impl Refused for Refusal {
    fn judge(&self, at: Circumstances<'_>) -> (Failure, Again) {
        match self.plain.judge(at) {
            (Failure::Throttled { action, scope, retry_after }, _) => {
                let retry_after = self.until.or(retry_after);
                (Failure::Throttled { action, scope, retry_after }, Again::Slower(retry_after))
            }
            (Failure::Denied { action, scope, .. }, again) if !at.grantee.is_empty() => {
                (Failure::Denied { action, scope, remedy: allow(at.grantee) }, again)
            }
            other => other,
        }
    }
}

/// In Docker Hub's words for what may be read.
fn allow(grantee: &str) -> String {
    format!(
        "give {grantee} a token with the scope `repo:read` and let its team read this, or leave it out in the settings"
    )
}
