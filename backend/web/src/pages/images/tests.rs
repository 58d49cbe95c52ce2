//! The pages of images through every guard, asked by selector.

use store::seed;
use store::test_support::on_each_database;

use crate::test_app::TestApp;

/// The most bytes of a page before compression.
const LARGEST: usize = 60_000;

fn page(tab: &str) -> String {
    format!("/images/{}?tab={tab}", seed::image(seed::API))
}

#[actix_web::test]
async fn the_list_is_worst_first_and_hatches_what_nobody_scanned() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let before = app.state.store.queries();
        let answer = app.get("/images").await;
        assert_eq!(app.state.store.queries() - before, 3);
        assert_eq!(
            answer.texts("tbody th a"),
            ["shop/api:1.9", "shop/web:2.0", "<img src=x onerror=alert(1)>:=1+1"]
        );
        assert_eq!(answer.texts("tbody .sliver b"), ["88", "55", "?"]);
        assert_eq!(answer.texts("tbody tr:last-child .badge.unknown"), ["not scanned", "never", "not known"]);
        assert_eq!(answer.texts("tbody tr:nth-child(2) .badge.warn"), ["40 days ago"]);
        assert_eq!(answer.texts(".pager p:first-child"), ["1–3 of 3 images"]);
        assert_eq!(answer.texts("[aria-sort=descending]"), ["Score"]);
        assert!(answer.body.len() < LARGEST);
    })
    .await;
}

#[actix_web::test]
async fn filters_stay_in_every_link_and_can_be_taken_off() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let answer = app.get("/images?q=shop&registry=registry.example&size=25&sort=name").await;
        assert_eq!(answer.texts("tbody th a"), ["shop/api:1.9", "shop/web:2.0"]);
        assert_eq!(
            answer.texts(".chip"),
            ["Remove filter “shop” ×", "Remove filter Registry: registry.example ×"]
        );
        assert_eq!(answer.attribute(".chip", "href"), "/images?registry=registry.example&sort=name&size=25");
        assert_eq!(answer.attribute("select[name=registry] option[selected]", "value"), "registry.example");
        assert_eq!(
            answer.attribute(".exports a", "href"),
            "/images.csv?q=shop&registry=registry.example&sort=name&size=25"
        );
        let sorted = answer.attribute("thead th:nth-child(2) a", "href");
        assert_eq!(sorted, "/images?q=shop&registry=registry.example&size=25");
        for (filter, expected) in [
            ("kev=yes", 1),
            ("scan=none", 1),
            ("scan=stale", 1),
            ("scan=current", 1),
            ("running=no", 0),
            ("support=ended", 1),
            ("distribution=none", 1),
            ("vulnerability=CVE-2024-0001", 2),
            ("package=openssl@3.0.11-1", 2),
            ("package=@babel/core@7.0.0", 0),
        ] {
            let answer = app.get(&format!("/images?{filter}")).await;
            assert_eq!(answer.texts("tbody tr").len(), expected, "{filter}");
        }
        let answer = app.get("/images?package=openssl%403.0.11-1&running=yes").await;
        assert_eq!(
            answer.texts(".chip"),
            ["Remove filter Package: openssl@3.0.11-1 ×", "Remove filter Running: Runs ×"]
        );
        assert_eq!(answer.attribute(".chip", "href"), "/images?running=yes");
        assert_eq!(answer.attribute("input[name=package]", "value"), "openssl@3.0.11-1");
        assert_eq!(
            answer.attribute(".exports a", "href"),
            "/images.csv?package=openssl%403.0.11-1&running=yes"
        );
        let file = app.get("/images.csv?package=openssl%403.0.11-1").await.body;
        assert_eq!(String::from_utf8(file).unwrap().lines().count(), 3);
        assert_eq!(app.get("/images?running=no").await.texts(".empty .lead"), ["No images match"]);
        assert_eq!(app.get("/images?component=x").await.status, 400);
    })
    .await;
}

#[actix_web::test]
async fn pages_continue_from_a_row() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let second = app.get("/images?page=2&size=25").await;
        assert_eq!(
            second.texts(".empty .lead").len() + second.texts("tbody tr").len(),
            1,
            "{}",
            second.text()
        );
        assert_eq!(app.get("/images?after=a1.zz").await.status, 400);
        let lost = app.get("/images?after=a1.00000000000000000000000000000000").await;
        assert_eq!(lost.texts(".pager p:first-child"), ["2–3 of 3 images"]);
        let back = app.get(&lost.attribute("[rel=prev]", "href")).await;
        assert_eq!(back.texts(".pager p:first-child"), ["1–1 of 3 images"]);
    })
    .await;
}

