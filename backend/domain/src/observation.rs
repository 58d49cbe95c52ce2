//! The currency: what every connector and format emits and every consumer reads. N sources and M
//! consumers, never N times M. Refuses vendor names: a kind is a string owned by its folder.

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::admission::Admission;
use crate::attestation::Attestation;
use crate::cluster::Cluster;
use crate::coverage::Coverage;
use crate::exposure::Exposure;
use crate::image::Image;
use crate::intel::IntelFeed;
use crate::network_policy::NetworkPolicy;
use crate::node::Node;
use crate::registry::Repository;
use crate::runtime::{Execution, RuntimeEvent};
use crate::sbom::Sbom;
use crate::scan::Scan;
use crate::signature::Signature;
use crate::vex::VexStatement;
use crate::workload::Workload;

/// One observed fact, or one tool's whole word on one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Observation {
    /// A place things run in.
    Account(Account),
    /// A managed cluster, as its provider describes it.
    Cluster(Cluster),
    /// A repository with its settings.
    Repository(Repository),
    /// An image, its digests and tags.
    Image(Image),
    /// A workload with its containers.
    Workload(Workload),
    /// A node.
    Node(Node),
    /// A route to workloads.
    Exposure(Exposure),
    /// What may come in to workloads by their network.
    NetworkPolicy(NetworkPolicy),
    /// What looks at objects before a cluster takes them in.
    Admission(Admission),
    /// A tool's findings on a target.
    Scan(Scan),
    /// A tool's word on whether it watches an image.
    Coverage(Coverage),
    /// A target's components.
    Sbom(Sbom),
    /// What somebody states of a target, such as how it was built.
    Attestation(Attestation),
    /// A signature of an image, unjudged.
    Signature(Box<Signature>),
    /// Somebody looked for signatures beside an image; those that were found come apart.
    Searched(Image),
    /// A statement of who is affected.
    Vex(VexStatement),
    /// What a sensor saw something running do.
    Runtime(RuntimeEvent),
    /// A program that a sensor saw executed, or a library that it saw loaded.
    Executed(Execution),
    /// A feed.
    Intel(IntelFeed),
}
