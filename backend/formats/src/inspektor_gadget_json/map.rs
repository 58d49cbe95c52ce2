//! Records in our words, and the programs that containers execute. Refuses arguments of commands, and records of what
//! runs in no container.

use domain::runtime::{Place, RuntimeEvent};
use domain::scan::Tool;

use super::rules::{self, Rule};
use super::wire::Record;
use crate::Parsed;
use crate::events::{Events, Process, Seen, bare, evidence, moment};
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Maps records.
pub(super) fn records(list: &[Record<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut events = Events::default();
    let mut entries = 0;
    for (number, record) in list.iter().enumerate() {
        let at = format!("[{number}]");
        if record.kind.as_str().is_some_and(|kind| ["debug", "err", "info", "ready", "warn"].contains(&kind))
        {
            warnings.push(at, "a message of a gadget is no record and was passed over");
            continue;
        }
        entries += 1;
        let container = [&record.runtime.container_id, &record.runtime.container_name, &record.k8s.pod_name];
        let contained = container.into_iter().any(|name| name.filled().is_some());
        match rules::of(record) {
            Some(rule) if contained => events.push(noteworthy(record, rule, &mut warnings)),
            Some(_) => warnings.skip(at, "a record of what runs in no container was set aside"),
            None if is_executed(record, &mut events, &mut warnings) => {}
            None => warnings.skip(at, "a record tells what happened and is no alert: it was set aside"),
        }
    }
    Parsed {
        tool: Some(tool()),
        entries,
        listed_components: 0,
        observations: events.build(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// Whether a record tells of a program that a container executes, which is noted.
fn is_executed(record: &Record<'_>, events: &mut Events, warnings: &mut Warnings) -> bool {
    let failed = record.error.filled().is_some_and(|error| error != "0");
    let Some(path) = record.exepath.filled().filter(|_| !failed && record.upper_layer.is_some()) else {
        return false;
    };
    events.executed(&seen(record, "trace_exec", warnings), path)
}

fn tool() -> Tool {
    Tool { name: "inspektor-gadget".to_owned(), version: None }
}

fn noteworthy(record: &Record<'_>, rule: &Rule, warnings: &mut Warnings) -> RuntimeEvent {
    RuntimeEvent {
        title: Some(rule.title.to_owned()),
        evidence: proof(record),
        foreign: record.upper_layer == Some(true),
        ..seen(record, rule.name, warnings)
    }
}

/// What every record says: when and where.
fn seen(record: &Record<'_>, rule: &str, warnings: &mut Warnings) -> RuntimeEvent {
    let at = moment(&record.timestamp);
    let runtime = &record.runtime;
    let seen = Seen {
        name: record.k8s.container_name.filled().or(runtime.container_name.filled()),
        id: runtime.container_id.filled(),
        image: runtime.container_image_name.filled(),
        digest: runtime.container_image_digest.filled(),
    };
    RuntimeEvent {
        first_seen: at,
        last_seen: at,
        container: seen.container(warnings),
        place: place(record, warnings),
        ..bare(tool(), rule.to_owned())
    }
}

fn place(record: &Record<'_>, warnings: &mut Warnings) -> Place {
    let pod = &record.k8s;
    let owner = pod.owner.kind.filled().zip(pod.owner.name.filled());
    let workload = owner.or_else(|| Some(("Pod", pod.pod_name.filled()?)));
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    Place {
        namespace: keep(pod.namespace.filled(), "namespace"),
        kind: keep(workload.map(|(kind, _)| kind), "kind of a workload"),
        name: keep(workload.map(|(_, name)| name), "name of a workload"),
        node: keep(pod.node.filled(), "node"),
        ..Place::default()
    }
}

/// Process, file, system call and mount.
fn proof(record: &Record<'_>) -> Option<String> {
    let process = Process {
        path: record.exepath.filled().or(record.process.comm.filled()).or(record.comm.filled()),
        pid: record.process.pid.whole().or(record.pid.whole()),
        user: record.process.creds.user.filled(),
        ancestors: record.process.parent.comm.filled().or(record.pcomm.filled()).into_iter().collect(),
    };
    let mut parts = Vec::new();
    parts.extend(process.evidence());
    if let Some(syscall) = record.syscall.filled() {
        let answer = record.code.filled().map(|code| format!(" answered with {code}"));
        parts.push(format!("system call {syscall}{}", answer.unwrap_or_default()));
    }
    parts.extend(record.filepath.filled().map(|path| format!("file {path}")));
    if let (Some(source), Some(target)) = (record.src.as_str(), record.dest.as_str()) {
        parts.push(format!("mount of {source} at {target}"));
    }
    evidence(&parts)
}
