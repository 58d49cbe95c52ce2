//! Container instances: groups of containers, who can reach them, what they may do. Refuses to ask for the values
//! of variables: names speak.

mod groups;
#[cfg(test)]
mod tests;
mod wire;

use domain::observation::Observation;
use domain::source::{Completeness, Permission};
use futures_util::{StreamExt, stream};

use super::ask::Ask;
use super::service::{Places, Service, lists};
use crate::missing::Missing;
use crate::{Failure, Sink};
use wire::Group;

const VERSION: &str = "2023-05-01";
const ACTION: &str = "Microsoft.ContainerInstance/containerGroups/read";
/// Groups that are read at once.
const AT_ONCE: usize = 8;

/// Container instances.
pub(in crate::azure) const SERVICE: Service = Service {
    name: "aci",
    places: Places::Located,
    permissions: &[Permission {
        action: ACTION,
        why: "to find container groups, what they run and whether the internet reaches them",
    }],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[lists!(
        "Microsoft.ContainerInstance/containerGroups/read",
        "Microsoft.ContainerInstance/containerGroups",
        VERSION
    )],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let (place, mut missing) = (&ask.place, Missing::default());
    let path = ask.below("Microsoft.ContainerInstance/containerGroups");
    let mut listed: Vec<Group> = ask.list(ACTION, &path, VERSION).await?;
    listed.retain(|group| ask.is_here(&group.location));
    // Only the single group tells what its containers do.
    let read = stream::iter(listed).map(|group| async move {
        let told = ask.one::<Group>(ACTION, &group.id, VERSION).await;
        (group, told)
    });
    let mut read = read.buffered(AT_ONCE);
    while let Some((listed, told)) = read.next().await {
        let group = match missing.without(told)? {
            Some(Some(group)) => group,
            Some(None) => continue,
            None => listed,
        };
        sink.observe(Observation::Workload(groups::workload(place, &group))).await?;
        sink.observe(Observation::Exposure(groups::route(place, &group))).await?;
    }
    Ok(missing.completeness())
}
