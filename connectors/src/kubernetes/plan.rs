//! Which scopes there are: each cluster, each service. Refuses to leave out a cluster that cannot be spoken to without
//! a word: the list is partial then.

use std::collections::BTreeMap;

use domain::source::{Completeness, Scope};

use super::clusters::{self, Found};
use super::config::Config;
use super::service::Service;
use crate::door::{Cloud, Entry};
use crate::missing::Missing;
use crate::{Context, Failure, Plan};

/// A cluster that can be asked.
#[derive(Clone)]
pub(super) struct Known {
    /// Its connections.
    pub(super) client: kube::Client,
    /// How it is entered, where the connections do not know that.
    pub(super) entry: Option<Entry>,
}

/// The plan of a source, with its clusters by name; they are those of the cloud, if there is one.
///
/// # Errors
/// When no cluster can be found or spoken to.
pub(super) async fn plan(
    settings: &Config,
    cloud: Option<&dyn Cloud>,
    context: &Context,
) -> Result<(Plan, BTreeMap<String, Known>), Failure> {
    let (found, mut missing) = match cloud {
        Some(cloud) => of_cloud(settings, cloud, context).await?,
        None => (of_kubeconfig(settings, context).await?, Missing::default()),
    };
    let (mut scopes, mut known, mut first) = (Vec::new(), BTreeMap::new(), None);
    for Found { name, way, entry } in found {
        let client = way.and_then(|config| {
            kube::Client::try_from(config)
                .map_err(|error| format!("its credentials cannot be used: {}", clusters::chain(&error)))
        });
        match client {
            Ok(client) => {
                scopes.extend(
                    Service::wanted(&settings.leave_out)
                        .map(|service| Scope { service: service.name.to_owned(), ..whole(&name) }),
                );
                known.insert(name, Known { client, entry });
            }
            Err(remedy) => {
                let failure = unusable(&name, remedy);
                missing.note(&failure);
                first.get_or_insert(failure);
            }
        }
    }
    match first {
        Some(failure) if known.is_empty() => Err(failure),
        _ => Ok((Plan { scopes, accounts: Vec::new(), completeness: missing.completeness() }, known)),
    }
}

/// The clusters that a kubeconfig names; commands that it names may take as long as a call.
async fn of_kubeconfig(settings: &Config, context: &Context) -> Result<Vec<Found>, Failure> {
    let (action, scope, after) = ("clusters".to_owned(), whole(""), context.call_deadline);
    let found = tokio::time::timeout(after, clusters::find(settings)).await;
    let found = found.map_err(|_| Failure::TimedOut { action, scope, after })?;
    found.map_err(|remedy| unusable("", remedy))
}

/// The clusters that a cloud tells of, and what it did not tell.
async fn of_cloud(
    settings: &Config,
    cloud: &dyn Cloud,
    context: &Context,
) -> Result<(Vec<Found>, Missing), Failure> {
    let doors = cloud.doors(context).await?;
    let mut found = Vec::new();
    for door in doors.found {
        if settings.cloud.as_ref().is_none_or(|told| told.wants(&door.name)) {
            found.push(clusters::entered(door).await);
        }
    }
    Ok((found, doors.missing))
}

/// What a plan did not find, as a trial tells it.
pub(super) fn unseen(plan: &Plan) -> Option<String> {
    match &plan.completeness {
        Completeness::Complete => None,
        Completeness::Partial(reason) => Some(reason.clone()),
    }
}

/// The scope of what is asked once for a cluster, or for all.
pub(super) fn whole(cluster: &str) -> Scope {
    Scope { account: cluster.to_owned(), region: String::new(), service: "clusters".to_owned() }
}

fn unusable(cluster: &str, remedy: String) -> Failure {
    Failure::Unauthenticated { scope: whole(cluster), remedy }
}
