//! Falco's log in our words. Refuses to guess the rule: the text names none, so the sentence at the beginning of its
//! output stands for it.

use domain::runtime::{Place, RuntimeEvent};

use super::wire::{Alert, Log, Said, field};
use crate::events::{Process, Seen, bare, evidence};
use crate::falco_json::{self, Alerts, sentence, severity, tool};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// The fields of ancestors, the nearest first.
const ANCESTORS: [&[&str]; 3] = [&["parent", "proc_pname", "proc.pname"], &["gparent"], &["ggparent"]];

/// Maps a log.
pub(super) fn log(log: &Log<'_>) -> Parsed {
    let mut alerts = Alerts::default();
    for line in &log.lines {
        let at = format!("line {}", line.number);
        match line.said {
            Said::Alert(alert) => {
                let event = event(&alert, &at, &mut alerts.warnings);
                alerts.push_event(event);
            }
            Said::Json(text) => match serde_json::from_str::<falco_json::Alert<'_>>(text) {
                Ok(alert) => alerts.push(&alert, &at),
                Err(_) => alerts.warnings.skip(at, "a line of JSON that is no alert was skipped"),
            },
        }
    }
    for stray in &log.strays {
        alerts.warnings.skip(format!("line {}", stray.line), "an alert without a word was skipped");
    }
    let version = log.version.map(|version| bounded(version, "version", &mut alerts.warnings));
    alerts.build(version)
}

fn event(alert: &Alert<'_>, at: &str, warnings: &mut Warnings) -> RuntimeEvent {
    let stamp = time::parse(alert.time);
    if stamp.is_none() {
        warnings.push(at, "the time of an alert has no date and is not kept");
    }
    warnings
        .push(at, "the text does not name the rule of an alert: the beginning of its output stands for it");
    let output = alert.output;
    let find = |names: &[&str]| field(output, names);
    let id = find(&["container_id", "container.id"]);
    let repository = find(&["container_image_repository", "container.image.repository"]);
    let tag = find(&["container_image_tag", "container.image.tag"]);
    let joined = repository.zip(tag).map(|(repository, tag)| format!("{repository}:{tag}"));
    let image = joined.as_deref().or_else(|| find(&["container_image", "container.image", "image"]));
    let name = find(&["container_name", "container.name"]);
    let seen = Seen { name, id, image: image.or(repository), digest: None };
    let container =
        if id == Some("host") { Seen::default().container(warnings) } else { seen.container(warnings) };
    RuntimeEvent {
        severity: severity(alert.priority),
        severity_word: bounded(alert.priority, "priority", warnings),
        first_seen: stamp,
        last_seen: stamp,
        container,
        place: place(output, warnings),
        evidence: proof(output),
        ..bare(tool(), bounded(sentence(output), "output", warnings))
    }
}

fn place(output: &str, warnings: &mut Warnings) -> Place {
    let namespace = field(output, &["k8s_ns_name", "k8s_ns", "k8s.ns.name", "k8s.ns", "ns"]);
    let pod = field(output, &["k8s_pod_name", "k8s_pod", "k8s.pod.name", "k8s.pod"]);
    Place {
        namespace: namespace.map(|name| bounded(name, "namespace", warnings)),
        kind: pod.map(|_| "Pod".to_owned()),
        name: pod.map(|name| bounded(name, "pod", warnings)),
        ..Place::default()
    }
}

/// Process, parents and file; the command line is left out.
fn proof(output: &str) -> Option<String> {
    let process = Process {
        path: field(output, &["proc_exepath", "proc.exepath", "process", "proc_name", "proc.name"]),
        pid: None,
        user: field(output, &["user", "user_name", "user.name"]),
        ancestors: ANCESTORS.iter().filter_map(|names| field(output, names)).collect(),
    };
    let mut parts = Vec::new();
    parts.extend(process.evidence());
    parts.extend(field(output, &["file", "fd.name", "fd_name"]).map(|file| format!("file {file}")));
    parts.extend(field(output, &["connection"]).map(|peers| format!("connection {peers}")));
    evidence(&parts)
}
