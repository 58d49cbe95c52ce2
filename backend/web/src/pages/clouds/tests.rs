//! The pages of clouds, accounts and repositories through every guard, asked by selector.

use store::seed;
use store::test_support::on_each_database;

use crate::test_app::TestApp;

async fn app(store: store::Store) -> TestApp {
    seed::estate(&store).await.unwrap();
    seed::clouds(&store).await.unwrap();
    TestApp::new(store)
}

#[actix_web::test]
async fn clouds_stand_side_by_side_and_every_number_leads_to_its_list() {
    on_each_database(async |store| {
        let app = app(store).await;
        let before = app.state.store.queries();
        let page = app.get("/clouds").await;
        assert_eq!(app.state.store.queries() - before, 5);
        assert_eq!(page.texts("tbody th"), ["AWS", "Azure", "Google Cloud", "No cloud named"]);
        let first = |selector: &str| page.texts(&format!("tbody tr:first-child {selector}")).remove(0);
        assert_eq!(first("td[data-label=Repositories]"), "1 in 1 registry");
        assert_eq!(first("td[data-label='Scan coverage']"), "100 % of 1 image");
        assert_eq!(
            page.texts("tbody tr:nth-child(2) td[data-label='Scan coverage']"),
            ["0 % of 1 image 1 stale"]
        );
        for (label, link) in [
            ("Accounts", "/accounts?cloud=aws"),
            ("Repositories", "/repositories?cloud=aws"),
            ("Images", "/images?cloud=aws"),
            ("Clusters", "/clusters?cloud=aws"),
            ("Workloads", "/workloads?cloud=aws"),
            ("Internet", "/workloads?cloud=aws&reach=internet"),
            ("Exploited", "/workloads?cloud=aws&kev=yes"),
            ("Exposure", "/workloads?cloud=aws"),
        ] {
            let number = format!("tbody tr:first-child td[data-label={label}] a");
            assert_eq!(page.attribute(&number, "href"), link);
            let list = app.get(link).await;
            assert_eq!(list.status, 200, "{link}");
            if label != "Exposure" {
                let rows = list.texts("table.list tbody tr").len();
                assert_eq!(page.texts(&number)[0], rows.to_string(), "{link}");
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn a_cloud_nobody_asked_is_not_known() {
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let page = app.get("/clouds").await;
        assert_eq!(page.texts("tbody .badge.unknown"), ["not known"; 3]);
        assert_eq!(page.attribute("tbody td:last-child a", "href"), "/add-source");
        for list in ["/accounts", "/repositories"] {
            assert_eq!(app.get(list).await.texts(".empty a"), ["Add a source"], "{list}");
        }
    })
    .await;
}

#[actix_web::test]
async fn accounts_and_repositories_are_listed_filtered_and_exported() {
    on_each_database(async |store| {
        let app = app(store).await;
        for (address, expected) in [
            ("/accounts?sort=name", vec!["6d2f", "billing-prod", "shop"]),
            ("/accounts?q=SHOP", vec!["shop"]),
            ("/accounts?cloud=gcp", vec!["billing-prod"]),
            ("/repositories", vec!["shop/api"]),
            ("/repositories?tags=move", vec!["shop/api"]),
            ("/repositories?tags=stay", vec![]),
            ("/repositories?public=yes", vec![]),
            ("/repositories?scan=yes&account=111122223333", vec!["shop/api"]),
            ("/repositories?settings=unwanted&sort=-unwanted", vec!["shop/api"]),
        ] {
            assert_eq!(app.get(address).await.texts("tbody th a"), expected, "{address}");
        }
        let told = app.get("/repositories").await.texts("tbody .badge");
        assert_eq!(told, ["members", "can be moved", "scanned"]);
        let file = String::from_utf8(app.get("/repositories.csv").await.body).unwrap();
        assert!(
            file.contains("deletes untagged manifests after 7 days,admin-user on; tier <b>Premium</b>,1,"),
            "{file}"
        );
        for (file, rows) in [("/clouds.csv", 5), ("/accounts.csv", 4), ("/repositories.csv", 2)] {
            let text = String::from_utf8(app.get(file).await.body).unwrap();
            assert_eq!(text.lines().count(), rows, "{file}: {text}");
            let json = app.get(&file.replace("csv", "json")).await;
            let json: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
            assert_eq!(json.as_array().unwrap().len(), rows - 1, "{file}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_repository_tells_how_it_and_its_registry_are_set_up() {
    on_each_database(async |store| {
        let app = app(store).await;
        let list = app.get("/repositories").await;
        assert_eq!(list.texts("tbody td[data-label=Unwanted]"), ["1"]);
        let before = app.state.store.queries();
        let page = app.get(&list.attribute("tbody th a", "href")).await;
        assert_eq!(app.state.store.queries() - before, 1);
        assert_eq!(
            page.texts(".head .lead"),
            [format!("A repository of {} with 1 image, 1 setting against a benchmark.", seed::REGISTRY)]
        );
        assert_eq!(
            page.texts(".marks .badge"),
            ["pulled by: members", "tags: can be moved", "on push: scanned"]
        );
        assert_eq!(
            page.texts(".posture tr"),
            [
                "Scanning not told",
                "Encryption at rest KMS",
                "Removed by itself deletes untagged manifests after 7 days",
                "Administrator's password on Azure Policy wants it otherwise",
                "Tier <b>Premium</b>",
            ]
        );
        assert_eq!(app.get("/repositories/shop").await.status, 404);
    })
    .await;
}
