//! Which scopes there are.

use std::collections::BTreeSet;

use domain::source::Completeness;
use tests::asked::Source;
use tests::aws::{Aws, Fault, small};
use tests::cloud::Cloud;

use crate::asked::{HERE, THERE};

#[test]
fn an_organisation_is_its_accounts_in_their_enabled_regions() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let plan = Source::with(aws, estate, &[("organisation", &["true"])]).plan().unwrap();
    assert_eq!(plan.completeness, Completeness::Complete);
    let accounts: Vec<&str> = plan.accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(accounts, estate.accounts);
    assert_eq!(plan.accounts[1].name.as_deref(), Some("workloads-2"));
    let regions: BTreeSet<&str> = plan
        .scopes
        .iter()
        .filter(|scope| scope.service == "ecr")
        .map(|scope| scope.region.as_str())
        .collect();
    assert_eq!(regions, BTreeSet::from([HERE, "eu-north-1", THERE]));
    let public = plan.scopes.iter().filter(|scope| scope.service == "ecr-public");
    assert_eq!(public.map(|scope| scope.region.as_str()).collect::<Vec<_>>(), [THERE; 3]);
}

#[test]
fn what_is_left_out_is_not_planned() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let account = estate.accounts[2].as_str();
    let settings: &[(&str, &[&str])] =
        &[("accounts", &[account]), ("regions", &[HERE]), ("leave_out", &["ecr-public", "inspector"])];
    let plan = Source::with(aws, estate, settings).plan().unwrap();
    assert!(plan.scopes.iter().all(|scope| scope.account == account && scope.region == HERE));
    let services: BTreeSet<&str> = plan.scopes.iter().map(|scope| scope.service.as_str()).collect();
    assert!(services.contains("ecr") && !services.contains("ecr-public") && !services.contains("inspector"));
}

#[test]
fn an_account_that_left_is_in_no_complete_plan() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let source = Source::of(&aws, &estate);
    for fault in [Fault::leave(&estate.accounts[2]), Fault::suspend(&estate.accounts[2])] {
        aws.fault(&fault);
        let plan = source.plan().unwrap();
        aws.heal();
        assert_eq!(plan.completeness, Completeness::Complete);
        assert!(plan.scopes.iter().all(|scope| scope.account != estate.accounts[2]));
    }
}

#[test]
fn an_account_that_cannot_be_entered_makes_the_plan_partial() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let settings: &[(&str, &[&str])] = &[("accounts", &[&estate.accounts[1], "999999999999"])];
    let plan = Source::with(aws, estate, settings).plan().unwrap();
    let Completeness::Partial(reason) = plan.completeness else { panic!("complete") };
    assert!(reason.starts_with("`sts:AssumeRole` was denied in 999999999999"), "{reason}");
    assert!(plan.scopes.iter().all(|scope| scope.account == estate.accounts[1]));
    assert!(!plan.scopes.is_empty());
}

#[test]
fn keys_that_aws_does_not_know_say_so() {
    let Some((aws, mut estate)) = Aws::seeded(&small()) else { return };
    estate.access_key = "AKIANOBODYKNOWSTHIS0".to_owned();
    let failure = Source::of(&aws, &estate).plan().unwrap_err();
    assert!(failure.starts_with("no credentials that"), "{failure}");
    assert!(failure.contains("InvalidClientTokenId"), "{failure}");
}
