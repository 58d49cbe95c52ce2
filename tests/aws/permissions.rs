//! Trying permissions: every one in every place, and the sentence for one that is refused.

use std::collections::BTreeSet;

use connectors::aws::DESCRIPTOR;
use tests::asked::Source;
use tests::aws::{Aws, Fault, small};
use tests::cloud::Cloud;

use crate::asked::HERE;

#[test]
fn every_permission_is_tried_and_granted() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let trials = Source::with(aws, estate, &[("organisation", &["true"])]).check();
    let refused: Vec<_> = trials.iter().filter_map(|trial| trial.refusal.as_deref()).collect();
    assert_eq!(refused, [""; 0]);
    let tried: BTreeSet<&str> = trials.iter().map(|trial| trial.action.as_str()).collect();
    let needed: BTreeSet<&str> =
        DESCRIPTOR.about.permissions.iter().map(|permission| permission.action).collect();
    assert_eq!(tried, needed);
}

#[test]
fn a_refused_permission_is_told_with_its_place_and_remedy() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let account = &estate.accounts[1];
    aws.fault(&Fault::deny().on("ecr", "DescribeImages").account(account).region(HERE));
    let trials = Source::of(&aws, &estate).check();
    let refused: Vec<_> = trials.iter().filter(|trial| trial.refusal.is_some()).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        refused[0].refusal.as_deref().unwrap(),
        format!(
            "`ecr:DescribeImages` was denied in {account} / {HERE} / ecr: \
             allow `ecr:DescribeImages` in a policy of role `PlimsollReader` of account {account}"
        )
    );
}
