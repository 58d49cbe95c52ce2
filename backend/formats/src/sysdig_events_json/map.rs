//! Events of Sysdig Secure in our words. Refuses the label of the process: it is the whole command line.

use domain::runtime::{ContainerSeen, Place, RuntimeEvent};
use domain::severity::Severity;

use super::wire::Event;
use crate::events::{Events, Seen, bare, kind, moment, techniques};
use crate::falco_json::{proof, title};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, sysdig};

/// Maps events and pages of events.
pub(super) fn events(read: &[Event<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut events = Events::default();
    let mut entries = 0;
    for (number, top) in read.iter().enumerate() {
        if top.page.next.filled().is_some() {
            warnings.push("page", "the list goes on: its next page is missing");
        }
        let page = top.data.as_deref();
        for (index, event) in page.unwrap_or(std::slice::from_ref(top)).iter().enumerate() {
            let at = page.map_or_else(|| format!("[{number}]"), |_| format!("data[{index}]"));
            entries += 1;
            if event.content.rule.is_empty() {
                let from = bounded(&event.originator, "originator", &mut warnings);
                let message = format!("an event of {from} without a rule is no alert: it was set aside");
                warnings.skip(at, message);
                continue;
            }
            events.push(alert(event, &mut warnings));
        }
    }
    Parsed {
        tool: Some(sysdig::tool(None)),
        entries,
        listed_components: 0,
        observations: events.build(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn alert(event: &Event<'_>, warnings: &mut Warnings) -> RuntimeEvent {
    let content = &event.content;
    let at = moment(&event.timestamp);
    RuntimeEvent {
        id: event.id.filled().map(|id| bounded(id, "id", warnings)),
        severity: severity(&event.severity),
        severity_word: bounded(&event.severity, "severity", warnings),
        title: title(content),
        first_seen: at,
        last_seen: at,
        container: container(event, warnings),
        place: place(event, warnings),
        evidence: proof(content),
        techniques: techniques(content.tags.iter().map(|tag| &**tag)),
        ..bare(sysdig::tool(None), bounded(&content.rule, "ruleName", warnings))
    }
}

/// Sysdig calls 0 to 3 high, 4 and 5 medium, 6 low and 7 informational.
fn severity(number: &str) -> Severity {
    match number {
        "0" | "1" | "2" | "3" => Severity::High,
        "4" | "5" => Severity::Medium,
        "6" | "7" => Severity::Low,
        _ => Severity::Unknown,
    }
}

fn container(event: &Event<'_>, warnings: &mut Warnings) -> ContainerSeen {
    let content = &event.content;
    let stated = content.field(&["container.id"]);
    let id = event.container_id.filled().or(stated.as_deref()).filter(|id| *id != "host");
    let repository = content.field(&["container.image.repository"]);
    let repository = event.label(&["container.image.repo"]).or(repository.as_deref());
    let tag = content.field(&["container.image.tag"]);
    let tag = event.label(&["container.image.tag"]).or(tag.as_deref());
    let tagged = repository.zip(tag).map(|(repository, tag)| format!("{repository}:{tag}"));
    let name = content.field(&["container.name"]);
    let seen = Seen {
        name: event
            .label(&["container.label.io.kubernetes.container.name", "container.name"])
            .or(name.as_deref()),
        id,
        image: tagged.as_deref().or(repository),
        digest: event.label(&["container.image.digest"]),
    };
    if stated.as_deref() == Some("host") { ContainerSeen::default() } else { seen.container(warnings) }
}

fn place(event: &Event<'_>, warnings: &mut Warnings) -> Place {
    let workload = event.label(&["kubernetes.workload.type"]).zip(event.label(&["kubernetes.workload.name"]));
    let pod = event.label(&["kubernetes.pod.name", "container.label.io.kubernetes.pod.name"]);
    let plural = workload.map(|(word, _)| format!("{word}s"));
    let known = plural.as_deref().map(|plural| (kind(plural), plural));
    let (kind, name) = match (workload, known) {
        (Some((_, name)), Some((kind, plural))) if kind != plural => (Some(kind), Some(name)),
        (Some((word, name)), _) => (Some(word), Some(name)),
        (None, _) => (pod.map(|_| "Pod"), pod),
    };
    let mut keep = |names: &[&str]| {
        let stated = event.label(names);
        stated.map(|text| bounded(text, "labels", warnings))
    };
    Place {
        account: keep(&[
            "cloudProvider.account.id",
            "aws.accountId",
            "gcp.projectId",
            "azure.subscriptionId",
        ]),
        region: keep(&["cloudProvider.region", "aws.region"]),
        cluster: keep(&["kubernetes.cluster.name"]),
        namespace: keep(&["kubernetes.namespace.name", "container.label.io.kubernetes.pod.namespace"]),
        node: keep(&["kubernetes.node.name", "host.hostName"]),
        kind: kind.map(|kind| bounded(kind, "kubernetes.workload.type", warnings)),
        name: name.map(|name| bounded(name, "kubernetes.workload.name", warnings)),
    }
}
