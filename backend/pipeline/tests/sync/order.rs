//! What scopes show together does not depend on which of them was asked first.

use domain::coverage::Coverage;
use domain::image::{DigestRole, Image, Platform};
use domain::observation::Observation;
use domain::source::RunState;
use pipeline::sync::SyncSettings;
use store::test_support::on_each_database;

use crate::script::{End, act, scope};
use crate::world::{World, digest, engine, image, settings, workload};

/// One scope after the other, in their order.
fn in_turn() -> SyncSettings {
    SyncSettings { concurrency: 1, ..settings() }
}

/// A platform's image of the index 1.
fn platform(architecture: &str, number: usize) -> Observation {
    let mut image = Image {
        references: vec!["r.example/app:1".parse().unwrap()],
        platform: Some(Platform {
            os: "linux".to_owned(),
            architecture: architecture.to_owned(),
            variant: None,
        }),
        ..Image::default()
    };
    image.add_digest(DigestRole::Manifest, digest(number));
    image.add_digest(DigestRole::Index, digest(1));
    Observation::Image(image)
}

/// A workload that runs the index 1, as a cluster tells it.
fn runs_the_index() -> Observation {
    let Observation::Workload(mut workload) = workload("api", 1) else { unreachable!() };
    workload.containers[0].digest = Some((DigestRole::Repository, digest(1)));
    Observation::Workload(workload)
}

/// The platforms are seen in this order, after what runs their index.
async fn placed(platforms: [(&str, usize); 2]) {
    on_each_database(async |store| {
        let mut world = World::new(&store, platforms[0].0).await;
        world.engine = engine(&store, in_turn(), chrono::Utc::now);
        let [first, second] = platforms.map(|(name, number)| platform(name, number));
        world.shows(vec![
            (scope("1", "ecs"), act(vec![runs_the_index()], End::Complete)),
            (scope("2", "ecr"), act(vec![first], End::Complete)),
            (scope("3", "ecr"), act(vec![second], End::Complete)),
        ]);
        for time in ["first", "second"] {
            world.sync(RunState::Complete).await;
            let runs = "SELECT i.digest FROM containers c JOIN images i ON i.id = c.image_id";
            let usual = digest(64).to_string();
            assert_eq!(store.texts(runs).await.unwrap(), [usual], "{platforms:?}, the {time} time");
        }
    })
    .await;
}

#[tokio::test]
async fn an_index_means_the_usual_platform_whoever_was_seen_first() {
    placed([("arm64", 65), ("amd64", 64)]).await;
    placed([("amd64", 64), ("arm64", 65)]).await;
}

/// A tool that watches a platform's image under the tag of the index, without saying which platform it is.
fn watched(number: usize) -> Observation {
    let mut image = Image { references: vec!["r.example/app:1".parse().unwrap()], ..Image::default() };
    image.add_digest(DigestRole::Manifest, digest(number));
    Observation::Coverage(Coverage {
        tool: "aws-inspector".to_owned(),
        image,
        watched: Some(true),
        reason: "SUCCESSFUL".to_owned(),
        last_scanned_at: None,
        in_use: None,
    })
}

/// Every order of some things.
fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    for thing in things {
        let longer = |order: &Vec<T>| {
            (0..=order.len())
                .map(|place| [&order[..place], std::slice::from_ref(thing), &order[place..]].concat())
                .collect()
        };
        all = all.iter().flat_map(|order| -> Vec<Vec<T>> { longer(order) }).collect();
    }
    all
}

#[tokio::test]
async fn a_tool_that_watches_platforms_apart_moves_no_tag() {
    on_each_database(async |store| {
        let both = [platform("amd64", 64), platform("arm64", 65)];
        // Variants of one architecture.
        let arm = [platform("arm", 66), platform("arm", 67)];
        let scopes = [
            vec![both[0].clone(), arm[0].clone(), arm[1].clone()],
            vec![both[1].clone()],
            vec![watched(64), watched(65)],
            vec![watched(65)],
        ];
        let tags = "SELECT COUNT(*) FROM image_tags WHERE ended_at IS NULL AND registry = 'r.example' \
                    AND repository = ";
        for (number, order) in orders(&scopes).into_iter().enumerate() {
            let name = format!("app-{number}");
            let mut world = World::new(&store, &name).await;
            world.engine = engine(&store, in_turn(), chrono::Utc::now);
            let shown = order.iter().enumerate().map(|(place, observations)| {
                let observations = observations.iter().map(|one| renamed(one, &name, number)).collect();
                (scope(&place.to_string(), "any"), act(observations, End::Complete))
            });
            world.shows(shown.collect());
            world.sync(RunState::Complete).await;
            let open = store.number(&format!("{tags}'{name}'")).await.unwrap();
            assert_eq!(open, 4, "{order:?}");
            let before = store.rows_written("image_tags");
            world.sync(RunState::Complete).await;
            assert_eq!(store.rows_written("image_tags"), before, "{order:?}");
        }
    })
    .await;
}

/// The same in a repository of its own, with digests of its own.
fn renamed(observation: &Observation, name: &str, number: usize) -> Observation {
    let mut observation = observation.clone();
    let image = match &mut observation {
        Observation::Image(image) => image,
        Observation::Coverage(coverage) => &mut coverage.image,
        _ => unreachable!(),
    };
    image.references = vec![format!("r.example/{name}:1").parse().unwrap()];
    for (_, known) in &mut image.digests {
        let own = [1, 64, 65, 66, 67].iter().position(|own| *known == digest(*own)).unwrap();
        *known = digest(1_000 + 10 * number + own);
    }
    observation
}

#[tokio::test]
async fn a_run_speaks_for_one_moment() {
    on_each_database(async |store| {
        let world = World::new(&store, "moment").await;
        world.shows(vec![
            (scope("1", "ecs"), act(vec![workload("api", 1)], End::Complete)),
            (scope("2", "ecr"), act(vec![image(2)], End::Complete)),
        ]);
        world.sync(RunState::Complete).await;
        for seen in
            ["SELECT last_seen_at FROM workloads", "SELECT first_seen_at FROM image_tags WHERE tag = '2'"]
        {
            let at = store.number(seen).await.unwrap();
            assert_eq!(store.number("SELECT started_at FROM source_runs").await.unwrap(), at, "{seen}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_with_a_digest_gives_way_to_one_with_a_tag() {
    on_each_database(async |store| {
        let mut world = World::new(&store, "names").await;
        world.engine = engine(&store, in_turn(), chrono::Utc::now);
        let mut bare = Image {
            references: vec![format!("r.example/app@{}", digest(3)).parse().unwrap()],
            ..Image::default()
        };
        bare.add_digest(DigestRole::Manifest, digest(3));
        let bare = Observation::Image(bare);
        world.shows(vec![
            (scope("1", "inspector"), act(vec![bare.clone()], End::Complete)),
            (scope("2", "ecr"), act(vec![image(3)], End::Complete)),
            (scope("3", "inspector"), act(vec![bare], End::Complete)),
        ]);
        world.sync(RunState::Complete).await;
        assert_eq!(store.texts("SELECT name FROM images").await.unwrap(), ["app:3"]);
    })
    .await;
}
