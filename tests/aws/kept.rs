//! What a fault leaves as it was: nothing is retired wrongly, nothing is doubled, the journal says where and
//! why, and the next whole run finds everything again.

use std::time::Duration;

use domain::source::{RunState, Scope};
use serde_json::json;
use tests::asked::scope;
use tests::aws::Fault;
use tests::synced::{LONG, open, told};

use crate::asked::{HERE, THERE};
use crate::synced::{BESIDES, World};

/// Three accounts, two regions, a few repositories in each, images for two platforms, and what runs; `whole` has
/// all sixty.
fn world() -> Option<World> {
    World::new(&json!({ "repositories": 12 }), &[("leave_out", &BESIDES)])
}

#[test]
fn a_denial_in_one_region_stays_in_it() {
    let Some(world) = world() else { return };
    let account = world.estate.accounts[1].clone();
    let fault = Fault::deny().on("ecr", "DescribeRepositories").account(&account).region(THERE);
    let journal = world.keeps(&fault.order(), LONG);
    assert_eq!(open(&journal), [scope(&account, THERE, "ecr")]);
    let (state, reason) = told(&journal, &scope(&account, THERE, "ecr"));
    assert_eq!(state, RunState::Failed);
    assert_eq!(
        reason,
        format!(
            "`ecr:DescribeRepositories` was denied in {account} / {THERE} / ecr: allow `ecr:DescribeRepositories` \
             in a policy of role `PlimsollReader` of account {account}."
        )
    );
    // A denial of one call among many leaves what was seen and retires nothing either.
    let fault = Fault::deny().on("ecr", "DescribeImages").account(&account).region(HERE).after(5);
    let journal = world.keeps(&fault.order(), LONG);
    let (state, reason) = told(&journal, &scope(&account, HERE, "ecr"));
    assert_eq!(state, RunState::Partial);
    assert!(reason.starts_with("`ecr:DescribeImages` was denied in"), "{reason}");
}

