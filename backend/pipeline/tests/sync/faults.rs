//! What goes wrong in one scope stays there, is told, and retires nothing.

use std::time::Duration;

use chrono::Utc;
use connectors::Failure;
use domain::source::{RunKind, RunState};
use store::test_support::on_each_database;
use tokio_util::sync::CancellationToken;

use crate::script::{End, act, scope};
use crate::world::{World, engine, images, request, settings, workload};

#[tokio::test]
async fn a_panic_stays_in_its_scope() {
    on_each_database(async |store| {
        let world = World::new(&store, "panic").await;
        world.shows(vec![
            (scope("1", "ecr"), act(images(2), End::Panic)),
            (scope("2", "ecs"), act(vec![workload("api", 1)], End::Complete)),
        ]);
        let finished = world.sync(RunState::Partial).await;
        let journal = world.journal(finished.run).await;
        let states: Vec<(RunState, &str)> =
            journal.scopes.iter().map(|scope| (scope.state, scope.scope.account.as_str())).collect();
        assert_eq!(states, [(RunState::Partial, "1"), (RunState::Complete, "2")]);
        assert!(journal.scopes[0].reason.contains("our defect"), "{}", journal.scopes[0].reason);
        assert_eq!(world.number("SELECT COUNT(*) FROM workloads").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_denied_call_is_told_with_its_remedy() {
    on_each_database(async |store| {
        let world = World::new(&store, "denied").await;
        let denied = Failure::Denied {
            action: "ecr:DescribeImages".to_owned(),
            scope: scope("1", "ecr"),
            remedy: "add it to the policy of the role".to_owned(),
        };
        world.shows(vec![(scope("1", "ecr"), act(Vec::new(), End::Fail(denied)))]);
        let finished = world.sync(RunState::Failed).await;
        let journal = world.journal(finished.run).await;
        let told = "`ecr:DescribeImages` was denied in 1 / eu / ecr: add it to the policy of the role.";
        assert_eq!(journal.scopes[0].reason, told);
        assert_eq!(journal.run.attempts, 1);
    })
    .await;
}

#[tokio::test]
async fn a_scope_that_never_ends_is_stopped_and_tried_again() {
    on_each_database(async |store| {
        let mut world = World::new(&store, "slow").await;
        let hasty = pipeline::sync::SyncSettings { scope_deadline: Duration::from_millis(400), ..settings() };
        world.engine = engine(&store, hasty, Utc::now);
        world.sync_one(images(3)).await;
        let slow = (scope("2", "ecs"), act(vec![workload("api", 1)], End::Hang));
        world.shows(vec![(scope("1", "ecr"), act(images(3), End::Complete)), slow]);
        // It waits for its second try, which asks only what is open.
        let finished = world.sync(RunState::Waiting).await;
        let journal = world.journal(finished.run).await;
        assert!(journal.scopes[0].reason.starts_with("Not finished within 400 ms"), "{:?}", journal.scopes);
        assert!(journal.run.run_after > Utc::now());
        assert_eq!(world.number("SELECT COUNT(*) FROM workloads").await, 1);
        world.script.lock().unwrap().asked.clear();
        let again = world.engine.run_now(finished.run, CancellationToken::new(), None).await;
        assert_eq!(again.unwrap().unwrap().state, RunState::Waiting);
        assert_eq!(world.script.lock().unwrap().asked, [scope("2", "ecs")]);
        let last = world.engine.run_now(finished.run, CancellationToken::new(), None).await;
        let last = last.unwrap().unwrap();
        assert_eq!(last.state, RunState::Partial);
        assert_eq!(last.progress.counts.seen, 7);
    })
    .await;
}

#[tokio::test]
async fn a_source_without_a_plan_retires_nothing() {
    on_each_database(async |store| {
        let world = World::new(&store, "planless").await;
        world.sync_one(images(3)).await;
        world.script.lock().unwrap().whole =
            Err(Failure::Unauthenticated { scope: scope("1", ""), remedy: "log in anew".to_owned() });
        let finished = world.sync(RunState::Failed).await;
        assert_eq!(finished.message, "No credentials that 1 / eu accepts: log in anew.");
        assert_eq!(world.number("SELECT COUNT(*) FROM source_scopes WHERE NOT listed").await, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_run_ends_soon_and_keeps_what_it_saw() {
    on_each_database(async |store| {
        let world = World::new(&store, "cancelled").await;
        world.sync_one(images(3)).await;
        world.shows(vec![(scope("1", "ecr"), act(images(1), End::Hang))]);
        let run = request(&store, world.source, RunKind::Sync).await;
        let working = world.engine.run_now(run, CancellationToken::new(), None);
        let cancelling = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let tx = store.begin().await.unwrap();
            store::save::sources::cancel(&tx, run, Utc::now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let started = std::time::Instant::now();
        let (finished, ()) = tokio::join!(working, cancelling);
        let finished = finished.unwrap().unwrap();
        assert_eq!(finished.state, RunState::Cancelled);
        assert!(started.elapsed() < Duration::from_secs(15));
        assert_eq!(world.number("SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL").await, 3);
        assert_eq!(world.journal(run).await.scopes[0].state, RunState::Cancelled);
    })
    .await;
}

#[tokio::test]
async fn a_check_keeps_what_each_permission_came_to() {
    on_each_database(async |store| {
        let world = World::new(&store, "checked").await;
        let finished = world.run(RunKind::Check).await;
        assert_eq!(finished.message, "1 of 2 permissions are refused.");
        let trials = world.journal(finished.run).await.run.trials;
        assert_eq!(trials.len(), 2);
        assert_eq!(trials[1].refusal.as_deref(), Some("not granted"));
    })
    .await;
}
