//! The list of products and their permissions as a whole. Refuses the network.

use std::collections::BTreeSet;

use super::{DESCRIPTOR, PERMISSIONS, SERVICES};

const README: &str = include_str!("README.md");

#[test]
fn products_are_in_order_and_told_apart() {
    let names: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
}

#[test]
fn each_permission_is_asked_for_once_with_its_reason() {
    let actions: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    assert_eq!(actions.len(), PERMISSIONS.len());
    for permission in DESCRIPTOR.about.permissions {
        assert!(permission.action.starts_with("Microsoft."), "{}", permission.action);
        assert!(permission.why.len() > 10, "{}", permission.action);
    }
}

/// Actions in quotes in the fenced blocks of a language.
fn actions_in(language: &str) -> BTreeSet<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = README.split(&fence).skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines());
    let words = lines.map(|line| line.trim().trim_end_matches(',').trim_matches('"'));
    words.filter(|word| word.starts_with("Microsoft.") && word.ends_with("/read")).collect()
}

#[test]
fn the_handbook_asks_for_exactly_what_is_needed() {
    let needed: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    assert_eq!(actions_in("json"), needed, "the role");
    assert_eq!(actions_in("hcl"), needed, "the role in Terraform");
    for permission in &PERMISSIONS {
        let row = format!("| `{}` | {} |", permission.action, permission.why);
        assert!(README.lines().any(|line| line == row), "the table lacks: {row}");
    }
}

#[test]
fn nothing_is_asked_for_that_could_write_or_read_secrets() {
    for permission in &PERMISSIONS {
        assert!(permission.action.ends_with("/read"), "{}", permission.action);
        assert!(!permission.action.contains('*'), "{}", permission.action);
    }
}
