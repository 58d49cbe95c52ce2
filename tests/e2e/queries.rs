//! A page costs a fixed number of queries: counted in process over the demo's database, with few rows and
//! with many.

use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service};
use store::{Options, Store};
use tests::served::Served;

/// The most statements a page may send.
const MOST: u64 = 40;

#[actix_web::test]
async fn no_page_asks_once_a_row() {
    let demo = actix_web::web::block(Served::shared_demo).await.unwrap();
    let url = format!("sqlite://{}", demo.database().display());
    let store = Store::connect(&url, &Options::default()).await.unwrap();
    let state = web::State::new(store.clone());
    let service = init_service(App::new().configure(|config| web::configure(config, state))).await;
    let mut problems = Vec::new();
    for (few, many) in [
        ("/", "/"),
        ("/images?size=25", "/images"),
        ("/workloads?size=25", "/workloads"),
        ("/vulnerabilities?size=25", "/vulnerabilities"),
        ("/documents?size=25", "/documents"),
        ("/sources?size=25", "/sources"),
        ("/runtime?q=crypto", "/runtime?state=any"),
        ("/runtime/nodes?watch=heard", "/runtime/nodes"),
        ("/api/v1/images?limit=1", "/api/v1/images?limit=100"),
        ("/api/v1/findings?limit=1", "/api/v1/findings?limit=200"),
        ("/images.json?q=storefront", "/images.json"),
        ("/vulnerabilities.csv?q=CVE-2023", "/vulnerabilities.csv"),
    ] {
        let mut cost = [0, 0];
        for (path, cost) in [few, many].into_iter().zip(&mut cost) {
            let before = store.queries();
            let request = TestRequest::get().uri(path).insert_header(("host", "localhost")).to_request();
            let response = call_service(&service, request).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            actix_web::body::to_bytes(response.into_body()).await.map_err(|_| "no body").unwrap();
            *cost = store.queries() - before;
        }
        tests::measured(&format!("{few} costs {} queries, {many} {}", cost[0], cost[1]));
        if cost[0] != cost[1] {
            problems.push(format!("{few} costs {} queries, {many} {}", cost[0], cost[1]));
        }
        if cost[1] > MOST || cost[1] == 0 {
            problems.push(format!("{many} costs {} queries", cost[1]));
        }
    }
    store.close().await.unwrap();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
