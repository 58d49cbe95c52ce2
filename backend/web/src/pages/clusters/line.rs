//! One cluster in words: who reaches it, how long it is supported, the machines it runs on. Refuses to call what was
//! not told safe.

use chrono::{DateTime, Utc};
use domain::cluster::NodeGroup;
use store::clusters::ClusterRow;

use crate::pages::images::counted;
use crate::query::href;

/// One cluster, ready to show.
pub(crate) struct Line {
    pub(crate) row: ClusterRow,
    /// Its own page.
    pub(crate) href: String,
    /// The workloads in it.
    pub(crate) workloads: String,
}

impl Line {
    pub(crate) fn of(row: ClusterRow) -> Self {
        Self {
            href: format!("/clusters/{}", row.id),
            workloads: href("/workloads", &[("cluster", &row.name)]),
            row,
        }
    }

    /// Who reaches its control plane: words, tone, meaning.
    pub(crate) fn endpoint(&self) -> (&'static str, &'static str, String) {
        let networks = || format!("Open to {}", self.row.allowed_networks.join(", "));
        match self.row.public_endpoint {
            None => {
                ("not told", "unknown", "No control plane of its own, or the provider did not say".to_owned())
            }
            Some(false) => ("private", "good", "Answers inside its network only".to_owned()),
            Some(true) if self.row.is_open() => {
                ("on the internet", "bad", "Answers to anybody on the internet".to_owned())
            }
            Some(true) => ("allow-list", "warn", networks()),
        }
    }

    /// Whether its machines have public addresses: words, tone, meaning.
    pub(crate) fn nodes(&self) -> (&'static str, &'static str, &'static str) {
        match self.row.private_nodes {
            None => ("not told", "unknown", "The provider did not say, or keeps no machines for it"),
            Some(true) => ("private", "good", "No machine has a public address"),
            Some(false) => ("public addresses", "warn", "Machines have addresses on the internet"),
        }
    }

    /// The tone of the end of its support: past, within ninety days, later.
    pub(crate) fn support(&self, now: &DateTime<Utc>) -> &'static str {
        match self.row.support_ends_at.map(|at| (at - *now).num_days()) {
            None => "unknown",
            Some(days) if days < 0 => "bad",
            Some(days) if days < 90 => "warn",
            Some(_) => "",
        }
    }

    /// How many groups of machines it has, in words.
    pub(crate) fn groups(&self) -> Option<String> {
        let groups = self.row.node_groups.as_ref()?;
        let ill = groups.iter().filter(|group| !group.issues.is_empty()).count() as u64;
        let told = match groups.len() as u64 {
            0 => "no node group".to_owned(),
            groups => counted(groups, "node group", "node groups"),
        };
        Some(if ill == 0 { told } else { format!("{told}, {ill} with a fault") })
    }

    /// A group of machines in one line: image and its release, version, machines, how many.
    pub(crate) fn group(&self, group: &NodeGroup) -> String {
        let own = self.row.version.as_deref().unwrap_or_default();
        let version = group.version.as_deref().map(|version| {
            if self.is_behind(version) {
                format!("Kubernetes {version}, not the {own} of its control plane")
            } else {
                format!("Kubernetes {version}")
            }
        });
        let image = group.image.as_deref().map(|image| match &group.release {
            Some(release) => format!("{image} {release}"),
            None => image.to_owned(),
        });
        let nodes = nodes(group).map(|nodes| format!("{nodes} nodes"));
        let zones = Some(group.zones.join(", ")).filter(|zones| !zones.is_empty());
        let zones = zones.map(|zones| format!("zones {zones}"));
        let sandbox = group.sandbox.as_deref().map(|sandbox| match sandbox {
            "none" => "no sandbox".to_owned(),
            sandbox => format!("sandbox {sandbox}"),
        });
        let machines = Some(group.machines.join(", ")).filter(|machines| !machines.is_empty());
        let told: Vec<String> =
            [image, version, machines, nodes, zones, sandbox].into_iter().flatten().collect();
        if told.is_empty() { "nothing told of it".to_owned() } else { told.join("; ") }
    }

    /// Whether a group's version is not that of the control plane.
    pub(crate) fn is_behind(&self, version: &str) -> bool {
        self.row.version.as_deref().is_some_and(|own| own != version)
    }

    /// The control plane logs that are kept, in words.
    pub(crate) fn logging(&self) -> String {
        match &self.row.logging {
            None => "logs not told".to_owned(),
            Some(kinds) if kinds.is_empty() => "no control plane logs are kept".to_owned(),
            Some(kinds) => format!("keeps logs: {}", kinds.join(", ")),
        }
    }
}

/// How many machines a group should have now, and within which bounds.
pub(super) fn nodes(group: &NodeGroup) -> Option<String> {
    let bounds = match (group.least, group.most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        _ => None,
    };
    match (group.wanted, bounds) {
        (Some(wanted), Some(bounds)) => Some(format!("{wanted} of {bounds}")),
        (Some(wanted), None) => Some(wanted.to_string()),
        (None, bounds) => bounds,
    }
}
