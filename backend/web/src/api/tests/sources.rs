//! Sources over the API: as described, without secrets, asked for and stopped.

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use store::test_support::on_each_database;

use super::{problem, schema};
use crate::pages::sources::made_up;
use crate::test_app::{Answer, TestApp};

async fn send(app: &TestApp, address: &str, body: &Value) -> Answer {
    app.send(TestRequest::post().uri(address).set_json(body)).await
}

#[actix_web::test]
async fn sources_and_runs_are_as_described() {
    on_each_database(async |store| {
        let (_, run) = store::seed::source(&store, "prod", "fake", 60).await.unwrap();
        let app = TestApp::with_sources(store, made_up());
        let run = format!("/api/v1/sources/prod/runs/{run}");
        for (address, path) in [
            ("/api/v1/sources", "/api/v1/sources"),
            ("/api/v1/sources/prod", "/api/v1/sources/{name}"),
            ("/api/v1/sources/prod/scopes?seen=part&sort=-objects", "/api/v1/sources/{name}/scopes"),
            (&run, "/api/v1/sources/{name}/runs/{id}"),
            (&format!("{run}/scopes?limit=500"), "/api/v1/sources/{name}/runs/{id}/scopes"),
        ] {
            let answer = app.get(address).await;
            assert_eq!(answer.status, 200, "{address}: {}", answer.text());
            schema::check_answer("get", path, 200, &answer.json());
        }
        let all = app.get("/api/v1/sources").await.json();
        assert_eq!(
            (&all["items"][0]["health"], &all["items"][0]["complete"]),
            (&json!("partial"), &json!(58))
        );
        let one = app.get("/api/v1/sources/prod").await.json();
        assert_eq!(
            (&one["secrets"], &one["settings"]["accounts"][0]),
            (&json!(["password"]), &json!(store::seed::HOSTILE))
        );
        let scopes = app.get("/api/v1/sources/prod/scopes?limit=50").await.json();
        assert_eq!(scopes["items"][0]["state"], "failed");
        let next = app.get(scopes["next"].as_str().unwrap()).await.json();
        assert_eq!((next["items"].as_array().unwrap().len(), &next["next"]), (10, &Value::Null));
    })
    .await;
}

#[actix_web::test]
async fn a_run_is_asked_for_and_stopped() {
    on_each_database(async |store| {
        store::seed::source(&store, "prod", "fake", 2).await.unwrap();
        let app = TestApp::with_sources(store, made_up());
        let runs = "/api/v1/sources/prod/runs";
        let asked = send(&app, runs, &json!({ "kind": "dry-run" })).await;
        assert_eq!((asked.status.as_u16(), app.wakes()), (202, 1), "{}", asked.text());
        schema::check_answer("post", "/api/v1/sources/{name}/runs", 202, &asked.json());
        let href = asked.json()["href"].as_str().unwrap().to_owned();
        assert_eq!(asked.header("location"), href);
        let again = send(&app, runs, &json!({ "kind": "dry-run" })).await.json();
        assert_eq!(again["id"], asked.json()["id"], "one that waits is given again");
        let stopped = send(&app, &format!("{href}/cancel"), &json!({})).await;
        schema::check_answer("post", "/api/v1/sources/{name}/runs/{id}/cancel", 202, &stopped.json());
        assert_eq!(app.get(&href).await.json()["state"], "cancelled");
        problem(&send(&app, runs, &json!({ "kind": "push" })).await, 400, "one of sync, check, dry-run");
        problem(&send(&app, runs, &json!({ "sort": "sync" })).await, 400, "unknown field");
        problem(
            &send(&app, "/api/v1/sources/none/runs", &json!({ "kind": "sync" })).await,
            404,
            "no source none",
        );
        problem(&app.get("/api/v1/sources/prod/runs/0").await, 404, "no such run");
    })
    .await;
}
