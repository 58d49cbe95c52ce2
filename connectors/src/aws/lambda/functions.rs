//! Functions made from images, as workloads with the digest of each version that is called. Refuses functions
//! made from archives: they hold no image.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_lambda::operation::get_function::GetFunctionOutput;
use aws_sdk_lambda::types::{AliasConfiguration, State};
use domain::digest::Digest;
use domain::image::DigestRole;
use domain::workload::{Container, ContainerSecurity, Isolation, Workload};

use crate::aws::place::{Place, last_part, reference};

/// The version that a call without a version reaches.
pub(super) const LATEST: &str = "$LATEST";

/// The published versions that aliases lead to, beside the latest one.
pub(super) fn called(aliases: &[AliasConfiguration]) -> BTreeSet<String> {
    let routed = aliases.iter().filter_map(|alias| alias.routing_config()?.additional_version_weights());
    let routed = routed.flat_map(|weights| weights.keys().map(String::as_str));
    let plain = aliases.iter().filter_map(|alias| alias.function_version());
    plain.chain(routed).filter(|version| *version != LATEST).map(str::to_owned).collect()
}

/// A function with the versions of it that were read, the latest first.
pub(super) fn workload(place: &Place, name: &str, versions: &[GetFunctionOutput]) -> Workload {
    let latest = versions.first();
    let tags = latest.and_then(|function| function.tags());
    let mut labels: BTreeMap<String, String> =
        tags.into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
    labels.insert("aws:lambda:functionName".to_owned(), name.to_owned());
    let role = latest.and_then(|function| function.configuration()?.role()).map(last_part);
    Workload {
        cluster: Some(place.product("lambda")),
        account: Some(place.account.clone()),
        region: Some(place.region.clone()),
        namespace: "functions".to_owned(),
        kind: "LambdaFunction".to_owned(),
        name: name.to_owned(),
        owner: place.rules.owner(&labels),
        environment: place.rules.environment(&labels),
        criticality: place.rules.criticality(&labels),
        labels,
        replicas: None,
        nodes: Vec::new(),
        containers: containers(name, versions),
        isolation: Isolation {
            runtime_class: Some("lambda-microvm".to_owned()),
            service_account: role.map(str::to_owned),
            ..Isolation::default()
        },
        observed_running: true,
    }
}

/// One container for each digest: versions that share one are one.
fn containers(name: &str, versions: &[GetFunctionOutput]) -> Vec<Container> {
    let mut containers = Vec::<Container>::new();
    for version in versions {
        let Some(code) = version.code() else { continue };
        let image = code.image_uri().unwrap_or_default().to_owned();
        let digest = code.resolved_image_uri().and_then(|uri| uri.rsplit_once('@'));
        let digest = digest.and_then(|(_, digest)| digest.parse::<Digest>().ok());
        let digest = digest.map(|digest| (DigestRole::Repository, digest));
        if containers.iter().any(|known| known.image == image && known.digest == digest) {
            continue;
        }
        let state = version.configuration().and_then(|configuration| configuration.state());
        containers.push(Container {
            name: name.to_owned(),
            reference: reference(&image),
            image,
            digest,
            // A function that may be called counts as one instance, also while it idles.
            running: u32::from(!matches!(state, Some(State::Failed | State::Pending))),
            init: false,
            security: security(),
            instances: Vec::new(),
        });
    }
    containers
}

/// What Lambda lets every function do: a user of its own without rights, a root that cannot be written.
fn security() -> ContainerSecurity {
    ContainerSecurity {
        run_as_non_root: Some(true),
        read_only_root: Some(true),
        ..ContainerSecurity::default()
    }
}
