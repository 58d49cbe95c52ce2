//! The API: described from code, paged by cursor, and honest about errors.

use serde_json::Value;
use tests::documents::{Trivy, digest};
use tests::page::{client, get, read};
use tests::served::Served;

async fn demo() -> &'static Served {
    tokio::task::spawn_blocking(Served::shared_demo).await.unwrap()
}

#[tokio::test]
async fn the_description_lists_what_there_is() {
    let description = get(&client(), &demo().await.address, "/api/openapi.json").await.json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3."), "{description}");
    let paths = description["paths"].as_object().unwrap();
    for (path, methods) in [
        ("/api/v1/documents", &["get", "post"][..]),
        ("/api/v1/documents/{id}", &["get"]),
        ("/api/v1/images", &["get"]),
        ("/api/v1/workloads", &["get"]),
        ("/api/v1/vulnerabilities", &["get"]),
        ("/api/v1/findings", &["get"]),
        ("/api/v1/overview", &["get"]),
    ] {
        for method in methods {
            assert!(paths.get(path).is_some_and(|item| item.get(method).is_some()), "{method} {path}");
        }
    }
    assert!(description["components"]["schemas"].get("Problem").is_some());
}

#[tokio::test]
async fn every_described_read_answers() {
    let (client, address) = (client(), &demo().await.address);
    let description = get(&client, address, "/api/openapi.json").await.json();
    for (path, item) in description["paths"].as_object().unwrap() {
        if item.get("get").is_none() || path.contains('{') {
            continue;
        }
        let page = get(&client, address, path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert!(page.header("content-type").starts_with("application/json"), "{path}");
        for item in page.json()["items"].as_array().into_iter().flatten().take(3) {
            for key in ["href", "page"] {
                let Some(link) = item[key].as_str() else { continue };
                assert_eq!(get(&client, address, link).await.status, 200, "{link} of {path}");
            }
        }
    }
}

#[tokio::test]
async fn lists_page_to_their_end_without_repeating() {
    let (client, address) = (client(), &demo().await.address);
    for list in ["images", "workloads", "vulnerabilities", "findings"] {
        let mut seen = Vec::new();
        let mut next = Some(format!("/api/v1/{list}?limit=40"));
        while let Some(path) = next {
            let page = get(&client, address, &path).await.json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 40);
            seen.extend(items.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()));
            next = page["next"].as_str().map(str::to_owned);
            assert!(seen.len() < 100_000, "{list} does not end");
        }
        let total = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), total, "{list} repeats rows");
        assert!(total > 10, "{list} has {total} rows");
    }
}

#[tokio::test]
async fn errors_are_problems() {
    let (client, address) = (client(), &demo().await.address);
    for (path, status) in [
        ("/api/v1/nowhere", 404),
        ("/api/v1/images/sha256:0000", 404),
        ("/api/v1/documents/0123456789abcdef0123456789abcdef", 404),
        ("/api/v1/images?limit=0", 400),
        ("/api/v1/images?sort=beauty", 400),
        ("/api/v1/images?page=2", 400),
        ("/api/v1/images?cursor=nonsense", 400),
    ] {
        let page = get(&client, address, path).await;
        assert_eq!(page.status, status, "{path}: {}", page.text());
        assert_eq!(page.header("content-type"), "application/problem+json", "{path}");
        let problem = page.json();
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().is_some_and(|text| text.ends_with('.')), "{path}: {problem}");
        assert!(problem["title"].is_string() && problem["way_out"].is_string(), "{path}: {problem}");
    }
    let wrong = client.delete(format!("{address}/api/v1/images")).send().await.unwrap();
    assert_eq!(wrong.status(), 405);
}

async fn upload(served: &Served, name: &str, bytes: Vec<u8>) -> Value {
    let request = client().post(served.at(&format!("/api/v1/documents?name={name}&wait=true")));
    let page = read(name, request.body(bytes).send().await.unwrap()).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json()["documents"][0].clone()
}

#[tokio::test]
async fn an_upload_becomes_findings() {
    let served = tokio::task::spawn_blocking(Served::empty).await.unwrap();
    let reference = "registry.example.com/shop/api:1.9";
    let bytes = Trivy::of(reference).with_many(6).bytes();
    let taken = upload(&served, "api.trivy.json", bytes.clone()).await;
    assert_eq!(
        (taken["state"].as_str(), taken["kind"].as_str()),
        (Some("processed"), Some("trivy-json")),
        "{taken}"
    );
    assert_eq!(taken["changes"]["added"], 6, "{taken}");
    let again = upload(&served, "api.trivy.json", bytes.clone()).await;
    assert_eq!((&again["known"], &again["changes"]["unchanged"]), (&Value::Bool(true), &6.into()), "{again}");

    let client = client();
    let image = get(&client, &served.address, &format!("/api/v1/images/{}", digest(reference))).await.json();
    assert_eq!(image["digest"], digest(reference).as_str(), "{image}");
    let findings = get(&client, &served.address, "/api/v1/findings?limit=50").await.json();
    assert_eq!(findings["items"].as_array().unwrap().len(), 6);
    let raw = get(&client, &served.address, &format!("{}/raw", taken["href"].as_str().unwrap())).await;
    assert_eq!(raw.body, bytes, "the document is given back byte for byte");

    let broken = upload(&served, "broken.json", b"{\"SchemaVersion\":2,".to_vec()).await;
    assert_eq!(broken["state"], "failed", "{broken}");
    assert!(broken["error"].as_str().is_some_and(|text| text.len() > 20), "{broken}");
    let still = get(&client, &served.address, "/api/v1/findings?limit=50").await.json();
    assert_eq!(still["items"].as_array().unwrap().len(), 6, "a refused document changes nothing");
    tokio::task::spawn_blocking(move || drop(served)).await.unwrap();
}
