//! What is lost when AWS denies, throttles, hangs, or is not AWS at all; and that the rest is kept.

use std::time::Duration;

use domain::observation::Observation;
use tests::asked::{Collected, Source};
use tests::aws::{Aws, Fault, small};
use tests::cloud::Cloud;

use crate::asked::{HERE, THERE};

#[test]
fn a_denial_in_one_region_is_told_and_stays_there() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let account = &estate.accounts[1];
    aws.fault(&Fault::deny().on("ecr", "DescribeRepositories").account(account).region(THERE));
    let source = Source::of(&aws, &estate);
    let denied = source.collect(account, THERE, "ecr");
    assert_eq!(
        denied.failure(),
        format!(
            "`ecr:DescribeRepositories` was denied in {account} / {THERE} / ecr: \
             allow `ecr:DescribeRepositories` in a policy of role `PlimsollReader` of account {account}"
        )
    );
    assert_eq!(denied.observations.len(), 0);
    let elsewhere = source.collect(account, HERE, "ecr").complete();
    assert_eq!(elsewhere.repositories().len(), 60);
    let other = source.collect(&estate.accounts[2], THERE, "ecr").complete();
    assert_eq!(other.repositories().len(), 60);
}

#[test]
fn without_manifests_images_are_still_seen() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.fault(&Fault::deny().on("ecr", "BatchGetImage"));
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[1], HERE, "ecr");
    assert!(collected.partial().starts_with("`ecr:BatchGetImage` was denied"), "{}", collected.partial());
    assert!(collected.images().len() >= 12 * 2 + 48 * 2 * 2);
}

#[test]
fn a_denied_call_beside_the_inventory_leaves_it_whole() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.fault(&Fault::deny().on("ecr", "GetRegistryScanningConfiguration"));
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[1], HERE, "ecr");
    assert!(collected.partial().contains("GetRegistryScanningConfiguration"), "{}", collected.partial());
    assert_eq!(collected.images().len(), 12 * 2 + 48 * 2 * 2);
    let repositories = collected.repositories();
    assert!(repositories.iter().all(|repository| repository.scan_on_push != Some(false)), "off was not told");
}

#[test]
fn clusters_are_told_where_their_node_groups_may_not_be() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let groups = |collected: &Collected| {
        let told = collected.observations.iter().filter_map(|observation| match observation {
            Observation::Cluster(cluster) => Some(cluster.node_groups.as_ref().map(Vec::len)),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    for action in ["ListNodegroups", "DescribeNodegroup"] {
        aws.fault(&Fault::deny().on("eks", action));
        let collected = Source::of(&aws, &estate).collect(&estate.accounts[1], HERE, "eks");
        assert!(
            collected.partial().starts_with(&format!("`eks:{action}` was denied")),
            "{}",
            collected.partial()
        );
        assert_eq!(groups(&collected), [None, None], "not told is not none");
        aws.heal();
    }
    let whole = Source::of(&aws, &estate).collect(&estate.accounts[1], HERE, "eks").complete();
    assert_eq!(groups(&whole), [Some(2), Some(2)]);
}

#[test]
fn throttling_slows_and_does_not_lose() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let account = &estate.accounts[1];
    for code in ["ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"] {
        aws.fault(&Fault::throttle().said(code, 400).on("ecr", "DescribeImages").every(4).first(40));
        let source = Source::of(&aws, &estate);
        let collected = source.collect(account, HERE, "ecr").complete();
        aws.heal();
        assert_eq!(collected.images().len(), 12 * 2 + 48 * 2 * 2, "{code}");
        let reading = source.reading();
        assert!(reading.throttled > 0 && reading.retries >= reading.throttled, "{code}: {reading:?}");
        assert!(reading.waited > Duration::ZERO, "{code}: {reading:?}");
    }
}

#[test]
fn retry_after_is_kept_to() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.fault(&Fault::throttle().retry_after(2).on("ecr", "DescribeRepositories").first(1));
    let source = Source::of(&aws, &estate);
    source.collect(&estate.accounts[0], HERE, "ecr").complete();
    let calls = aws.calls();
    let at: Vec<f64> =
        calls.each.iter().filter(|call| call.action == "DescribeRepositories").map(|call| call.at).collect();
    assert_eq!(at.len(), 2);
    assert!(at[1] - at[0] >= 2.0, "{at:?}");
}

