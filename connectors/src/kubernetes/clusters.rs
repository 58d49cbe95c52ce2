//! Which clusters a source is about, what each is called, and how it is spoken to. Refuses a context that the kubeconfig
//! does not have, and two clusters of one name.

use std::collections::BTreeMap;
use std::time::Duration;

use kube::config::{Cluster, Context, KubeConfigOptions, Kubeconfig, NamedCluster, NamedContext};

use super::config::{Config, Contexts};
use crate::door::{Door, Entry, Way};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// The name in settings of the cluster that this runs in.
const IN_CLUSTER: &str = "in-cluster";

/// A cluster, ready to be spoken to, or why it is not.
pub(super) struct Found {
    /// What it is called here.
    pub(super) name: String,
    /// How it is spoken to.
    pub(super) way: Result<kube::Config, String>,
    /// How it is entered, where that does not stand in a kubeconfig.
    pub(super) entry: Option<Entry>,
}

/// The clusters of a source.
///
/// # Errors
/// In words, when none can be named.
pub(super) async fn find(settings: &Config) -> Result<Vec<Found>, String> {
    if settings.contexts == Contexts::Usual
        && settings.kubeconfig.is_none()
        && let Ok(config) = kube::Config::incluster()
    {
        // A cluster does not know what it is called, and two must not be called alike.
        let name = settings.names.get(IN_CLUSTER).cloned().ok_or_else(|| {
            "this runs in a cluster, which has no name of its own: give it one in `names`, `in-cluster -> prod`"
                .to_owned()
        })?;
        return Ok(vec![Found { name, way: Ok(patient(config)), entry: None }]);
    }
    let file = read(settings)?;
    let contexts =
        match &settings.contexts {
            Contexts::Usual => vec![file.current_context.clone().ok_or_else(|| {
                "the kubeconfig has no current context; name some in `contexts`".to_owned()
            })?],
            Contexts::Every => file.contexts.iter().map(|context| context.name.clone()).collect(),
            Contexts::Listed(contexts) => contexts.clone(),
        };
    let mut found: Vec<Found> = Vec::new();
    let mut taken = BTreeMap::new();
    for context in contexts {
        let name = called(settings, &context, cluster_of(&file, &context).unwrap_or(&context));
        if let Some(other) = taken.insert(name.clone(), context.clone()) {
            return Err(format!(
                "the contexts `{other}` and `{context}` are both called `{name}`; tell them apart in `names`"
            ));
        }
        found.push(Found { name, way: way(&file, &context).await, entry: None });
    }
    Ok(found)
}

/// A cluster of a cloud. What opens it is no part of how it is spoken to: tokens change.
pub(super) async fn entered(door: Door) -> Found {
    let Door { name, way, entry } = door;
    Found { way: at(&name, way).await, name, entry: Some(entry) }
}

async fn at(name: &str, way: Way) -> Result<kube::Config, String> {
    let cluster =
        Cluster { server: Some(way.server), certificate_authority_data: way.authority, ..Cluster::default() };
    let context = Context { cluster: name.to_owned(), ..Context::default() };
    let file = Kubeconfig {
        clusters: vec![NamedCluster {
            name: name.to_owned(),
            cluster: Some(cluster),
            ..NamedCluster::default()
        }],
        contexts: vec![NamedContext {
            name: name.to_owned(),
            context: Some(context),
            ..NamedContext::default()
        }],
        current_context: Some(name.to_owned()),
        ..Kubeconfig::default()
    };
    let config = kube::Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await;
    config.map(patient).map_err(|error| format!("the cluster cannot be spoken to: {}", chain(&error)))
}

fn read(settings: &Config) -> Result<Kubeconfig, String> {
    let file = match &settings.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::from_env().and_then(|file| file.map_or_else(Kubeconfig::read, Ok)),
    };
    file.map_err(|error| format!("the kubeconfig could not be read: {}", chain(&error)))
}

async fn way(file: &Kubeconfig, context: &str) -> Result<kube::Config, String> {
    if file.contexts.iter().all(|known| known.name != context) {
        return Err(format!("the kubeconfig has no context `{context}`"));
    }
    let options = KubeConfigOptions { context: Some(context.to_owned()), ..KubeConfigOptions::default() };
    let config = kube::Config::from_custom_kubeconfig(file.clone(), &options).await;
    config.map(patient).map_err(|error| format!("the context `{context}` cannot be used: {}", chain(&error)))
}

/// Calls are repeated, and their time is kept, by whoever makes them.
fn patient(mut config: kube::Config) -> kube::Config {
    config.connect_timeout = Some(CONNECT);
    config.default_retry = false;
    config
}

/// What a cluster is called: as settings say, or as the source of its cloud would call it, or as the file does.
fn called(settings: &Config, context: &str, cluster: &str) -> String {
    settings.names.get(context).cloned().or_else(|| of_cloud(cluster)).unwrap_or_else(|| cluster.to_owned())
}

fn cluster_of<'f>(file: &'f Kubeconfig, context: &str) -> Option<&'f str> {
    let context = file.contexts.iter().find(|known| known.name == context)?;
    Some(context.context.as_ref()?.cluster.as_str())
}

/// The names that `aws eks update-kubeconfig` and `gcloud container clusters get-credentials` write, as the sources of
/// these clouds call such a cluster.
fn of_cloud(cluster: &str) -> Option<String> {
    if let Some(rest) = cluster.strip_prefix("arn:") {
        let mut parts = rest.splitn(5, ':').skip(1);
        let (product, region, account, resource) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let name = resource.strip_prefix("cluster/").filter(|_| product == "eks")?;
        return Some(format!("{name} (eks {account} {region})"));
    }
    let mut parts = cluster.strip_prefix("gke_")?.splitn(3, '_');
    let (project, location, name) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{name} (gke {project} {location})"))
}

/// Whether a cluster is called as the source of its cloud calls it, which then describes it.
pub(super) fn is_of_cloud(name: &str) -> bool {
    name.ends_with(')') && ["(eks ", "(aks ", "(gke "].iter().any(|product| name.contains(product))
}

/// An error with its causes, each once and by its first line: what follows shows lines of the file.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut causes: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(this) = next {
        let told = this.to_string().lines().next().unwrap_or_default().to_owned();
        if causes.last().is_none_or(|last| !last.ends_with(&told)) {
            causes.push(told);
        }
        next = this.source();
    }
    causes.join(": ")
}

#[cfg(test)]
mod tests {
    use super::{is_of_cloud, of_cloud};

    #[test]
    fn clouds_tools_write_names_that_their_sources_know() {
        let told = |name: &str| of_cloud(name);
        assert_eq!(
            told("arn:aws:eks:eu-central-1:111111111111:cluster/prod").as_deref(),
            Some("prod (eks 111111111111 eu-central-1)")
        );
        assert_eq!(
            told("gke_shop-prod_europe-west1_web_1").as_deref(),
            Some("web_1 (gke shop-prod europe-west1)")
        );
        let names = ["arn:aws:eks:eu-central-1:1:cluster/prod", "gke_p_l_n"].map(|name| told(name).unwrap());
        assert!(names.iter().all(|name| is_of_cloud(name)) && !is_of_cloud("prod"), "{names:?}");
        for other in ["prod", "arn:aws:ecs:eu:1:cluster/x", "gke_x", "arn:aws:eks"] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
