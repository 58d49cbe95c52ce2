//! One subscription, and the names of what runs there. Refuses names that two subscriptions or two locations could
//! share: environments of the same name must not become one.

use std::collections::BTreeMap;

use domain::account::Account;
use domain::digest::Digest;
use domain::image::DigestRole;
use domain::workload::{Container, ContainerSecurity, Isolation, Workload};

use super::wire::Resource;
pub(super) use crate::reading::{moment, reference};
use crate::tags::TagRules;

/// Where something was observed, and how its tags are read.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The subscription.
    pub(super) account: Account,
    /// What tags mean.
    pub(super) rules: TagRules,
}

/// What a product says of a workload beside its resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    /// What it runs in, as [`Place::named`] or [`Place::product`] call it.
    pub(super) cluster: String,
    /// Its kind: `ContainerApp`.
    pub(super) kind: &'static str,
    /// What keeps it from others.
    pub(super) runtime: &'static str,
    /// Replicas wanted.
    pub(super) replicas: Option<u32>,
    /// Its containers.
    pub(super) containers: Vec<Container>,
    /// Whether this shows what runs.
    pub(super) observed_running: bool,
}

impl Place {
    /// The name by which everything else calls a cluster or an environment: `prod (aks 0001… westeurope)`. The
    /// short name comes first, since people read that.
    pub(super) fn named(&self, product: &str, name: &str, at: &str) -> String {
        format!("{name} ({product} {} {})", self.account.id, location(at))
    }

    /// The name of what stands for a cluster where the product has none: `aci (0001… westeurope)`.
    pub(super) fn product(&self, product: &str, at: &str) -> String {
        format!("{product} ({} {})", self.account.id, location(at))
    }

    /// A resource as a workload. Its label [`LABEL`] is what routes select it by.
    pub(super) fn workload<P>(&self, resource: &Resource<P>, runs: Runs) -> Workload {
        let mut labels = resource.tags.clone();
        labels.extend(selector(resource));
        Workload {
            cluster: Some(runs.cluster),
            account: Some(self.account.clone()),
            region: Some(location(&resource.location)),
            namespace: group(&resource.id),
            kind: runs.kind.to_owned(),
            name: resource.name.clone(),
            owner: self.rules.owner(&labels),
            environment: self.rules.environment(&labels),
            criticality: self.rules.criticality(&labels),
            labels,
            replicas: runs.replicas,
            nodes: Vec::new(),
            containers: runs.containers,
            isolation: Isolation {
                runtime_class: Some(runs.runtime.to_owned()),
                service_account: resource.identity.words(),
                ..Isolation::default()
            },
            observed_running: runs.observed_running,
        }
    }
}

/// The label that tells workloads of a group apart, which tags cannot.
const LABEL: &str = "azure:resource";

/// What selects the workload of a resource.
pub(super) fn selector<P>(resource: &Resource<P>) -> BTreeMap<String, String> {
    let kind = resource.id.rsplit('/').nth(1).unwrap_or_default().to_ascii_lowercase();
    BTreeMap::from([(LABEL.to_owned(), format!("{kind}/{}", resource.name.to_ascii_lowercase()))])
}

/// A container of which the image is known.
pub(super) fn container(name: &str, image: &str, running: u32, security: ContainerSecurity) -> Container {
    let reference = reference(image);
    let digest = reference.as_ref().and_then(|reference| reference.digest.clone());
    Container {
        name: name.to_owned(),
        image: image.to_owned(),
        reference,
        digest: digest.map(|digest: Digest| (DigestRole::Repository, digest)),
        running,
        init: false,
        security,
        instances: Vec::new(),
    }
}

/// A location as its id: `West Europe` is `westeurope`.
pub(super) fn location(told: &str) -> String {
    told.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

/// The resource group in an id. Services differ in how they write it: capitals say nothing.
pub(super) fn group(id: &str) -> String {
    let mut parts = id.split('/').skip_while(|part| !part.eq_ignore_ascii_case("resourceGroups"));
    parts.nth(1).unwrap_or_default().to_ascii_lowercase()
}

/// The last part of an id: a name.
pub(super) fn last_part(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The invented place of every test.
    pub(in crate::azure) fn place() -> Place {
        let id = "00000001-0000-4000-8000-000000000001".to_owned();
        Place {
            account: Account { provider: "azure".to_owned(), id, name: None },
            rules: TagRules::default(),
        }
    }

    #[test]
    fn names_tell_subscriptions_and_locations_apart() {
        let name = place().named("aks", "prod", "West Europe");
        assert_eq!(name, "prod (aks 00000001-0000-4000-8000-000000000001 westeurope)");
        assert_eq!(place().product("aci", "eastus"), "aci (00000001-0000-4000-8000-000000000001 eastus)");
    }

    #[test]
    fn an_id_names_its_group_however_it_is_written() {
        assert_eq!(
            group("/subscriptions/1/resourcegroups/RG-Shop/providers/Microsoft.Web/sites/a"),
            "rg-shop"
        );
        assert_eq!(group("/subscriptions/1"), "");
        assert_eq!(last_part("/x/managedEnvironments/env"), "env");
    }

    #[test]
    fn a_digest_is_known_where_it_was_asked_for() {
        let pinned = format!("shop.azurecr.io/api@sha256:{}", "a".repeat(64));
        let found = container("api", &pinned, 1, ContainerSecurity::default());
        assert_eq!(found.digest.unwrap().0, DigestRole::Repository);
        let tagged = container("api", "shop.azurecr.io/api", 1, ContainerSecurity::default());
        assert_eq!((tagged.digest, tagged.reference.unwrap().tag.as_deref()), (None, Some("latest")));
    }
}
