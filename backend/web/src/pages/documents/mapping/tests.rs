//! The page that maps columns through every guard, over a real store; the reader is made up.

use actix_web::test::TestRequest;
use domain::finding::FindingClass;
use domain::id::DocumentId;
use domain::mapping::{Column, ColumnMapping, Meaning, Outline, Preview, PreviewFinding, PreviewRow};
use domain::scope::Viewer;
use domain::severity::Severity;
use store::Store;
use store::documents::{self, Detail, WAITING};
use store::test_support::on_each_database;

use crate::Mapper;
use crate::test_app::{Browser, Field, TestApp};

const TABLE: &[u8] =
    b"What,How bad,<b>Mine</b>\nReads too much,high,<script>alert(1)</script>\nOpen door,low,\n";
const TITLE: Meaning = Meaning { word: "title", title: "Title", help: "what it is" };
const SEVERITY: Meaning = Meaning { word: "severity", title: "Severity", help: "a word" };
const NOTHING: Meaning = Meaning { word: "beside", title: "Leave out", help: "not kept" };

/// The cells of a table, its header first.
fn cells(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains(',') {
        return Err("only a table has columns: the document looks like `nothing`".to_owned());
    }
    Ok(text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect())
}

fn outline(bytes: &[u8]) -> Result<Outline, String> {
    let cells = cells(bytes)?;
    let column = |(place, name): (usize, &String)| Column {
        name: name.clone(),
        guess: (name == "What").then_some("title"),
        values: cells[1..].iter().map(|row| row[place].clone()).collect(),
    };
    Ok(Outline { columns: cells[0].iter().enumerate().map(column).collect(), left_out: 1 })
}

fn preview(bytes: &[u8], mapping: &ColumnMapping) -> Result<Preview, String> {
    let cells = cells(bytes)?;
    let of = |word: &str| {
        cells[0].iter().position(|name| mapping.columns().get(name).is_some_and(|known| known == word))
    };
    let (title, severity) = (of("title"), of("severity"));
    let finding = |row: &[String]| PreviewFinding {
        severity: if severity.is_some_and(|place| row[place] == "high") {
            Severity::High
        } else {
            Severity::Unknown
        },
        class: FindingClass::Misconfiguration,
        name: title.map(|place| row[place].clone()).unwrap_or_default(),
        title: None,
        package: None,
        version: None,
        suppressed: None,
    };
    let rows = cells[1..].iter().map(|row| PreviewRow {
        at: "line".to_owned(),
        tool: Some(mapping.tool().to_owned()),
        image: None,
        findings: title.map(|_| finding(row)).into_iter().collect(),
        warnings: vec!["the column `x` was <i>odd</i>".to_owned()],
    });
    Ok(Preview { rows: rows.collect(), told: title.is_some() })
}

fn app(store: Store) -> TestApp {
    let mut app = TestApp::new(store);
    app.state.mapper =
        Mapper { meanings: vec![TITLE, SEVERITY, NOTHING], kinds: &["generic-csv"], outline, preview };
    app
}

