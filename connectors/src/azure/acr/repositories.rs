//! Repositories and their settings. Refuses to call a setting off that was not told.

use domain::observation::Observation;
use domain::registry::Repository;

use super::registries::Registry;
use super::scanning::Scanning;
use super::settings;
use super::wire::Attributes;
use crate::azure::place::{Place, location, moment};
use crate::oci::Named;

/// What is observed of a repository: most of it is set for the whole registry.
pub(super) fn observation(
    named: &Named,
    registry: &Registry,
    attributes: &Attributes,
    place: &Place,
    scanning: Option<&Scanning>,
) -> Observation {
    Observation::Repository(Repository {
        registry: named.registry.clone(),
        name: named.name.clone(),
        account: Some(place.account.clone()),
        region: Some(location(&registry.location)),
        public: registry.properties.is_public(),
        // A repository that is locked against writing keeps its tags where they are.
        tags_immutable: attributes.changeable_attributes.write_enabled.map(|enabled| !enabled),
        encryption: registry.properties.encryption(),
        scan_on_push: scanning.map(|scanning| scanning.on_push),
        scanning: scanning.map(|scanning| scanning.words.to_owned()),
        cleanup: settings::cleanup(&registry.properties.policies),
        settings: settings::of(registry),
        created_at: moment(&attributes.created_time),
    })
}
