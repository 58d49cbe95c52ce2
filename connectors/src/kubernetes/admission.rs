//! What decides what the cluster takes in: webhooks, admission policies with what binds them, policies of Kyverno,
//! constraints of Gatekeeper. Pod Security stands in the labels of namespaces, which are read with what runs. Refuses to
//! ask what any of them would say.

use domain::admission;
use domain::source::{Completeness, Permission};

use super::client::Ask;
use super::constraints::{self, CONSTRAINTS};
use super::resource::Resource;
use super::service::{Probe, Service, lists};
use crate::missing::Missing;
use crate::{Failure, Sink};

const API: &[&str] = &["apis/admissionregistration.k8s.io/v1"];
/// What came to the API later was tried out before.
const LATER: &[&str] = &["apis/admissionregistration.k8s.io/v1", "apis/admissionregistration.k8s.io/v1beta1"];
const KYVERNO: &[&str] = &["apis/kyverno.io/v1"];
const VALIDATING: Resource = Resource::of(
    "validatingwebhookconfigurations.admissionregistration.k8s.io: list",
    API,
    "validatingwebhookconfigurations",
)
.above();
const MUTATING: Resource = Resource::of(
    "mutatingwebhookconfigurations.admissionregistration.k8s.io: list",
    API,
    "mutatingwebhookconfigurations",
)
.above();
const POLICIES: Resource = Resource::of(
    "validatingadmissionpolicies.admissionregistration.k8s.io: list",
    LATER,
    "validatingadmissionpolicies",
)
.above();
const BINDINGS: Resource = Resource::of(
    "validatingadmissionpolicybindings.admissionregistration.k8s.io: list",
    LATER,
    "validatingadmissionpolicybindings",
)
.above();
const CLUSTER_POLICIES: Resource =
    Resource::of("clusterpolicies.kyverno.io: list", KYVERNO, "clusterpolicies").above();
const NAMESPACE_POLICIES: Resource = Resource::of("policies.kyverno.io: list", KYVERNO, "policies");

/// What decides of admission.
pub(super) const SERVICE: Service = Service {
    name: admission::SERVICE,
    places: (),
    permissions: &[
        Permission { action: VALIDATING.action, why: "to see who is asked before something is taken in" },
        Permission { action: MUTATING.action, why: "to see who changes what is taken in" },
        Permission { action: POLICIES.action, why: "to see what the API server itself refuses" },
        Permission { action: BINDINGS.action, why: "to see where that is in force" },
        Permission {
            action: CLUSTER_POLICIES.action,
            why: "to see policies of Kyverno, where it is installed",
        },
        Permission { action: NAMESPACE_POLICIES.action, why: "to see those of single namespaces" },
        Permission {
            action: CONSTRAINTS.action,
            why: "to see constraints of Gatekeeper and what its audit found, where it is installed",
        },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        lists!(VALIDATING),
        lists!(MUTATING),
        lists!(POLICIES),
        lists!(BINDINGS),
        lists!(CLUSTER_POLICIES),
        lists!(NAMESPACE_POLICIES),
        Probe { action: CONSTRAINTS.action, attempt: |ask| Box::pin(constraints::listed(ask)) },
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let lists = [VALIDATING, MUTATING, BINDINGS, POLICIES, CLUSTER_POLICIES, NAMESPACE_POLICIES];
    let mut missing = Missing::default();
    let named = ask.gather(&lists, sink).await?;
    let constraints = missing.without(constraints::collect(ask, sink).await)?;
    for seen in [Some(named), constraints].into_iter().flatten() {
        if let Completeness::Partial(reason) = seen {
            missing.note(reason);
        }
    }
    Ok(missing.completeness())
}
