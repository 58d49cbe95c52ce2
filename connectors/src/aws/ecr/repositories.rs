//! Repositories and their settings. Refuses to call a setting off that was not told.

use aws_sdk_ecr::Client;
use aws_sdk_ecr::types::{ImageTagMutability, Repository as Told};
use domain::observation::Observation;
use domain::registry::Repository;

use super::scanning::Scanning;
use crate::Failure;
use crate::aws::Ask;
use crate::aws::place::{Place, moment};
use crate::oci::Named;

const ACTION: &str = "ecr:DescribeRepositories";
/// The most that a page may have.
const ROWS: i32 = 1000;

/// A repository that can be asked for its images.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// Host of its registry.
    pub(super) registry: String,
    /// Its name.
    pub(super) name: String,
    /// What was told of it.
    pub(super) told: Told,
}

impl Known {
    /// Under which name it is pulled from.
    pub(super) fn named(&self) -> Named {
        Named { registry: self.registry.clone(), name: self.name.clone() }
    }
}

/// Every repository of the account and region.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn all(ask: &Ask<'_>, client: &Client) -> Result<Vec<Known>, Failure> {
    let told = ask.list(ACTION, |token| async move {
        let page = || client.describe_repositories().max_results(ROWS).set_next_token(token.clone()).send();
        let page = ask.call(ACTION, page).await?;
        Ok((page.repositories.unwrap_or_default(), page.next_token))
    });
    Ok(told.await?.into_iter().filter_map(known).collect())
}

/// The registry is the host of the repository's address.
pub(super) fn known(told: Told) -> Option<Known> {
    let (registry, name) = told.repository_uri()?.split_once('/')?;
    Some(Known { registry: registry.to_owned(), name: name.to_owned(), told })
}

/// What is observed of it.
pub(super) fn observation(known: &Known, place: &Place, scanning: Option<&Scanning>) -> Observation {
    let told = &known.told;
    let on_push = told.image_scanning_configuration().map(|scanning| scanning.scan_on_push());
    Observation::Repository(Repository {
        registry: known.registry.clone(),
        name: known.name.clone(),
        account: Some(place.account.clone()),
        region: Some(place.region.clone()),
        // A private registry answers nobody who has not signed in.
        public: Some(false),
        tags_immutable: told.image_tag_mutability().and_then(immutable),
        encryption: told.encryption_configuration().map(|told| told.encryption_type().as_str().to_owned()),
        scan_on_push: match scanning {
            Some(scanning) => Some(scanning.on_push(&known.name, on_push)),
            // Rules of the registry may scan what the repository does not ask for.
            None => on_push.filter(|on| *on),
        },
        scanning: scanning.map(|scanning| scanning.words(&known.name)),
        created_at: told.created_at().and_then(moment),
        ..Repository::default()
    })
}

/// With exclusions, some tags can be moved.
fn immutable(told: &ImageTagMutability) -> Option<bool> {
    match told.as_str() {
        "IMMUTABLE" => Some(true),
        "MUTABLE" | "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION" => Some(false),
        _ => None,
    }
}