async fn upload(app: &TestApp, browser: &Browser, bytes: &[u8]) -> String {
    let answer = app.send(browser.files(&[Field::File("own.csv", bytes)])).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

async fn found(store: &Store, at: &str) -> Detail {
    let id: DocumentId = at.trim_start_matches("/documents/").parse().unwrap();
    documents::find(store, &Viewer::everything(), id).await.unwrap().unwrap()
}

fn form(browser: &Browser, at: &str, more: &str) -> TestRequest {
    browser.form(&format!("{at}/mapping"), format!("csrf={}&{more}", browser.csrf))
}

#[actix_web::test]
async fn columns_stand_with_their_first_rows_and_a_guess() {
    on_each_database(async |store| {
        let app = app(store);
        let at = upload(&app, &app.browser().await, TABLE).await;
        let page = app.get(&format!("{at}/mapping")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.texts("form tbody th label"), ["What", "How bad", "<b>Mine</b>"]);
        assert_eq!(page.texts("form select option[selected]"), ["Title", "Leave out", "Leave out"]);
        assert_eq!(page.attribute("form tbody tr:nth-child(2) label", "for"), "as-1");
        assert_eq!(page.attribute("form tbody tr:nth-child(2) select", "id"), "as-1");
        assert_eq!(page.texts("form tbody tr:nth-child(3) td:nth-child(3)"), ["<script>alert(1)</script>"]);
        assert!(page.texts("main script, main i i, main td > b").is_empty(), "nothing of it is markup");
        assert!(page.text().contains("1 column is not shown"));
        assert_eq!(page.texts("#preview tbody tr").len(), 2);
        assert!(page.texts("#preview tbody tr td")[1].starts_with("Reads too much"));
    })
    .await;
}

#[actix_web::test]
async fn a_preview_changes_nothing() {
    on_each_database(async |store| {
        let app = app(store.clone());
        let browser = app.browser().await;
        let at = upload(&app, &browser, TABLE).await;
        let wakes = app.wakes();
        let said = "as.0=Title&as.1=Severity&as.2=Leave+out&tool=ours&image=ghcr.io%2Facme%2Fapi%3A1&save=mine&do=preview";
        let page = app.send(form(&browser, &at, said)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(page.texts("form select option[selected]"), ["Title", "Severity", "Leave out"]);
        assert_eq!(page.texts("#preview .severity"), ["Hhigh", "?unknown"]);
        assert!(page.texts("#preview tbody tr:first-child").concat().contains("ghcr.io/acme/api:1"));
        assert_eq!(page.texts("#preview tbody td code"), ["x", "x"], "warnings are said");
        assert_eq!(page.attribute("input[name=tool]", "value"), "ours");
        assert_eq!((found(&store, &at).await.mapping, app.wakes()), (None, wakes));
        assert!(store::mappings::list(&store, &Viewer::everything()).await.unwrap().is_empty());
    })
    .await;
}

#[actix_web::test]
async fn a_document_is_taken_in_by_what_was_said_and_the_next_one_is_filled_in() {
    on_each_database(async |store| {
        let app = app(store.clone());
        let browser = app.browser().await;
        let at = upload(&app, &browser, TABLE).await;
        let wakes = app.wakes();
        let said = "as.0=Leave+out&as.1=Severity&as.2=Title&tool=ours&image=ghcr.io%2Facme%2Fapi%3A1&save=our+table&do=take";
        let answer = app.send(form(&browser, &at, said)).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, at.as_str()), "{}", answer.text());
        assert_eq!(app.wakes(), wakes + 1);
        let Detail { row, mapping, journal, .. } = found(&store, &at).await;
        let mapping = mapping.unwrap();
        assert_eq!((row.state.as_str(), row.image_reference.as_deref()), (WAITING, Some("ghcr.io/acme/api:1")));
        assert_eq!((mapping.tool(), mapping.columns()["How bad"].as_str()), ("ours", "severity"));
        assert_eq!(journal[0].message, "Said what its columns mean.");

        let other = upload(&app, &browser, b"what,HOW-BAD,<b>mine</b>\nx,low,y\n").await;
        let page = app.get(&format!("{other}/mapping")).await;
        assert_eq!(page.texts("form select option[selected]"), ["Leave out", "Severity", "Title"]);
        assert!(page.texts("[role=status]").concat().contains("Filled in from the saved mapping our table"));
        let page = app.get(&format!("{at}/mapping?saved=our%20table")).await;
        assert_eq!(page.texts("form select option[selected]"), ["Leave out", "Severity", "Title"]);
        assert_eq!(app.get(&format!("{at}/mapping?saved=none")).await.status, 404);
        let list = app.get("/documents").await;
        assert_eq!(list.texts("select[name=mapping] option"), ["none", "our table"]);
    })
    .await;
}

