//! Runs that were pushed: part by part, with what an interrupted attempt left, and with what failed elsewhere.

use chrono::Utc;
use domain::document::Provenance;
use domain::id::RunId;
use domain::observation::Observation;
use domain::source::{Completeness, OBSERVATIONS_KIND, RunState, Scope};
use formats::plimsoll_observations::{End, Header, end_line, header_line, observation_line};
use pipeline::sync::{Finished, PushedPlan};
use store::documents::Upload;
use store::save::sources as rows;
use store::test_support::on_each_database;
use tokio_util::sync::CancellationToken;

use crate::script::scope;
use crate::world::{World, image, images};

impl World {
    /// The id that the sender chose.
    fn pushed_run(&self) -> RunId {
        RunId::from_bytes(*self.source.as_bytes())
    }

    /// Pushes one part; the last one says how the scope ended.
    async fn push(&self, scope: &Scope, part: u32, shown: Vec<Observation>, end: Option<End>) {
        let header = Header { part, ..Header::first("afar", self.pushed_run(), scope.clone()) };
        let last = end.is_some();
        let mut text = header_line(&header);
        text.extend(shown.into_iter().map(|one| observation_line(Box::new(one))));
        text.extend(end.map(end_line));
        let provenance = Provenance {
            name: format!("part {part}"),
            source: "push".to_owned(),
            image: None,
            cluster: None,
            as_of: Utc::now(),
        };
        let mut upload = Upload::begin(&self.store, &provenance, Utc::now());
        upload.write(text.as_bytes()).await.unwrap();
        let document = upload.finish(Utc::now()).await.unwrap().id;
        let part = rows::Part { scope: scope.clone(), part, document, last };
        let tx = self.store.begin().await.unwrap();
        rows::put_part(&tx, self.source, self.pushed_run(), &part, OBSERVATIONS_KIND, Utc::now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Ends the run with this plan; it must end in this state.
    async fn end(&self, plan: &PushedPlan, state: RunState) -> Finished {
        let (plan, run) = (serde_json::to_string(plan).unwrap(), self.pushed_run());
        let tx = self.store.begin().await.unwrap();
        rows::end_push(&tx, self.source, run, &plan, Utc::now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(rows::push_ended(&self.store, self.source, run).await.unwrap());
        let finished = self.engine.run_now(run, CancellationToken::new(), None).await;
        let finished = finished.unwrap().unwrap();
        assert_eq!(finished.state, state, "{}", finished.message);
        finished
    }
}

fn plan(scopes: &[Scope]) -> PushedPlan {
    let completeness = Completeness::Complete;
    PushedPlan { scopes: scopes.to_vec(), accounts: Vec::new(), completeness, refusal: None }
}

#[tokio::test]
async fn what_is_left_of_a_longer_attempt_is_not_saved() {
    on_each_database(async |store| {
        let world = World::new(&store, "attempts").await;
        let here = scope("1", "ecr");
        for part in 1..=3 {
            world.push(&here, part, vec![image(part as usize)], None).await;
        }
        assert!(!rows::push_ended(&store, world.source, world.pushed_run()).await.unwrap());
        world.push(&here, 1, vec![image(11)], None).await;
        world.push(&here, 2, vec![image(12)], Some(End::Complete)).await;
        let parts = rows::parts(&store, world.source, world.pushed_run()).await.unwrap();
        assert_eq!(
            parts.iter().map(|part| (part.part, part.last)).collect::<Vec<_>>(),
            [(1, false), (2, true)]
        );
        world.end(&plan(&[here]), RunState::Complete).await;
        let tags = store.texts("SELECT tag FROM image_tags ORDER BY tag").await.unwrap();
        assert_eq!(tags, ["11", "12"]);
    })
    .await;
}

#[tokio::test]
async fn what_did_not_arrive_whole_retires_nothing() {
    on_each_database(async |store| {
        for (name, second, told) in [
            ("cut", 2, "The last part of what was pushed never came."),
            ("torn", 3, "Part 2 of what was pushed is missing."),
        ] {
            let world = World::new(&store, name).await;
            let here = scope("1", "ecr");
            world.sync_one(images(9)).await;
            world.push(&here, 1, images(1), None).await;
            world.push(&here, second, images(1), (second == 3).then_some(End::Complete)).await;
            let finished = world.end(&plan(&[here]), RunState::Partial).await;
            assert_eq!(finished.scopes[0].reason, told);
            assert_eq!(finished.progress.counts.retired, 0);
        }
        assert_eq!(
            store.number("SELECT COUNT(*) FROM image_locations WHERE removed_at IS NOT NULL").await.unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn what_failed_elsewhere_fails_here_in_the_same_words() {
    on_each_database(async |store| {
        let world = World::new(&store, "failed").await;
        let (one, two) = (scope("1", "ecr"), scope("2", "ecr"));
        let denied = "`ecr:DescribeImages` was denied in 1 / eu / ecr: allow it.".to_owned();
        world.push(&one, 1, Vec::new(), Some(End::Failed(denied.clone()))).await;
        world.push(&two, 1, images(2), Some(End::Partial("Page 2 was not seen.".to_owned()))).await;
        let finished = world.end(&plan(&[one, two]), RunState::Partial).await;
        let told: Vec<(RunState, &str)> =
            finished.scopes.iter().map(|ended| (ended.state, ended.reason.as_str())).collect();
        assert!(told.contains(&(RunState::Failed, denied.as_str())), "{told:?}");
        assert!(told.contains(&(RunState::Partial, "Page 2 was not seen.")), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_source_that_told_no_plan_fails_with_its_reason() {
    on_each_database(async |store| {
        let world = World::new(&store, "planless").await;
        let refused = PushedPlan::refused("No credentials that 1 accepts: log in again.".to_owned());
        let finished = world.end(&refused, RunState::Failed).await;
        assert_eq!(finished.message, "No credentials that 1 accepts: log in again.");
    })
    .await;
}
