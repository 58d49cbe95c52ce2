//! Clusters as they are entered: address and authority by the kubeconfig that the manager gives to users, a token of the
//! directory that is made out to clusters. Refuses to run what a kubeconfig names, and clusters that are stopped, being
//! made or deleted: nothing answers there.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::source::{Problem, Scope, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use kube::config::Kubeconfig;
use reqwest::Method;

use super::wire::{Cluster, Credentials, Properties};
use super::{SERVICE, VERSION, clusters, listed};
use crate::azure::ask::Ask;
use crate::azure::config::Config;
use crate::azure::connector::Azure;
use crate::azure::credential::Environment;
use crate::azure::plan;
use crate::door::{Advice, Cloud, Doors, Entry, Key, Way};
use crate::http::Request;
use crate::service::all_but;
use crate::token::Hidden;
use crate::{Context, Failure};

/// What reading a cluster's kubeconfig takes.
const CREDENTIAL: &str = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
/// The application for which tokens are made out that clusters take, in every copy of Azure.
const AUDIENCE: &str = "6dae42f8-4368-4678-94ff-3960e28e3630";
/// The role that may list what runs in a cluster whose permissions Azure keeps.
const ROLE: &str = "Azure Kubernetes Service RBAC Reader";
/// Subscriptions that are asked at once.
const SUBSCRIPTIONS_AT_ONCE: usize = 8;
/// Clusters of one subscription that are asked for at once.
const AT_ONCE: usize = 8;

/// The clusters of the subscriptions of some settings.
struct Aks(Arc<Azure>);

/// What opens clusters.
struct Opens {
    azure: Arc<Azure>,
    /// The subscription.
    scope: Scope,
}

/// The clusters that a source of these settings would list.
///
/// # Errors
/// When the settings contradict each other.
pub(crate) fn cloud(values: &Values) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    with(values, &Environment::of_process())
}

/// The same with an application of an emulator: its `tenant`, `client` and `secret`.
///
/// # Errors
/// As [`cloud`].
#[cfg(feature = "test-support")]
pub(crate) fn cloud_with_key(
    values: &Values,
    key: &serde_json::Value,
) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    let told =
        [("AZURE_TENANT_ID", "tenant"), ("AZURE_CLIENT_ID", "client"), ("AZURE_CLIENT_SECRET", "secret")];
    let word = |member: &str| key.get(member).and_then(|word| word.as_str()).unwrap_or_default();
    with(values, &Environment::told(told.map(|(name, member)| (name, word(member)))))
}

fn with(values: &Values, environment: &Environment) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    let settings = Config { leave_out: all_but::<Azure>(SERVICE.name), ..Config::read(values)? };
    Ok(Box::new(Aks(Arc::new(Azure::new(settings, environment)))))
}

impl Cloud for Aks {
    fn doors<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Doors, Failure>> {
        Box::pin(async move {
            let azure = &self.0;
            let plan = plan::plan(&azure.tenant(context)).await?;
            let places = stream::iter(plan.scopes)
                .map(|scope| async move { of_subscription(azure, scope, context).await })
                .buffered(SUBSCRIPTIONS_AT_ONCE)
                .collect::<Vec<_>>()
                .await;
            Doors::joined(plan.completeness, places)
        })
    }
}

/// The clusters of one subscription, or of a location of it.
async fn of_subscription(azure: &Arc<Azure>, scope: Scope, context: &Context) -> Result<Doors, Failure> {
    let ask = &azure.ask(&scope, context);
    let standing = listed(ask).await?.into_iter().filter(|told| stands(&told.properties));
    let asked = stream::iter(standing).map(|told| async move { (credentials(ask, &told.id).await, told) });
    let (mut asked, mut doors) = (asked.buffered(AT_ONCE), Doors::default());
    while let Some((answer, told)) = asked.next().await {
        let Some(answer) = doors.missing.without(answer)? else { continue };
        let advice = Arc::new(advice(&told, &ask.caller.grantee));
        let key = Arc::new(Opens { azure: Arc::clone(azure), scope: scope.clone() });
        let name = ask.place.named("aks", &told.name, &told.location);
        doors.add(name, way(&answer), Entry { key, advice });
    }
    Ok(doors)
}

/// Whether anything answers there.
fn stands(told: &Properties) -> bool {
    let stopped = told.power_state.as_ref().is_some_and(|power| power.code.as_deref() == Some("Stopped"));
    !stopped && !matches!(told.provisioning_state.as_deref(), Some("Creating" | "Deleting"))
}

/// What the manager gives to users of a cluster.
async fn credentials(ask: &Ask<'_>, id: &str) -> Result<Credentials, Failure> {
    if !id.starts_with('/') {
        return Err(ask.unreadable(CREDENTIAL, &format!("`{id}` is no id of a cluster")));
    }
    let address = ask.address(CREDENTIAL, &format!("{id}/listClusterUserCredential"), VERSION)?;
    let request = Request { method: Method::POST, body: Some(String::new()), ..Request::get(address) };
    let answer = ask.manager(CREDENTIAL, &request).await.map_err(|refused| refused.failure)?;
    ask.read(CREDENTIAL, &answer)
}

