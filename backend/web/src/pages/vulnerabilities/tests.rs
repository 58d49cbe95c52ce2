//! The pages of vulnerabilities through every guard, asked by selector.

use store::seed;
use store::test_support::on_each_database;

use crate::test_app::TestApp;

#[actix_web::test]
async fn what_is_exploited_comes_first() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let before = app.state.store.queries();
        let answer = app.get("/vulnerabilities").await;
        assert_eq!(app.state.store.queries() - before, 2);
        assert_eq!(answer.texts("tbody th a"), ["CVE-2021-44228", "CVE-2024-0001"]);
        assert_eq!(answer.texts("tbody tr:first-child td:nth-child(3)"), ["exploited ransomware"]);
        assert_eq!(answer.texts("tbody tr:nth-child(2) .badge.unknown"), ["not stated"]);
        for (filter, expected) in [
            ("found=gone", vec!["CVE-2020-0002"]),
            ("q=ghsa-jfh8", vec!["CVE-2021-44228"]),
            ("epss=10", vec!["CVE-2021-44228"]),
            ("kev=ransomware", vec!["CVE-2021-44228"]),
            ("fixable=no", vec![]),
            ("sort=id", vec!["CVE-2021-44228", "CVE-2024-0001"]),
        ] {
            assert_eq!(
                app.get(&format!("/vulnerabilities?{filter}")).await.texts("tbody th a"),
                expected,
                "{filter}"
            );
        }
        let json = app.get("/vulnerabilities.json").await.json();
        assert_eq!((json[0]["id"].as_str(), json[0]["epss"].as_f64()), (Some("CVE-2021-44228"), Some(0.97)));
    })
    .await;
}

#[actix_web::test]
async fn the_detail_says_where_it_runs() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        for name in ["GHSA-jfh8-c2jp-5v3q", "ghsa-JFH8-c2jp-5v3q", "cve-2021-44228"] {
            let alias = app.get(&format!("/vulnerabilities/{name}")).await;
            assert_eq!(
                (alias.status.as_u16(), alias.header("location")),
                (303, "/vulnerabilities/CVE-2021-44228"),
                "{name}"
            );
        }
        let before = app.state.store.queries();
        let answer = app.get("/vulnerabilities/CVE-2021-44228").await;
        assert_eq!(app.state.store.queries() - before, 10);
        assert_eq!(
            answer.texts(".head .lead"),
            ["1 image has it, 3 containers of 2 workloads running now; every finding has a fix."]
        );
        assert_eq!(
            answer.texts(".tiles dd b"),
            ["97 %".replace(' ', "\u{202f}"), "10.0".into(), "19 Dec 2021".into(), "9 Dec 2021".into()]
                .map(|text: String| text.split_whitespace().collect::<Vec<_>>().join(" "))
        );
        assert_eq!(answer.texts(".card tbody th a"), ["api", "shop/api:1.9"]);
        assert_eq!(answer.texts(".plain li")[0], "grype reports it in all 1 image it scanned");
        let told = &answer.texts(".threats li")[0];
        assert!(
            told.starts_with("inspector knows of an exploit, last on 13 Nov 2026, repeats an EPSS of 50"),
            "{told}"
        );
        assert_eq!(answer.texts(".said"), ["GHSA-jfh8-c2jp-5v3q", "DSA-5020-1"]);
        assert_eq!(answer.texts(".prose"), ["JNDI lookups <b>run</b> code."]);
        assert_eq!(answer.texts("details a[rel]"), ["https://example.org/a"], "no javascript: link");
        let silent = app.get("/vulnerabilities/CVE-2024-0001").await.texts(".plain li");
        assert_eq!(silent[1], "grype scanned 1 image of these and does not report it");
        assert_eq!(app.get("/vulnerabilities/CVE-1999-0001").await.status, 404);
        assert_eq!(app.get("/vulnerabilities/a%20b").await.status, 404);
    })
    .await;
}
