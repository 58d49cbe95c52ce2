//! Sites and functions of App Service that run containers. Refuses sites made from code, which hold no image of
//! one's own, and application settings, whose names come only with their values.

mod collect;
mod routes;
mod sites;
#[cfg(test)]
mod tests;
mod wire;

use domain::source::Permission;

use super::service::{Places, Service, lists, nowhere};

const VERSION: &str = "2024-04-01";
const SITES: &str = "Microsoft.Web/sites/read";
const CONFIG: &str = "Microsoft.Web/sites/config/read";
const CONTAINERS: &str = "Microsoft.Web/sites/sitecontainers/read";

/// Sites and functions.
pub(in crate::azure) const SERVICE: Service = Service {
    name: "web-apps",
    places: Places::Located,
    permissions: &[
        Permission { action: SITES, why: "to find sites and functions that run containers" },
        Permission {
            action: CONFIG,
            why: "to know who is let in; without it a public site has an unknown reach",
        },
        Permission { action: CONTAINERS, why: "to read the containers of a site that runs several" },
    ],
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: &[
        lists!("Microsoft.Web/sites/read", "Microsoft.Web/sites", VERSION),
        nowhere!("Microsoft.Web/sites/config/read", "Microsoft.Web/sites/nobody/config/web", VERSION),
        nowhere!(
            "Microsoft.Web/sites/sitecontainers/read",
            "Microsoft.Web/sites/nobody/sitecontainers",
            VERSION
        ),
    ],
};
