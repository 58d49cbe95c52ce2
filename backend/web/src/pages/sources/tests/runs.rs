//! Asking a source, watching a run, stopping it; turning a source off, taking it away; its push token.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::id::RunId;
use domain::source::{RunCounts, RunState};
use serde_json::Value;
use store::save::sources::{Claim, Progress};
use store::test_support::on_each_database;

use super::*;

async fn begun(store: &Store, run: RunId, at: &str) {
    let claim = Claim { worker: "w", from_file: &[], run, attempt: None, lease: TimeDelta::seconds(60) };
    save::claim(store, &claim, at.parse().unwrap()).await.unwrap().unwrap();
}

fn progress(done: u64) -> Progress {
    let counts = RunCounts { seen: 1_200, calls: 34, ..RunCounts::default() };
    Progress { scopes_total: 3, scopes_done: done, counts }
}

/// The events of a stream that has ended.
fn told(answer: &Answer) -> Vec<Value> {
    let text = answer.text();
    let events = text.split("\n\n").filter_map(|event| event.strip_prefix("event: progress\ndata: "));
    events.map(|data| serde_json::from_str(data).unwrap()).collect()
}

const REFRESH: &str = r#"<noscript><meta http-equiv="refresh" content="5"></noscript>"#;

#[actix_web::test]
async fn a_run_is_asked_for_watched_and_stopped() {
    on_each_database(async |store| {
        store::seed::source(&store, "prod", "fake", 3).await.unwrap();
        let app = app(&store);
        let browser = app.browser().await;
        let asked = post(&app, &browser, "/sources/prod/runs", &[("kind", "sync")]).await;
        assert_eq!((asked.status.as_u16(), app.wakes()), (303, 1));
        let place = asked.header("location").to_owned();
        let run: RunId = place.rsplit('/').next().unwrap().parse().unwrap();
        let page = app.get(&place).await;
        assert_eq!(page.attribute("[data-events]", "data-events"), format!("{place}/events"));
        assert_eq!(page.texts("[data-sentence]"), ["It waits for a worker, which usually takes seconds."]);
        assert!(page.text().contains(REFRESH), "who has no script sees it go on");
        begun(&store, run, "2026-11-23T10:03:30Z").await;
        save::beat(&store, run, "w", &progress(1), app.state.now()).await.unwrap();
        let page = app.get(&place).await;
        assert_eq!(page.texts("[data-sentence]"), ["1 of 3 scopes are over, 1 200 objects seen so far."]);
        assert_eq!(
            (page.attribute("progress", "value").as_str(), page.texts("[data-figure=took]")),
            ("1", vec!["30 s".to_owned()])
        );
        let notice = app.get("/sources/prod").await;
        assert!(notice.texts(".notice.info").join(" ").contains("1 of 3 scopes are over"));
        assert_eq!(post(&app, &browser, &format!("{place}/cancel"), &[]).await.status, 303);
        assert!(app.get(&place).await.texts("[data-sentence]")[0].starts_with("It is being stopped"));
        save::finish(
            &store,
            run,
            "w",
            RunState::Cancelled,
            "Cancelled after 1 of 3 scopes.",
            &progress(1),
            app.state.now(),
        )
        .await
        .unwrap();
        let over = app.get(&place).await;
        assert_eq!(over.texts("[role=status]"), ["Cancelled after 1 of 3 scopes."]);
        for part in ["data-events", "<progress", REFRESH] {
            assert!(!over.text().contains(part), "{part}");
        }
        for word in ["push", "follow", "", "all"] {
            assert_eq!(
                post(&app, &browser, "/sources/prod/runs", &[("kind", word)]).await.status,
                400,
                "{word}"
            );
        }
        let other = format!("/sources/other/runs/{run}");
        assert_eq!(app.get(&other).await.status, 404, "a run is shown under its own source alone");
        assert_eq!(app.get(&format!("{other}/events")).await.status, 404);
    })
    .await;
}

