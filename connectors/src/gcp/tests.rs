//! The list of services and their permissions as a whole. Refuses the network.

use std::collections::BTreeSet;

use super::{DESCRIPTOR, PERMISSIONS, SERVICES};

const README: &str = include_str!("README.md");

#[test]
fn services_are_in_order_and_told_apart() {
    let names: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
    for name in names {
        assert!(README.contains(&format!("| `{name}` |")), "the handbook lacks {name}");
    }
}

#[test]
fn each_permission_is_asked_for_once_with_its_reason() {
    let actions: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    assert_eq!(actions.len(), PERMISSIONS.len());
    for permission in DESCRIPTOR.about.permissions {
        assert_eq!(permission.action.split('.').count(), 3, "{}", permission.action);
        assert!(permission.why.len() > 10, "{}", permission.action);
    }
}

#[test]
fn every_probe_tries_a_permission_of_its_service() {
    for service in SERVICES {
        for probe in service.probes {
            let known = service.permissions.iter().any(|permission| permission.action == probe.action);
            assert!(known, "{}", probe.action);
        }
    }
}

/// Permissions in quotes or after a dash in the fenced blocks of a language.
fn actions_in(language: &str) -> BTreeSet<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = README.split(&fence).skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines());
    let words =
        lines.map(|line| line.trim().trim_start_matches("- ").trim_end_matches(',').trim_matches('"'));
    words.filter(|word| is_action(word)).collect::<BTreeSet<_>>()
}

fn is_action(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.len() == 3 && parts.iter().all(letters) && parts[0].bytes().all(|byte| byte.is_ascii_lowercase())
}

#[test]
fn the_handbook_asks_for_exactly_what_is_needed() {
    let needed: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    assert_eq!(actions_in("yaml"), needed, "the role for gcloud");
    assert_eq!(actions_in("hcl"), needed, "the role for Terraform");
    for permission in &PERMISSIONS {
        let row = format!("| `{}` | {} |", permission.action, permission.why);
        assert!(README.lines().any(|line| line == row), "the table lacks: {row}");
    }
}

#[test]
fn nothing_is_asked_for_that_could_write() {
    let reads = ["get", "list", "getIamPolicy", "downloadArtifacts"];
    for permission in &PERMISSIONS {
        let verb = permission.action.rsplit('.').next().unwrap_or_default();
        assert!(reads.contains(&verb), "{}", permission.action);
    }
}
