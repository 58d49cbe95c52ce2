//! The documents pages through every guard, over a real store.

use actix_web::test::TestRequest;
use domain::id::DocumentId;
use store::Store;
use store::documents::{FAILED, PROCESSED, UNRESOLVED};
use store::save::documents::{Reading, finish};
use store::test_support::on_each_database;

use crate::Settings;
use crate::test_app::{Answer, Browser, Field, TestApp, multipart};

const SENTENCE: &str = " Programs send and read them through the API.";
const REPORT: &[u8] = br#"{"SchemaVersion":2}"#;

async fn upload(app: &TestApp, browser: &Browser, name: &str, bytes: &[u8]) -> String {
    let answer = app.send(browser.files(&[Field::File(name, bytes)])).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

fn id_of(location: &str) -> DocumentId {
    location.trim_start_matches("/documents/").parse().unwrap()
}

fn reading(state: &str) -> Reading<'_> {
    Reading {
        state,
        kind: Some("trivy-json"),
        format_version: Some(1),
        tool: Some("trivy"),
        tool_version: Some("0.66.0"),
        target: Some("shop/api:1.9"),
        image: None,
        stated_at: None,
        counts: r#"{"entries":1234,"findings":1200,"components":1}"#.to_owned(),
        changes: r#"{"added":3,"closed":2,"unchanged":1195}"#.to_owned(),
        warnings: r#"[{"at":"Results[0]","message":"<b>odd</b> & kept"}]"#.to_owned(),
        warning_count: 1,
        error: None,
        at: "2026-11-23T10:00:00Z".parse().unwrap(),
    }
}

async fn read(store: &Store, id: DocumentId, reading: Reading<'_>) {
    let tx = store.begin().await.unwrap();
    finish(&tx, id, reading).await.unwrap();
    tx.commit().await.unwrap();
}

fn refused(answer: &Answer, status: u16, sentence: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    let said = answer.texts("main .lead").concat();
    assert!(said.contains(sentence), "{said}");
}

#[actix_web::test]
async fn a_form_takes_many_files() {
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let browser = app.browser().await;
        let files = [
            Field::Text("image", "ghcr.io/acme/api:1"),
            Field::Text("cluster", ""),
            Field::Text("as_of", "2026-11-22T09:30"),
            Field::File("a.json", b"{}"),
            Field::File("b.json", REPORT),
        ];
        let answer = app.send(browser.files(&files)).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/documents"));
        assert_eq!(app.wakes(), 1);
        let list = app.get("/documents").await;
        assert_eq!(list.texts("main .lead")[0], format!("2 documents, 2 waiting to be read.{SENTENCE}"));
        assert_eq!(list.texts("tbody tr[data-waiting] th a").len(), 2);
        let detail = app.get(&list.attribute("tbody th a", "href")).await;
        let facts = detail.texts(".facts dd").join("|");
        assert!(
            facts.contains("|ghcr.io/acme/api:1|") && facts.contains("1 day ago as its sender said"),
            "{facts}"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_download_is_what_was_sent() {
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let browser = app.browser().await;
        let bytes: Vec<u8> =
            (0..2_500_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
        let at = upload(&app, &browser, "naïve \"1\".json", &bytes).await;
        let raw = app.get(&format!("{at}/raw")).await;
        assert_eq!(raw.body, bytes);
        assert_eq!(raw.header("content-type"), "application/octet-stream");
        assert_eq!(raw.header("x-content-type-options"), "nosniff");
        let disposition = raw.header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"na_ve__1_.json\""), "{disposition}");
        let packed =
            TestRequest::get().uri(&format!("{at}/raw")).insert_header(("accept-encoding", "gzip, br"));
        assert_eq!(app.send(packed).await.body, bytes, "never packed on the way");
    })
    .await;
}

#[actix_web::test]
async fn hostile_names_are_harmless() {
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let browser = app.browser().await;
        let long = "n".repeat(10_000);
        for (sent, shown) in [
            ("../../../etc/passwd", "passwd"),
            ("..\\\\..\\\\boot.ini", "boot.ini"),
            ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
            ("bell\u{202e}nosj.\u{200b}exe", "bellnosj.exe"),
            ("=HYPERLINK(1)", "=HYPERLINK(1)"),
            (&long, format!("{}…", &long[..200]).as_str()),
        ] {
            let at = upload(&app, &browser, sent, sent.as_bytes()).await;
            let page = app.get(&at).await;
            assert_eq!(page.texts("h1"), [shown]);
            assert!(page.texts("main img, main script").is_empty(), "{shown}");
            assert_eq!(app.get(&format!("{at}/raw")).await.body, sent.as_bytes());
        }
        let csv = app.get("/documents.csv").await;
        assert!(csv.text().contains(",'=HYPERLINK(1),"), "{}", csv.text());
        assert!(app.get("/documents").await.body.len() < 60_000);
    })
    .await;
}

