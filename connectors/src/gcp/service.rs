//! Where services of Google Cloud are asked, and how the connector calls them. Refuses to know any of them: the list
//! stands in `mod.rs`.

use super::SERVICES;
use super::client::Ask;
use super::connector::Gcp;
use crate::service::{self, Vendor};

/// A service, asked project by project and location by location.
pub(super) type Service = service::Service<Gcp>;
/// A call that shows whether a permission is granted.
pub(super) type Probe = service::Probe<Gcp>;

impl Vendor for Gcp {
    type Ask<'a> = Ask<'a>;
    type Places = Places;
    const SERVICES: &'static [Service] = SERVICES;
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
