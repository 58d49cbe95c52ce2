//! What machines ask, and what travels with every answer.

use tests::page::{client, get};
use tests::served::Served;

async fn demo() -> &'static Served {
    tokio::task::spawn_blocking(Served::shared_demo).await.unwrap()
}

#[tokio::test]
async fn probes_and_metrics_answer() {
    let (client, address) = (client(), &demo().await.address);
    for path in ["/healthz", "/readyz"] {
        let page = get(&client, address, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().len() < 40, "{path} tells too much: {}", page.text());
    }
    get(&client, address, "/").await;
    let metrics = get(&client, address, "/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.header("content-type").starts_with("text/plain"), "{}", metrics.header("content-type"));
    let bad = metrics
        .text()
        .lines()
        .find(|line| {
            !line.is_empty()
                && !line.starts_with('#')
                && line.rsplit(' ').next().is_none_or(|value| value.parse::<f64>().is_err())
        })
        .map(str::to_owned);
    assert_eq!(bad, None, "not the text format of Prometheus");
    assert!(
        metrics.text().lines().any(|line| line.starts_with("# TYPE")),
        "no metric is recorded: {}",
        metrics.text()
    );
}

#[tokio::test]
async fn answers_are_packed_on_request() {
    let address = &demo().await.address;
    let asked = client().get(format!("{address}/")).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(asked.headers().get("content-encoding").and_then(|value| value.to_str().ok()), Some("gzip"));
    assert!(asked.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn static_files_are_kept_by_browsers() {
    let (client, address) = (client(), &demo().await.address);
    let page = get(&client, address, "/").await;
    let files = [page.attribute("link[rel=stylesheet]", "href"), page.attribute("script[src]", "src")];
    for path in files {
        let file = get(&client, address, &path).await;
        assert_eq!(file.status, 200, "{path}");
        assert!(
            file.header("cache-control").contains("immutable"),
            "{path}: {}",
            file.header("cache-control")
        );
    }
    assert!(
        page.header("cache-control").contains("no-store")
            || page.header("cache-control").contains("no-cache")
    );
}
