//! Kubernetes Engine: clusters of every location in one call with how they are set up and their node pools, and when
//! their support ends. What runs inside is told by the cluster itself, to whoever asks there. Refuses clusters that are
//! being made or deleted.

mod clusters;
mod doors;
mod pools;
mod settings;
#[cfg(test)]
mod tests;
mod wire;

use domain::observation::Observation;
use domain::source::{Completeness, Permission};
use futures_util::{StreamExt, stream};

use super::client::Ask;
use super::part::Part;
use super::request::Request;
use super::service::{Places, Probe, Service};
use crate::missing::Missing;
use crate::{Failure, Sink};
pub(crate) use doors::cloud;
#[cfg(feature = "test-support")]
pub(crate) use doors::cloud_with_key;

const HOST: &str = "container.googleapis.com";
const LIST: &str = "container.clusters.list";
const GET: &str = "container.clusters.get";

/// See the module.
pub(super) const SERVICE: Service = Service {
    name: "gke",
    places: Places::Whole,
    permissions: &[
        Permission { action: GET, why: "to know when the support of a cluster's version ends" },
        Permission {
            action: LIST,
            why: "to find clusters, how they are set up and reached, and their node pools",
        },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[Probe {
        action: LIST,
        attempt: |ask| Box::pin(async { ask.bytes(LIST, &all(ask)).await.map(drop) }),
    }],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    let here = listed(ask, &mut missing).await?;
    let described = stream::iter(here).map(|cluster| async move {
        let support = support(ask, &cluster).await;
        (cluster, support)
    });
    let mut described = described.buffered(ask.context.concurrency.max(1));
    while let Some((cluster, support)) = described.next().await {
        let support = match Part::of(support, &mut missing)? {
            Part::Told(support) => support,
            Part::Denied => wire::Support::default(),
            Part::Unread => continue,
        };
        sink.observe(Observation::Cluster(clusters::cluster(&ask.place, &cluster, &support))).await?;
    }
    Ok(missing.completeness())
}

/// The clusters of the wanted locations; zones that could not be reached are noted.
///
/// # Errors
/// When they cannot be listed.
async fn listed(ask: &Ask<'_>, missing: &mut Missing) -> Result<Vec<wire::Cluster>, Failure> {
    let told = ask.read::<wire::Clusters>(LIST, &all(ask)).await?;
    for zone in told.missing_zones {
        missing.note(format!(
            "`{LIST}` in {} could not reach {zone}: what is there was not seen",
            ask.caller.caller.scope
        ));
    }
    let wanted = &ask.settings.locations;
    let here = told.clusters.into_iter().filter(|cluster| {
        let stands = !["PROVISIONING", "STOPPING"].contains(&cluster.status.as_str());
        stands && (wanted.is_empty() || wanted.iter().any(|location| is_in(&cluster.location, location)))
    });
    Ok(here.collect())
}

fn all(ask: &Ask<'_>) -> Request {
    Request::get(HOST, format!("v1/projects/{}/locations/-/clusters", ask.place.account.id))
}

/// Whether a cluster of a region, or of one of its zones, is in a location.
fn is_in(cluster: &str, location: &str) -> bool {
    cluster.strip_prefix(location).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// When support ends; unknown where the API does not tell.
async fn support(ask: &Ask<'_>, cluster: &wire::Cluster) -> Result<wire::Support, Failure> {
    let name =
        format!("projects/{}/locations/{}/clusters/{}", ask.place.account.id, cluster.location, cluster.name);
    let request = Request::get(HOST, format!("v1/{name}:fetchClusterUpgradeInfo"));
    Ok(ask.find(GET, &request).await?.unwrap_or_default())
}
