//! Alerts on clusters and containers as events. Refuses alerts on everything else, which are counted and set aside, and
//! to take a sample for an attack.

use domain::runtime::{ContainerSeen, Disposition, Place, RuntimeEvent};
use domain::scan::Tool;
use serde_json::Value;

use super::map::TOOL;
use super::wire_alerts::{Properties, Row, part, text};
use crate::aside::Aside;
use crate::events::{Events, Process, Seen, bare, evidence, techniques};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

const TYPE: &str = "microsoft.security/locations/alerts";
/// What the type of an alert on clusters and containers holds.
const WORDS: [&str; 5] = ["k8s", "aks_", "container", "kubernetes", "docker"];
/// What the id of a cluster or a registry holds.
const RESOURCES: [&str; 3] = [
    "/microsoft.containerservice/managedclusters/",
    "/microsoft.kubernetes/connectedclusters/",
    "/microsoft.containerregistry/registries/",
];
const CLUSTERS: [&str; 2] = ["K8s-cluster", "kubernetes-cluster"];
const NAMESPACES: [&str; 2] = ["K8s-namespace", "kubernetes-namespace"];
const PODS: [&str; 2] = ["K8s-pod", "kubernetes-pod"];

/// Whether a row is an alert.
pub(super) fn is_alert(kind: &str) -> bool {
    kind.eq_ignore_ascii_case(TYPE)
}

