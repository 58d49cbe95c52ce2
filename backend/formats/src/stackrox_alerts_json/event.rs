//! Alerts on what happened at run time as events. Refuses the messages of violations and the arguments of processes: they
//! repeat command lines.

use domain::runtime::{ContainerSeen, Disposition, Place, RuntimeEvent};
use domain::scan::Tool;

use super::map::{cluster, namespace, word};
use super::wire::{Alert, Process};
use crate::events::{self, Seen, bare, techniques};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{severity, time};

/// How many processes of one alert are kept.
const MOST: usize = 8;

/// The event of an alert; nothing where no policy is named.
pub(super) fn of(alert: &Alert<'_>, tool: &Tool, warnings: &mut Warnings) -> Option<RuntimeEvent> {
    let policy = &alert.policy;
    let rule = policy.name.filled().or_else(|| policy.id.filled())?;
    let last = time::parse(&alert.time);
    let word = bounded(word(&policy.severity), "policy.severity", warnings);
    let stated = policy.mitre_attack_vectors.iter().flat_map(|vector| &vector.techniques);
    let processes = alert.process_violation.processes.iter().take(MOST).filter_map(evidence);
    Some(RuntimeEvent {
        id: alert.id.filled().map(|id| bounded(id, "id", warnings)),
        severity: severity::from_word(&word),
        severity_word: word,
        title: policy.description.filled().map(prose),
        first_seen: time::parse(&alert.first_occurred).or(last),
        last_seen: last,
        container: container(alert, warnings),
        place: place(alert, warnings),
        evidence: events::evidence(&processes.collect::<Vec<_>>()),
        techniques: techniques(stated.map(|technique| &**technique)),
        disposition: disposition(&alert.state),
        ..bare(tool.clone(), bounded(rule, "policy.name", warnings))
    })
}

fn evidence(process: &Process<'_>) -> Option<String> {
    let signal = &process.signal;
    let parents = signal.lineage_info.iter().filter_map(|parent| parent.parent_exec_file_path.filled());
    let process = events::Process {
        path: signal.exec_file_path.filled().or_else(|| signal.name.filled()),
        pid: signal.pid.whole(),
        user: None,
        ancestors: parents.collect(),
    };
    process.evidence()
}

/// The container of the first process, with the image that the workload has for it; or the workload's only one.
fn container(alert: &Alert<'_>, warnings: &mut Warnings) -> ContainerSeen {
    let process = alert.process_violation.processes.first();
    let name = process.and_then(|process| process.container_name.filled());
    let containers = alert.deployment.as_ref().map(|deployment| deployment.containers.as_slice());
    let containers = containers.unwrap_or_default();
    let known = match (name, containers) {
        (Some(name), _) => containers.iter().find(|container| *container.name == *name),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let seen = Seen {
        name: name.or_else(|| known?.name.filled()),
        id: process.and_then(|process| process.signal.container_id.filled()),
        image: known.and_then(|container| container.image.name.full_name.filled()),
        digest: known.and_then(|container| container.image.id.filled()),
    };
    seen.container(warnings)
}

fn place(alert: &Alert<'_>, warnings: &mut Warnings) -> Place {
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    let deployment = alert.deployment.as_ref();
    Place {
        cluster: keep(cluster(alert), "clusterName"),
        namespace: keep(namespace(alert), "namespace"),
        kind: keep(deployment.and_then(|deployment| deployment.kind.filled()), "deployment.type"),
        name: keep(deployment.and_then(|deployment| deployment.name.filled()), "deployment.name"),
        ..Place::default()
    }
}

fn disposition(state: &str) -> Disposition {
    match state {
        "RESOLVED" => Disposition::Archived("resolved in StackRox".to_owned()),
        "SNOOZED" => Disposition::Archived("snoozed in StackRox".to_owned()),
        _ => Disposition::Open,
    }
}