#[test]
fn throttling_without_end_ends_at_the_deadline() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.fault(&Fault::throttle().on("ecr", "DescribeRepositories"));
    let source = Source::of(&aws, &estate).patient(Duration::from_secs(2));
    let collected = source.collect(&estate.accounts[0], HERE, "ecr");
    assert!(collected.failure().contains("was throttled in"), "{}", collected.failure());
}

#[test]
fn a_region_that_hangs_is_given_up() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let account = &estate.accounts[1];
    aws.fault(&Fault::timeout(60.0).region(THERE).on("ecr", "*"));
    let source = Source::of(&aws, &estate).patient(Duration::from_secs(1));
    let started = std::time::Instant::now();
    let collected = source.collect(account, THERE, "ecr");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(collected.failure().contains("did not answer within 1 s"), "{}", collected.failure());
    aws.heal();
}

#[test]
fn a_web_page_is_no_answer() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    for status in [200, 403, 502] {
        aws.fault(&Fault::garbage(status).on("ecr", "DescribeRepositories"));
        let collected = Source::of(&aws, &estate).collect(&estate.accounts[0], HERE, "ecr");
        aws.heal();
        let failure = collected.failure();
        assert!(failure.contains("answered something unreadable: status"), "{status}: {failure}");
        assert!(failure.contains("web page"), "{status}: {failure}");
    }
}

#[test]
fn a_broken_connection_is_tried_again() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.fault(&Fault::reset().on("ecr", "DescribeImages").first(2));
    let source = Source::of(&aws, &estate);
    let collected = source.collect(&estate.accounts[0], HERE, "ecr").complete();
    assert_eq!(collected.images().len(), 12 * 2 + 48 * 2 * 2);
    assert!(source.reading().retries >= 2, "{:?}", source.reading());
}

#[test]
fn an_image_that_is_deleted_meanwhile_is_no_failure() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let source = Source::of(&aws, &estate);
    let account = &estate.accounts[0];
    let before = source.collect(account, HERE, "ecr").complete();
    aws.fault(&Fault::vanish().repository("service-000"));
    let after = source.collect(account, HERE, "ecr").complete();
    assert_eq!(after.images().len(), before.images().len() - 1);
    source.collect(account, HERE, "ecr-findings").complete();
}

#[test]
fn a_repeated_token_makes_the_scope_partial() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let source = Source::of(&aws, &estate);
    let account = &estate.accounts[0];
    aws.fault(&Fault::repeat_token().on("ecr", "DescribeRepositories"));
    let collected = source.collect(account, HERE, "ecr");
    assert!(collected.failure().contains("repeated a page token after 2 pages"), "{}", collected.failure());
    aws.heal();
    aws.fault(&Fault::repeat_token().on("ecr", "DescribeImages"));
    let collected = source.collect(account, HERE, "ecr");
    assert!(collected.partial().contains("repeated a page token"), "{}", collected.partial());
    assert!(!collected.images().is_empty(), "what was seen is kept");
}

#[test]
fn a_cancelled_run_ends_at_once() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.fault(&Fault::timeout(60.0).on("ecr", "DescribeRepositories"));
    let source = Source::of(&aws, &estate);
    let cancelled = source.context.cancelled.clone();
    let waiting = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        cancelled.cancel();
    });
    let started = std::time::Instant::now();
    let collected = source.collect(&estate.accounts[0], HERE, "ecr");
    assert_eq!(collected.failure(), "the run was cancelled");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    waiting.join().unwrap();
    aws.heal();
}