/// Maps rows; `partial` says why there are not all of them.
pub(super) fn rows(rows: &[Row<'_>], partial: Option<&str>) -> Parsed {
    let (mut events, mut aside, mut warnings) = (Events::default(), Aside::default(), Warnings::default());
    for (number, row) in rows.iter().enumerate() {
        let at = || format!("rows[{number}]");
        if !is_alert(&row.kind) {
            warnings.skip(at(), "a row among alerts that is none was skipped: submit such rows alone");
        } else if row.properties.alert_type.is_empty() {
            warnings.skip(at(), "an alert without a type was skipped");
        } else if is_of_containers(&row.properties) {
            events.push(alert(row, &mut warnings));
        } else {
            let kind = bounded(&row.properties.alert_type, "alertType", &mut warnings);
            aside.no_image(format!("of type {kind}"), at);
        }
    }
    if let Some(why) = partial {
        warnings.push("nextLink", why);
    }
    aside.tell(&mut warnings);
    Parsed {
        tool: Some(tool()),
        entries: rows.len(),
        listed_components: 0,
        observations: events.build(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn tool() -> Tool {
    Tool { name: TOOL.to_owned(), version: None }
}

fn is_of_containers(properties: &Properties<'_>) -> bool {
    let kind = properties.alert_type.to_ascii_lowercase();
    let typed = WORDS.iter().any(|word| kind.contains(word));
    let component = properties.product_component_name.eq_ignore_ascii_case("Containers");
    let placed = properties.resource_identifiers.iter().any(|resource| {
        let id = resource.azure_resource_id.to_ascii_lowercase();
        RESOURCES.iter().any(|part| id.contains(part))
    });
    typed || component || placed || properties.entity(&["container"]).is_some()
}

fn alert(row: &Row<'_>, warnings: &mut Warnings) -> RuntimeEvent {
    let properties = &row.properties;
    let stated = properties.techniques.iter().chain(&properties.sub_techniques);
    let first = time::parse(&properties.start_time_utc);
    RuntimeEvent {
        id: properties.system_alert_id.filled().map(|id| bounded(id, "systemAlertId", warnings)),
        severity: severity::from_word(&properties.severity),
        severity_word: bounded(&properties.severity, "severity", warnings),
        title: properties.alert_display_name.filled().map(prose),
        first_seen: first,
        last_seen: time::parse(&properties.end_time_utc).or(first),
        container: container(properties, warnings),
        place: place(row, warnings),
        evidence: proof(properties),
        techniques: techniques(stated.map(|technique| &**technique)),
        disposition: disposition(properties),
        ..bare(tool(), bounded(&properties.alert_type, "alertType", warnings))
    }
}

fn disposition(properties: &Properties<'_>) -> Disposition {
    let sample = properties.alert_type.starts_with("SIMULATED_")
        || properties.alert_display_name.to_ascii_uppercase().starts_with("[SAMPLE ALERT]");
    match properties.status.as_str() {
        _ if sample => Disposition::Archived("a sample that Defender for Cloud made up".to_owned()),
        Some("Dismissed") => Disposition::Archived("dismissed in Defender for Cloud".to_owned()),
        Some("Resolved") => Disposition::Archived("resolved in Defender for Cloud".to_owned()),
        _ => Disposition::Open,
    }
}

fn container(properties: &Properties<'_>, warnings: &mut Warnings) -> ContainerSeen {
    let container = properties.entity(&["container"]);
    let image = container.and_then(|container| part(container, "image"));
    let listed = properties.entity(&["container-image"]);
    let of_image =
        |key: &str| image.and_then(|image| text(image, key)).or(listed.and_then(|image| text(image, key)));
    let seen = Seen {
        name: container.and_then(|container| text(container, "name")),
        id: container.and_then(|container| text(container, "containerId")),
        image: of_image("imageId"),
        digest: of_image("digest"),
    };
    seen.container(warnings)
}

fn place(row: &Row<'_>, warnings: &mut Warnings) -> Place {
    let properties = &row.properties;
    let within = properties.entity(&["container"]).and_then(|container| part(container, "pod"));
    let named = within.filter(|pod| text(pod, "name").is_some());
    let pod = properties.entity(&PODS).or(named);
    let of_pod = pod.and_then(|pod| part(pod, "namespace")).and_then(|namespace| text(namespace, "name"));
    let namespace = of_pod.or_else(|| properties.entity(&NAMESPACES).and_then(|entity| text(entity, "name")));
    let pod = pod.and_then(|pod| text(pod, "name"));
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    Place {
        account: keep(after(&row.id, "subscriptions"), "subscription"),
        cluster: keep(cluster(properties), "cluster"),
        namespace: keep(namespace, "namespace"),
        kind: pod.map(|_| "Pod".to_owned()),
        name: keep(pod, "name of a pod"),
        ..Place::default()
    }
}

/// The name of the cluster: of its resource, or of its entity.
fn cluster<'p>(properties: &'p Properties<'_>) -> Option<&'p str> {
    let ids = properties.resource_identifiers.iter().map(|resource| &*resource.azure_resource_id);
    let mut named = ids.filter_map(|id| after(id, "managedClusters").or(after(id, "connectedClusters")));
    named.next().or_else(|| properties.entity(&CLUSTERS).and_then(|entity| text(entity, "name")))
}

/// The part of a resource's id behind another.
fn after<'i>(id: &'i str, part: &str) -> Option<&'i str> {
    let mut parts = id.split('/').skip_while(|known| !known.eq_ignore_ascii_case(part));
    parts.nth(1).filter(|name| !name.is_empty())
}

/// Processes, files and addresses; command lines are left out.
fn proof(properties: &Properties<'_>) -> Option<String> {
    let parts: Vec<String> = properties.entities.iter().filter_map(told).take(8).collect();
    evidence(&parts)
}

fn told(entity: &Value) -> Option<String> {
    let path = |file: &Value| {
        let name = text(file, "name")?;
        let folder = text(file, "directory").map(|folder| folder.trim_end_matches('/'));
        Some(folder.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}")))
    };
    match text(entity, "type")?.to_ascii_lowercase().as_str() {
        "process" => {
            let file = part(entity, "imageFile").and_then(path);
            let pid = text(entity, "processId").and_then(|pid| pid.parse().ok());
            Process { path: file.as_deref(), pid, ..Process::default() }.evidence()
        }
        "file" => path(entity).map(|path| format!("file {path}")),
        "ip" => text(entity, "address").map(|address| format!("address {address}")),
        _ => None,
    }
}
