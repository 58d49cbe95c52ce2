//! The pages of workloads through every guard, asked by selector.

use domain::scope::Viewer;
use store::list::Sort;
use store::seed;
use store::test_support::on_each_database;
use store::workloads::WorkloadRow;

use super::list::Line;
use crate::test_app::{Answer, TestApp};

fn page(name: &str, tab: &str) -> String {
    format!("/workloads/{}?tab={tab}", seed::workload(name))
}

#[actix_web::test]
async fn the_list_says_where_who_and_why() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let before = app.state.store.queries();
        let answer = app.get("/workloads").await;
        assert_eq!(app.state.store.queries() - before, 3);
        assert_eq!(answer.texts("tbody th a"), ["api", "web", "batch"]);
        assert_eq!(answer.texts("tbody tr:first-child th small"), ["prod › shop · Deployment"]);
        assert_eq!(answer.texts("tbody tr:first-child td:nth-child(3)"), ["exploited, internet, privileged"]);
        assert_eq!(answer.texts("tbody tr:nth-child(2) .badge.unknown"), ["not scored yet", "no owner"]);
        let owners = answer.texts("select[name=owner] option");
        assert_eq!(owners, ["Owner: any", "no owner (1)", "team-data (1)", "team-shop (1)"]);
        for (filter, expected) in [
            ("owner=none", vec!["web"]),
            ("gap=stale", vec!["web", "batch"]),
            ("gap=in-order", vec![]),
            ("kev=yes", vec!["api"]),
            ("reach=unknown", vec!["batch"]),
            ("criticality=none", vec!["web", "batch"]),
            ("state=retired", vec!["old"]),
            ("cluster=prod&namespace=shop&sort=name", vec!["api", "batch", "web"]),
        ] {
            assert_eq!(
                app.get(&format!("/workloads?{filter}")).await.texts("tbody th a"),
                expected,
                "{filter}"
            );
        }
    })
    .await;
}

#[actix_web::test]
async fn a_workload_explains_its_score() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let answer = app.get(&page("api", "containers")).await;
        assert_eq!(answer.texts(".crumbs li"), ["Workloads", "prod", "shop", "api"]);
        let lead = &answer.texts(".head .lead")[0];
        assert!(
            lead.starts_with("Deployment with 3 containers running and 1 critical among 2 open findings"),
            "{lead}"
        );
        assert_eq!(answer.texts(".waterfall tr:last-child .num"), ["88.2 of 100"]);
        let parts = answer.texts(".hazards .keys td:nth-child(2)");
        let shares: f64 = parts
            .iter()
            .map(|share| share.trim_end_matches(['%', '\u{202f}', ' ']).parse::<f64>().unwrap())
            .sum();
        assert_eq!((parts.len(), shares), (3, 100.0));
        let isolation = answer.texts(".isolation dd");
        assert!(
            isolation[0].contains("LoadBalancer 203.0.113.7") && isolation[1].contains("runs privileged"),
            "{isolation:?}"
        );
        assert!(isolation[3].contains("shares the node's network"), "{isolation:?}");
        let unscored = app.get(&page("batch", "containers")).await;
        assert!(unscored.texts(".why .badge.unknown")[0].contains("not scored yet"));
        assert_eq!(app.get("/workloads/nothing").await.status, 404);
        assert_eq!(app.get("/workloads/00000000000000000000000000000000").await.status, 404);
    })
    .await;
}

#[actix_web::test]
async fn each_tab_shows_its_evidence() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        for (tab, cost, selector, expected) in [
            ("containers", 2, ".tabs ~ .scroll tbody th", vec!["main"]),
            ("findings", 4, ".findings tbody th a", vec!["CVE-2021-44228", "CVE-2024-0001", "CVE-2020-0002"]),
            ("nodes", 3, ".tabs ~ .scroll tbody th a", vec!["web", "batch"]),
            ("about", 2, ".tabs ~ .grid .keys code", vec!["app"]),
        ] {
            let before = app.state.store.queries();
            let answer = app.get(&page("api", tab)).await;
            assert_eq!(app.state.store.queries() - before, cost, "{tab}");
            assert_eq!(answer.texts(selector), expected, "{tab}: {}", answer.text());
        }
        let findings = app.get(&format!("/workloads/{}/findings.json", seed::workload("api"))).await.json();
        assert_eq!(findings.as_array().unwrap().len(), 4);
        let file = app.get("/workloads.csv?sort=name").await.text();
        let lines: Vec<_> = file.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[1].contains("prod,shop,Deployment,api,team-shop,critical,internet,88.2"), "{lines:?}");
    })
    .await;
}

#[actix_web::test]
async fn a_workload_tells_its_environment_and_its_cluster() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let facts = |page: &Answer, list: &str| -> Vec<String> {
            let terms = page.texts(&format!("{list} dt")).into_iter();
            terms
                .zip(page.texts(&format!("{list} dd")))
                .map(|(term, fact)| format!("{term} {fact}"))
                .collect()
        };
        let about = app.get(&page("api", "about")).await;
        let all = facts(&about, ".facts");
        assert!(all.contains(&"Environment prod".to_owned()), "{all:?}");
        let told = facts(&about, ".cluster .facts");
        let expected = [
            "How it is set up prod",
            "Product eks",
            "Version 1.29",
            "Supported until 13 Nov 2026",
            "Control plane on the internet",
            "Logs keeps logs: api, audit",
            "Node groups 2 node groups, 1 with a fault",
        ];
        assert_eq!(told, expected);
        let other = app.get(&page("batch", "about")).await;
        assert!(facts(&other, ".facts").contains(&"Environment not stated".to_owned()));
    })
    .await;
}

#[actix_web::test]
async fn a_workload_tells_how_its_pods_are_set_up() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let told = app.get(&page("api", "containers")).await.texts(".pods .posture tr");
        for expected in [
            "Service account default CIS Kubernetes 5.1.5 wants it otherwise",
            "Token of the service account not told",
            "Network of the node shared CIS Kubernetes 5.2.5 wants it otherwise",
            "Running as root not told",
            "Capabilities all dropped as CIS Kubernetes 5.2.9 wants it",
            "Secrets in variables main: DB_PASSWORD CIS Kubernetes 5.4.1 wants it otherwise",
            "Memory limit set as CIS Docker 5.11 wants it",
            "Processes of other containers kept apart",
        ] {
            assert!(told.contains(&expected.to_owned()), "{expected}: {told:#?}");
        }
        let unread = app.get(&page("web", "containers")).await;
        assert_eq!(unread.texts(".pods .posture tr"), Vec::<String>::new());
        assert_eq!(unread.texts(".pods .badge.unknown"), ["not told"], "nothing read is not all well");
    })
    .await;
}

/// A workload of images that nobody scanned showed five zeros.
#[actix_web::test]
async fn counts_that_nobody_made_are_not_zero() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let (sort, page) = (Sort::ascending("name"), store::list::Page::first(1));
        let filter = store::workloads::Filter::default();
        let listed =
            store::workloads::list(&store, &Viewer::everything(), &filter, &sort, &page).await.unwrap();
        for (severities, stage, unseen) in [
            ([0; 5], "unassessed", true),
            ([0; 5], "unknown", true),
            ([0; 5], "in-order", false),
            ([0, 1, 0, 0, 0], "unassessed", false),
        ] {
            let row = WorkloadRow { severities, gap_stage: stage.to_owned(), ..listed.rows[0].clone() };
            assert_eq!(Line::of(row).is_unseen(), unseen, "{stage}");
        }
    })
    .await;
}
