//! Whether more may be pulled, where a registry counts pulls as Docker Hub does: a manifest that is fetched counts, one
//! that is only looked at does not. Refuses to take another vendor's limit of calls for one of pulls.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::http::Answer;

/// How many pulls are left, and of how long that is true: `76;w=21600`.
const LEFT: &str = "ratelimit-remaining";

/// What is known of the pulls that are left.
#[derive(Debug, Default)]
pub(super) struct Pulls {
    used_up: AtomicBool,
}

impl Pulls {
    /// Takes an answer's word for what is left.
    pub(super) fn heed(&self, answer: &Answer) {
        if answer.header(LEFT).is_some_and(is_none) {
            self.end();
        }
    }

    /// None is left.
    pub(super) fn end(&self) {
        self.used_up.store(true, Ordering::Relaxed);
    }

    /// Whether none is left.
    pub(super) fn are_used_up(&self) -> bool {
        self.used_up.load(Ordering::Relaxed)
    }
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
