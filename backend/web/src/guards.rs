//! Proves what wraps every route: headers, host names, forms, errors, static files, display choices.

use std::ops::Deref;

use actix_web::http::header;
use actix_web::test::TestRequest;
use scraper::{Html, Selector};
use store::test_support::{TestDatabase, sqlite};

use crate::Settings;
use crate::test_app::{Answer, TestApp};

/// The application with a database of its own, which goes when it does.
struct Site {
    app: TestApp,
    database: TestDatabase,
}

impl Deref for Site {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.app
    }
}

async fn site(settings: Settings) -> Site {
    let database = sqlite().await;
    Site { app: TestApp::with(database.store.clone(), settings), database }
}

async fn app() -> Site {
    site(Settings::default()).await
}

async fn seeded() -> Site {
    let site = app().await;
    store::seed::estate(&site.database.store).await.unwrap();
    site
}

/// A header's text, owned.
fn header(answer: &Answer, name: &str) -> String {
    answer.header(name).to_owned()
}

#[actix_web::test]
async fn every_answer_is_confined() {
    let app = app().await;
    for address in
        ["/", "/documents", "/healthz", "/nowhere", "/api/v1/nowhere", "/search?q=", "/static/x/js/app.js"]
    {
        let answer = app.get(address).await;
        let policy = header(&answer, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'nonce-"), "{address}: {policy}");
        for part in ["base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "connect-src 'self'"]
        {
            assert!(policy.contains(part), "{address}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{address}: {policy}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{address}");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin", "{address}");
        assert!(!header(&answer, "x-request-id").is_empty(), "{address}");
    }
}

#[actix_web::test]
async fn the_nonce_is_the_pages_own_and_new_each_time() {
    let app = app().await;
    let (first, second) = (app.get("/").await, app.get("/").await);
    let policy = header(&first, "content-security-policy");
    assert_ne!(policy, header(&second, "content-security-policy"));
    let page = Html::parse_document(&first.text());
    let scripts: Vec<_> = page.select(&Selector::parse("script").unwrap()).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let nonce = script.attr("nonce").unwrap();
        assert!(policy.contains(&format!("'nonce-{nonce}'")));
        assert_eq!(script.text().collect::<String>().trim(), "", "no inline script");
    }
    let inline = Selector::parse("[style], style, [onclick], [onload], [onerror]").unwrap();
    assert_eq!(page.select(&inline).count(), 0, "nothing the policy would block");
}

#[actix_web::test]
async fn a_foreign_host_name_is_refused_on_loopback_only() {
    let app = app().await;
    let foreign = || TestRequest::get().uri("/").insert_header(("host", "evil.example"));
    let answer = app.send_as_is(foreign()).await;
    assert_eq!(answer.status, 421);
    assert!(answer.text().contains("answers to localhost only, not to `evil.example`"));
    let open = Settings { loopback: false, ..Settings::default() };
    let answer = site(open).await.send_as_is(foreign()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("there is no login yet"), "and every page says so");
}

#[actix_web::test]
async fn a_form_needs_this_origin_and_this_browsers_token() {
    let app = app().await;
    let browser = app.browser().await;
    let body = |csrf: &str| format!("csrf={csrf}&theme=dark&back=%2Fdocuments");
    let sent = app.send(browser.form("/display", body(&browser.csrf))).await;
    assert_eq!((sent.status.as_u16(), header(&sent, "location").as_str()), (303, "/documents"));
    assert!(header(&sent, "set-cookie").starts_with("theme=dark; HttpOnly; SameSite=Lax; Path=/"));

    let stranger = app.browser().await;
    for (what, request) in [
        ("no token", browser.form("/display", body(""))),
        ("another browser's token", browser.form("/display", body(&stranger.csrf))),
        (
            "another site",
            browser.form("/display", body(&browser.csrf)).insert_header(("sec-fetch-site", "cross-site")),
        ),
        (
            "a sibling",
            browser.form("/display", body(&browser.csrf)).insert_header(("sec-fetch-site", "same-site")),
        ),
        (
            "no cookie",
            TestRequest::post()
                .uri("/display")
                .insert_header(header::ContentType::form_url_encoded())
                .set_payload(body(&browser.csrf)),
        ),
    ] {
        let answer = app.send(request).await;
        assert_eq!(answer.status, 403, "{what}");
        assert!(answer.text().contains("Nothing was changed"), "{what}");
    }
}

#[actix_web::test]
async fn an_older_browser_is_judged_by_its_origin() {
    let app = app().await;
    for (origin, expected) in [("http://localhost", 404), ("http://evil.example", 403), ("null", 403)] {
        let request = TestRequest::post().uri("/api/v1/nowhere").insert_header(("origin", origin));
        assert_eq!(app.send(request).await.status, expected, "{origin}");
    }
}

#[actix_web::test]
async fn an_error_is_a_page_for_people_and_a_problem_for_programs() {
    let app = app().await;
    let page = app.get("/nowhere").await;
    assert_eq!(page.status, 404);
    assert!(header(&page, "content-type").starts_with("text/html"));
    assert!(
        page.text().contains("There is no page at this address.") && page.text().contains("Go to Exposure")
    );
    assert!(page.text().contains(&header(&page, "x-request-id")), "the page shows the request's id");
    let problem = app.get("/api/v1/nowhere").await;
    assert_eq!(problem.status, 404);
    assert_eq!(header(&problem, "content-type"), "application/problem+json");
    let problem = problem.json();
    assert_eq!(problem["status"], 404);
    assert!(problem["detail"].as_str().unwrap().ends_with("at this address."), "{problem}");
}

#[actix_web::test]
async fn static_files_are_kept_and_asked_for_once() {
    let app = app().await;
    let page = app.get("/").await.text();
    let sheet = page.split('"').find(|part| part.ends_with("css/plimsoll.css")).unwrap().to_owned();
    let answer = app.get(&sheet).await;
    assert_eq!(header(&answer, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&answer, "content-type"), "text/css; charset=utf-8");
    assert!(answer.text().contains("@layer reset, tokens") && answer.body.len() < 40_000);
    let etag = header(&answer, "etag");
    let again = app.send(TestRequest::get().uri(&sheet).insert_header(("if-none-match", etag))).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(header(&app.get("/static/old/css/plimsoll.css").await, "cache-control"), "no-cache");
    assert_eq!(app.get("/static/old/css/../../Cargo.toml").await.status, 404);
}

#[actix_web::test]
async fn head_is_answered_like_get() {
    let app = app().await;
    for address in ["/", "/documents", "/healthz"] {
        let head = TestRequest::default().method(actix_web::http::Method::HEAD).uri(address);
        assert_eq!(app.send(head).await.status, 200, "{address}");
    }
}

#[actix_web::test]
async fn a_page_is_never_kept() {
    let app = app().await;
    for address in ["/", "/documents", "/nowhere"] {
        assert_eq!(header(&app.get(address).await, "cache-control"), "no-store", "{address}");
    }
}

#[actix_web::test]
async fn machines_are_answered() {
    let app = app().await;
    assert_eq!(app.get("/healthz").await.text(), "ok\n");
    assert_eq!(app.get("/readyz").await.text(), "ready\n");
    assert_eq!(app.get("/metrics").await.status, 200);
    let down = self::app().await;
    down.database.store.close().await.unwrap();
    assert_eq!(down.get("/readyz").await.status, 503);
    assert_eq!(down.get("/healthz").await.status, 200);
    let failed = down.get("/").await;
    assert_eq!(failed.status, 500);
    assert!(failed.text().contains("Nothing was changed") && !failed.text().contains("sqlx"), "no internals");
}

#[actix_web::test]
async fn the_theme_is_on_the_page() {
    let app = app().await;
    let dark =
        app.send(TestRequest::get().uri("/").insert_header(("cookie", "theme=dark; rows=dense"))).await;
    assert!(dark.text().contains(r#"data-theme="dark" data-rows="dense""#));
    let nonsense = app.send(TestRequest::get().uri("/").insert_header(("cookie", "theme=\"><script>"))).await;
    assert!(nonsense.text().contains(r#"data-theme="system""#));
}

#[actix_web::test]
async fn the_overview_of_a_seeded_estate_is_small_and_whole() {
    let app = seeded().await;
    let answer = app.get("/").await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.len() < 60_000, "{} bytes", answer.body.len());
    assert_eq!(answer.texts(".worst tbody th a"), ["api", "web"]);
}
