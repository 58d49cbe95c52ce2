//! The page of clusters through every guard, asked by selector.

use store::seed;
use store::test_support::on_each_database;

use crate::test_app::TestApp;

#[actix_web::test]
async fn what_loses_support_and_who_reaches_it_is_told() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let before = app.state.store.queries();
        let answer = app.get("/clusters").await;
        assert_eq!(app.state.store.queries() - before, 2);
        assert_eq!(
            answer.texts(".head .lead")[0].split(';').next(),
            Some("2 clusters described by their providers")
        );
        assert_eq!(answer.texts("tbody th a"), ["prod", "batch"]);
        let detail = answer.attribute("tbody th a", "href");
        assert!(detail.starts_with("/clusters/"), "{detail}");
        assert_eq!(answer.attribute("tbody td[data-label=Workloads] a", "href"), "/workloads?cluster=prod");
        assert_eq!(answer.texts("tbody td[data-label=Unwanted]"), ["2", "not told"]);
        assert_eq!(answer.texts("tbody th small"), ["keeps logs: api, audit", "logs not told"]);
        assert_eq!(answer.texts(".groups summary"), ["2 node groups, 1 with a fault"], "only where it was told");
        assert_eq!(
            answer.texts(".groups li"),
            [
                "arm AL2023_ARM_64_STANDARD 1.29.9-20261001; Kubernetes 1.29; m7g.large; 3 of 1 to 5 nodes; zones a, \
                 b; sandbox gVisor",
                "old AL2_x86_64; Kubernetes 1.27, not the 1.29 of its control plane; t3.large, t3a.large fault \
                 AccessDenied: <b>no</b> role",
            ]
        );
        assert_eq!(answer.texts("tbody tr:first-child .badge.bad"), ["13 Nov 2026", "on the internet"]);
        assert_eq!(answer.texts("tbody tr:last-child .badge.unknown"), ["not told"; 6]);
        assert_eq!(answer.texts("tbody tr:first-child td:last-child"), ["3"]);
        for (filter, expected) in [
            ("support=ended", vec!["prod"]),
            ("endpoint=public", vec!["prod"]),
            ("endpoint=private", vec![]),
            ("kind=ecs", vec!["batch"]),
            ("nodes=public", vec!["prod"]),
            ("nodes=private", vec![]),
            ("settings=unwanted", vec!["prod"]),
            ("sort=-unwanted", vec!["prod", "batch"]),
            ("sort=unwanted", vec!["batch", "prod"]),
            ("q=eu-west", vec!["prod"]),
            ("sort=-name", vec!["prod", "batch"]),
        ] {
            assert_eq!(
                app.get(&format!("/clusters?{filter}")).await.texts("tbody th a"),
                expected,
                "{filter}"
            );
        }
        let file = String::from_utf8(app.get("/clusters.csv").await.body).unwrap();
        assert_eq!(file.lines().count(), 3);
        assert!(
            file.lines().nth(1).unwrap().contains(",prod,eks,aws,111122223333,eu-west-1,1.29,"),
            "{file}"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_cluster_tells_how_it_is_set_up_and_what_is_not_known() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let list = app.get("/clusters").await;
        let link = |row: &str| list.attribute(&format!("tbody tr:{row} th a"), "href");
        let before = app.state.store.queries();
        let prod = app.get(&link("first-child")).await;
        assert_eq!(app.state.store.queries() - before, 3);
        assert_eq!(
            prod.texts(".head .lead"),
            ["A cluster of eks in aws 111122223333 eu-west-1 with 3 workloads, 2 settings against a benchmark."]
        );
        assert_eq!(
            prod.texts(".marks .badge"),
            ["control plane on the internet", "nodes public addresses"]
        );
        assert_eq!(
            prod.texts(".card:not(.own) .posture tr"),
            [
                "Release channel none",
                "Nodes are kept not told",
                "Addresses of nodes public the CIS benchmark wants it otherwise",
                "Network policies calico as the CIS benchmark wants it",
                "Identities of workloads not told",
                "Ways in past the directory local accounts the CIS benchmark wants it otherwise",
                "Encryption of secrets not told",
            ]
        );
        assert_eq!(
            prod.texts(".own .posture tr"),
            [
                "Shielded nodes on as CIS GKE Benchmark 5.5.5 wants it",
                "Kubernetes dashboard on CIS GKE Benchmark 5.10.1 wants it otherwise",
            ]
        );
        let group = prod.texts(".groups tbody tr:first-child td");
        assert_eq!(group[4..6], ["a, b", "gVisor"]);
        assert_eq!(group[6], "Secure boot: off");
        assert_eq!(prod.texts(".groups tbody tr:last-child th"), ["old fault AccessDenied: <b>no</b> role"]);
        let silent = app.get(&link("last-child")).await;
        assert_eq!(silent.texts(".posture .badge.unknown"), ["not told"; 7], "unknown is not off");
        assert_eq!(silent.texts(".own .soft"), ["Nothing that this product alone can be set to was told."]);
        assert_eq!(silent.texts(".groups .badge.unknown"), ["not told"]);
        for nowhere in ["/clusters/prod", "/clusters/00000000000000000000000000000000"] {
            assert_eq!(app.get(nowhere).await.status, 404, "{nowhere}");
        }
    })
    .await;
}

#[actix_web::test]
async fn what_decides_of_admission_is_told_and_what_nobody_looked_at_as_well() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        seed::admission(&store).await.unwrap();
        let app = TestApp::new(store.clone());
        let list = app.get("/clusters").await;
        let link = |row: &str| list.attribute(&format!("tbody tr:{row} th a"), "href");
        let prod = app.get(&link("first-child")).await;
        assert_eq!(prod.texts(".admission tbody th"), ["shop", "<b>guard</b>"], "the strictest first");
        assert_eq!(prod.texts(".admission tbody .badge"), ["refuses", "asks"]);
        assert_eq!(prod.texts(".admission > .soft").len(), 1);
        let silent = app.get(&link("last-child")).await;
        assert_eq!(silent.texts(".admission .badge.unknown"), ["not looked at"]);
        seed::looked(&store, "batch").await.unwrap();
        let silent = app.get(&link("last-child")).await;
        assert!(silent.texts(".admission .soft")[0].starts_with("None seen: no webhook"));
    })
    .await;
}
