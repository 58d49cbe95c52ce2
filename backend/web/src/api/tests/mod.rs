//! The API through every guard, over a real store; what it answers is held against what it describes.

mod schema;
mod sources;

use actix_web::test::TestRequest;
use domain::mapping::ColumnMapping;
use serde_json::{Value, json};
use store::documents::PROCESSED;
use store::seed;
use store::test_support::on_each_database;

use super::openapi;
use crate::Settings;
use crate::test_app::{Answer, Field, TestApp, multipart};

const RAW: (&str, &str) = ("content-type", "application/octet-stream");

fn upload(address: &str, bytes: &[u8]) -> TestRequest {
    TestRequest::post().uri(address).insert_header(RAW).set_payload(bytes.to_vec())
}

/// The answer is a problem as described, with this sentence in it.
fn problem(answer: &Answer, status: u16, sentence: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let found = answer.json();
    schema::check(&json!({ "$ref": "#/components/schemas/Problem" }), &found, "problem");
    assert_eq!(found["status"], status);
    assert!(found["detail"].as_str().unwrap().contains(sentence), "{found}");
}

#[actix_web::test]
async fn a_raw_body_is_taken_in_and_given_back() {
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let address = "/api/v1/documents?name=..%2F%07report.json&image=ghcr.io/acme/api:1&cluster=eu-1&as_of=2026-11-22";
        let bytes = b"{\"SchemaVersion\":2}";
        let taken = app.send(upload(address, bytes)).await;
        assert_eq!((taken.status.as_u16(), app.wakes()), (202, 1));
        schema::check_answer("post", "/api/v1/documents", 202, &taken.json());
        let document = &taken.json()["documents"][0];
        assert_eq!((&document["known"], &document["state"]), (&json!(false), &json!("waiting")));
        assert_eq!(document["name"], "report.json");
        assert_eq!(document["image_reference"], "ghcr.io/acme/api:1");
        assert_eq!(document["as_of"], "2026-11-22T00:00:00Z");
        let href = document["href"].as_str().unwrap();
        assert_eq!(taken.header("location"), href);
        let detail = app.get(href).await;
        schema::check_answer("get", "/api/v1/documents/{id}", 200, &detail.json());
        assert_eq!(detail.json()["mapping"], Value::Null);
        assert_eq!(app.get(detail.json()["raw"].as_str().unwrap()).await.body, bytes);
        let again = app.send(upload(address, bytes)).await.json();
        assert_eq!((&again["documents"][0]["known"], &again["documents"][0]["times_received"]), (&json!(true), &json!(2)));
    })
    .await;
}

#[actix_web::test]
async fn the_mapping_of_a_document_is_told() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        let save = async |name: &str, column: &str, word: &str| {
            let columns = [(column.to_owned(), word.to_owned())].into();
            let mapping = ColumnMapping::new("ours", columns).unwrap();
            let tx = store.begin().await.unwrap();
            store::save::mappings::save(&tx, name, &mapping, app.state.now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        save("<b> table", "What", "title").await;
        let taken = app.send(upload("/api/v1/documents?mapping=%3Cb%3E%20table", b"What,Mine\nx,y\n")).await;
        let href = taken.json()["documents"][0]["href"].as_str().unwrap().to_owned();
        let detail = app.get(&href).await.json();
        schema::check_answer("get", "/api/v1/documents/{id}", 200, &detail);
        let told = |name: Value| json!({ "name": name, "tool": "ours", "columns": { "What": "title" } });
        assert_eq!(detail["mapping"], told(json!("<b> table")));
        let page = app.get(detail["page"].as_str().unwrap()).await;
        assert!(page.texts("dl.facts small b").contains(&"<b> table".to_owned()), "{}", page.text());
        save("<b> table", "What", "description").await;
        assert_eq!(
            app.get(&href).await.json()["mapping"],
            told(Value::Null),
            "it is read by what was saved then"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_form_takes_many_files_without_a_token() {
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let fields =
            [Field::Text("cluster", "eu-1"), Field::File("a.json", b"{}"), Field::File("<b>.json", b"[]")];
        let taken = app.send(multipart(TestRequest::post().uri("/api/v1/documents"), &fields)).await;
        assert_eq!(taken.status, 202, "{}", taken.text());
        schema::check_answer("post", "/api/v1/documents", 202, &taken.json());
        let names: Vec<_> = (0..2).map(|index| taken.json()["documents"][index]["name"].clone()).collect();
        assert_eq!(names, ["a.json", "<b>.json"]);
        assert_eq!(taken.json()["documents"][1]["cluster"], "eu-1");
        let empty = multipart(TestRequest::post().uri("/api/v1/documents"), &[Field::Text("image", "")]);
        problem(&app.send(empty).await, 400, "The form holds no file");
    })
    .await;
}

#[actix_web::test]
async fn who_waits_hears_what_came_of_it() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        let first = app.send(upload("/api/v1/documents?name=a.json", b"{}")).await.json();
        let id = first["documents"][0]["id"].as_str().unwrap().parse().unwrap();
        let reader = async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            let tx = store.begin().await.unwrap();
            let reading = store::save::documents::Reading {
                state: PROCESSED,
                kind: Some("trivy-json"),
                format_version: Some(1),
                tool: None,
                tool_version: None,
                target: None,
                image: None,
                stated_at: None,
                counts: r#"{"findings":1}"#.to_owned(),
                changes: "{}".to_owned(),
                warnings: r#"[{"at":"a","message":"b"}]"#.to_owned(),
                warning_count: 1,
                error: None,
                at: app.state.now(),
            };
            store::save::documents::finish(&tx, id, reading).await.unwrap();
            tx.commit().await.unwrap();
        };
        let sender = app.send(upload("/api/v1/documents?name=a.json&wait=true", b"{}"));
        let (answer, ()) = futures_util::future::join(sender, reader).await;
        assert_eq!(answer.status, 200);
        schema::check_answer("post", "/api/v1/documents", 200, &answer.json());
        assert_eq!(answer.json()["documents"][0]["counts"], json!({ "findings": 1 }));
    })
    .await;
}