#[actix_web::test]
async fn what_is_too_large_leaves_nothing() {
    on_each_database(async |store| {
        let app = TestApp::with(store, Settings { upload_limit: 3 << 20, ..Settings::default() });
        let browser = app.browser().await;
        let files = [Field::File("small.json", b"{}"), Field::File("large.json", &vec![b' '; (3 << 20) + 1])];
        let answer = app.send(browser.files(&files)).await;
        refused(&answer, 413, "3.0 MiB a document at most");
        let list = app.get("/documents").await;
        assert_eq!(list.texts("tbody th a"), ["small.json"], "what came before it stays");
        assert_eq!(app.wakes(), 1, "and is read");
        let field = "x".repeat(5000);
        refused(&app.send(browser.files(&[Field::Text("cluster", &field)])).await, 413, "4096 bytes a field");
    })
    .await;
}

#[actix_web::test]
async fn a_form_from_elsewhere_changes_nothing() {
    on_each_database(async |store| {
        let app = TestApp::new(store);
        let browser = app.browser().await;
        let file = Field::File("a.json", REPORT);
        let token = Field::Text("csrf", "00000000000000000000000000000000");
        let wrong = multipart(browser.post("/documents"), &[token, Field::File("a.json", REPORT)]);
        refused(&app.send(wrong).await, 403, "not sent from a page of this server");
        let late = [Field::File("a.json", REPORT), Field::Text("csrf", &browser.csrf)];
        refused(&app.send(multipart(browser.post("/documents"), &late)).await, 403, "not sent from a page");
        let foreign =
            multipart(TestRequest::post().uri("/documents"), &[Field::Text("csrf", &browser.csrf), file])
                .insert_header(("origin", "https://evil.example"));
        refused(&app.send(foreign).await, 403, "not sent from a page");
        refused(&app.send(browser.files(&[Field::File("", b"")])).await, 400, "No file was chosen");
        refused(
            &app.send(browser.files(&[Field::Text("image", "a b")])).await,
            400,
            "is not an image reference",
        );
        assert_eq!((app.wakes(), app.get("/documents").await.texts("tbody tr").len()), (0, 0));
    })
    .await;
}

#[actix_web::test]
async fn the_list_says_what_came_of_each() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        let browser = app.browser().await;
        assert_eq!(app.get("/documents").await.texts(".empty .lead"), ["No documents yet"]);
        let good = upload(&app, &browser, "good.json", b"1").await;
        let bad = upload(&app, &browser, "bad.json", b"2").await;
        upload(&app, &browser, "new.json", b"3").await;
        read(&store, id_of(&good), reading(PROCESSED)).await;
        let sentence = "truncated JSON at byte 1";
        let failed = Reading {
            kind: None,
            tool: None,
            target: None,
            error: Some(sentence),
            counts: "{}".to_owned(),
            changes: "{}".to_owned(),
            warnings: "[]".to_owned(),
            warning_count: 0,
            ..reading(FAILED)
        };
        read(&store, id_of(&bad), failed).await;

        let list = app.get("/documents?sort=name").await;
        assert_eq!(
            list.texts("main .lead")[0],
            format!("3 documents, 1 waiting to be read, 1 unreadable.{SENTENCE}")
        );
        assert_eq!(list.texts("tbody th a"), ["bad.json", "good.json", "new.json"]);
        let cells = list.texts("tbody tr:nth-child(2) td").join("|");
        assert_eq!(cells, "trivy-json|trivy|shop/api:1.9|just now|1 B|read|1 200 findings1 component|+3−2|1");
        assert!(list.texts("tbody tr:nth-child(1) td").concat().contains(sentence));
        for (query, expected) in [
            ("state=failed", vec!["bad.json"]),
            ("kind=trivy-json", vec!["good.json"]),
            ("tool=trivy&warnings=yes", vec!["good.json"]),
            ("q=TRUNCATED", vec!["bad.json"]),
            ("source=upload&sort=-size&size=25", vec!["new.json", "bad.json", "good.json"]),
            ("state=processed&q=nothing", vec![]),
        ] {
            let mut names = app.get(&format!("/documents?{query}")).await.texts("tbody th a");
            if query.contains("size") {
                names.sort();
                assert_eq!(names.len(), expected.len());
                continue;
            }
            assert_eq!(names, expected, "{query}");
        }
        for column in
            ["name", "kind", "tool", "target", "received", "size", "state", "counts", "changes", "warnings"]
        {
            assert_eq!(
                app.get(&format!("/documents?sort={column}")).await.texts("tbody tr").len(),
                3,
                "{column}"
            );
        }
        refused(&app.get("/documents?colour=red").await, 400, "no filter `colour`");
        let json = app.get("/documents.json?kind=trivy-json").await.json();
        assert_eq!((json[0]["findings"].as_i64(), json.as_array().map(Vec::len)), (Some(1200), Some(1)));
    })
    .await;
}