/// Where it answers, by a kubeconfig of which nothing else is read. What it holds is not shown: there may be keys in it.
fn way(told: &Credentials) -> Result<Way, String> {
    let text = told.kubeconfigs.first().and_then(|file| STANDARD.decode(file.value.trim()).ok());
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    let file = text.and_then(|text| Kubeconfig::from_yaml(&text).ok());
    let file = file.ok_or("the manager gives no kubeconfig of it that can be read")?;
    let cluster = file.clusters.into_iter().find_map(|named| named.cluster);
    let cluster = cluster.ok_or("its kubeconfig names no cluster")?;
    let authority = cluster.certificate_authority_data.ok_or("its kubeconfig names no authority")?;
    Way::new(&cluster.server.unwrap_or_default(), Some(&authority))
}

/// What to do where it is not entered.
fn advice(told: &Cluster, grantee: &str) -> Advice {
    let directory = told.properties.aad_profile.as_ref();
    let of_azure = directory.is_some_and(|directory| directory.enable_azure_rbac == Some(true));
    let inside = "run `plimsoll collect` where its network is reached";
    let bound =
        format!("a ClusterRoleBinding that gives {grantee}, by its object id, the role of the handbook");
    Advice {
        unknown: if directory.is_some() {
            format!(
                "the cluster {} does not take the token of {grantee}; look whether its directory is the tenant of \
                 these credentials",
                told.name
            )
        } else {
            format!(
                "the cluster {} knows no users of the directory; let it sign in with Microsoft Entra, or name a \
                 context of a kubeconfig for it",
                told.name
            )
        },
        denied: if of_azure {
            format!("give {grantee} the role `{ROLE}` on the cluster, or make {bound}")
        } else {
            format!("make {bound}")
        },
        unreached: if clusters::is_public(&told.properties) {
            format!("let the address of this machine into its authorised IP ranges, or {inside}")
        } else {
            format!("its control plane is private: {inside}")
        },
    }
}

impl Key for Opens {
    fn token<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Arc<Hidden>, Failure>> {
        Box::pin(async move {
            let ask = self.azure.ask(&self.scope, context);
            ask.tokens.current(AUDIENCE, &ask.caller).await
        })
    }

    fn refused<'a>(&'a self, token: &'a Hidden) -> BoxFuture<'a, ()> {
        Box::pin(self.azure.tokens().forget(AUDIENCE, token))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn kubeconfig(text: &str) -> Credentials {
        let file = json!({ "name": "clusterUser", "value": STANDARD.encode(text) });
        serde_json::from_value(json!({ "kubeconfigs": [file] })).unwrap()
    }

    #[test]
    fn of_a_kubeconfig_only_address_and_authority_are_read() {
        let text = "apiVersion: v1\nkind: Config\nclusters:\n- name: web\n  cluster:\n    server: https://web.hcp.westeurope.azmk8s.io:443\n    \
                    certificate-authority-data: Q0E=\n    insecure-skip-tls-verify: true\ncontexts: []\nusers:\n- name: u\n  user:\n    \
                    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: kubelogin\n      args: [get-token]\n";
        let found = way(&kubeconfig(text)).unwrap();
        assert_eq!(found.server, "https://web.hcp.westeurope.azmk8s.io:443");
        assert_eq!(found.authority.as_deref(), Some("Q0E="));
    }

    #[test]
    fn what_is_no_kubeconfig_is_told_without_what_it_holds() {
        for (text, expected) in [
            ("a: [secret", "the manager gives no kubeconfig of it that can be read"),
            ("apiVersion: v1\nkind: Config\n", "its kubeconfig names no cluster"),
            (
                "clusters:\n- name: web\n  cluster:\n    server: https://web\n",
                "its kubeconfig names no authority",
            ),
        ] {
            assert_eq!(way(&kubeconfig(text)).err().as_deref(), Some(expected));
        }
        assert!(way(&Credentials::default()).is_err());
        let plain = "clusters:\n- name: web\n  cluster:\n    server: http://web\n    certificate-authority-data: Q0E=\n";
        assert!(way(&kubeconfig(plain)).is_err_and(|reason| reason.contains("begins with https://")));
    }

    fn told(properties: Value) -> Cluster {
        serde_json::from_value(json!({ "id": "/x", "name": "web", "properties": properties })).unwrap()
    }

    #[test]
    fn what_to_do_follows_from_how_the_cluster_knows_users() {
        let local = advice(&told(json!({})), "the application 1");
        assert!(local.unknown.starts_with("the cluster web knows no users of the directory"));
        let azure = advice(&told(json!({ "aadProfile": { "enableAzureRBAC": true } })), "the application 1");
        assert!(
            azure
                .denied
                .starts_with("give the application 1 the role `Azure Kubernetes Service RBAC Reader`")
        );
        let own = advice(&told(json!({ "aadProfile": {} })), "the application 1");
        assert!(own.denied.starts_with("make a ClusterRoleBinding that gives the application 1"));
        assert!(own.unknown.contains("does not take the token of the application 1"));
        let private = json!({ "apiServerAccessProfile": { "enablePrivateCluster": true } });
        assert!(advice(&told(private), "x").unreached.starts_with("its control plane is private: run"));
    }

    #[test]
    fn a_stopped_cluster_is_not_entered() {
        let stand = |properties: Value| stands(&told(properties).properties);
        assert!(stand(json!({})) && stand(json!({ "powerState": { "code": "Running" } })));
        assert!(!stand(json!({ "powerState": { "code": "Stopped" } })));
        assert!(!stand(json!({ "provisioningState": "Deleting" })));
    }
}
