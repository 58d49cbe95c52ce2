//! One project and location, and the names of what runs there. Refuses names that two projects or two locations
//! could share: clusters of the same name must not become one.

use std::collections::BTreeMap;

use domain::account::Account;
use domain::workload::Criticality;

pub(super) use crate::reading::{moment, reference};
use crate::tags::TagRules;

/// Where something was observed, and how its labels are read.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The project.
    pub(super) account: Account,
    /// The location; empty for a whole project.
    pub(super) location: String,
    /// What labels mean.
    pub(super) rules: TagRules,
    /// The labels of the project, which speak where a thing has none of its own.
    pub(super) labels: BTreeMap<String, String>,
}

/// What labels say of a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) owner: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) criticality: Option<Criticality>,
}

impl Place {
    /// The resource name of the place: `projects/shop-prod/locations/europe-west1`.
    pub(super) fn parent(&self) -> String {
        format!("projects/{}/locations/{}", self.account.id, self.location)
    }

    /// The name by which everything else calls a cluster of one product: `prod (gke shop-prod europe-west1)`. The
    /// short name comes first, since people read that.
    pub(super) fn cluster(&self, product: &str, name: &str, location: &str) -> String {
        format!("{name} ({product} {} {location})", self.account.id)
    }

    /// The name of what stands for a cluster where the product has none: `cloud-run (shop-prod europe-west1)`.
    pub(super) fn product(&self, product: &str) -> String {
        format!("{product} ({} {})", self.account.id, self.location)
    }

    /// Owner, environment and criticality by a thing's own labels, then by those of its project.
    pub(super) fn said(&self, own: &BTreeMap<String, String>) -> Said {
        let (rules, project) = (&self.rules, &self.labels);
        Said {
            owner: rules.owner(own).or_else(|| rules.owner(project)),
            environment: rules.environment(own).or_else(|| rules.environment(project)),
            criticality: rules.criticality(own).or_else(|| rules.criticality(project)),
        }
    }
}

/// The last part of a resource name: `projects/…/services/web` is `web`.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The invented place of every test.
    pub(in crate::gcp) fn place() -> Place {
        Place {
            account: Account { provider: "gcp".to_owned(), id: "shop-prod".to_owned(), name: None },
            location: "europe-west1".to_owned(),
            rules: TagRules::default(),
            labels: BTreeMap::from([("environment".to_owned(), "prod".to_owned())]),
        }
    }

    #[test]
    fn names_tell_projects_and_locations_apart() {
        assert_eq!(place().parent(), "projects/shop-prod/locations/europe-west1");
        assert_eq!(place().cluster("gke", "prod", "europe-west1-b"), "prod (gke shop-prod europe-west1-b)");
        assert_eq!(place().product("cloud-run"), "cloud-run (shop-prod europe-west1)");
        assert_eq!(last_part("projects/shop-prod/locations/europe-west1/services/web"), "web");
    }

    #[test]
    fn a_project_speaks_for_what_has_no_label() {
        let own = BTreeMap::from([("team".to_owned(), "shop".to_owned())]);
        let said = place().said(&own);
        assert_eq!((said.owner.as_deref(), said.environment.as_deref()), (Some("shop"), Some("prod")));
        let own = BTreeMap::from([("environment".to_owned(), "test".to_owned())]);
        let said = place().said(&own);
        assert_eq!(said.environment.as_deref(), Some("test"));
        assert_eq!(said.criticality, Some(Criticality::Low));
    }
}