#[actix_web::test]
async fn one_document_shows_what_can_be_done() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        let browser = app.browser().await;
        let at = upload(&app, &browser, "report.json", REPORT).await;
        read(&store, id_of(&at), reading(UNRESOLVED)).await;
        let page = app.get(&at).await;
        assert!(page.texts(".notice strong")[0].starts_with("It speaks of shop/api:1.9"));
        assert_eq!(page.texts(".warnings td"), ["<b>odd</b> & kept"]);
        assert!(page.texts(".facts dd").concat().contains("just now when it arrived"));
        read(&store, id_of(&at), Reading { error: Some("no report"), ..reading(FAILED) }).await;
        assert_eq!(app.get(&at).await.texts(".notice strong"), ["No report."]);
        read(&store, id_of(&at), Reading { target: Some("directory \".\""), ..reading(UNRESOLVED) }).await;
        let missing = app.get(&at).await.texts(".notice strong").concat();
        assert!(missing.ends_with("not of an image in a registry."), "{missing}");

        let wakes = app.wakes();
        let named =
            browser.form(&format!("{at}/image"), format!("csrf={}&image=ghcr.io/acme/api:1", browser.csrf));
        assert_eq!(app.send(named).await.header("location"), at);
        assert_eq!(app.wakes(), wakes + 1);
        let page = app.get(&at).await;
        assert!(page.texts(".timeline li").concat().contains("Said to speak of ghcr.io/acme/api:1."));
        assert_eq!(page.texts("[data-waiting]").len(), 1);

        let replay = browser.form(&format!("{at}/replay"), format!("csrf={}", browser.csrf));
        assert_eq!(app.send(replay).await.status, 303);
        refused(
            &app.send(browser.form(&format!("{at}/replay"), String::new())).await,
            403,
            "not sent from a page",
        );
        refused(
            &app.get("/documents/00000000000000000000000000000000").await,
            404,
            "There is no document 0000",
        );
        refused(&app.get("/documents/not-an-id").await, 404, "There is no document not-an-id");
    })
    .await;
}

#[actix_web::test]
async fn an_archive_leads_to_its_documents() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        let browser = app.browser().await;
        let at = upload(&app, &browser, "scans & more.zip", b"PK").await;
        let opened = Reading {
            kind: Some("archive"),
            format_version: None,
            tool: None,
            tool_version: None,
            target: None,
            counts: r#"{"members":2}"#.to_owned(),
            changes: "{}".to_owned(),
            ..reading(PROCESSED)
        };
        read(&store, id_of(&at), opened).await;
        let page = app.get(&at).await;
        assert!(page.texts("main .lead")[0].ends_with("every file in it is a document of its own."));
        assert!(page.texts(".figures li").concat().contains("2 documents"));
        assert_eq!(page.texts("a[href='/documents?q=scans%20%26%20more.zip%2F']"), ["every document in it"]);
    })
    .await;
}

#[actix_web::test]
async fn a_page_costs_a_fixed_number_of_queries() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        let browser = app.browser().await;
        let cost = async || {
            let before = store.queries();
            app.get("/documents").await;
            store.queries() - before
        };
        let empty = cost().await;
        for number in 0..30 {
            upload(&app, &browser, "x.json", format!("{number}").as_bytes()).await;
        }
        assert_eq!(cost().await, empty);
    })
    .await;
}

#[actix_web::test]
async fn a_full_page_fits_in_sixty_kilobytes() {
    on_each_database(async |store| {
        let app = TestApp::new(store.clone());
        let browser = app.browser().await;
        for number in 0..50 {
            let name = format!("report-of-a-pipeline-with-a-rather-long-name-{number}.trivy.json");
            let at = upload(&app, &browser, &name, name.as_bytes()).await;
            let target =
                format!("registry.example/some/team/a-repository-with-a-long-name-{number}:2026-11-23");
            read(&store, id_of(&at), Reading { target: Some(&target), ..reading(PROCESSED) }).await;
        }
        let page = app.get("/documents").await;
        assert_eq!(page.texts("tbody tr").len(), 50);
        assert!(page.body.len() < 60_000, "{}", page.body.len());
    })
    .await;
}
