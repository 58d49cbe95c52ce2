//! Tetragon's events in our words, and the programs that containers execute and the libraries that they load. Refuses to
//! grade them: Tetragon states no severity. Where a policy is not named, as before release 0.10, the hooked function stands
//! for it.

use domain::runtime::{Place, RuntimeEvent};
use domain::scan::Tool;

use super::wire::{Event, Execution, Hook, Process};
use super::{evidence, loaded};
use crate::events::{Events, Seen, bare, techniques};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// What the execution of a binary without a name is called here: Tetragon has no word for it.
const UNLINKED: &str = "process_exec: binary without a name";

/// Maps events.
pub(super) fn events(list: &[Event<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut events = Events::default();
    let mut entries = 0;
    for (number, event) in list.iter().enumerate() {
        let at = format!("[{number}]");
        if event.rate_limit_info.is_some() || event.process_throttle.is_some() {
            warnings.push(at, "Tetragon left events out because there were too many");
            continue;
        }
        entries += 1;
        if let Some(hook) = hook(event) {
            let hooked = hooked(event, hook, &mut warnings);
            events.executed(&hooked, &hook.process.binary);
            if let Some(path) = loaded::of_hook(hook) {
                events.loaded(&hooked, path);
            }
            events.push(hooked);
        } else if let Some(execution) = event.process_exec.as_ref().filter(|execution| is_unlinked(execution))
        {
            events.push(unlinked(event, execution, &mut warnings));
        } else if !is_executed(event, &mut events, &mut warnings) {
            let kind = kind(event);
            let message = format!("{kind} tells what happened and is no alert: it was set aside");
            warnings.skip(at, message);
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

/// Whether an event tells of a program that a container executes, which is noted.
fn is_executed(event: &Event<'_>, events: &mut Events, warnings: &mut Warnings) -> bool {
    let Some(execution) = &event.process_exec else { return false };
    events.executed(&seen(event, &execution.process, "process_exec", warnings), &execution.process.binary)
}

fn tool() -> Tool {
    Tool { name: "tetragon".to_owned(), version: None }
}

fn hook<'e, 'a>(event: &'e Event<'a>) -> Option<&'e Hook<'a>> {
    let hooks = [
        &event.process_kprobe,
        &event.process_tracepoint,
        &event.process_uprobe,
        &event.process_usdt,
        &event.process_lsm,
    ];
    hooks.into_iter().find_map(Option::as_ref)
}

/// The kind of an event that is no alert.
fn kind(event: &Event<'_>) -> &'static str {
    let kinds = [
        ("process_exit", &event.process_exit),
        ("process_loader", &event.process_loader),
        ("process_accept", &event.process_accept),
        ("process_close", &event.process_close),
        ("process_connect", &event.process_connect),
        ("process_listen", &event.process_listen),
        ("process_sock_stats", &event.process_sock_stats),
    ];
    let found = kinds.into_iter().find(|(_, part)| part.is_some()).map(|(kind, _)| kind);
    let executed = event.process_exec.as_ref().map(|_| "process_exec");
    found.or(executed).unwrap_or("an event of an unknown kind")
}

/// Whether the binary lies in memory or was deleted: only of these Tetragon describes the file.
fn is_unlinked(execution: &Execution<'_>) -> bool {
    execution.process.binary_properties.file.is_some()
}

fn hooked(event: &Event<'_>, hook: &Hook<'_>, warnings: &mut Warnings) -> RuntimeEvent {
    let rule = match (hook.policy_name.filled(), hook.function_name.filled()) {
        (Some(policy), _) => policy.to_owned(),
        (None, Some(function)) => function.to_owned(),
        (None, None) => {
            let names = [&hook.subsys, &hook.event, &hook.path, &hook.symbol];
            names.into_iter().filter_map(|name| name.filled()).collect::<Vec<_>>().join(" ")
        }
    };
    RuntimeEvent {
        title: hook.message.filled().map(prose),
        evidence: evidence::of_hook(hook),
        techniques: techniques(hook.tags.iter().map(|tag| &**tag)),
        ..seen(event, &hook.process, &rule, warnings)
    }
}

fn unlinked(event: &Event<'_>, execution: &Execution<'_>, warnings: &mut Warnings) -> RuntimeEvent {
    RuntimeEvent {
        title: Some("A binary that lies in memory or was deleted was executed".to_owned()),
        evidence: evidence::of_process(&execution.process, &execution.parent),
        foreign: true,
        ..seen(event, &execution.process, UNLINKED, warnings)
    }
}

/// What every event says: when, how often, where.
fn seen(event: &Event<'_>, process: &Process<'_>, rule: &str, warnings: &mut Warnings) -> RuntimeEvent {
    let at = time::parse(&event.time);
    let pod = &process.pod;
    let container = &pod.container;
    let seen = Seen {
        name: container.name.filled(),
        id: container.id.filled().or(process.docker.filled()),
        image: container.image.name.filled().or(container.image.id.filled()),
        digest: container.image.id.filled(),
    };
    let (kind, name) = match (pod.workload_kind.filled(), pod.workload.filled()) {
        (Some(kind), Some(name)) => (Some(kind), Some(name)),
        _ => (pod.name.filled().map(|_| "Pod"), pod.name.filled()),
    };
    let container = seen.container(warnings);
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    let place = Place {
        account: None,
        region: None,
        cluster: keep(event.cluster_name.filled(), "cluster_name"),
        namespace: keep(pod.namespace.filled(), "namespace"),
        kind: keep(kind, "kind of a workload"),
        name: keep(name, "name of a workload"),
        node: keep(event.node_name.filled(), "node_name"),
    };
    RuntimeEvent {
        first_seen: at,
        last_seen: at,
        count: event.aggregation_info.count.whole().unwrap_or(1).max(1),
        container,
        place,
        ..bare(tool(), bounded(rule, "rule", warnings))
    }
}