#[actix_web::test]
async fn every_digest_leads_to_the_image() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let id = seed::image(seed::API).to_string();
        for key in [seed::API, seed::API_CONFIG, "cccccccccccc", &id] {
            let answer = app.get(&format!("/images/{key}")).await;
            assert_eq!(
                (answer.status.as_u16(), answer.texts("h1")),
                (200, vec!["shop/api:1.9".to_owned()]),
                "{key}"
            );
        }
        for key in ["eeeeeeeeeeee", "nothing", "%3Cscript%3E"] {
            assert_eq!(app.get(&format!("/images/{key}")).await.status, 404, "{key}");
        }
    })
    .await;
}

#[actix_web::test]
async fn the_head_says_what_it_is_and_why() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let answer = app.get(&page("findings")).await;
        assert_eq!(
            answer.texts(".head .lead"),
            ["Runs in 2 workloads (3 containers). 1 critical and 1 high among 3 open findings, 1 known to be exploited; last scanned 2 days ago."]
        );
        let factors = answer.texts(".waterfall tbody th");
        assert_eq!(factors[1], "CVE-2021-44228 is exploited in the wildlisted as known exploited · 0.95");
        assert_eq!(answer.texts(".units tbody td:last-child"), ["−33"]);
        let stale = app.get(&format!("/images/{}", seed::image(seed::WEB))).await;
        assert!(stale.texts(".notice.warn")[0].starts_with("Not scanned for 40 days"), "{}", stale.text());
        assert!(stale.texts(".why .badge.unknown")[0].contains("not scored yet"));
        let never = app.get(&format!("/images/{}", seed::image(seed::UNSCANNED))).await;
        assert!(never.texts(".notice.warn")[0].starts_with("No tool has scanned this image"));
        assert_eq!(never.texts(".empty .lead"), ["Not scanned"]);
    })
    .await;
}

#[actix_web::test]
async fn tools_stand_side_by_side() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let answer = app.get(&page("findings")).await;
        assert_eq!(answer.texts("th.tool"), ["grype", "trivy"]);
        assert_eq!(answer.texts("tbody tr:first-child td.tool"), ["HHigh2.15.0", "CCRITICAL2.17.1"]);
        assert_eq!(answer.texts(".findings tbody tr:nth-child(2) td.tool")[0], "does not report it");
        assert_eq!(
            answer.texts(".findings .dispute"),
            [
                "Tools differ on severity and fix.",
                "1 of 2 tools that looked report it.",
                "1 of 2 tools that looked report it."
            ]
        );
        let secrets = app.get(&page("secrets")).await;
        assert_eq!(secrets.texts(".findings tbody td.tool")[0], "did not look");
        assert_eq!(secrets.texts(".findings tbody code"), ["etc/key.env"]);
    })
    .await;
}

#[actix_web::test]
async fn each_tab_costs_a_fixed_number_of_queries() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        for (tab, cost, expected) in [
            ("findings", 7, 3),
            ("secrets", 7, 1),
            ("components", 6, 3),
            ("runs", 5, 1),
            ("tags", 5, 2),
            ("scans", 4, 2 + 2),
            ("documents", 6, 2),
            ("about", 9, 3),
        ] {
            let before = app.state.store.queries();
            let answer = app.get(&page(tab)).await;
            assert_eq!(app.state.store.queries() - before, cost, "{tab}");
            let rows = answer
                .texts(".tabs ~ .scroll tbody tr, .tabs ~ .grid .keys tr, .tabs ~ .card .keys tr")
                .len();
            assert_eq!(rows, expected, "{tab}: {}", answer.text());
            assert!(answer.body.len() < LARGEST);
        }
    })
    .await;
}

#[actix_web::test]
async fn what_is_attested_is_told_and_not_called_verified() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let told = &app.get(&page("documents")).await.texts(".attested li")[0];
        let expected = "https://slsa.dev/provenance/v1 built by https://ci.example.org/<b>7 from \
                        https://git.example.org/shop/api@0123; 1 signature, not checked";
        assert!(told.starts_with(expected), "{told}");
        let silent = app.get(&format!("/images/{}?tab=documents", seed::image(seed::WEB))).await;
        assert!(silent.texts(".attested").is_empty(), "{}", silent.text());
    })
    .await;
}

#[actix_web::test]
async fn who_watches_and_where_it_was_seen_running_are_told() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let scans = app.get(&page("scans")).await;
        assert_eq!(
            scans.texts(".notice.warn"),
            ["one-watch does not watch this image: scan eligibility expired. What tools say"]
        );
        assert_eq!(scans.texts(".watches tbody td:nth-child(2)"), ["not watched", "not told"]);
        assert_eq!(scans.texts(".watches tbody td:nth-child(3)"), ["scan eligibility expired", "not told"]);
        assert_eq!(
            scans.texts(".watches tbody td:nth-child(5)"),
            ["not told", "counts 3 running containers of it, last seen 2 days ago"]
        );
        let told = "other-watch counts 3 running containers of it, last seen 2 days ago.";
        assert_eq!(app.get(&page("runs")).await.texts(".in-use"), [told]);
        let silent = app.get(&format!("/images/{}?tab=scans", seed::image(seed::WEB))).await;
        assert!(silent.texts(".watches").is_empty(), "{}", silent.text());
    })
    .await;
}

