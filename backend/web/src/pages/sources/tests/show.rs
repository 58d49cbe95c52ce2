//! The list, one source, its permissions, and what is not observed on the Overview.

use chrono::TimeDelta;
use domain::source::{RunKind, RunState, Scope, Trial};
use store::save::sources::{Claim, Progress};
use store::test_support::on_each_database;

use super::*;

#[actix_web::test]
async fn an_empty_list_tells_both_ways_to_add_one() {
    on_each_database(async |store| {
        let app = app(&store);
        let page = app.get("/sources").await;
        assert_eq!(page.texts("h2"), ["No sources yet"]);
        assert_eq!(page.attribute("main a.button", "href"), "/add-source");
        assert_eq!(page.texts("pre code"), ["[[sources]] name = \"x\""]);
        let chosen = app.get("/add-source").await;
        assert_eq!((chosen.status.as_u16(), chosen.header("location")), (303, "/add-source/fake"));
        assert_eq!(app.get("/help/sources/fake").await.texts(".docs td code"), ["fake:Read", "fake:Scan"]);
        let none = TestApp::new(store.clone()).get("/sources").await;
        assert_eq!(none.texts("main .unknown"), ["This server has no connectors"]);
        assert_eq!(TestApp::new(store.clone()).get("/add-source").await.status, 200);
    })
    .await;
}

#[actix_web::test]
async fn the_list_tells_the_health_of_each_the_worst_first() {
    on_each_database(async |store| {
        store::seed::source(&store, "broken", "fake", 0).await.unwrap();
        store::seed::source(&store, "half", "gone", 4).await.unwrap();
        from_file(&store, "anew").await;
        let app = app(&store);
        let before = store.queries();
        let page = app.get("/sources").await;
        assert_eq!(store.queries() - before, 3);
        assert_eq!(page.texts("tbody th a"), ["broken", "half", "anew"]);
        assert_eq!(page.texts("tbody th small"), ["Fake Cloud", "gone", "Fake Cloud · settings file"]);
        assert_eq!(page.texts("tbody td:nth-child(2) .badge"), ["failed", "in part", "no run yet"]);
        assert_eq!(page.texts("tbody td:nth-child(3)"), ["not known", "2 of 4 scopes", "not known"]);
        assert_eq!(page.texts("tbody td:nth-child(5)"), ["not known", "8", "not known"]);
        assert_eq!(page.texts("tbody tr:first-child .badge.bad.unknown").len(), 1, "what failed is hatched");
        assert_eq!(page.texts(".head .lead"), ["3 sources, 1 failed, 1 seen in part, 1 without a run yet."]);
        let file = app.get("/sources.csv").await;
        assert!(file.text().contains("half,gone,partial,4,2,0,8,"), "{}", file.text());
    })
    .await;
}

#[actix_web::test]
async fn a_source_with_many_scopes_is_paged_and_what_was_not_seen_comes_first() {
    on_each_database(async |store| {
        store::seed::source(&store, "wide", "fake", 600).await.unwrap();
        let app = app(&store);
        let before = store.queries();
        let page = app.get("/sources/wide?tab=scopes&size=50").await;
        let cost = store.queries() - before;
        assert!(page.body.len() < 60_000, "{} bytes", page.body.len());
        assert_eq!(page.texts(".scopes tbody tr").len(), 50);
        assert_eq!(&page.texts(".scopes tbody .badge.unknown")[..3], ["failed", "never", "not known"]);
        assert!(page.text().contains("1–50 of 600 scopes"));
        assert!(!page.text().contains("<script>alert"), "names of others are text");
        assert!(page.texts(".scopes small code").contains(&"ecr:DescribeRepositories".to_owned()));
        let next = app.get(&page.attribute("a[rel=next]", "href")).await;
        assert!(next.text().contains("51–100 of 600 scopes"));
        let before = store.queries();
        let few = app.get("/sources/wide?tab=scopes&seen=part").await;
        assert_eq!((store.queries() - before, few.texts(".scopes tbody tr").len()), (cost, 2));
        assert_eq!(
            app.get("/sources/wide?q=000000000599").await.texts(".scopes tbody th"),
            ["000000000599 / eu-central-1 / ecr"]
        );
        assert_eq!(app.get("/sources/wide/scopes.json").await.json().as_array().unwrap().len(), 600);
        assert_eq!(app.get("/sources/wide?tab=odd").await.status, 400);
        assert_eq!(app.get("/sources/none").await.status, 404);
    })
    .await;
}

