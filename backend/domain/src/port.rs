//! Ports of pods: those that containers say they listen at, and those that routes and policies name. Refuses to take
//! a container's word for a wall: it may listen at others as well.

use serde::{Deserialize, Serialize};

/// What is spoken where nobody says otherwise.
pub const TCP: &str = "TCP";

/// A port as routes and policies name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Port {
    /// By its number.
    Number(u16),
    /// By the name that a container gives it.
    Name(String),
}

/// A port of pods that a route leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// `TCP`, `UDP`, `SCTP`.
    pub protocol: String,
    /// Which one.
    pub port: Port,
}

/// A port that a container says it listens at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerPort {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its number in the pod.
    pub number: u16,
    /// `TCP`, `UDP`, `SCTP`.
    pub protocol: String,
    /// The port of the node that leads to it, if one does.
    pub host: Option<u16>,
}