#[actix_web::test]
async fn an_image_says_where_it_lies_and_how_that_is_set_up() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let about = app.get(&page("about")).await;
        assert_eq!(about.texts(".places tbody th small"), ["registry.example"]);
        assert!(about.texts(".places tbody th")[0].starts_with("shop/api"));
        assert_eq!(
            about.texts(".places .phrases span"),
            ["pulled after signing in", "tags can be moved", "scanned when pushed", "encrypted with KMS"]
        );
        assert_eq!(about.texts(".places .phrases .rises"), ["tags can be moved"]);
        assert_eq!(about.texts(".places .badge.unknown"), ["not told", "not told"], "last pull, size");
        assert_eq!(
            about.texts(".made-of dd"),
            ["no image that is known here", "none among its components", "none among its components"]
        );
        let elsewhere = app.get(&format!("/images/{}?tab=about", seed::image(seed::WEB))).await;
        assert!(elsewhere.texts(".places")[0].contains("No registry was asked for it"));
        assert_eq!(elsewhere.texts(".made-of dd")[0], "not known", "its layers");
    })
    .await;
}

#[actix_web::test]
async fn signatures_are_told_with_their_reasons() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let told = app.get(&page("about")).await.texts(".signatures li");
        assert_eq!(told, ["unverified It is by <b>somebody</b>, and no identity is configured."]);
        let elsewhere = app.get(&format!("/images/{}?tab=about", seed::image(seed::WEB))).await;
        assert!(elsewhere.texts(".signatures")[0].contains("Nobody looked for signatures"));
        let listed = app.get("/images?signing=unverified").await;
        assert_eq!(listed.texts("tbody th a"), ["shop/api:1.9"]);
        let unknown = app.get("/images?signing=unknown").await;
        assert_eq!(unknown.texts("tbody th a").len(), 2);
        let file = app.get("/images.csv?signing=unverified").await.text();
        assert!(file.lines().nth(1).unwrap().ends_with("unverified"), "{file}");
    })
    .await;
}

#[actix_web::test]
async fn hostile_names_are_text_everywhere() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let id = seed::image(seed::API);
        for address in
            [page("findings"), page("components"), "/images".to_owned(), "/search?q=hyperlink".to_owned()]
        {
            let text = app.get(&address).await.text();
            for attack in ["<script>alert", "<img src=x", "onerror=alert(1)>:="] {
                assert!(!text.contains(attack), "{address}: {attack}");
            }
        }
        let shown = app.get(&page("components")).await;
        let names = shown.texts("tbody th span[title]");
        assert!(
            names.iter().any(|name| name.starts_with("=HYPERLINK(\"x\")<script>alert('1')</script>")),
            "{names:?}"
        );
        for part in ["findings", "components"] {
            let file = app.get(&format!("/images/{id}/{part}.csv")).await.text();
            assert!(file.contains("\"'=HYPERLINK(\"\"x\"\")"), "{file}");
            assert!(!file.contains(['\u{1b}', '\u{7}']), "{file}");
        }
        let file = app.get("/images.csv?scan=none").await.text();
        assert!(file.contains("<img src=x onerror=alert(1)>:=1+1"), "{file}");
    })
    .await;
}

#[actix_web::test]
async fn files_hold_what_the_list_shows() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let app = TestApp::new(store);
        let file = app.get("/images.csv?kev=yes").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"images.csv\"");
        let text = file.text();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("id,name,digest,") && lines[1].contains("shop/api:1.9"), "{lines:?}");
        let json = app.get("/images.json?sort=name").await.json();
        let names: Vec<_> =
            json.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["<img src=x onerror=alert(1)>:=1+1", "shop/api:1.9", "shop/web:2.0"]);
        assert_eq!(json[0]["critical"], serde_json::Value::Null, "nobody scanned it");
        let id = seed::image(seed::API);
        for (file, expected) in [
            ("findings.json", 3),
            ("others.json", 1),
            ("components.json", 3),
            ("findings.json?severity=critical", 1),
        ] {
            let json = app.get(&format!("/images/{id}/{file}")).await.json();
            assert_eq!(json.as_array().unwrap().len(), expected, "{file}");
        }
        assert_eq!(app.get("/images.xml").await.status, 400);
        assert_eq!(app.get(&format!("/images/{id}/labels.csv")).await.status, 404);
    })
    .await;
}
