//! Detections in and out again: listed, decided of, moved, forgotten; and who watches which node.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{DetectionId, EventId, Id};
use domain::scope::Viewer;
use domain::severity::Severity;

use super::*;
use crate::detections::{self as pages, Coverage, CoverageFilter, Filter, Shown, Watch};
use crate::facts;
use crate::list::{Page, Sort};
use crate::seed;
use crate::test_support::on_each_database;
use crate::{Store, Tx};

fn now() -> DateTime<Utc> {
    seed::NOW.parse().unwrap()
}

fn millis(ago: TimeDelta) -> i64 {
    (now() - ago).timestamp_millis()
}

fn id(rule: &str) -> DetectionId {
    Id::derived(&[rule.as_bytes()])
}

fn detection(rule: &str, severity: Severity) -> Detection {
    Detection {
        id: id(rule),
        tool: "falco".to_owned(),
        rule: rule.to_owned(),
        class: "threat".to_owned(),
        severity,
        severity_word: "Warning".to_owned(),
        title: None,
        evidence: Some(seed::HOSTILE.to_owned()),
        techniques: vec!["T1610".to_owned()],
        workload: Some(seed::workload("api")),
        image_id: Some(seed::image(seed::API)),
        node_id: Some(Id::derived(&[b"node-1"])),
        place: SaidPlace { name: Some("api-1".to_owned()), ..SaidPlace::default() },
        first_seen_at: millis(TimeDelta::days(2)),
        last_seen_at: millis(TimeDelta::hours(1)),
        count: 3,
        disposition: OPEN.to_owned(),
        reason: String::new(),
        disposed_by: String::new(),
        disposed_at: None,
        judged: false,
    }
}

async fn in_tx<T>(store: &Store, work: impl AsyncFnOnce(&Tx) -> T) -> T {
    let tx = store.begin().await.unwrap();
    let result = work(&tx).await;
    tx.commit().await.unwrap();
    result
}

async fn rules(store: &Store, filter: Filter) -> Vec<String> {
    let (viewer, sort) = (Viewer::everything(), Sort::descending("severity"));
    let listed = pages::list(store, &viewer, &filter, &sort, &Page::first(10)).await.unwrap();
    listed.rows.into_iter().map(|row| row.rule).collect()
}

