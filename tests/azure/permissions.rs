//! Trying permissions: each that can be tried, in every subscription, and the sentence for one that is refused.

use std::collections::BTreeSet;

use connectors::azure::DESCRIPTOR;
use serde_json::json;
use tests::asked::Source;
use tests::azure::Azure;
use tests::cloud::Cloud;

/// What only a registry with roles for single repositories checks.
const BY_REPOSITORY: [&str; 3] = ["catalog/read", "repositories/metadata/read", "repositories/content/read"];

#[test]
fn every_permission_is_tried_and_granted() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let trials = Source::with(azure, estate, &[("management_group", &["plimsoll"])]).check();
    let refused: Vec<_> = trials.iter().filter_map(|trial| trial.refusal.as_deref()).collect();
    assert_eq!(refused, [""; 0]);
    let tried: BTreeSet<&str> = trials.iter().map(|trial| trial.action.as_str()).collect();
    let needed = DESCRIPTOR.about.permissions.iter().map(|permission| permission.action);
    let needed: BTreeSet<&str> =
        needed.filter(|action| BY_REPOSITORY.iter().all(|ending| !action.ends_with(ending))).collect();
    assert_eq!(tried, needed);
}

#[test]
fn a_refused_permission_is_told_with_its_place_and_remedy() {
    let Some((azure, estate)) = Azure::seeded(&json!("tiny")) else { return };
    let here = &estate.subscriptions[0];
    azure.fault(&json!({ "kind": "deny", "operation": "sites.list" }));
    let trials = Source::of(&azure, &estate).check();
    let refused: Vec<_> = trials.iter().filter(|trial| trial.refusal.is_some()).collect();
    assert_eq!(refused.len(), 1);
    let sentence = refused[0].refusal.as_deref().unwrap();
    assert!(
        sentence
            .starts_with(&format!("`Microsoft.Web/sites/read` was denied in {here} / web-apps: give the")),
        "{sentence}"
    );
}
