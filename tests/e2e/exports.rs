//! Every list as a file: both shapes hold the same rows, and both can be read by a program.

use serde_json::Value;
use tests::page::{client, get};
use tests::served::Served;

const LISTS: [&str; 6] =
    ["/images", "/workloads", "/vulnerabilities", "/runtime", "/runtime/nodes", "/documents"];

#[tokio::test]
async fn every_list_exports_what_it_shows() {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let client = client();
    for list in LISTS {
        let page = get(&client, &demo.address, list).await;
        let files = page.attributes(".exports a", "href");
        let of = |ending: &str| {
            files.iter().find(|href| href.contains(ending)).unwrap_or_else(|| panic!("{list}: no {ending}"))
        };
        let json = get(&client, &demo.address, of(".json")).await;
        let csv = get(&client, &demo.address, of(".csv")).await;
        assert_eq!((json.status, csv.status), (200, 200), "{list}");
        for (file, kind) in [(&json, "application/json"), (&csv, "text/csv")] {
            assert!(file.header("content-type").starts_with(kind), "{list}: {}", file.header("content-type"));
            assert!(file.header("content-disposition").starts_with("attachment"), "{list}");
        }
        let rows = json.json();
        let rows = rows.as_array().unwrap();
        assert!(!rows.is_empty(), "{list} is empty");

        let mut reader = csv::Reader::from_reader(csv.body.as_slice());
        let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), rows.len(), "{list}: both shapes hold the same rows");
        for row in rows {
            let mut keys: Vec<&String> = row.as_object().unwrap().keys().collect();
            let mut named: Vec<&String> = columns.iter().collect();
            keys.sort_unstable();
            named.sort_unstable();
            assert_eq!(keys, named, "{list}");
        }
        let shown = page.texts("tbody tr").len();
        assert!(rows.len() >= shown, "{list} shows {shown} rows and exports {}", rows.len());
    }
}

#[tokio::test]
async fn a_narrowed_list_exports_what_is_left() {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let client = client();
    let all = get(&client, &demo.address, "/images.json").await.json();
    let few = get(&client, &demo.address, "/images.json?q=storefront").await.json();
    let (all, few) = (all.as_array().unwrap().len(), few.as_array().unwrap().clone());
    assert!(!few.is_empty() && few.len() < all, "{} of {all}", few.len());
    assert!(few.iter().all(|row: &Value| row.to_string().contains("storefront")), "{few:?}");
}

#[tokio::test]
async fn another_ending_is_refused_with_what_is_possible() {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let page = get(&client(), &demo.address, "/images.xlsx").await;
    assert!(matches!(page.status, 400 | 404), "{}", page.status);
    assert!(page.texts("main").join(" ").contains("csv") || page.status == 404, "{}", page.text());
}