#[tokio::test]
async fn what_is_decided_no_longer_counts_and_is_in_the_journal() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let shell = detection("shell", Severity::High);
        let miner = Detection { class: "drift".to_owned(), ..detection("miner", Severity::Critical) };
        let lost = Detection { workload: None, ..detection("lost", Severity::Low) };
        in_tx(&store, async |tx| put(tx, &[shell.clone(), miner.clone(), lost]).await.unwrap()).await;
        let kept = in_tx(&store, async |tx| of_ids(tx, &[id("shell")]).await.unwrap()).await;
        assert_eq!(kept.get(&id("shell")), Some(&shell));
        assert_eq!(rules(&store, Filter::default()).await, ["miner", "shell", "lost"]);
        let drift = Filter { class: Some("drift".to_owned()), ..Filter::default() };
        assert_eq!(rules(&store, drift).await, ["miner"]);
        assert_eq!(rules(&store, Filter { attached: Some(false), ..Filter::default() }).await, ["lost"]);
        assert_eq!(unjudged(&store, 10).await.unwrap().len(), 3);
        in_tx(&store, async |tx| judged(tx, &[id("shell"), id("miner"), id("lost")]).await.unwrap()).await;

        let decision = Decision {
            disposition: "benign",
            reason: "an exercise".to_owned(),
            decided_by: "ann".to_owned(),
        };
        in_tx(&store, async |tx| decide(tx, id("miner"), &decision, now()).await.unwrap()).await;
        assert_eq!(rules(&store, Filter::default()).await, ["shell", "lost"]);
        assert_eq!(rules(&store, Filter { shown: Shown::PutAway, ..Filter::default() }).await, ["miner"]);
        let waiting = unjudged(&store, 10).await.unwrap();
        assert_eq!(waiting, [(id("miner"), "miner".to_owned(), Some("prod".to_owned()))]);
        let counted = in_tx(&store, async |tx| facts::alerts(tx, &["prod".to_owned()]).await.unwrap()).await;
        let expected = [facts::AlertFact { severity: Severity::High, detections: 1 }];
        assert_eq!(counted.get(&seed::workload("api")).map(Vec::as_slice), Some(expected.as_slice()));
        let told =
            store.texts("SELECT message FROM journal WHERE event = 'detection-decided'").await.unwrap();
        assert_eq!(told, ["Put away as benign by ann: an exercise"]);
        let summary = pages::summary(&store, &Viewer::everything()).await.unwrap();
        assert_eq!((summary.open, summary.unattached, summary.put_away), ([0, 1, 0, 1, 0], 1, 1));
        let unknown = in_tx(&store, async |tx| decide(tx, id("?"), &decision, now()).await).await;
        assert!(unknown.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_storm_keeps_its_latest_events_and_a_number_an_hour() {
    on_each_database(async |store| {
        in_tx(&store, async |tx| put(tx, &[detection("shell", Severity::High)]).await.unwrap()).await;
        for begin in [0, 100] {
            let sample = |number: i64| Sample {
                detection: id("shell"),
                event: EventId::derived(&[&number.to_le_bytes()]),
                at: number,
                count: 1,
                severity_word: "Warning".to_owned(),
                evidence: Some(format!("event {number}")),
                node: None,
                name: None,
                container: None,
                container_id: None,
            };
            let samples: Vec<Sample> = (begin..begin + 100).map(sample).collect();
            in_tx(&store, async |tx| {
                keep_samples(tx, &samples).await.unwrap();
                count_hours(tx, &[(id("shell"), 0, 100)]).await.unwrap();
            })
            .await;
        }
        let viewer = Viewer::everything();
        let kept = pages::events(&store, &viewer, id("shell")).await.unwrap();
        assert_eq!(kept.len(), 20);
        assert_eq!(kept.first().and_then(|event| event.evidence.as_deref()), Some("event 199"));
        let hours = pages::hours(&store, &viewer, id("shell")).await.unwrap();
        assert_eq!(hours.iter().map(|hour| hour.count).collect::<Vec<_>>(), [200]);
        // Moved to the detection of its workload, all of it goes along and the old link leads there.
        let other = Detection { count: 6, ..detection("other", Severity::High) };
        in_tx(&store, async |tx| {
            put(tx, &[other]).await.unwrap();
            count_hours(tx, &[(id("other"), 0, 1)]).await.unwrap();
            move_to(tx, id("shell"), id("other")).await.unwrap();
        })
        .await;
        assert_eq!(pages::resolve(&store, &viewer, id("shell")).await.unwrap(), id("other"));
        assert_eq!(pages::events(&store, &viewer, id("other")).await.unwrap().len(), 20);
        assert_eq!(
            pages::hours(&store, &viewer, id("other")).await.unwrap().first().map(|h| h.count),
            Some(201)
        );
        assert_eq!(rules(&store, Filter::default()).await, ["other"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_forgotten_and_what_is_open_is_not() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let long_ago = millis(TimeDelta::days(100));
        let old = |rule: &str| Detection { last_seen_at: long_ago, ..detection(rule, Severity::High) };
        let put_away = Detection { disposition: "true".to_owned(), ..old("put away") };
        let gone = Detection { workload: Some(seed::workload("old")), ..old("gone") };
        let lost = Detection { workload: None, ..old("lost") };
        let seen_once = Seen { count: 1, archived: false };
        let event = |number: u8| (EventId::derived(&[&[number]]), seen_once);
        in_tx(&store, async |tx| {
            put(tx, &[old("open"), put_away, gone, lost]).await.unwrap();
            for (moment, number) in [(1, 1), (2, 2), (3, 3)] {
                remember(tx, &[event(number)], moment).await.unwrap();
            }
        })
        .await;
        let keep = Keep { days: 90, events: 2 };
        let forgotten = in_tx(&store, async |tx| forget(tx, &keep, now()).await.unwrap()).await;
        assert_eq!(forgotten, Forgotten { detections: 3, events: 1 });
        assert_eq!(rules(&store, Filter { shown: Shown::Any, ..Filter::default() }).await, ["open"]);
        let ids: Vec<EventId> = [event(1), event(3)].iter().map(|(id, _)| *id).collect();
        let known = in_tx(&store, async |tx| seen(tx, &ids).await.unwrap()).await;
        assert_eq!(known.into_iter().collect::<Vec<_>>(), [event(3)]);
    })
    .await;
}

#[tokio::test]
async fn a_node_is_watched_where_a_sensor_runs_or_was_heard() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let viewer = Viewer::everything();
        let watch = async |sensors: &[&str], since: TimeDelta| {
            let sensors = sensors.iter().map(|name| (*name).to_owned()).collect();
            let coverage = Coverage { since: now() - since, sensors };
            let (counts, asked) = (
                pages::watched(&store, &viewer, &coverage).await.unwrap(),
                (coverage, CoverageFilter { text: Some("node-1".to_owned()), ..CoverageFilter::default() }),
            );
            let sort = Sort::descending("watch");
            let listed = pages::coverage(&store, &viewer, &asked, &sort, &Page::first(10)).await.unwrap();
            assert_eq!(counts.iter().sum::<u64>(), listed.rows.len() as u64);
            listed.rows.first().map(|row| row.watch)
        };
        let day = TimeDelta::days(1);
        assert_eq!(watch(&["falcosecurity/falco"], day).await, Some(Watch::Nobody));
        let sensor = Sensor { tool: "falco".to_owned(), cluster: String::new(), node: "node-1".to_owned() };
        let heard = millis(TimeDelta::hours(2));
        in_tx(&store, async |tx| hear(tx, &[(&sensor, 5)], heard).await.unwrap()).await;
        assert_eq!(watch(&[], day).await, Some(Watch::Heard));
        assert_eq!(watch(&["it's"], TimeDelta::hours(1)).await, Some(Watch::Silent));
    })
    .await;
}