#[test]
fn throttling_that_passes_loses_nothing() {
    let Some(world) = world() else { return };
    for fault in [
        Fault::throttle().on("ecr", "DescribeImages").every(4).first(40),
        Fault::throttle().said("ThrottlingException", 400).on("ecs", "*").every(3).first(20),
        Fault::throttle().said("Throttling", 400).on("elbv2", "*").first(3),
    ] {
        let journal = world.keeps(&fault.order(), LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{}", journal.run.message);
        let counts = journal.run.counts;
        assert!(counts.throttled > 0 && counts.retries >= counts.throttled, "{counts:?}");
        assert!(counts.waited_milliseconds > 0, "{counts:?}");
    }
}

#[test]
fn throttling_that_does_not_pass_ends_at_the_deadline() {
    let Some(world) = world() else { return };
    let account = world.estate.accounts[2].clone();
    let fault = Fault::throttle().on("ecr", "DescribeRepositories").account(&account).region(HERE);
    let journal = world.keeps(&fault.order(), Duration::from_secs(5));
    assert_eq!(open(&journal), [scope(&account, HERE, "ecr")]);
    let (_, reason) = told(&journal, &scope(&account, HERE, "ecr"));
    assert!(reason.starts_with("`ecr:DescribeRepositories` was throttled in"), "{reason}");
    assert_eq!(journal.run.state, RunState::Waiting, "it may pass, so that it is asked again");
}

#[test]
fn a_region_that_hangs_is_given_up_alone() {
    let Some(world) = world() else { return };
    let fault = Fault::timeout(600.0).region(THERE).on("ecr", "DescribeRepositories");
    let journal = world.keeps(&fault.order(), Duration::from_secs(5));
    let expected: Vec<Scope> =
        world.estate.accounts.iter().map(|account| scope(account, THERE, "ecr")).collect();
    assert_eq!(open(&journal), expected);
    let (state, reason) = told(&journal, &expected[0]);
    assert_eq!(state, RunState::Failed);
    assert!(reason.ends_with("did not answer within 5 s."), "{reason}");
}

#[test]
fn a_web_page_instead_of_an_answer_is_told() {
    let Some(world) = world() else { return };
    let account = world.estate.accounts[1].clone();
    for (fault, service) in [
        (Fault::garbage(200).on("ecr", "DescribeImages").account(&account).region(HERE), "ecr"),
        (Fault::garbage(502).on("ecs", "DescribeTasks").account(&account).region(HERE), "ecs"),
    ] {
        let journal = world.keeps(&fault.order(), LONG);
        assert_eq!(open(&journal), [scope(&account, HERE, service)]);
        let (_, reason) = told(&journal, &scope(&account, HERE, service));
        assert!(reason.contains("answered something unreadable: status"), "{reason}");
        assert!(reason.contains("with a web page"), "{reason}");
    }
}

#[test]
fn a_list_that_never_ends_is_partial() {
    let Some(world) = world() else { return };
    let account = world.estate.accounts[0].clone();
    for (service, action) in
        [("ecr", "DescribeRepositories"), ("ecs", "ListServices"), ("lambda", "ListFunctions")]
    {
        let fault = Fault::repeat_token().on(service, action).account(&account).region(HERE);
        let journal = world.keeps(&fault.order(), LONG);
        assert_eq!(open(&journal), [scope(&account, HERE, service)], "{}", journal.run.message);
        let (_, reason) = told(&journal, &scope(&account, HERE, service));
        assert!(reason.contains("repeated a page token after"), "{reason}");
    }
}

#[test]
fn a_broken_connection_is_tried_again() {
    let Some(world) = world() else { return };
    let journal = world.keeps(&Fault::reset().on("ecr", "DescribeImages").first(3).order(), LONG);
    assert_eq!(open(&journal), [] as [Scope; 0]);
    assert!(journal.run.counts.retries >= 3, "{:?}", journal.run.counts);
}

#[test]
fn an_image_that_is_deleted_between_list_and_description_is_gone_and_no_failure() {
    let Some(world) = world() else { return };
    let before = world.present();
    world.cloud.fault(&Fault::vanish().repository("service-000"));
    let (finished, journal) = world.sync();
    world.cloud.heal();
    assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
    assert_eq!(open(&journal), [] as [Scope; 0]);
    // One image in each account and region: where it lay, and nothing else.
    let mut expected = before.clone();
    expected.insert("places", before["places"] - 6);
    assert_eq!(world.present(), expected);
    assert_eq!(finished.progress.counts.retired, 6);
    let (finished, _) = world.sync();
    assert_eq!((finished.progress.counts.added, world.present()), (6, before), "{}", finished.message);
    world.not_doubled();
}

#[test]
fn an_account_that_leaves_keeps_its_objects_and_is_not_observed() {
    let Some(world) = world() else { return };
    let before = world.present();
    let gone = world.estate.accounts[2].clone();
    let unlisted = "SELECT COUNT(*) FROM source_scopes WHERE NOT listed";
    for fault in [Fault::leave(&gone), Fault::suspend(&gone)] {
        world.cloud.fault(&fault);
        let (finished, journal) = world.sync();
        world.cloud.heal();
        assert_eq!((finished.state, finished.progress.counts.retired), (RunState::Complete, 0));
        assert!(journal.scopes.iter().all(|row| row.scope.account != gone), "{}", journal.run.message);
        assert_eq!(world.present(), before);
        let unseen = world.ask(store::sources::not_observed(
            &world.source.store,
            &domain::scope::Viewer::everything(),
            99,
        ));
        let of_it = |row: &store::sources::NotObserved| {
            !row.listed && row.scope.as_ref().is_some_and(|scope| scope.account == gone)
        };
        assert!(unseen.iter().all(of_it) && !unseen.is_empty(), "{unseen:?}");
        assert_eq!(world.number(unlisted), unseen.len() as i64);
        let (finished, _) = world.sync();
        assert_eq!((finished.state, world.number(unlisted)), (RunState::Complete, 0));
        world.not_doubled();
    }
}
