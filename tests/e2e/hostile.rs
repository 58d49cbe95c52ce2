//! Documents whose names are markup, formulas and control characters, through the form and through the
//! API: pages show them as text, files neutralise them, nothing runs.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use tests::documents::Trivy;
use tests::page::{Page, client, crawl, get, read};
use tests::served::Served;

const SCRIPT: &str = "<script>alert(1)</script>";
const IMAGE_TAG: &str = "\"><img src=x onerror=alert(2)>";
const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"open\")";
const COMMAND: &str = "@SUM(1+1)*cmd|' /C calc'!A0";
const CONTROL: &str = "bell\u{7}escape\u{1b}[31mturn\u{202e}txt";
const NAMES: [&str; 5] = [SCRIPT, IMAGE_TAG, FORMULA, COMMAND, CONTROL];

fn report(reference: &str) -> Vec<u8> {
    let mut report = Trivy::of(reference);
    for (number, name) in NAMES.iter().enumerate() {
        report = report.with(&format!("CVE-2026-{}", 40_000 + number), name, "HIGH");
    }
    let mut value = report.json();
    for vulnerability in value["Results"][0]["Vulnerabilities"].as_array_mut().unwrap() {
        for key in ["Title", "FixedVersion", "InstalledVersion"] {
            vulnerability[key] = vulnerability["PkgName"].clone();
        }
    }
    value["Results"][0]["Target"] = SCRIPT.into();
    value.to_string().into_bytes()
}

/// Sends a file through the form, as a browser without script would.
async fn send_by_form(client: &reqwest::Client, address: &str, name: &str, bytes: Vec<u8>) -> Page {
    let form_page = get(client, address, "/documents").await;
    let cookie = form_page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let csrf = form_page.attribute("form[enctype] input[name=csrf]", "value");
    let form = Form::new().text("csrf", csrf).part("files", Part::bytes(bytes).file_name(name.to_owned()));
    let answer = client.post(format!("{address}/documents")).header("cookie", cookie).multipart(form).send();
    read("/documents", answer.await.unwrap()).await
}

/// The document's page once it has been read.
async fn settled(client: &reqwest::Client, address: &str, path: &str) -> Page {
    for _ in 0..300 {
        let page = get(client, address, path).await;
        if page.texts("[data-waiting]").is_empty() {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} is still waiting");
}

fn is_unseen(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

fn check_page(page: &Page) {
    let text = page.text();
    for sign in ["<script>alert", "<img src=x", "onerror=alert(2)>\""] {
        assert!(!text.contains(sign), "{} holds {sign}", page.path);
    }
    assert!(page.attributes("script:not([src])", "nonce").is_empty(), "{}: a script without src", page.path);
    assert!(page.attributes("[onerror]", "onerror").is_empty(), "{}: an attribute that runs", page.path);
    assert!(
        !text.chars().any(|letter| is_unseen(letter) || letter == '\u{202e}'),
        "{} holds control characters",
        page.path
    );
}

#[tokio::test]
async fn names_are_shown_and_nothing_runs() {
    let served = tokio::task::spawn_blocking(Served::empty).await.unwrap();
    let (client, address) = (client(), served.address.clone());

    let by_form = send_by_form(&client, &address, "<b>report<b>.json", report("evil.example/form:1")).await;
    assert_eq!(by_form.status, 303, "{}", by_form.text());
    let document = settled(&client, &address, by_form.header("location")).await;
    check_page(&document);
    assert!(document.texts("h1").join("").contains("<b>report"), "{:?}", document.texts("h1"));

    let upload = client.post(format!("{address}/api/v1/documents?name=%3Dcmd.json&wait=true"));
    let answer = upload.body(report("evil.example/api:1"));
    let by_api = read("/api/v1/documents", answer.send().await.unwrap()).await;
    assert_eq!(by_api.status, 200, "{}", by_api.text());
    assert_eq!(by_api.json()["documents"][0]["state"], "processed", "{}", by_api.text());

    let crawl = crawl(&address, 200, 8).await;
    let mut shown = String::new();
    for page in crawl.pages.values().filter(|page| page.is_html()) {
        assert!(page.status < 400, "{} answers {}", page.path, page.status);
        check_page(page);
        shown.push_str(&page.texts("main").join(" "));
    }
    for name in [SCRIPT, IMAGE_TAG, FORMULA] {
        assert!(shown.contains(name), "{name} is shown nowhere as text");
    }
    check_files(&client, &address, crawl.pages.keys().filter(|path| path.contains(".csv"))).await;
    tokio::task::spawn_blocking(move || drop(served)).await.unwrap();
}

async fn check_files(client: &reqwest::Client, address: &str, paths: impl Iterator<Item = &String>) {
    let mut neutralised = 0;
    for path in paths {
        let file = get(client, address, path).await;
        assert_eq!(file.status, 200, "{path}");
        assert!(!file.text().chars().any(is_unseen), "{path} holds control characters");
        for record in csv::Reader::from_reader(file.body.as_slice()).records() {
            for cell in &record.unwrap() {
                let number = cell.parse::<f64>().is_ok();
                assert!(number || !cell.starts_with(['=', '+', '-', '@']), "{path} holds the formula {cell}");
                neutralised += usize::from(cell.starts_with("'=") || cell.starts_with("'@"));
            }
        }
    }
    assert!(neutralised > 0, "no file holds a formula that was neutralised");
}

#[tokio::test]
async fn forms_from_elsewhere_are_refused() {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let (client, address) = (client(), &demo.address);
    let form =
        || Form::new().text("csrf", "0123").part("files", Part::bytes(b"{}".to_vec()).file_name("a.json"));
    let without_cookie = client.post(format!("{address}/documents")).multipart(form()).send().await.unwrap();
    assert_eq!(without_cookie.status(), 403);
    let foreign = client
        .post(format!("{address}/api/v1/documents"))
        .header("origin", "https://evil.example")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    let rebound = client.get(format!("{address}/")).header("host", "evil.example").send().await.unwrap();
    assert_eq!(rebound.status(), 421);
}

#[tokio::test]
async fn hostile_addresses_get_an_answer() {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let client = client();
    for path in [
        "/images?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/images?q='%20OR%201%3D1--",
        "/vulnerabilities?q=%25_%25",
        "/vulnerabilities/%3Cscript%3E",
        "/images?q=%00",
        "/search?q=%F0%9F%9A%A2%22",
        "/static/x/..%2f..%2fCargo.toml",
        "/images?after=!!!!",
        "/api/v1/images?cursor=%00",
    ] {
        let page = get(&client, &demo.address, path).await;
        assert!(page.status < 500, "{path} answers {}", page.status);
        assert!(!page.text().contains("<script>alert"), "{path}");
        assert!(!page.text().contains("[workspace]"), "{path}");
    }
}
