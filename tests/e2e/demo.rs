//! The demo estate as its pages show it: three clouds and Kubernetes with all that leads to them, numbers that are
//! the lengths of the lists behind them, and sources that say what they did not see.

use tests::page::{Page, client, get};
use tests::served::Served;

async fn page(path: &str) -> Page {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let page = get(&client(), &demo.address, path).await;
    assert_eq!(page.status, 200, "{path}");
    page
}

/// How many rows the file of a list has.
async fn rows(list: &str) -> usize {
    let (path, query) = list.split_once('?').unwrap_or((list, ""));
    page(&format!("{path}.json?{query}")).await.json().as_array().unwrap().len()
}

#[tokio::test]
async fn every_cloud_has_all_that_is_described() {
    for list in ["/accounts", "/repositories", "/images", "/clusters", "/workloads"] {
        for cloud in ["aws", "azure", "gcp"] {
            let path = format!("{list}?cloud={cloud}");
            assert!(rows(&path).await > 0, "{path} is empty");
        }
    }
    for kind in ["eks", "ecs", "aks", "gke"] {
        assert!(rows(&format!("/clusters?kind={kind}")).await > 0, "no cluster of the kind {kind}");
    }
    for (filter, least) in [("support=ended", 1), ("endpoint=public", 2), ("endpoint=private", 1)] {
        assert!(rows(&format!("/clusters?{filter}")).await >= least, "{filter}");
    }
    let kinds = page("/workloads.json").await.json();
    for kind in ["Deployment", "EcsService", "LambdaFunction", "ContainerApp", "CloudRunService"] {
        let of_kind = kinds.as_array().unwrap().iter().filter(|row| row["kind"] == kind);
        assert!(of_kind.clone().count() > 0, "nothing of the kind {kind}");
        assert!(of_kind.clone().all(|row| row["reach"] != "unknown"), "{kind}: its reach is not known");
    }
}

#[tokio::test]
async fn every_number_is_the_length_of_its_list() {
    let mut problems = Vec::new();
    for path in ["/clouds", "/accounts", "/repositories", "/clusters"] {
        let page = page(path).await;
        let counts: Vec<(String, String)> =
            page.texts("td.num > a").into_iter().zip(page.attributes("td.num > a", "href")).collect();
        assert!(counts.len() > 2 || path == "/clusters", "{path} shows no numbers");
        for (text, href) in counts {
            // A page of one thing is no list.
            if href.matches('/').count() > 1 {
                continue;
            }
            let Ok(count) = text.replace(' ', "").parse::<usize>() else { continue };
            let length = rows(&href).await;
            if count != length {
                problems.push(format!("{path} says {count}, {href} has {length}"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[tokio::test]
async fn sources_have_histories_and_say_what_they_did_not_see() {
    let sources = page("/sources.json").await.json();
    let health = |name: &str| {
        let found = sources.as_array().unwrap().iter().find(|row| row["name"] == name);
        found.unwrap_or_else(|| panic!("{name} is missing"))["health"].clone()
    };
    for (name, expected) in [
        ("aws-production", "complete"),
        ("aws-retail", "failed"),
        ("azure-shop", "partial"),
        ("google-data", "complete"),
    ] {
        assert_eq!(health(name), expected, "{name}");
        let runs = page(&format!("/sources/{name}?tab=runs")).await.texts("tbody tr").len();
        assert!(runs >= 3, "{name} has {runs} runs");
        assert!(!page(&format!("/sources/{name}")).await.texts("table.scopes tbody tr").is_empty(), "{name}");
    }
    let overview = page("/").await.texts("main").join(" ");
    for told in ["ExpiredTokenException", "Microsoft.Security/assessments/subAssessments/read was denied"] {
        assert!(overview.contains(told), "the Overview does not tell {told}");
    }
}

#[tokio::test]
async fn what_a_sensor_saw_is_on_its_workloads_and_in_their_scores() {
    let seen = page("/runtime.json?state=any").await.json();
    let seen = seen.as_array().unwrap();
    let on = |name: &str| {
        seen.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("nothing on {name}"))
    };
    assert_eq!(
        (on("legacy-crm")["workload"].as_str(), on("legacy-crm")["events"].as_i64()),
        (Some("legacy-crm"), Some(42))
    );
    assert_eq!(
        (&on("image-builder")["class"], &on("log-shipper")["state"]),
        (&"drift".into(), &"archived".into())
    );
    assert!(on("debug-shell")["workload"].is_null(), "it is not in the inventory");
    let id = on("legacy-crm")["workload_id"].as_str().unwrap();
    assert!(page(&format!("/workloads/{id}")).await.texts("main").join(" ").contains("Runtime evidence"));
    assert!(rows("/runtime/nodes?watch=nobody").await > 0 && rows("/runtime/nodes?watch=heard").await == 2);
}
