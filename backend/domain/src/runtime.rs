//! Runtime events: what a sensor saw a running container or a cluster do. Refuses to be a finding: an
//! event says that something happened at a time, not that an image holds something.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::image::DigestRole;
use crate::reference::ImageReference;
use crate::scan::Tool;
use crate::severity::Severity;

/// One kind of event in one place, as one tool reports it; repeats are counted, not listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuntimeEvent {
    /// Who saw it.
    pub tool: Tool,
    /// The tool's own id of it, the same in every report of it, if it has one.
    pub id: Option<String>,
    /// The tool's rule or type: `Execution:Runtime/NewBinaryExecuted`, `Terminal shell in container`.
    pub rule: String,
    /// The tool's severity on our scale.
    pub severity: Severity,
    /// The tool's own word or number for it, as written.
    pub severity_word: String,
    /// One line for people.
    pub title: Option<String>,
    /// When it was first seen, if stated.
    pub first_seen: Option<DateTime<Utc>>,
    /// When it was last seen, if stated.
    pub last_seen: Option<DateTime<Utc>>,
    /// How often it was seen, at least once.
    pub count: u64,
    /// The container, as far as it is known.
    pub container: ContainerSeen,
    /// Where it ran.
    pub place: Place,
    /// What proves it, in one text: the process and its ancestors, the file, the peer. Never a secret.
    pub evidence: Option<String>,
    /// Techniques of MITRE ATT&CK as the tool tags them: `T1610`.
    pub techniques: Vec<String>,
    /// Whether it still asks for attention.
    pub disposition: Disposition,
    /// Whether the tool says of the program that ran, whatever its rule is about, that the image does not hold it.
    #[serde(default)]
    pub foreign: bool,
}

/// A program of a container that a sensor saw executed, or a library that it saw loaded, in one place; repeats are one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    /// Who saw it.
    pub tool: Tool,
    /// Path of the program or library as the container sees it, from its root.
    pub file: String,
    /// Whether it was loaded into a program, as libraries are, and not executed itself.
    #[serde(default)]
    pub loaded: bool,
    /// When it was last executed, loaded or seen to run, if stated.
    pub last_seen: Option<DateTime<Utc>>,
    /// How often the document tells of it.
    pub count: u64,
    /// The container, as far as it is known.
    pub container: ContainerSeen,
    /// Where it ran.
    pub place: Place,
}

/// A container as a sensor names it. All may be absent: an event of a cluster's API has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerSeen {
    /// Its name in the pod or task.
    pub name: Option<String>,
    /// The runtime's id, without the runtime's name before it.
    pub id: Option<String>,
    /// Image as written.
    pub image: Option<String>,
    /// The reference, if the text is one.
    pub reference: Option<ImageReference>,
    /// Digest of the image, with what it names.
    pub digest: Option<(DigestRole, Digest)>,
}

/// Where an event happened. Unknown parts are absent, never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Cloud account or subscription.
    pub account: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Cluster, by name.
    pub cluster: Option<String>,
    /// Namespace.
    pub namespace: Option<String>,
    /// Kind of the workload: `Pod`, `Deployment`; for ECS `Service` or `Task`.
    pub kind: Option<String>,
    /// Name of the workload.
    pub name: Option<String>,
    /// Node: its name or instance id.
    pub node: Option<String>,
}

/// Whether an event still asks for attention.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Disposition {
    /// It does.
    #[default]
    Open,
    /// The tool or its users put it away, for this reason.
    Archived(String),
}