#[actix_web::test]
async fn every_failure_is_a_problem_with_a_sentence() {
    on_each_database(async |store| {
        let app = TestApp::with(store, Settings { upload_limit: 3 << 19, ..Settings::default() });
        let post = |address: &str| upload(address, b"{}");
        problem(&app.get("/api/v1/nothing").await, 404, "There is no operation at this address.");
        problem(&app.get("/api/v2").await, 404, "There is no");
        problem(&app.get("/api/v1/documents/0").await, 404, "There is no document 0.");
        problem(&app.get("/api/v1/images/sha256:00").await, 404, "There is no image sha256:00.");
        problem(&app.get("/api/v1/workloads/x").await, 404, "There is no workload x.");
        problem(&app.get("/api/v1/vulnerabilities/CVE-0").await, 404, "There is no vulnerability CVE-0.");
        problem(
            &app.send(TestRequest::delete().uri("/api/v1/documents")).await,
            405,
            "does not answer that kind",
        );
        problem(&app.send(post("/api/v1/images/x/findings")).await, 405, "does not answer that kind");
        let large = upload("/api/v1/documents", &vec![b' '; (3 << 19) + 1]);
        problem(&app.send(large).await, 413, "1.5\u{202f}MiB a document");
        let form = ("content-type", "application/x-www-form-urlencoded");
        problem(&app.send(post("/api/v1/documents").insert_header(form)).await, 415, "send its bytes as");
        let coding = ("content-encoding", "br");
        problem(&app.send(post("/api/v1/documents").insert_header(coding)).await, 415, "packed as `br`");
        problem(&app.send(post("/api/v1/documents?colour=red")).await, 400, "no parameter `colour`");
        problem(&app.send(post("/api/v1/documents?as_of=2999-01-01")).await, 400, "yet to come");
        problem(&app.send(post("/api/v1/documents?wait=maybe")).await, 400, "true or false");
        problem(&app.get("/api/v1/documents?limit=501").await, 400, "from 1 to 500");
        problem(&app.get("/api/v1/documents?cursor=x").await, 400, "`next` gave out");
        problem(
            &app.get("/api/v1/documents?page=2").await,
            400,
            "no parameter `page`. It knows q, sort, limit, cursor, state",
        );
        problem(&app.get("/api/v1/documents?state=odd").await, 400, "not a value of the filter");
        problem(&app.get("/api/v1/findings?sort=epss").await, 400, "sorts by rank, age");
        for header in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            problem(
                &app.send(post("/api/v1/documents").insert_header(header)).await,
                403,
                "not sent from a page",
            );
        }
        assert_eq!(
            (app.wakes(), app.get("/api/v1/documents").await.json()),
            (0, json!({ "items": [], "next": null }))
        );
    })
    .await;
}

/// Every operation that reads, over a small estate: the address, and the path it is described under.
const READS: [(&str, &str); 18] = [
    ("/api/v1/documents", "/api/v1/documents"),
    ("/api/v1/documents?sort=-counts&state=waiting", "/api/v1/documents"),
    ("/api/v1/images", "/api/v1/images"),
    ("/api/v1/images?scan=current&running=yes&sort=-severity", "/api/v1/images"),
    ("/api/v1/images?vulnerability=CVE-2021-44228", "/api/v1/images"),
    ("/api/v1/images?package=openssl%403.0.11-1", "/api/v1/images"),
    ("/api/v1/images/aaaaaaaaaaaaaaaa", "/api/v1/images/{digest}"),
    ("/api/v1/images/aaaaaaaaaaaaaaaa/findings?sort=-threat", "/api/v1/images/{digest}/findings"),
    ("/api/v1/images/aaaaaaaaaaaaaaaa/findings?said=differently", "/api/v1/images/{digest}/findings"),
    ("/api/v1/workloads", "/api/v1/workloads"),
    ("/api/v1/workloads?reach=internet&sort=-reach", "/api/v1/workloads"),
    ("/api/v1/vulnerabilities", "/api/v1/vulnerabilities"),
    ("/api/v1/vulnerabilities?kev=yes&sort=-epss", "/api/v1/vulnerabilities"),
    ("/api/v1/vulnerabilities/GHSA-jfh8-c2jp-5v3q", "/api/v1/vulnerabilities/{id}"),
    ("/api/v1/findings", "/api/v1/findings"),
    ("/api/v1/findings?state=any&sort=age&class=vulnerability", "/api/v1/findings"),
    ("/api/v1/overview", "/api/v1/overview"),
    ("WORKLOAD", "/api/v1/workloads/{id}"),
];

