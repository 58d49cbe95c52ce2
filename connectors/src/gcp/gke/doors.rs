//! Clusters as they are entered: address and authority as Kubernetes Engine tells them, an access token of the credentials
//! that ask it. Refuses clusters that are being made or deleted: nothing answers there.

use std::sync::Arc;

use domain::source::{Problem, Scope, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::clusters::{is_at_address, networks};
use super::{SERVICE, listed, wire};
use crate::caller::{Circumstances, Refused};
use crate::door::{Advice, Cloud, Doors, Entry, Key, Way};
use crate::gcp::config::Config;
use crate::gcp::connector::Gcp;
use crate::gcp::plan;
use crate::gcp::request::Client;
use crate::service::all_but;
use crate::token::Hidden;
use crate::{Context, Failure};

/// Projects that are asked at once.
const PROJECTS_AT_ONCE: usize = 8;
/// The role that may list what runs in a cluster.
const ROLE: &str = "roles/container.viewer";

/// The clusters of the projects of some settings.
struct Gke(Gcp);

/// What opens the clusters of a project.
struct Opens {
    client: Arc<Client>,
    /// The project.
    scope: Scope,
}

/// The clusters that a source of these settings would list.
///
/// # Errors
/// When the settings contradict each other.
pub(crate) fn cloud(values: &Values) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    with(values, None)
}

/// The same with a service account's key file of an emulator.
///
/// # Errors
/// As [`cloud`].
#[cfg(feature = "test-support")]
pub(crate) fn cloud_with_key(values: &Values, key: &Value) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    with(values, Some(key.clone()))
}

fn with(values: &Values, key: Option<Value>) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    let settings = Config { leave_out: all_but::<Gcp>(SERVICE.name), ..Config::read(values)? };
    Ok(Box::new(Gke(Gcp::new(settings, key))))
}

impl Cloud for Gke {
    fn doors<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Doors, Failure>> {
        Box::pin(async move {
            let gcp = &self.0;
            let (plan, _) = plan::plan(gcp, context).await?;
            let places = stream::iter(plan.scopes)
                .map(|scope| async move { of_project(gcp, scope, context).await })
                .buffered(PROJECTS_AT_ONCE)
                .collect::<Vec<_>>()
                .await;
            Doors::joined(plan.completeness, places)
        })
    }
}

/// The clusters of one project.
async fn of_project(gcp: &Gcp, scope: Scope, context: &Context) -> Result<Doors, Failure> {
    let ask = gcp.ask(&scope, context);
    let mut doors = Doors::default();
    for told in listed(&ask, &mut doors.missing).await? {
        let advice = Arc::new(advice(&told, &scope.account));
        let key = Arc::new(Opens { client: gcp.client(), scope: scope.clone() });
        doors.add(ask.place.cluster("gke", &told.name, &told.location), way(&told), Entry { key, advice });
    }
    Ok(doors)
}

/// Where it answers: at its address, unless only its name lets everybody in whom its policies let in.
fn way(told: &wire::Cluster) -> Result<Way, String> {
    let name = &told.control_plane_endpoints_config.dns_endpoint_config;
    let open = is_at_address(told) && !networks(told).enabled;
    if name.allow_external_traffic && !name.endpoint.is_empty() && !open {
        // Google's own authorities sign for names.
        return Way::new(&format!("https://{}", name.endpoint), None);
    }
    let authority = told.master_auth.as_ref().map(|auth| auth.cluster_ca_certificate.as_str());
    let authority = authority.filter(|authority| !authority.is_empty());
    if told.endpoint.is_empty() {
        return Err("Kubernetes Engine tells no endpoint of it".to_owned());
    }
    let authority = authority.ok_or("Kubernetes Engine tells no certificate authority of it")?;
    Way::new(&format!("https://{}", told.endpoint), Some(authority))
}

/// What to do where it is not entered.
fn advice(told: &wire::Cluster, project: &str) -> Advice {
    let inside = "run `plimsoll collect` where its network is reached";
    Advice {
        unknown: format!(
            "the cluster {} does not take the access token; give whoever these credentials are `{ROLE}` in the project \
             {project}",
            told.name
        ),
        denied: format!("give it `{ROLE}` in the project {project}"),
        unreached: if is_at_address(told) {
            format!("let the address of this machine into its authorised networks, or {inside}")
        } else {
            format!(
                "its control plane has no public address: let external traffic to its DNS endpoint, or {inside}"
            )
        },
    }
}

impl Key for Opens {
    fn token<'a>(&'a self, _: &'a Context) -> BoxFuture<'a, Result<Arc<Hidden>, Failure>> {
        Box::pin(async move {
            self.client.access_token().await.map_err(|refused| {
                refused.judge(Circumstances { action: "sign-in", scope: &self.scope, grantee: "" }).0
            })
        })
    }

    fn refused<'a>(&'a self, token: &'a Hidden) -> BoxFuture<'a, ()> {
        Box::pin(self.client.refused(&token.0))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(more: Value, expected: Result<(&str, Option<&str>), &str>) {
        let mut told = json!({
            "name": "shop", "endpoint": "203.0.113.10", "masterAuth": { "clusterCaCertificate": "Q0E=" },
        });
        told.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let told: wire::Cluster = serde_json::from_value(told).unwrap();
        let found = way(&told);
        let shown = found.as_ref().map(|way| (way.server.as_str(), way.authority.as_deref()));
        assert_eq!(shown.map_err(String::as_str), expected);
    }

    #[test]
    fn a_cluster_answers_at_its_address_with_its_own_authority() {
        check(json!({}), Ok(("https://203.0.113.10", Some("Q0E="))));
        check(json!({ "masterAuth": {} }), Err("Kubernetes Engine tells no certificate authority of it"));
        check(json!({ "endpoint": "" }), Err("Kubernetes Engine tells no endpoint of it"));
    }

    #[test]
    fn a_name_is_the_way_where_the_address_is_closed() {
        let name = |open: bool| json!({ "endpoint": "gke-1.eu.gke.goog", "allowExternalTraffic": open });
        let private = json!({ "enabled": true, "privateEndpoint": "10.0.0.2" });
        let at = |open: bool, address: &Value| {
            let endpoints = json!({ "dnsEndpointConfig": name(open), "ipEndpointsConfig": address });
            json!({ "endpoint": "10.0.0.2", "controlPlaneEndpointsConfig": endpoints })
        };
        check(at(true, &private), Ok(("https://gke-1.eu.gke.goog", None)));
        check(at(false, &private), Ok(("https://10.0.0.2", Some("Q0E="))));
        let public = json!({ "enabled": true, "enablePublicEndpoint": true });
        check(at(true, &public), Ok(("https://10.0.0.2", Some("Q0E="))));
        let office = json!({
            "enabled": true, "enablePublicEndpoint": true, "authorizedNetworksConfig": { "enabled": true },
        });
        check(at(true, &office), Ok(("https://gke-1.eu.gke.goog", None)));
    }

    #[test]
    fn what_to_do_names_role_and_project() {
        let told: wire::Cluster = serde_json::from_value(json!({ "name": "shop" })).unwrap();
        let told = advice(&told, "shop-prod");
        assert_eq!(told.denied, "give it `roles/container.viewer` in the project shop-prod");
        assert!(told.unknown.starts_with("the cluster shop does not take the access token; give"));
        assert!(told.unreached.contains("authorised networks"));
        let private = json!({ "privateClusterConfig": { "enablePrivateEndpoint": true } });
        let told = advice(&serde_json::from_value(private).unwrap(), "shop-prod");
        assert!(told.unreached.starts_with("its control plane has no public address"));
    }
}
