//! One cluster: what it is, who reaches it, how it is set up, the machines it runs on. Refuses to call what was not
//! told safe: it is shown as not told.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::admission::Effect;
use domain::cluster::NodeGroup;
use domain::id::ObjectId;
use store::clusters::{self, Admission, AdmissionRow, ClusterRow};

use super::line::{self, Line};
use crate::State;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::images::counted;
use crate::pages::posture::{Posture, against, phrases};
use crate::render;
use crate::viewer::CurrentViewer;

/// The benchmarks of the providers' Kubernetes services, which agree on what these want.
const CIS: &str = "the CIS benchmark";

#[derive(Template)]
#[template(path = "clusters/detail.html")]
struct Detail {
    frame: Frame,
    line: Line,
    /// What several providers tell.
    shared: Vec<Posture>,
    /// What its product alone has.
    own: Vec<Posture>,
    groups: Vec<Group>,
    /// What decides what it takes in.
    admission: Admission,
}

/// A group of machines, ready to show.
struct Group {
    group: NodeGroup,
    /// How many machines it has.
    nodes: Option<String>,
    settings: Vec<Posture>,
}

impl Detail {
    fn of(frame: Frame, row: ClusterRow, admission: Admission) -> Self {
        let settings = |told: &[domain::setting::Setting]| told.iter().map(Posture::of).collect::<Vec<_>>();
        let groups = row.node_groups.iter().flatten();
        let groups = groups.map(|group| Group {
            nodes: line::nodes(group),
            settings: settings(&group.settings),
            group: group.clone(),
        });
        Self {
            frame,
            shared: shared(&row),
            own: settings(row.settings.as_deref().unwrap_or_default()),
            groups: groups.collect(),
            admission,
            line: Line::of(row),
        }
    }

    /// What is done to what does not comply: text, tone, hint.
    fn effect(&self, row: &AdmissionRow) -> (&'static str, &'static str, &'static str) {
        match row.effect {
            Effect::Enforce => ("refuses", "good", "What does not comply is not taken in"),
            Effect::Ask => ("asks", "plain", "Whoever is asked decides"),
            Effect::Change => ("changes", "plain", "What is taken in is changed first"),
            Effect::Warn => ("warns", "warn", "What does not comply is taken in with a warning"),
            Effect::Audit => ("notes", "warn", "What does not comply is taken in and noted"),
            Effect::Open => ("lets pass", "warn", "Everything complies"),
            Effect::Unknown => ("not known", "unknown", "Nothing says what is done"),
        }
    }

    /// What it is, in one sentence.
    fn sentence(&self) -> String {
        let row = &self.line.row;
        let place = [row.provider.as_str(), row.account.as_str(), row.region.as_deref().unwrap_or_default()];
        let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
        let place = if place.is_empty() { String::new() } else { format!(" in {}", place.join(" ")) };
        let unwanted = against(row.unwanted());
        let workloads = counted(row.workloads, "workload", "workloads");
        format!("A cluster of {}{place} with {workloads}{unwanted}.", row.kind)
    }
}

/// What several providers tell, in words, and whether benchmarks want it.
fn shared(row: &ClusterRow) -> Vec<Posture> {
    let either = |told: Option<bool>, yes: &'static str, no: &'static str| {
        told.map(|told| if told { yes } else { no })
    };
    let some = |told: Option<&String>| told.map(|word| (word != "none", CIS));
    let ways = row.legacy_access.as_ref();
    let identity = either(row.workload_identity, "of their own", "those of their node");
    vec![
        Posture::plain("Release channel", row.channel.clone()),
        Posture::plain("Nodes are kept", row.managed.clone()),
        Posture::judged(
            "Addresses of nodes",
            either(row.private_nodes, "private", "public"),
            row.private_nodes.map(|private| (private, CIS)),
        ),
        Posture::judged("Network policies", row.network_policy.clone(), some(row.network_policy.as_ref())),
        Posture::judged(
            "Identities of workloads",
            identity,
            row.workload_identity.map(|identity| (identity, CIS)),
        ),
        Posture::judged(
            "Ways in past the directory",
            phrases(ways, "none"),
            ways.map(|ways| (ways.is_empty(), CIS)),
        ),
        Posture::judged(
            "Encryption of secrets",
            row.secrets_encryption.clone(),
            some(row.secrets_encryption.as_ref()),
        ),
    ]
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let nothing = || Error::NotFound(format!("cluster {}", id.chars().take(80).collect::<String>()));
    let known: ObjectId = id.parse().map_err(|_| nothing())?;
    let row = clusters::detail(&state.store, &viewer, known).await?.ok_or_else(nothing)?;
    let admission = clusters::admission(&state.store, &viewer, &row.name).await?;
    render::page(&Detail::of(frame.at(Section::Workloads), row, admission))
}