#[actix_web::test]
async fn the_stream_tells_every_change_and_ends_with_the_run() {
    on_each_database(async |store| {
        store::seed::source(&store, "prod", "fake", 3).await.unwrap();
        let app = app(&store);
        let browser = app.browser().await;
        let asked = post(&app, &browser, "/sources/prod/runs", &[("kind", "sync")]).await;
        let place = asked.header("location").to_owned();
        let run: RunId = place.rsplit('/').next().unwrap().parse().unwrap();
        begun(&store, run, "2026-11-23T10:03:30Z").await;
        let worker = async {
            let pause = || tokio::time::sleep(std::time::Duration::from_millis(1_300));
            pause().await;
            save::beat(&store, run, "w", &progress(2), app.state.now()).await.unwrap();
            pause().await;
            save::finish(
                &store,
                run,
                "w",
                RunState::Complete,
                "Everything was seen.",
                &progress(3),
                app.state.now(),
            )
            .await
            .unwrap();
        };
        let address = format!("{place}/events");
        let watching = app.send(TestRequest::get().uri(&address).insert_header(("accept-encoding", "gzip")));
        let (answer, ()) = futures_util::future::join(watching, worker).await;
        assert_eq!(answer.header("content-type"), "text/event-stream");
        assert_eq!(answer.header("content-encoding"), "identity", "small events do not wait in a packer");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        let events = told(&answer);
        let steps: Vec<_> = events
            .iter()
            .map(|event| (event["over"].as_bool().unwrap(), event["done"].as_u64().unwrap()))
            .collect();
        assert_eq!(steps, [(false, 0), (false, 2), (true, 3)]);
        assert_eq!(
            (&events[2]["sentence"], &events[2]["state"]),
            (&"Everything was seen.".into(), &"seen whole".into())
        );
        let after = told(&app.get(&address).await);
        assert_eq!(after.len(), 1, "who comes late hears how it ended");
    })
    .await;
}

#[actix_web::test]
async fn a_journal_is_paged_and_costs_the_same_whatever_its_length() {
    on_each_database(async |store| {
        let (_, few) = store::seed::source(&store, "few", "fake", 3).await.unwrap();
        let (_, many) = store::seed::source(&store, "many", "fake", 600).await.unwrap();
        let app = app(&store);
        let mut costs = Vec::new();
        for address in [format!("/sources/few/runs/{few}"), format!("/sources/many/runs/{many}?size=50")] {
            let before = store.queries();
            let page = app.get(&address).await;
            costs.push(store.queries() - before);
            assert!(page.body.len() < 60_000, "{address}: {} bytes", page.body.len());
            assert_eq!(page.texts(".scopes tbody tr:first-child .unknown"), ["failed", "nothing seen"]);
            assert!(!page.text().contains("<script>alert"));
        }
        assert_eq!(costs[0], costs[1]);
        let file = app.get(&format!("/sources/many/runs/{many}/scopes.csv")).await;
        assert_eq!(file.text().lines().count(), 601);
    })
    .await;
}

#[actix_web::test]
async fn a_source_is_turned_off_and_taken_away() {
    on_each_database(async |store| {
        store::seed::source(&store, "prod", "fake", 3).await.unwrap();
        let app = app(&store);
        let browser = app.browser().await;
        assert_eq!(post(&app, &browser, "/sources/prod/enabled", &[("on", "false")]).await.status, 303);
        let page = app.get("/sources/prod").await;
        assert!(page.texts(".actions button").contains(&"Turn on".to_owned()));
        assert!(
            page.texts(".tiles dd").contains(&"off on request".to_owned()),
            "{:?}",
            page.texts(".tiles dd")
        );
        let sure = app.get("/sources/prod/remove").await;
        assert!(
            sure.texts("main").join(" ").contains("The 5 objects that it showed stay"),
            "{:?}",
            sure.texts("main")
        );
        assert!(on_record(&store, "prod").await.is_some(), "looking takes nothing away");
        let gone = post(&app, &browser, "/sources/prod/remove", &[]).await;
        assert_eq!((gone.status.as_u16(), gone.header("location")), (303, "/sources"));
        assert!(on_record(&store, "prod").await.is_none());
        assert_eq!(app.get("/sources/prod").await.status, 404);
    })
    .await;
}

#[actix_web::test]
async fn a_push_token_is_shown_once_and_opens_its_source_alone() {
    on_each_database(async |store| {
        store::seed::source(&store, "prod", "fake", 1).await.unwrap();
        let app = app(&store);
        let browser = app.browser().await;
        let made = post(&app, &browser, "/sources/prod/token", &[("make", "true")]).await;
        let token = made.texts("pre code").remove(0);
        assert!(token.starts_with("plimsoll_") && token.len() == 73, "{token}");
        assert_eq!(made.header("cache-control"), "no-store");
        for address in ["/sources/prod?tab=settings", "/sources/prod", "/api/v1/sources/prod"] {
            assert!(!app.get(address).await.text().contains(&token), "{address}");
        }
        let ask = async || {
            let run = "0193590e5a7c7d1ab0c1d2e3f4a5b6c7";
            let request = TestRequest::get().uri(&format!("/api/v1/observations/{run}"));
            app.send(request.insert_header(("authorization", format!("Bearer {token}"))))
                .await
                .status
                .as_u16()
        };
        assert_eq!(ask().await, 200);
        let again = post(&app, &browser, "/sources/prod/token", &[("make", "true")]).await;
        assert_ne!(again.texts("pre code")[0], token);
        assert_eq!(ask().await, 401, "a new token ends the one before");
        assert_eq!(post(&app, &browser, "/sources/prod/token", &[("make", "false")]).await.status, 303);
        assert!(!on_record(&store, "prod").await.unwrap().summary.source.takes_pushes);
    })
    .await;
}
