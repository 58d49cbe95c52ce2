//! The pages of what sensors saw, and the way in for events, through every guard.

use actix_web::test::TestRequest;
use serde_json::json;
use store::save::inbox;
use store::seed;
use store::test_support::on_each_database;

use crate::test_app::TestApp;
use crate::{InboxLimits, Settings};

const SHELL: &str = "Terminal shell in container";

async fn seeded(store: &store::Store) {
    seed::estate(store).await.unwrap();
    seed::detections(store).await.unwrap();
}

#[actix_web::test]
async fn detections_are_listed_worst_first_and_narrowed() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        assert_eq!(app.get("/runtime").await.texts(".empty .lead"), ["No detections yet"]);
        seeded(&store).await;
        let before = store.queries();
        let page = app.get("/runtime").await;
        assert_eq!(store.queries() - before, 4);
        assert_eq!(page.texts("tbody th a"), ["Drift", SHELL]);
        assert_eq!(page.texts("tbody .badge.unknown"), ["not in the inventory"]);
        assert_eq!(page.texts("tbody .badge.warn"), ["drift"]);
        assert!(
            page.texts(".head .lead")[0].starts_with("2 detections open, 1 drift, 1 on no known workload")
        );
        assert!(!page.text().contains("<b>nobody</b>"), "nothing of a sensor is taken for HTML");
        let api = seed::workload("api");
        let on_api = format!("workload={api}");
        for (filter, expected) in [
            ("severity=high", vec![SHELL]),
            ("class=drift", vec!["Drift"]),
            ("attached=no", vec!["Drift"]),
            ("state=put-away", vec![]),
            ("seen=1", vec!["Drift", SHELL]),
            ("sort=-count", vec![SHELL, "Drift"]),
            ("q=nobody", vec!["Drift"]),
            (on_api.as_str(), vec![SHELL]),
        ] {
            assert_eq!(
                app.get(&format!("/runtime?{filter}")).await.texts("tbody th a"),
                expected,
                "{filter}"
            );
        }
        let file = String::from_utf8(app.get("/runtime.csv").await.body).unwrap();
        assert!(file.lines().count() >= 3 && file.contains("T1059"));
        let tab = app.get(&format!("/workloads/{api}?tab=detections")).await;
        assert_eq!(tab.texts("table.detections tbody th a"), [SHELL]);
    })
    .await;
}

#[actix_web::test]
async fn a_decision_needs_a_reason_a_name_and_our_form() {
    on_each_database(async |store| {
        seeded(&store).await;
        let app = TestApp::new(store.clone());
        let address = format!("/runtime/{}", seed::detection(SHELL));
        let page = app.get(&address).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.texts("h1"), [SHELL]);
        assert_eq!(page.texts(".timeline li").len(), 0);
        assert!(!page.text().contains("<script>alert"), "evidence is shown as it is written");
        let browser = app.browser().await;
        let body = |csrf: &str, word: &str, reason: &str| {
            format!("csrf={csrf}&disposition={word}&reason={reason}&by=Ann")
        };
        let decide = format!("{address}/decision");
        for (csrf, word, reason, status) in [
            ("", "benign", "drill", 403),
            (browser.csrf.as_str(), "harmless", "drill", 400),
            (browser.csrf.as_str(), "benign", "++", 400),
            (browser.csrf.as_str(), "benign", "drill", 303),
        ] {
            let answer = app.send(browser.form(&decide, body(csrf, word, reason))).await;
            assert_eq!(answer.status.as_u16(), status, "{word} {reason}");
        }
        assert_eq!(app.wakes(), 1);
        let page = app.get(&address).await;
        assert_eq!(page.texts(".marks .badge").first().map(String::as_str), Some("benign"));
        assert_eq!(page.texts(".timeline li").len(), 1);
        assert_eq!(app.get("/runtime").await.texts("tbody th a"), ["Drift"]);
        let opened = TestRequest::post()
            .uri(&format!("/api/v1/detections/{}/decisions", seed::detection(SHELL)))
            .set_json(json!({ "disposition": "open", "reason": "it came back", "by": "Bob" }));
        assert_eq!(app.send(opened).await.json()["state"], "open");
        let shown = app.get(&format!("/api/v1/detections/{}", seed::detection(SHELL))).await.json();
        assert_eq!(shown["decisions"].as_array().unwrap().len(), 2);
        assert_eq!(
            (&shown["latest"][0]["container"], &shown["hours"][0]["events"]),
            (&json!("main"), &json!(3))
        );
        assert_eq!(app.get("/runtime/00000000000000000000000000000000").await.status, 404);
    })
    .await;
}

#[actix_web::test]
async fn nodes_tell_who_watches_them() {
    on_each_database(async |store| {
        seeded(&store).await;
        let app = TestApp::new(store.clone());
        let page = app.get("/runtime/nodes").await;
        assert_eq!(page.texts("tbody th"), ["node-1"]);
        assert_eq!(page.texts("tbody .badge.good"), ["heard"]);
        assert_eq!(page.texts("tbody td[data-label=Open]"), ["1"]);
        assert_eq!(app.get("/runtime/nodes?watch=nobody").await.texts("tbody th").len(), 0);
        let row = &app.get("/api/v1/sensor-coverage").await.json()["items"][0];
        assert_eq!((&row["watch"], &row["sensors"]), (&json!("heard"), &json!("falco")));
        let patient = Settings { silent_after_hours: 1, ..Settings::default() };
        let silent = TestApp::with(store, patient).get("/runtime/nodes").await;
        assert_eq!(silent.texts("tbody .badge.warn"), ["silent"]);
    })
    .await;
}

#[actix_web::test]
async fn events_are_durable_before_the_answer_or_refused_with_a_time() {
    on_each_database(async |store| {
        let limits = InboxLimits { body: 100, bodies: 2, bytes: 1 << 20 };
        let app = TestApp::with(store.clone(), Settings { inbox: limits, ..Settings::default() });
        let send = |body: &'static str| {
            TestRequest::post()
                .uri("/api/v1/events?name=falco&cluster=prod")
                .insert_header(("content-type", "application/json"))
                .set_payload(body)
        };
        assert_eq!(app.send(send(" \n")).await.status, 400);
        let long = TestRequest::post().uri("/api/v1/events").set_payload("x".repeat(101));
        assert_eq!(app.send(long).await.status, 413);
        for body in ["{\"rule\":1}", "{\"rule\":2}"] {
            assert_eq!(app.send(send(body)).await.status, 202);
        }
        assert_eq!(app.wakes(), 2);
        let kept = inbox::oldest(&store, 10, 1 << 20).await.unwrap();
        let kept: Vec<_> = kept.into_iter().map(|one| one.incoming).collect();
        assert_eq!(kept.len(), 2);
        assert_eq!((kept[0].name.as_str(), kept[0].cluster.as_deref()), ("falco", Some("prod")));
        assert_eq!(kept[0].body, b"{\"rule\":1}");
        let busy = app.send(send("{}")).await;
        assert_eq!((busy.status.as_u16(), busy.header("retry-after")), (429, "5"));
        assert_eq!(inbox::backlog(&store).await.unwrap().bodies, 2, "nothing of it was taken");
    })
    .await;
}
