//! Repositories and their settings. One of Artifact Registry holds many images, each with a name of its own below it:
//! these are what images, tags and scanners call a repository. Refuses to call a setting off that was not told.

use domain::registry::Repository;
use serde::Deserialize;

use super::{HOST, settings, wire};
use crate::Failure;
use crate::gcp::client::Ask;
use crate::gcp::place::{Place, last_part, moment};
use crate::gcp::request::Request;
use crate::missing::Missing;

pub(super) const LIST: &str = "artifactregistry.repositories.list";
pub(super) const POLICY: &str = "artifactregistry.repositories.getIamPolicy";

/// Every repository of container images in the project and location.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn all(ask: &Ask<'_>, missing: &mut Missing) -> Result<Vec<wire::Repository>, Failure> {
    let request = Request::get(HOST, format!("v1/{}/repositories", ask.place.parent()));
    let told = ask.list::<wire::Repository>(LIST, request, missing).await?;
    Ok(told.into_iter().filter(|told| told.format == "DOCKER").collect())
}

/// Who may do what with a repository.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Policy {
    bindings: Vec<Binding>,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Binding {
    members: Vec<String>,
}

impl Policy {
    /// Whether anyone may use it without signing in; every role of Artifact Registry that people can be given lets
    /// them pull.
    pub(super) fn is_public(&self) -> bool {
        self.bindings.iter().flat_map(|binding| &binding.members).any(|member| member == "allUsers")
    }
}

/// The policy of a repository; nothing where it is not there any more.
///
/// # Errors
/// When it may not be read.
pub(super) async fn policy(ask: &Ask<'_>, told: &wire::Repository) -> Result<Option<Policy>, Failure> {
    ask.find(POLICY, &Request::get(HOST, format!("v1/{}:getIamPolicy", told.name))).await
}

/// Host of the registry and path of a repository: `europe-west1-docker.pkg.dev` and `shop-prod/images`.
pub(super) fn address(told: &wire::Repository, place: &Place) -> (String, String) {
    let stated = told.registry_uri.split_once('/').map(|(host, path)| (host.to_owned(), path.to_owned()));
    stated.unwrap_or_else(|| {
        let project = place.account.id.replace(':', "/");
        (format!("{}-docker.pkg.dev", place.location), format!("{project}/{}", last_part(&told.name)))
    })
}

/// What is observed of it: each name that holds images, or the repository itself while it is empty.
pub(super) fn observations<'n>(
    told: &wire::Repository,
    names: impl Iterator<Item = &'n (String, String)>,
    public: Option<bool>,
    place: &Place,
) -> Vec<Repository> {
    let mut names: Vec<(String, String)> = names.cloned().collect();
    if names.is_empty() {
        names.push(address(told, place));
    }
    let standard = told.mode == "STANDARD_REPOSITORY";
    let scanning = told.vulnerability_scanning_config.as_ref();
    let described = names.into_iter().map(|(registry, name)| Repository {
        registry,
        name,
        account: Some(place.account.clone()),
        region: Some(place.location.clone()),
        public,
        // What a cache or a view holds moves with what stands behind it.
        tags_immutable: Some(standard && told.docker_config.immutable_tags),
        encryption: Some(if told.kms_key_name.is_empty() { "Google-managed" } else { "CMEK" }.to_owned()),
        scan_on_push: scanning.and_then(|told| scans(&told.enablement_state)),
        scanning: scanning.map(words),
        cleanup: Some(settings::cleanup(told)),
        settings: settings::of(told),
        created_at: moment(&told.create_time),
    });
    described.collect()
}

fn scans(state: &str) -> Option<bool> {
    match state {
        "SCANNING_ACTIVE" => Some(true),
        "SCANNING_DISABLED" | "SCANNING_UNSUPPORTED" => Some(false),
        _ => None,
    }
}

fn words(told: &wire::ScanningConfig) -> String {
    let words = [told.enablement_config.as_str(), told.enablement_state.as_str()];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}
