//! Which lists of a cluster are listened to between two runs, and for whom: pods, whose start and end tell what runs, and
//! what their reach hangs on. Refuses to listen where settings do not want it, and to what no scope of the plan asks.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::source::{Permission, Scope, Trial};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};

use super::client::Ask;
use super::connector::Kubernetes;
use super::resource::Resource;
use super::watch::Watch;
use super::{policies, routes, workloads};
use crate::{Connector, Context, Failure, Follower, Noticed};

/// How often it is looked which clusters there are.
const PLANNED_EVERY: Duration = Duration::from_secs(3600);
/// The first rest after the clusters could not be found; it doubles each time.
const FIRST_REST: Duration = Duration::from_secs(30);
/// How often it doubles at most.
const DOUBLED: u32 = 5;

/// A list that is listened to.
#[derive(Debug)]
pub(super) struct Followed {
    /// The service that is asked again when something of it changes.
    service: &'static str,
    /// What stands in it.
    pub(super) resource: Resource<'static>,
    /// The permission, as a role words it: `pods: watch`.
    pub(super) action: &'static str,
}

/// Every list that is listened to.
pub(super) static FOLLOWED: [Followed; 4] = [
    Followed { service: workloads::SERVICE.name, resource: workloads::PODS, action: "pods: watch" },
    Followed { service: routes::SERVICE.name, resource: routes::SERVICES, action: "services: watch" },
    Followed {
        service: routes::SERVICE.name,
        resource: routes::INGRESSES,
        action: "ingresses.networking.k8s.io: watch",
    },
    Followed {
        service: policies::SERVICE.name,
        resource: policies::NETWORK_POLICIES,
        action: "networkpolicies.networking.k8s.io: watch",
    },
];

/// What listening takes.
pub(super) const PERMISSIONS: &[Permission] = &[
    Permission { action: "pods: watch", why: "to see within seconds what starts and ends" },
    Permission { action: "services: watch", why: "to see within seconds who can reach what runs" },
    Permission {
        action: "ingresses.networking.k8s.io: watch",
        why: "to see within seconds what is opened to the internet",
    },
    Permission {
        action: "networkpolicies.networking.k8s.io: watch",
        why: "to see within seconds what lets in whom",
    },
];

/// Lists by what they are of: cluster, permission, namespace.
type Watches = BTreeMap<(Scope, &'static str, Option<String>), Watch>;

impl Follower for Kubernetes {
    fn at_most_every(&self) -> Duration {
        self.settings.follow_at_most_every
    }

    fn follow<'a>(&'a self, context: &'a Context, noticed: &'a Noticed) -> BoxFuture<'a, ()> {
        Box::pin(self.listen_to_all(context, noticed))
    }
}

/// The lists of these scopes; those that were listened to before go on from where they were.
fn renewed(mut former: Watches, scopes: &[Scope], namespaces: &[String]) -> Watches {
    let within: Vec<Option<String>> = match namespaces {
        [] => vec![None],
        some => some.iter().cloned().map(Some).collect(),
    };
    let mut watches = Watches::new();
    for scope in scopes {
        for followed in FOLLOWED.iter().filter(|followed| followed.service == scope.service) {
            for namespace in &within {
                let key = (scope.clone(), followed.action, namespace.clone());
                let new = || Watch::new(scope.clone(), followed, namespace.clone());
                let watch = former.remove(&key).unwrap_or_else(new);
                watches.insert(key, watch);
            }
        }
    }
    watches
}

impl Kubernetes {
    /// Listens to every list of the clusters there are, until it is dropped.
    async fn listen_to_all(&self, context: &Context, noticed: &Noticed) {
        let (mut watches, mut failures) = (Watches::new(), 0_u32);
        loop {
            // A plan that fails is told by runs.
            let Ok(plan) = self.plan(context).await else {
                let rest = FIRST_REST * 2_u32.pow(failures.min(DOUBLED));
                failures = failures.saturating_add(1);
                tokio::time::sleep(rest.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
                continue;
            };
            failures = 0;
            watches = renewed(watches, &plan.scopes, &self.settings.namespaces);
            let mut listening = Vec::with_capacity(watches.len());
            for ((scope, ..), watch) in &mut watches {
                listening.push(self.listen(scope, watch, context, noticed));
            }
            // Where nothing is left to listen to, the next plan may find something.
            let listening = join_all(listening).then(|_| std::future::pending::<()>());
            tokio::select! {
                () = tokio::time::sleep(PLANNED_EVERY) => {}
                () = listening => {}
            }
        }
    }

    /// Listens to one list until it is dropped. Of a cluster that is not found the next plan may tell.
    async fn listen(&self, scope: &Scope, watch: &mut Watch, context: &Context, noticed: &Noticed) {
        if let Ok(ask) = self.ask(scope, context).await {
            watch.listen(&ask, noticed).await;
        }
    }

    /// Tries what listening takes in a scope, where it is wanted.
    pub(super) async fn try_following(&self, scope: &Scope, ask: &Ask<'_>) -> Vec<Trial> {
        let mut trials = Vec::new();
        if !self.settings.follow {
            return trials;
        }
        for followed in FOLLOWED.iter().filter(|followed| followed.service == scope.service) {
            let refusal = match allowed(ask, followed).await {
                Ok(()) | Err(Failure::Vendor { .. }) => None,
                Err(failure) => Some(failure.to_string()),
            };
            trials.push(Trial { action: followed.action.to_owned(), scope: scope.clone(), refusal });
        }
        trials
    }
}

/// Begins to listen, and hangs up.
async fn allowed(ask: &Ask<'_>, followed: &Followed) -> Result<(), Failure> {
    for group in followed.resource.groups {
        for path in followed.resource.paths(group, &ask.settings.namespaces) {
            match ask.open(followed.action, &format!("{path}?watch=1&timeoutSeconds=1")).await {
                Ok(_) => {}
                Err(refused) if refused.refusal.is_absence() => {}
                Err(refused) => return Err(refused.failure),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn scope(account: &str, service: &str) -> Scope {
        Scope { account: account.to_owned(), region: String::new(), service: service.to_owned() }
    }

    fn actions(watches: &Watches) -> Vec<(&str, &str, Option<&str>)> {
        watches.keys().map(|(scope, action, within)| (&*scope.account, *action, within.as_deref())).collect()
    }

    #[test]
    fn every_list_that_is_followed_is_permitted_and_no_other() {
        let followed: BTreeSet<&str> = FOLLOWED.iter().map(|followed| followed.action).collect();
        let permitted: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
        assert_eq!((followed.len(), &followed), (FOLLOWED.len(), &permitted));
        for followed in &FOLLOWED {
            let listed = followed.resource.action.strip_suffix(": list").unwrap();
            assert_eq!(followed.action, format!("{listed}: watch"));
        }
    }

    #[test]
    fn lists_come_and_go_with_the_plan() {
        let scopes = [scope("a", "workloads"), scope("a", "nodes"), scope("b", "policies")];
        let watches = renewed(Watches::new(), &scopes, &[]);
        let policies = "networkpolicies.networking.k8s.io: watch";
        assert_eq!(actions(&watches), [("a", "pods: watch", None), ("b", policies, None)]);
        let watches = renewed(watches, &scopes[2..], &["x".to_owned(), "y".to_owned()]);
        assert_eq!(actions(&watches), [("b", policies, Some("x")), ("b", policies, Some("y"))]);
        assert!(renewed(watches, &[], &[]).is_empty());
    }
}
