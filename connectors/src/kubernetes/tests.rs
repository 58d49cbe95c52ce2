//! The list of services and their permissions as a whole. Refuses the network.

use std::collections::BTreeSet;

use super::{DESCRIPTOR, PERMISSIONS, SERVICES};

const README: &str = include_str!("README.md");
const MANIFESTS: &str = include_str!("../../../config/deploy/kubernetes.yaml");

#[test]
fn services_are_in_order_and_told_apart() {
    let names: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
    for name in names {
        assert!(README.contains(&format!("| `{name}` |")), "the handbook lacks {name}");
    }
}

#[test]
fn every_probe_tries_a_permission_of_its_service_and_every_permission_is_tried() {
    for service in SERVICES {
        let asked: BTreeSet<&str> = service.permissions.iter().map(|permission| permission.action).collect();
        let tried: BTreeSet<&str> = service.probes.iter().map(|probe| probe.action).collect();
        assert_eq!((asked.len(), &asked), (service.permissions.len(), &tried), "{}", service.name);
    }
}

/// What a role may, as permissions word it: `pods: list`, `jobs.batch: list`.
fn granted(role: &str) -> BTreeSet<String> {
    let words = |line: &str, key: &str| -> Option<Vec<String>> {
        let list = line.trim().trim_start_matches("- ").strip_prefix(key)?.trim();
        let list = list.strip_prefix('[')?.strip_suffix(']')?;
        Some(list.split(',').map(|word| word.trim().trim_matches('"').to_owned()).collect())
    };
    let (mut group, mut resources, mut granted) = (String::new(), Vec::new(), BTreeSet::new());
    for line in role.lines() {
        if let Some(groups) = words(line, "apiGroups:") {
            group = groups.concat();
        }
        resources = words(line, "resources:").unwrap_or(resources);
        for verb in words(line, "verbs:").into_iter().flatten() {
            let titled =
                |name: &String| if group.is_empty() { name.clone() } else { format!("{name}.{group}") };
            granted.extend(resources.iter().map(|name| format!("{}: {verb}", titled(name))));
        }
    }
    granted
}

#[test]
fn handbook_and_manifests_grant_exactly_what_is_needed() {
    let needed: BTreeSet<String> =
        PERMISSIONS.iter().map(|permission| permission.action.to_owned()).collect();
    assert_eq!(needed.len(), DESCRIPTOR.about.permissions.len());
    let handbook = README.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(granted(handbook), needed);
    let role = MANIFESTS.split("---").find(|part| part.contains("kind: ClusterRole\n")).unwrap();
    assert_eq!(granted(role), needed);
    assert!(needed.iter().all(|action| action.ends_with(": list") || action.ends_with(": watch")));
    assert!(!needed.iter().any(|action| action.starts_with("secrets")));
}