#[actix_web::test]
async fn permissions_tell_what_is_refused_and_what_was_not_tried() {
    on_each_database(async |store| {
        let (source, _) = store::seed::source(&store, "prod", "fake", 2).await.unwrap();
        let app = app(&store);
        let page = app.get("/sources/prod?tab=permissions").await;
        assert_eq!(page.texts(".permits .badge.unknown"), ["not tried", "not tried"]);
        let tx = store.begin().await.unwrap();
        let run = save::request(&tx, source, RunKind::Check, None, app.state.now()).await.unwrap();
        tx.commit().await.unwrap();
        let claim = Claim { worker: "w", from_file: &[], run, attempt: None, lease: TimeDelta::seconds(60) };
        save::claim(&store, &claim, app.state.now()).await.unwrap();
        let place = Scope { account: "1".to_owned(), region: "eu".to_owned(), service: "x".to_owned() };
        let refusal = Some("`fake:Scan` is denied in <1>: add it to the role.".to_owned());
        let trials = [
            Trial { action: "fake:Read".to_owned(), scope: place.clone(), refusal: None },
            Trial { action: "fake:Scan".to_owned(), scope: place, refusal },
        ];
        save::put_trials(&store, run, &trials).await.unwrap();
        let progress = Progress::default();
        save::finish(
            &store,
            run,
            "w",
            RunState::Partial,
            "1 of 2 permissions are refused.",
            &progress,
            app.state.now(),
        )
        .await
        .unwrap();
        for address in ["/sources/prod?tab=permissions".to_owned(), format!("/sources/prod/runs/{run}")] {
            let page = app.get(&address).await;
            assert_eq!(page.texts(".permits .badge"), ["refused", "granted"], "{address}");
            assert_eq!(
                page.texts(".refusal"),
                ["1 / eu / x fake:Scan is denied in <1>: add it to the role."]
            );
        }
        let known = on_record(&store, "prod").await.unwrap().summary;
        assert_eq!(known.last_run.unwrap().kind, RunKind::Sync, "a check says nothing of what was seen");
    })
    .await;
}

#[actix_web::test]
async fn the_overview_tells_what_was_not_observed_and_never_as_zero() {
    on_each_database(async |store| {
        let app = app(&store);
        let whole = app.get("/").await;
        assert!(!whole.text().contains("Not observed"), "without sources nothing is said of them");
        store::seed::source(&store, "broken", "fake", 0).await.unwrap();
        store::seed::source(&store, "half", "fake", 9).await.unwrap();
        from_file(&store, "anew").await;
        let before = store.queries();
        let page = app.get("/").await;
        let cost = store.queries() - before;
        assert_eq!(page.texts("main > .notice.hatched a"), ["2 sources and 2 scopes"]);
        assert_eq!(page.texts("#unobserved tbody th a"), ["anew", "broken", "half", "half"]);
        assert_eq!(
            page.texts("#unobserved td:nth-child(2) .unknown"),
            ["not asked yet", "failed", "failed", "in part"]
        );
        assert_eq!(page.texts("#unobserved td:last-child .unknown"), ["never", "never", "never", "never"]);
        assert_eq!(
            page.attribute("#unobserved tbody tr:last-child th a", "href"),
            "/sources/half?tab=scopes&seen=part"
        );
        assert!(!page.text().contains("<script>alert"));
        store::seed::source(&store, "half-2", "fake", 9).await.unwrap();
        let before = store.queries();
        assert!(app.get("/").await.text().contains("2 sources and 4 scopes"));
        assert_eq!(store.queries() - before, cost);
    })
    .await;
}
