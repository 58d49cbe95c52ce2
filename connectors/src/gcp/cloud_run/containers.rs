//! The containers of a template, with the digest of each revision that runs them. Refuses a digest that Cloud Run did
//! not resolve itself.

use domain::image::DigestRole;
use domain::workload::{Container, ContainerSecurity};

use super::wire::{self, Template};
use crate::gcp::place::reference;

/// Endings of names that say that a value is a secret.
const SECRET_NAMES: [&str; 8] =
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];

/// What runs: the containers of each revision by its digest, or those of the template where no revision is known.
/// `running` is how many instances each has.
pub(super) fn containers(template: &Template, revisions: &[Template], running: u32) -> Vec<Container> {
    let mut found: Vec<Container> = Vec::new();
    let deployed = if revisions.is_empty() { std::slice::from_ref(template) } else { revisions };
    for (place, told) in deployed.iter().flat_map(|revision| revision.containers.iter().enumerate()) {
        let container = container(told, written(template, told, place), running);
        let known = |other: &Container| other.name == container.name && other.digest == container.digest;
        if !found.iter().any(known) {
            found.push(container);
        }
    }
    found
}

/// The image as people wrote it, where the template still has the same container of the same repository.
fn written<'t>(template: &'t Template, told: &'t wire::Container, place: usize) -> &'t str {
    let same = |other: &&wire::Container| repository(&other.image) == repository(&told.image);
    let named = template.containers.iter().find(|other| !other.name.is_empty() && other.name == told.name);
    named.or_else(|| template.containers.get(place)).filter(same).map_or(&told.image, |other| &other.image)
}

fn repository(image: &str) -> Option<String> {
    reference(image).map(|reference| reference.name())
}

fn container(told: &wire::Container, image: &str, running: u32) -> Container {
    let digest = reference(&told.image).and_then(|reference| reference.digest);
    let name = if told.name.is_empty() { "main" } else { &told.name };
    Container {
        name: name.to_owned(),
        image: image.to_owned(),
        reference: reference(image),
        digest: digest.map(|digest| (DigestRole::Repository, digest)),
        running,
        init: false,
        security: ContainerSecurity { secret_variables: secrets(&told.env), ..ContainerSecurity::default() },
        instances: Vec::new(),
    }
}

/// Variables filled from Secret Manager, and those whose value stands in the service for everybody to read who may
/// see it, though their name says that it is a secret.
fn secrets(variables: &[wire::Variable]) -> Vec<String> {
    let plain = |variable: &wire::Variable| {
        let name = variable.name.to_ascii_uppercase();
        variable.value.stated && SECRET_NAMES.iter().any(|ending| name.ends_with(ending))
    };
    let told = variables.iter().filter_map(|variable| {
        if variable.value_source.is_some() {
            return Some(variable.name.clone());
        }
        plain(variable).then(|| format!("{} (in plain text)", variable.name))
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}
