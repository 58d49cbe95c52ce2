//! Whether more may be pulled, where a registry counts pulls as Docker Hub does: a manifest that is fetched counts, one
//! that is only looked at does not. Refuses to take another vendor's limit of calls for one of pulls.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;

use super::refusal::Refusal;
use crate::http::{Answer, Asker, Request};

/// How many pulls are left, and of how long that is true: `76;w=21600`.
const LEFT: &str = "ratelimit-remaining";

/// What is known of the pulls that are left.
#[derive(Debug, Default)]
pub(super) struct Pulls {
    used_up: AtomicBool,
}

impl Pulls {
    /// One attempt of a call, whatever it asks for. Others wait for their leave while it is made: so whether a pull is
    /// left is looked at once leave is given, and known before leave is given back.
    ///
    /// # Errors
    /// As the registry says it.
    pub(super) async fn attempt(&self, asker: &Asker, request: &Request) -> Result<Answer, Refusal> {
        if self.are_used_up() && is_pull(request) {
            return Err(Refusal::used_up());
        }
        let answer = asker.attempt::<Refusal>(request).await;
        let ended = match &answer {
            Ok(answer) => answer.header(LEFT).is_some_and(is_none),
            Err(refusal) => refusal.is_used_up(),
        };
        if ended {
            self.used_up.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Whether none is left.
    pub(super) fn are_used_up(&self) -> bool {
        self.used_up.load(Ordering::Relaxed)
    }
}

/// A manifest that is fetched counts.
fn is_pull(request: &Request) -> bool {
    request.method == Method::GET && request.address.path().contains("/manifests/")
}

/// Limits of calls are told without a window.
fn is_none(left: &str) -> bool {
    left.split_once(";w=").is_some_and(|(left, _)| left.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::is_none;

    #[test]
    fn none_is_left_where_the_registry_says_so_of_pulls() {
        assert!(is_none("0;w=21600"));
        for other in ["76;w=21600", "0", "", "10;w=0", ";w=21600"] {
            assert!(!is_none(other), "{other}");
        }
    }
}
