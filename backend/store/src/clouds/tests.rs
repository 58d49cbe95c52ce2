//! Clouds, accounts and repositories over the seeded estate.

use chrono::{DateTime, TimeDelta, Utc};
use domain::scope::Viewer;
use domain::source::{RunKind, RunState};

use super::{AccountFilter, Cloud, RepositoryFilter, accounts, clouds, repositories};
use crate::list::{Page, Sort, Total};
use crate::save::sources::{self as rows, Claim, Progress};
use crate::test_support::on_each_database;
use crate::{Store, images, seed, workloads};

fn stale_before() -> DateTime<Utc> {
    seed::NOW.parse::<DateTime<Utc>>().unwrap() - TimeDelta::days(7)
}

async fn seeded(store: &Store) -> Vec<Cloud> {
    seed::estate(store).await.unwrap();
    seed::clouds(store).await.unwrap();
    seed::source(store, "prod", "aws", 3).await.unwrap();
    clouds(store, &Viewer::everything(), stale_before()).await.unwrap()
}

#[tokio::test]
async fn each_cloud_has_what_lies_and_runs_in_it() {
    on_each_database(async |store| {
        let all = seeded(&store).await;
        let names: Vec<_> = all.iter().map(|cloud| cloud.provider.as_str()).collect();
        assert_eq!(names, ["", "aws", "azure", "gcp"]);
        let (none, aws, azure, gcp) = (&all[0], &all[1], &all[2], &all[3]);
        assert_eq!(
            (aws.accounts, aws.registries, aws.repositories, aws.images, aws.clusters),
            (1, 1, 1, 1, 1)
        );
        assert_eq!((azure.accounts, azure.registries, azure.images, azure.clusters), (1, 0, 1, 0));
        assert_eq!((aws.workloads, azure.workloads, gcp.workloads), (1, 1, 1));
        assert_eq!((aws.running_images, aws.scanned, aws.stale), (1, 1, 0));
        assert_eq!((azure.running_images, azure.scanned, azure.stale), (1, 0, 1));
        assert_eq!((none.images, none.clusters), (1, 1));
        let fresh = aws.freshness.as_ref().unwrap();
        assert_eq!((fresh.sources, fresh.scopes, fresh.complete), (1, 3, 1));
        assert_eq!(fresh.oldest_complete_at, None, "one scope was never seen whole");
        assert!(azure.freshness.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_source_whose_last_run_came_to_nothing_saw_nothing_whole() {
    on_each_database(async |store| {
        seeded(&store).await;
        let (viewer, later) = (Viewer::everything(), Utc::now() + TimeDelta::days(400));
        let source = crate::sources::list(&store, &viewer).await.unwrap().remove(0).source.id;
        let tx = store.begin().await.unwrap();
        let run = rows::request(&tx, source, RunKind::Sync, None, later).await.unwrap();
        tx.commit().await.unwrap();
        let claim = Claim { worker: "one", from_file: &[], run, attempt: None, lease: TimeDelta::minutes(1) };
        rows::claim(&store, &claim, later).await.unwrap().unwrap();
        let (state, nothing) = (RunState::Failed, Progress::default());
        assert!(rows::finish(&store, run, "one", state, "No credentials.", &nothing, later).await.unwrap());
        let all = clouds(&store, &viewer, stale_before()).await.unwrap();
        let fresh = all.iter().find_map(|cloud| cloud.freshness.as_ref()).unwrap();
        assert_eq!((fresh.scopes, fresh.complete), (3, 0));
    })
    .await;
}

#[tokio::test]
async fn every_number_is_that_of_its_list() {
    on_each_database(async |store| {
        let (all, viewer) = (seeded(&store).await, Viewer::everything());
        let (sort, page) = (Sort::ascending("name"), Page::first(50));
        for cloud in all {
            let named = Some(cloud.provider.clone());
            let filter = AccountFilter { cloud: named.clone(), ..AccountFilter::default() };
            let found = accounts(&store, &viewer, &filter, &sort, &page).await.unwrap();
            assert_eq!(found.total, Some(Total::Exactly(cloud.accounts)), "accounts of {}", cloud.provider);
            let filter = RepositoryFilter { cloud: named.clone(), ..RepositoryFilter::default() };
            let found = repositories(&store, &viewer, &filter, &sort, &page).await.unwrap();
            assert_eq!(
                found.total,
                Some(Total::Exactly(cloud.repositories)),
                "repositories of {}",
                cloud.provider
            );
            let filter = images::Filter { cloud: named.clone(), ..images::Filter::default() };
            let found = images::list(&store, &viewer, &filter, &sort, &page).await.unwrap();
            assert_eq!(found.total, Some(Total::Exactly(cloud.images)), "images of {}", cloud.provider);
            let filter = images::Filter { runs_in: named.clone(), ..images::Filter::default() };
            let found = images::list(&store, &viewer, &filter, &sort, &page).await.unwrap();
            assert_eq!(
                found.total,
                Some(Total::Exactly(cloud.running_images)),
                "images that run in {}",
                cloud.provider
            );
            let filter = workloads::Filter { cloud: named, ..workloads::Filter::default() };
            let found = workloads::list(&store, &viewer, &filter, &sort, &page).await.unwrap();
            assert_eq!(found.total, Some(Total::Exactly(cloud.workloads)), "workloads of {}", cloud.provider);
            let exposure: f64 = found.rows.iter().map(|row| row.loss).sum();
            assert!((exposure - cloud.exposure).abs() < 1e-9, "{exposure} {}", cloud.exposure);
        }
    })
    .await;
}

#[tokio::test]
async fn clouds_cost_five_queries_and_lists_two_by_every_sort() {
    on_each_database(async |store| {
        seeded(&store).await;
        let (viewer, before) = (Viewer::everything(), store.queries());
        clouds(&store, &viewer, stale_before()).await.unwrap();
        assert_eq!(store.queries() - before, 5);
        for (sorts, what) in [(super::ACCOUNT_SORTS, "accounts"), (super::REPOSITORY_SORTS, "repositories")] {
            for (column, descending) in sorts.iter().flat_map(|sort| [(sort.word, true), (sort.word, false)])
            {
                let (sort, page) = (Sort { column: column.to_owned(), descending }, Page::first(2));
                let before = store.queries();
                let shown = if what == "accounts" {
                    let found = accounts(&store, &viewer, &AccountFilter::default(), &sort, &page).await;
                    let found = found.unwrap();
                    let next = Page::at(2, crate::list::Start::Cursor(found.next.unwrap()));
                    let rest = accounts(&store, &viewer, &AccountFilter::default(), &sort, &next).await;
                    found.rows.len() + rest.unwrap().rows.len()
                } else {
                    let filter = RepositoryFilter::default();
                    let found = repositories(&store, &viewer, &filter, &sort, &page).await.unwrap();
                    assert_eq!(found.rows[0].images, 1);
                    found.rows.len() + 2
                };
                assert_eq!(shown, 3, "{what} by {column}");
                assert!(store.queries() - before <= 4, "{what} by {column}");
            }
        }
    })
    .await;
}
