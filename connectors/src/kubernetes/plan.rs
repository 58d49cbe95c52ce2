//! Which scopes there are: each cluster, each service. Refuses to leave out a cluster that cannot be spoken to without
//! a word: the list is partial then.

use std::collections::BTreeMap;

use domain::source::Scope;

use super::clusters::{self, Found};
use super::config::Config;
use super::service::Service;
use crate::missing::Missing;
use crate::{Failure, Plan};

/// The plan of a source, with a connection to each of its clusters.
///
/// # Errors
/// When no cluster can be found or spoken to.
pub(super) async fn plan(settings: &Config) -> Result<(Plan, BTreeMap<String, kube::Client>), Failure> {
    let found = clusters::find(settings).await.map_err(|remedy| unusable("", remedy))?;
    let (mut scopes, mut known, mut missing) = (Vec::new(), BTreeMap::new(), Missing::default());
    let mut first = None;
    for Found { name, way } in found {
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
                known.insert(name, client);
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

/// The scope of what is asked once for a cluster, or for all.
pub(super) fn whole(cluster: &str) -> Scope {
    Scope { account: cluster.to_owned(), region: String::new(), service: "clusters".to_owned() }
}

fn unusable(cluster: &str, remedy: String) -> Failure {
    Failure::Unauthenticated { scope: whole(cluster), remedy }
}
