//! Container apps: environments, apps by the revisions that run, jobs. Refuses revisions that get no replica and no
//! request any more.

mod apps;
mod collect;
mod routes;
#[cfg(test)]
mod tests;
mod wire;

use domain::source::Permission;

use super::service::{Places, Service, lists, nowhere};

const VERSION: &str = "2025-01-01";
const ENVIRONMENTS: &str = "Microsoft.App/managedEnvironments/read";
const APPS: &str = "Microsoft.App/containerApps/read";
const REVISIONS: &str = "Microsoft.App/containerApps/revisions/read";
const JOBS: &str = "Microsoft.App/jobs/read";

/// Container apps.
pub(in crate::azure) const SERVICE: Service = Service {
    name: "container-apps",
    places: Places::Located,
    permissions: &[
        Permission {
            action: ENVIRONMENTS,
            why: "to know which environments the internet reaches; without it what is in them has an unknown reach",
        },
        Permission { action: APPS, why: "to find apps, what they run and who reaches them" },
        Permission { action: REVISIONS, why: "to know which revisions run, with how many replicas" },
        Permission { action: JOBS, why: "to find jobs and what they run" },
    ],
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: &[
        lists!("Microsoft.App/managedEnvironments/read", "Microsoft.App/managedEnvironments", VERSION),
        lists!("Microsoft.App/containerApps/read", "Microsoft.App/containerApps", VERSION),
        nowhere!(
            "Microsoft.App/containerApps/revisions/read",
            "Microsoft.App/containerApps/nobody/revisions",
            VERSION
        ),
        lists!("Microsoft.App/jobs/read", "Microsoft.App/jobs", VERSION),
    ],
};
