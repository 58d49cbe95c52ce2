//! The list of services and their permissions as a whole. Refuses the network.

use std::collections::BTreeSet;

use super::{DESCRIPTOR, PERMISSIONS, README, SERVICES};

#[test]
fn services_are_in_order_and_told_apart() {
    let names: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
}

#[test]
fn each_permission_is_asked_for_once_with_its_reason() {
    let actions: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    assert_eq!(actions.len(), PERMISSIONS.len());
    for permission in DESCRIPTOR.about.permissions {
        assert!(permission.action.contains(':'), "{}", permission.action);
        assert!(permission.why.len() > 10, "{}", permission.action);
    }
}

/// Actions in quotes or after a dash in the fenced blocks of a language.
fn actions_in(language: &str) -> BTreeSet<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = README.split(&fence).skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines());
    let words =
        lines.map(|line| line.trim().trim_start_matches("- ").trim_end_matches(',').trim_matches('"'));
    words.filter(|word| is_action(word)).collect::<BTreeSet<_>>()
}

fn is_action(word: &str) -> bool {
    word.split_once(':').is_some_and(|(service, operation)| {
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let begins = operation.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
        begins && service.bytes().all(lower) && operation.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[test]
fn the_handbook_asks_for_exactly_what_is_needed() {
    let needed: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    assert_eq!(actions_in("json"), needed, "the two policies");
    let entering = ["organizations:ListAccounts", "sts:AssumeRole"];
    let member: BTreeSet<&str> = needed.iter().filter(|action| !entering.contains(action)).copied().collect();
    assert_eq!(actions_in("yaml"), member, "the CloudFormation template");
    for permission in &PERMISSIONS {
        let row = format!("| `{}` | {} |", permission.action, permission.why);
        assert!(README.lines().any(|line| line == row), "the table lacks: {row}");
    }
}

#[test]
fn nothing_is_asked_for_that_could_write() {
    for permission in &PERMISSIONS {
        let operation = permission.action.split(':').nth(1).unwrap_or_default();
        let reads = ["Describe", "List", "Get", "BatchGet"].iter().any(|verb| operation.starts_with(verb));
        assert!(reads || permission.action == "sts:AssumeRole", "{}", permission.action);
    }
}