#[actix_web::test]
async fn what_is_wrong_is_said_and_nothing_changed() {
    on_each_database(async |store| {
        let app = app(store.clone());
        let browser = app.browser().await;
        let at = upload(&app, &browser, TABLE).await;
        for (said, sentence) in [
            ("as.0=Colour&as.1=Severity&as.2=Title", "Choose what the column What means"),
            ("as.0=Title", "2 things are wrong"),
            ("as.0=Leave+out&as.1=Severity&as.2=Leave+out", "None of the first rows has a title"),
            ("as.0=Title&as.1=Severity&as.2=Leave+out&image=a+b", "is not an image reference"),
            ("as.0=Title&as.1=Severity&as.2=Leave+out&tool=a%07", "none of them invisible"),
            ("as.0=Title&as.1=Severity&as.2=Leave+out&save=a%00", "The name of a mapping has"),
        ] {
            let page = app.send(form(&browser, &at, &format!("{said}&do=take"))).await;
            assert_eq!(page.status, 422, "{said}");
            let alert = page.texts("[role=alert]").concat();
            assert!(alert.contains(sentence), "{said}: {alert}");
        }
        let foreign = browser.form(&format!("{at}/mapping"), "as.0=Title&do=take".to_owned());
        assert_eq!(app.send(foreign).await.status, 403);
        assert_eq!(found(&store, &at).await.mapping, None);
        assert_eq!(app.get("/documents/00000000000000000000000000000000/mapping").await.status, 404);

        let at = upload(&app, &browser, b"prose").await;
        let page = app.get(&format!("{at}/mapping")).await;
        assert!(page.texts("[role=alert]").concat().contains("Only a table has columns"));
        assert!(page.texts("select").is_empty());
    })
    .await;
}

#[actix_web::test]
async fn what_was_said_is_taken_back_and_what_was_saved_forgotten() {
    on_each_database(async |store| {
        let app = app(store.clone());
        let browser = app.browser().await;
        let at = upload(&app, &browser, TABLE).await;
        let said = "as.0=Title&as.1=Severity&as.2=Leave+out&save=mine&do=take";
        assert_eq!(app.send(form(&browser, &at, said)).await.status, 303);
        let named = || format!("csrf={}&name=mine", browser.csrf);
        let forget = || browser.form(&format!("{at}/mapping/forget"), named());
        assert_eq!(app.send(forget()).await.header("location"), format!("{at}/mapping"));
        assert_eq!(app.send(forget()).await.status, 404);
        assert!(found(&store, &at).await.mapping.is_some(), "the document keeps what it was read by");
        let back = browser.form(&format!("{at}/mapping/remove"), format!("csrf={}", browser.csrf));
        assert_eq!(app.send(back).await.header("location"), at);
        assert_eq!(found(&store, &at).await.mapping, None);
    })
    .await;
}

#[actix_web::test]
async fn a_program_names_a_saved_mapping() {
    on_each_database(async |store| {
        let app = app(store.clone());
        let mapping = ColumnMapping::new("ours", [("What".to_owned(), "title".to_owned())].into()).unwrap();
        let tx = store.begin().await.unwrap();
        store::save::mappings::save(&tx, "our table", &mapping, app.state.now()).await.unwrap();
        tx.commit().await.unwrap();
        let send = |query: &str| {
            let request = TestRequest::post().uri(&format!("/api/v1/documents?name=own.csv&{query}"));
            request.insert_header(("content-type", "application/octet-stream")).set_payload(TABLE)
        };
        let taken = app.send(send("mapping=our%20table")).await;
        assert_eq!(taken.status, 202, "{}", taken.text());
        let page = taken.json()["documents"][0]["page"].as_str().unwrap().to_owned();
        assert_eq!(found(&store, &page).await.mapping, Some(mapping));
        let refused = app.send(send("mapping=none")).await;
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains("No mapping is saved as `none`"));
    })
    .await;
}
