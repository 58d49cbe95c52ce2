//! The Overview over seeded estates: every number from rows that a test wrote.

use chrono::{DateTime, TimeDelta, Utc};
use domain::scope::Viewer;

use crate::connection::Value;
use crate::test_support::on_each_database;
use crate::{Store, overview, seed};

fn now() -> DateTime<Utc> {
    seed::NOW.parse().unwrap()
}

fn millis(days_ago: i64) -> Value {
    (now() - TimeDelta::days(days_ago)).timestamp_millis().into()
}

async fn execute(store: &Store, sql: &str, values: Vec<Value>) {
    let tx = store.begin().await.unwrap();
    tx.execute(sql, values).await.unwrap();
    tx.commit().await.unwrap();
}

/// Ten days of history that ends at 612, and two causes in the last week.
async fn history(store: &Store) {
    for (days_ago, ces) in [(10, 590.0), (8, 594.0), (1, 610.0), (0, 612.0)] {
        let sql = "INSERT INTO daily_scores (day, at, exposure, ces, baseline, known, config, kernel, runtime, gap, \
                   workloads, running, gap_unknown, gap_unassessed, gap_stale, gap_unsanctioned, gap_overdue, in_order, \
                   kev_running, constants) \
                   VALUES ($1, $2, 4.0, $3, 150.0, 2.0, 1.0, 0.5, 0.0, 0.5, 3, 5, 0, 0, 0, 0, 0, 0, 1, 'ces-1.0')";
        let day = (now() - TimeDelta::days(days_ago)).date_naive().to_string();
        execute(store, sql, vec![day.into(), millis(days_ago), ces.into()]).await;
    }
    let baseline =
        "INSERT INTO baselines (scope, declared_at, criticality_sum) VALUES ('organisation', $1, 150.0)";
    execute(store, baseline, vec![millis(10)]).await;
    let mut exposure = 1_000_000_000_i64;
    for (days_ago, cause, change) in [
        (9, "workloads added", 500_000_000_i64),
        (3, "listed as exploited", 500_000_000),
        (2, "rebuilt", -200_000_000),
        (1, "listed as exploited", 100_000_000),
    ] {
        exposure += change;
        let sql = "INSERT INTO ledger (at, cause, subject, link, change_nano, exposure_nano) \
                   VALUES ($1, $2, 'x', '/workloads', $3, $4)";
        execute(store, sql, vec![millis(days_ago), cause.into(), change.into(), exposure.into()]).await;
    }
    let fix = "INSERT INTO fixes (position, kind, name, from_version, to_version, finding_count, image_count, \
               workload_count, owner_count, exposure_change, score_change) \
               VALUES ($1, 'package', 'openssl', '3.0.11', '3.0.15', 9, 3, 2, 1, -0.4, -41.0)";
    execute(store, fix, vec![0_i64.into()]).await;
}

fn stale_before() -> DateTime<Utc> {
    now() - TimeDelta::days(7)
}

#[tokio::test]
async fn an_empty_database_has_no_score() {
    on_each_database(async |store| {
        let overview = overview::read(&store, &Viewer::everything(), now(), stale_before()).await.unwrap();
        assert!(overview.score.is_none() && overview.trend.is_empty() && overview.sources.is_empty());
        assert_eq!((overview.gap.running, overview.workload_count), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn tells_what_runs_and_how_it_stands() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let overview = overview::read(&store, &Viewer::everything(), now(), stale_before()).await.unwrap();
        assert_eq!(overview.workload_count, 3, "a retired workload does not count");
        let gap = &overview.gap;
        assert_eq!((gap.running, gap.overdue, gap.stale), (3, 1, 2));
        let names: Vec<_> = overview.worst.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["api", "web"], "worst first, and only what has a score");
        assert_eq!(overview.exploited_count, 1);
        assert_eq!(overview.exploited[0].example, "CVE-2021-44228");
        assert_eq!(overview.exploited[0].workload, seed::workload("api"));
        let coverage = &overview.coverage;
        assert_eq!(coverage.scanned + coverage.stale + coverage.unscanned, coverage.images);
        assert!(!overview.sources.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_points_of_all_causes_add_up_to_the_change() {
    on_each_database(async |store| {
        history(&store).await;
        let overview = overview::read(&store, &Viewer::everything(), now(), stale_before()).await.unwrap();
        let causes: Vec<_> = overview.moves.iter().map(|row| (row.cause.as_str(), row.count)).collect();
        assert_eq!(causes, [("listed as exploited", 2), ("rebuilt", 1)], "the last week, summed by cause");
        let points: f64 = overview.moves.iter().map(|row| row.points).sum();
        assert!((points - 250.0 * (1.9_f64 / 1.5).log10()).abs() < 1e-6, "{points}");
        assert_eq!(overview.events.first().map(|event| event.cause.as_str()), Some("workloads added"));
    })
    .await;
}

#[tokio::test]
async fn the_headline_knows_last_week_and_the_baseline() {
    on_each_database(async |store| {
        history(&store).await;
        let overview = overview::read(&store, &Viewer::everything(), now(), stale_before()).await.unwrap();
        let headline = overview.score.unwrap();
        assert_eq!((headline.ces, headline.baseline), (612.0, 150.0));
        assert_eq!(headline.week_ago.map(|(_, ces)| ces), Some(594.0));
        assert_eq!(headline.baseline_ces, Some(590.0));
        assert_eq!(overview.trend.len(), 4);
        assert_eq!(overview.slices.known, 2.0);
        assert_eq!(overview.fixes[0].score_change, -41.0);
    })
    .await;
}

#[tokio::test]
async fn it_costs_ten_queries_whatever_is_stored() {
    on_each_database(async |store| {
        let before = store.queries();
        overview::read(&store, &Viewer::everything(), now(), stale_before()).await.unwrap();
        assert_eq!(store.queries() - before, 10);
        seed::estate(&store).await.unwrap();
        history(&store).await;
        let before = store.queries();
        overview::read(&store, &Viewer::everything(), now(), stale_before()).await.unwrap();
        assert_eq!(store.queries() - before, 10);
    })
    .await;
}

#[tokio::test]
async fn what_is_stale_follows_the_window_asked_for() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        for (days, all_stale) in [(0, true), (3650, false)] {
            let before = now() - TimeDelta::days(days);
            let coverage =
                overview::read(&store, &Viewer::everything(), now(), before).await.unwrap().coverage;
            let (stale, current) = if all_stale { (2, 0) } else { (0, 2) };
            assert_eq!((coverage.stale, coverage.scanned), (stale, current), "{days} days");
        }
    })
    .await;
}
