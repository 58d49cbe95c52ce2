//! The list of services and their permissions as a whole. Refuses the network.

use std::collections::BTreeSet;

use super::{DESCRIPTOR, PERMISSIONS, SERVICES};

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
