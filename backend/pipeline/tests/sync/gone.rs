//! What is believed gone, and when.

use domain::source::{Completeness, RunState};
use store::test_support::on_each_database;

use crate::script::{End, act, scope, script};
use crate::world::{World, image, images, repository, source, workload};

const LYING: &str = "SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL";
const TAGGED: &str = "SELECT COUNT(*) FROM image_tags WHERE ended_at IS NULL";
const RUNNING: &str = "SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL";

#[tokio::test]
async fn a_partial_scope_retires_nothing() {
    on_each_database(async |store| {
        let world = World::new(&store, "partial").await;
        world.sync_one(images(3)).await;
        let first = vec![(scope("1", "ecr"), act(images(1), End::Partial("page 2 was denied")))];
        world.shows(first);
        let finished = world.sync(RunState::Partial).await;
        assert_eq!(finished.progress.counts.retired, 0);
        assert_eq!((world.number(LYING).await, world.number(TAGGED).await), (3, 3));
        let journal = world.journal(finished.run).await;
        assert_eq!(journal.scopes[0].reason, "Page 2 was denied.");
        assert!(journal.run.message.contains("1 / eu / ecr: Page 2 was denied."), "{}", journal.run.message);
    })
    .await;
}

#[tokio::test]
async fn a_complete_scope_retires_what_it_no_longer_shows() {
    on_each_database(async |store| {
        let world = World::new(&store, "complete").await;
        let mut shown = images(200);
        shown.extend([repository("app"), workload("api", 1), workload("web", 2)]);
        world.sync_one(shown.clone()).await;
        // One image with its tag, and one workload: less than three in a hundred.
        shown.remove(200 + 2);
        shown.remove(7);
        let finished = world.sync_one(shown.clone()).await;
        assert_eq!(finished.progress.counts.retired, 3);
        assert_eq!((world.number(LYING).await, world.number(TAGGED).await), (199, 199));
        assert_eq!(world.number(RUNNING).await, 1);
        // It comes back, and is there again.
        shown.push(image(7));
        let finished = world.sync_one(shown).await;
        assert_eq!((finished.progress.counts.added, finished.progress.counts.retired), (2, 0));
        assert_eq!((world.number(LYING).await, world.number(TAGGED).await), (200, 200));
    })
    .await;
}

#[tokio::test]
async fn much_at_once_needs_a_second_complete_run() {
    on_each_database(async |store| {
        let world = World::new(&store, "suspect").await;
        world.sync_one(images(10)).await;
        let finished = world.sync_one(images(8)).await;
        assert_eq!(finished.progress.counts.retired, 0);
        let reason = &finished.scopes[0].reason;
        assert!(
            reason.starts_with("4 of 20 objects were missing at once (such as r.example/app"),
            "{reason}"
        );
        assert_eq!(world.number(LYING).await, 10);
        assert_eq!(world.number("SELECT suspect_missing FROM source_scopes").await, 4);
        // A partial run in between decides nothing.
        world.shows(vec![(scope("1", "ecr"), act(images(1), End::Partial("denied")))]);
        world.sync(RunState::Partial).await;
        assert_eq!(world.number(LYING).await, 10);
        // One of the two comes back: the other is gone.
        let finished = world.sync_one(images(9)).await;
        assert_eq!(finished.progress.counts.retired, 2);
        assert_eq!(world.number(LYING).await, 9);
        assert_eq!(world.number("SELECT COUNT(*) FROM source_objects WHERE suspect").await, 0);
        assert_eq!(world.number("SELECT suspect_missing FROM source_scopes").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_left_keeps_its_objects() {
    on_each_database(async |store| {
        let world = World::new(&store, "left").await;
        let one = (scope("1", "ecs"), act(vec![workload("api", 1)], End::Complete));
        let two = (scope("2", "ecs"), act(vec![workload("web", 2)], End::Complete));
        world.shows(vec![one.clone(), two.clone()]);
        world.sync(RunState::Complete).await;
        // A list of scopes that is not whole says nothing of what it does not list.
        world.script.lock().unwrap().whole =
            Ok(Completeness::Partial("one account did not answer".to_owned()));
        world.shows(vec![one.clone()]);
        world.sync(RunState::Partial).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM source_scopes WHERE NOT listed").await, 0);
        world.script.lock().unwrap().whole = Ok(Completeness::Complete);
        world.sync(RunState::Complete).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM source_scopes WHERE NOT listed").await, 1);
        assert_eq!(world.number(RUNNING).await, 2);
        let unseen =
            store::sources::not_observed(&store, &domain::scope::Viewer::everything(), 9).await.unwrap();
        assert_eq!(unseen.len(), 1);
        assert!(!unseen[0].listed && unseen[0].last_complete_at.is_some());
        world.shows(vec![one, two]);
        world.sync(RunState::Complete).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM source_scopes WHERE NOT listed").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_another_source_shows_is_not_gone() {
    on_each_database(async |store| {
        let world = World::new(&store, "first").await;
        let own = format!("second-{}", store.product());
        let other = World {
            source: source(&store, "second", &own).await,
            script: script(&own),
            engine: world.engine.clone(),
            store: store.clone(),
        };
        world.sync_one(vec![workload("api", 1), workload("web", 2)]).await;
        other.sync_one(vec![workload("api", 1)]).await;
        let finished = world.sync_one(vec![workload("web", 2)]).await;
        assert_eq!(finished.progress.counts.retired, 0);
        assert_eq!(world.number(RUNNING).await, 2);
        // Now that nobody else shows it, it is.
        let finished = other.sync_one(Vec::new()).await;
        assert_eq!(finished.progress.counts.retired, 1);
        assert_eq!(world.number(RUNNING).await, 1);
    })
    .await;
}
