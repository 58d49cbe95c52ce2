//! Sources as they are served: an emulated AWS that is really asked, watched over the stream of its progress;
//! and a source with hundreds of scopes.

use std::time::{Duration, Instant};

use actix_web::App;
use actix_web::test::{TestRequest, call_service, init_service};
use serde_json::{Value, json};
use store::{Options, Store};
use tests::aws::{Aws, small};
use tests::cloud::Cloud;
use tests::page::{Page, client, get, read};
use tests::served::Served;
use tests::sources::{FROM_FILE, served};

/// Most bytes of a page before compression.
const LARGEST: usize = 60_000;
/// How long a sync may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// Asks for a run over the API and waits for its first end.
async fn finished(client: &reqwest::Client, address: &str, kind: &str) -> Value {
    let runs = format!("{address}/api/v1/sources/{FROM_FILE}/runs");
    let asked = client.post(&runs).json(&json!({ "kind": kind })).send().await.unwrap();
    let asked = read(&runs, asked).await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    let href = asked.json()["href"].as_str().unwrap().to_owned();
    let started = Instant::now();
    loop {
        let run = get(client, address, &href).await.json();
        let is_over = !["waiting", "running"].contains(&run["state"].as_str().unwrap());
        // A run that is to be tried again has been begun and waits.
        if is_over || (run["state"] == "waiting" && run["attempts"] != 0) {
            return run;
        }
        assert!(started.elapsed() < PATIENCE, "{run}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The events of a stream, until it ends or until one is of this kind.
async fn events(client: &reqwest::Client, address: &str, last: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut response = client.get(address).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let (mut text, mut told): (String, Vec<Value>) = (String::new(), Vec::new());
    while let Some(bytes) = response.chunk().await.unwrap() {
        text.push_str(&String::from_utf8_lossy(&bytes));
        while let Some((event, rest)) = text.split_once("\n\n") {
            let data =
                event.strip_prefix("event: progress\ndata: ").map(|data| serde_json::from_str(data).unwrap());
            text = rest.to_owned();
            told.extend(data);
        }
        if told.last().is_some_and(&last) {
            break;
        }
    }
    told
}

#[tokio::test]
async fn an_account_is_asked_and_watched() {
    let start = || {
        let (aws, estate) = Aws::seeded(&small())?;
        let served = served(&aws, &estate);
        Some((aws, served))
    };
    let Some((aws, served)) = tokio::task::spawn_blocking(start).await.unwrap() else { return };
    let (client, address) = (client(), served.address.clone());
    let page = get(&client, &address, "/sources").await;
    assert_eq!(page.texts("tbody th a"), [FROM_FILE]);
    assert!(page.texts("tbody .unknown").contains(&"no run yet".to_owned()));
    let check = finished(&client, &address, "check").await;
    assert!(check["trials"].as_array().unwrap().len() > 5, "{check}");

    let runs = format!("{address}/api/v1/sources/{FROM_FILE}/runs");
    let asked = client.post(&runs).json(&json!({ "kind": "sync" })).send().await.unwrap();
    let path = read(&runs, asked).await.json()["page"].as_str().unwrap().to_owned();
    let ended = |told: &Value| told["over"] == true || (told["state"] == "waiting" && told["done"] != 0);
    let told = events(&client, &format!("{address}{path}/events"), ended).await;
    assert!(told.len() > 1, "{told:?}");
    let done: Vec<u64> = told.iter().filter_map(|event| event["done"].as_u64()).collect();
    assert!(done.is_sorted() && done.last() > Some(&0), "{done:?}");
    let run = get(&client, &address, &path).await;
    assert!(run.texts(".scopes tbody tr").len() > 5 && run.body.len() < LARGEST);
    let source = get(&client, &address, &format!("/sources/{FROM_FILE}?tab=scopes&q=ecr-public")).await;
    assert_eq!(source.texts(".scopes tbody th"), ["111111111111 / us-east-1 / ecr-public"]);
    assert_eq!(source.texts(".scopes tbody .badge"), ["seen whole"]);
    assert!(
        !get(&client, &address, "/images").await.texts("tbody tr").is_empty(),
        "what was seen is in the estate"
    );
    tokio::task::spawn_blocking(move || drop((served, aws))).await.unwrap();
}

#[actix_web::test]
async fn hundreds_of_scopes_make_no_page_large_or_slow() {
    let empty = actix_web::web::block(Served::empty).await.unwrap();
    let url = format!("sqlite://{}", empty.database().display());
    let store = Store::connect(&url, &Options::default()).await.unwrap();
    let (_, few) = store::seed::source(&store, "few", "aws", 3).await.unwrap();
    let (_, many) = store::seed::source(&store, "many", "aws", 600).await.unwrap();
    let service =
        init_service(App::new().configure(|config| web::configure(config, web::State::new(store.clone()))))
            .await;
    let client = client();
    for (few, many) in [
        ("/sources/few".to_owned(), "/sources/many?size=50".to_owned()),
        ("/sources/few?tab=runs".to_owned(), "/sources/many?tab=runs".to_owned()),
        ("/sources/few?tab=permissions".to_owned(), "/sources/many?tab=permissions".to_owned()),
        ("/sources/few?tab=settings".to_owned(), "/sources/many?tab=settings".to_owned()),
        (format!("/sources/few/runs/{few}"), format!("/sources/many/runs/{many}?size=50")),
        ("/api/v1/sources/few/scopes?limit=1".to_owned(), "/api/v1/sources/many/scopes?limit=500".to_owned()),
    ] {
        let mut costs = Vec::new();
        for path in [&few, &many] {
            let page: Page = get(&client, &empty.address, path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.is_html() || page.body.len() < LARGEST, "{path}: {} bytes", page.body.len());
            assert!(!page.is_html() || !page.text().contains("<script>alert"), "{path}");
            let before = store.queries();
            let request = TestRequest::get().uri(path).insert_header(("host", "localhost")).to_request();
            let response = call_service(&service, request).await;
            actix_web::body::to_bytes(response.into_body()).await.map_err(|_| "no body").unwrap();
            costs.push(store.queries() - before);
        }
        assert_eq!(costs[0], costs[1], "{few} and {many} cost different numbers of queries");
        tests::measured(&format!("{many} costs {} queries", costs[1]));
    }
    let overview = get(&client, &empty.address, "/").await;
    assert_eq!(overview.texts("main > .notice a"), ["4 scopes"]);
    store.close().await.unwrap();
    actix_web::web::block(move || drop(empty)).await.unwrap();
}

#[tokio::test]
async fn an_empty_server_tells_how_to_add_a_source() {
    let empty = tokio::task::spawn_blocking(Served::empty).await.unwrap();
    let client = client();
    let page = get(&client, &empty.address, "/sources").await;
    assert!(page.text().contains("No sources yet"));
    assert!(page.texts("pre").join(" ").contains("kind = \"aws\""), "an example of a settings file");
    let kinds = get(&client, &empty.address, "/add-source").await;
    let titles: Vec<&str> = connectors::CONNECTORS.iter().map(|connector| connector.about.title).collect();
    assert!(titles.contains(&"Kubernetes") && titles.contains(&"OCI registry"), "{titles:?}");
    assert_eq!(kinds.texts(".kinds h2 a"), titles);
    for (kind, permission) in [
        ("aws", "ecr:DescribeImages"),
        ("azure", "Microsoft.App/jobs/read"),
        ("gcp", "artifactregistry.repositories.list"),
        ("kubernetes", "pods: list"),
        ("oci", "registry:catalog:*"),
    ] {
        let form = get(&client, &empty.address, &format!("/add-source/{kind}")).await;
        // Each field, the source's name, its schedule and whether it is on.
        let fields = connectors::by_kind(kind).unwrap().about.fields.len() + 3;
        assert!(form.texts("form.sheet label").len() >= fields && form.body.len() < LARGEST, "{kind}");
        let handbook = get(&client, &empty.address, &format!("/help/sources/{kind}")).await;
        assert!(handbook.texts(".docs td code").contains(&permission.to_owned()), "{kind}");
        assert!(handbook.body.len() < LARGEST, "{kind}: {}", handbook.body.len());
    }
    tokio::task::spawn_blocking(move || drop(empty)).await.unwrap();
}
