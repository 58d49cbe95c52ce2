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
        assert_eq!(answer.attribute("tbody th a", "href"), "/workloads?cluster=prod");
        assert_eq!(answer.texts("tbody th small"), ["keeps logs: api, audit", "logs not told"]);
        assert_eq!(answer.texts(".groups summary"), ["2 node groups, 1 with a fault"], "only where it was told");
        assert_eq!(
            answer.texts(".groups li"),
            [
                "arm AL2023_ARM_64_STANDARD 1.29.9-20261001; Kubernetes 1.29; m7g.large; 3 of 1 to 5 nodes",
                "old AL2_x86_64; Kubernetes 1.27, not the 1.29 of its control plane; t3.large, t3a.large fault \
                 AccessDenied: <b>no</b> role",
            ]
        );
        assert_eq!(answer.texts("tbody tr:first-child .badge.bad"), ["13 Nov 2026", "on the internet"]);
        assert_eq!(answer.texts("tbody tr:last-child .badge.unknown"), ["not told"; 4]);
        assert_eq!(answer.texts("tbody tr:first-child td:last-child"), ["3"]);
        for (filter, expected) in [
            ("support=ended", vec!["prod"]),
            ("endpoint=public", vec!["prod"]),
            ("endpoint=private", vec![]),
            ("kind=ecs", vec!["batch"]),
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