#[actix_web::test]
async fn answers_are_as_described() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        app.send(upload("/api/v1/documents?name=a.json", b"{}")).await;
        for (address, path) in READS {
            let workload = format!("/api/v1/workloads/{}", seed::workload("api"));
            let answer = app.get(if address == "WORKLOAD" { &workload } else { address }).await;
            assert_eq!(answer.status, 200, "{address}: {}", answer.text());
            schema::check_answer("get", path, 200, &answer.json());
            if let Some(items) = answer.json()["items"].as_array() {
                assert!(!items.is_empty(), "{address} has nothing to check");
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn next_leads_through_all_of_a_list() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        for list in
            ["images?sort=name", "workloads?sort=-running", "vulnerabilities?found=any", "findings?state=any"]
        {
            let whole = app.get(&format!("/api/v1/{list}&limit=500")).await.json();
            let ids = |page: &Value| {
                page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()).collect()
            };
            let expected: Vec<String> = ids(&whole);
            let mut found: Vec<String> = Vec::new();
            let mut next = Some(format!("/api/v1/{list}&limit=1"));
            while let Some(address) = next {
                let page = app.get(&address).await.json();
                found.extend(ids(&page));
                next = page["next"].as_str().map(str::to_owned);
            }
            assert_eq!(found, expected, "{list}");
            assert!(found.len() > 1, "{list}");
        }
    })
    .await;
}

#[actix_web::test]
async fn every_operation_is_described() {
    let described: Vec<String> = openapi::paths()
        .flat_map(|(path, item)| {
            let methods: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
            methods.into_iter().map(move |method| format!("{method} {path}"))
        })
        .collect();
    assert_eq!(
        described,
        [
            "get /api/v1/detections",
            "get /api/v1/detections/{id}",
            "post /api/v1/detections/{id}/decisions",
            "get /api/v1/documents",
            "post /api/v1/documents",
            "get /api/v1/documents/{id}",
            "get /api/v1/documents/{id}/raw",
            "post /api/v1/events",
            "get /api/v1/findings",
            "get /api/v1/images",
            "get /api/v1/images/{digest}",
            "get /api/v1/images/{digest}/findings",
            "post /api/v1/observations",
            "get /api/v1/observations/{run}",
            "post /api/v1/observations/{run}/end",
            "get /api/v1/overview",
            "get /api/v1/sensor-coverage",
            "get /api/v1/sources",
            "get /api/v1/sources/{name}",
            "post /api/v1/sources/{name}/runs",
            "get /api/v1/sources/{name}/runs/{id}",
            "post /api/v1/sources/{name}/runs/{id}/cancel",
            "get /api/v1/sources/{name}/runs/{id}/scopes",
            "get /api/v1/sources/{name}/scopes",
            "get /api/v1/vulnerabilities",
            "get /api/v1/vulnerabilities/{id}",
            "get /api/v1/workloads",
            "get /api/v1/workloads/{id}",
        ]
    );
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let served = app.get("/api/openapi.json").await.json();
        assert_eq!(&served, openapi::document());
        assert_eq!(served["openapi"], "3.1.0");
        for (path, item) in openapi::paths() {
            for (method, operation) in item.as_object().unwrap() {
                let named = |key: &str| operation[key].as_str().is_some_and(|text| !text.is_empty());
                assert!(named("summary") && named("operationId"), "{method} {path}");
                assert!(operation["responses"]["default"].is_object(), "{method} {path} tells no errors");
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let told = |one: &Value| one["description"].as_str().is_some_and(|text| !text.is_empty());
                assert!(parameters.iter().all(told), "{method} {path} has a parameter without a description");
                let answer = app.send(TestRequest::with_uri(&path.replace(['{', '}'], "x"))).await;
                assert_ne!(answer.json()["detail"], "There is no operation at this address.", "{path}");
            }
        }
        schema::check_references();
        let page = app.get("/api").await;
        assert_eq!(page.texts("details.operation").len(), described.len());
        assert!(page.body.len() < 60_000, "{}", page.body.len());
    })
    .await;
}
