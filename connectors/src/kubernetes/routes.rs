//! Who can reach what runs: services, ingresses and routes of the Gateway API. Refuses to follow them: who is reached is
//! judged where all of them are known.

use domain::source::{Completeness, Permission};

use super::client::Ask;
use super::resource::Resource;
use super::service::{Probe, Service, lists};
use crate::{Failure, Sink};

pub(super) const SERVICES: Resource = Resource::of("services: list", &["api/v1"], "services");
pub(super) const INGRESSES: Resource = Resource::of(
    "ingresses.networking.k8s.io: list",
    &["apis/networking.k8s.io/v1", "apis/networking.k8s.io/v1beta1"],
    "ingresses",
);
const GATEWAY: &[&str] = &["apis/gateway.networking.k8s.io/v1", "apis/gateway.networking.k8s.io/v1beta1"];
const GATEWAYS: Resource = Resource::of("gateways.gateway.networking.k8s.io: list", GATEWAY, "gateways");
const HTTP_ROUTES: Resource =
    Resource::of("httproutes.gateway.networking.k8s.io: list", GATEWAY, "httproutes");

/// Routes.
pub(super) const SERVICE: Service = Service {
    name: "routes",
    places: (),
    permissions: &[
        Permission { action: SERVICES.action, why: "to see which pods a service leads to, and from where" },
        Permission { action: INGRESSES.action, why: "to see what is open to the internet" },
        Permission {
            action: GATEWAYS.action,
            why: "to see from where gateways are reached, where they are installed",
        },
        Permission { action: HTTP_ROUTES.action, why: "to see what gateways lead to" },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[lists!(SERVICES), lists!(INGRESSES), lists!(GATEWAYS), lists!(HTTP_ROUTES)],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    ask.gather(&[SERVICES, INGRESSES, GATEWAYS, HTTP_ROUTES], sink).await
}
