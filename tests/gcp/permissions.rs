//! What the check says of permissions. Refuses to collect anything.

use serde_json::json;
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::gcp::Gcp;

use crate::asked::SHOP;

#[test]
fn everything_that_is_granted_is_no_refusal() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let trials = Source::of(&gcp, &estate).check();
    assert!(trials.len() > 20);
    let refused: Vec<_> = trials.iter().filter(|trial| trial.refusal.is_some()).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn a_denial_says_how_to_grant_and_an_api_that_is_off_how_to_enable() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let _ = gcp.fault(&json!({"kind": "deny", "project": SHOP, "method": "ListServices"}));
    let _ = gcp.fault(&json!({"kind": "disabled", "project": SHOP, "service": "container"}));
    let trials = Source::with(&gcp, &estate, &[("projects", &[SHOP])]).check();
    let refusal = |action: &str| {
        let trial = trials.iter().find(|trial| trial.action == action && trial.refusal.is_some());
        trial.and_then(|trial| trial.refusal.clone()).unwrap_or_default()
    };
    let denied = refusal("run.services.list");
    assert!(denied.contains("grant these credentials a role with `run.services.list`"), "{denied}");
    let off = refusal("container.clusters.list");
    assert!(
        off.contains(
            "enable it with `gcloud services enable container.googleapis.com --project plimsoll-shop`"
        ),
        "{off}"
    );
    assert_eq!(refusal("run.jobs.list"), "", "nothing else is refused");
}
