//! What a service of Google Cloud is to this connector: its scopes, what it must be allowed, how it is asked.
//! Refuses to know any of them: the list stands in `mod.rs`.

use domain::source::{Completeness, Permission};
use futures_util::future::BoxFuture;

use super::client::Ask;
use crate::{Failure, Sink};

/// A service, asked project by project and location by location.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    /// Its word in scopes and settings.
    pub(super) name: &'static str,
    /// Where it is asked.
    pub(super) places: Places,
    /// What asking it takes; a permission stands with one service only, even if several need it.
    pub(super) permissions: &'static [Permission],
    /// Hands what it shows to the sink.
    pub(super) collect: for<'a> fn(&'a Ask<'a>, &'a Sink) -> BoxFuture<'a, Result<Completeness, Failure>>,
    /// Calls that show whether its permissions are granted.
    pub(super) probes: &'static [Probe],
}

/// A call that shows whether a permission is granted, changing nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    /// The permission.
    pub(super) action: &'static str,
    /// The call. Any answer but a denial shows that it is granted: what it asks for need not exist.
    pub(super) attempt: for<'a> fn(&'a Ask<'a>) -> BoxFuture<'a, Result<(), Failure>>,
}

/// Where a service is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Places {
    /// In each of its locations.
    Each {
        /// Host of its API, which lists them.
        host: &'static str,
        /// The permission to list them.
        action: &'static str,
        /// Whether it has locations of several regions: `europe`, `us`.
        broad: bool,
    },
    /// Once for a whole project.
    Whole,
}

impl Places {
    /// Those of some locations that the service can be in.
    pub(super) fn among(self, locations: &[String]) -> Vec<String> {
        match self {
            Self::Each { broad, .. } => {
                locations.iter().filter(|location| broad || location.contains('-')).cloned().collect()
            }
            Self::Whole => vec![String::new()],
        }
    }
}

/// How many permissions these lists have together.
pub(super) const fn count(lists: &[&[Permission]]) -> usize {
    let (mut sum, mut at) = (0, 0);
    while at < lists.len() {
        sum += lists[at].len();
        at += 1;
    }
    sum
}

/// The permissions of these lists in one.
pub(super) const fn joined<const N: usize>(lists: &[&[Permission]]) -> [Permission; N] {
    let mut all = [Permission { action: "", why: "" }; N];
    let (mut filled, mut list) = (0, 0);
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            all[filled] = lists[list][at];
            (filled, at) = (filled + 1, at + 1);
        }
        list += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn only_registries_lie_in_several_regions() {
        let told = ["europe-west1", "europe", "us"].map(str::to_owned);
        let each = |broad| Places::Each { host: "", action: "", broad }.among(&told);
        assert_eq!(each(true), told);
        assert_eq!(each(false), ["europe-west1"]);
        assert_eq!(Places::Whole.among(&told), [""]);
    }
}
