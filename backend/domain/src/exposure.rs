//! Who can reach a workload, and the routes (services, ingresses) that say so. Refuses to call an
//! unobserved route internal: what nobody looked at is [`Reach::Unknown`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::port::Target;

/// From where a workload's payload can be reached, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// From anywhere on the internet.
    Internet,
    /// Not observed.
    Unknown,
    /// From an allow-list, a VPN, behind an authenticating proxy.
    Restricted,
    /// From the same cluster or virtual network.
    Internal,
    /// From nowhere but what is explicitly allowed (default-deny).
    Isolated,
}

impl Reach {
    /// The five classes in the order in which hazards are stored.
    pub const ALL: [Self; 5] =
        [Self::Internet, Self::Restricted, Self::Internal, Self::Isolated, Self::Unknown];

    /// The word in storage and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Restricted => "restricted",
            Self::Internal => "internal",
            Self::Isolated => "isolated",
            Self::Unknown => "unknown",
        }
    }

    /// The reach of a stored word; anything else is unknown.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|reach| reach.as_str() == word).unwrap_or(Self::Unknown)
    }
}

/// A route to workloads: a Kubernetes service or ingress, later a load balancer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// Cluster it belongs to, if the document says so; otherwise the submission's.
    pub cluster: Option<String>,
    /// Namespace.
    pub namespace: String,
    /// `Service`, `Ingress`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// From where it can be reached.
    pub reach: Reach,
    /// Labels of the pods it leads to; empty when it leads to other routes.
    pub selector: BTreeMap<String, String>,
    /// Names of services in the same namespace that it leads to.
    pub backends: Vec<String>,
    /// One line that says why this reach: `LoadBalancer 203.0.113.7`.
    pub evidence: String,
    /// How what comes this way arrives.
    #[serde(default)]
    pub landing: Landing,
}

/// How what comes by a route arrives at pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// The ports of the pods that it leads to; none where nobody said.
    pub targets: Vec<Target>,
    /// Whether pods see the address of who calls from outside, not that of a node in between.
    pub keeps_source: bool,
}
