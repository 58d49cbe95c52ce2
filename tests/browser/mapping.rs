//! A table that no format knows, from the upload to the findings of its image: columns told by keyboard alone, a meaning that
//! cannot work told with its sentence, the next such table filled in, and all of it taken back. Refuses to trust a cell:
//! markup and formulas are among them, and stay text.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::documents::digest;
use tests::served::Served;
use thirtyfour::prelude::*;

use crate::accessible::violations_here;
use crate::browser::{Browser, browse_over};
use crate::pictures;

/// What is chosen of the columns of the tables here, in their order.
const CHOSEN: [&str; 6] = ["Title", "Severity", "Package", "Image", "Vulnerability", "Leave out"];
const SCRIPT: &str = "<script>window.pwned = 1</script>";

/// A table with these rows, each cell but that of the image given.
fn table(header: &str, rows: &[[&str; 5]]) -> String {
    let of = format!("registry.example.com/harbour/pilot@{}", digest("pilot"));
    let row =
        |[what, bad, place, notes, mine]: &[&str; 5]| format!("{what},{bad},{place},{of},{notes},{mine}\n");
    format!("{header}\n{}", rows.iter().map(row).collect::<String>())
}

fn first() -> String {
    let image = r#""<img src=x onerror=""window.pwned = 2"">""#;
    let rows = [[SCRIPT, "HIGH", "left-pad", "CVE-2026-1", "=cmd()"], ["Open door", "low", "", "", image]];
    table("What,How bad,Where it is,Of,Notes,<b>Mine</b>", &rows)
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn a_table_that_nobody_knows_is_mapped() {
    // It ends with the process: the browser's session needs it for as long.
    let served: &'static Served =
        tokio::task::spawn_blocking(|| Box::leak(Box::new(Served::empty()))).await.unwrap();
    browse_over(served, walk).await;
}

async fn walk(browser: Browser) -> WebDriverResult<()> {
    let folder = tempfile::tempdir().unwrap();
    browser.size(1440, 900).await?;
    browser.prefers("light").await?;
    upload(&browser, &write(folder.path(), "own.csv", &first()), "failed").await?;
    let document = map_columns(&browser).await?;
    guessed(&browser).await?;
    refused(&browser).await?;
    by_keyboard(&browser).await?;
    look(&browser, "mapping").await?;
    take_it_in(&browser).await?;
    let image = findings_of_image(&browser).await?;
    filled_in(&browser, folder.path()).await?;
    named_with_the_upload(&browser, folder.path()).await?;
    mapped_again(&browser, &document, &image).await?;
    without_columns(&browser, folder.path()).await?;
    assert_eq!(browser.complaints().await?, Vec::<String>::new());
    Ok(())
}

async fn upload(browser: &Browser, path: &Path, state: &str) -> WebDriverResult<()> {
    browser.open("/documents").await?;
    send(browser, path, state).await
}

/// Sends a file by the form that is open and waits until the document is in a state.
async fn send(browser: &Browser, path: &Path, state: &str) -> WebDriverResult<()> {
    browser.driver.find(By::Css("#files")).await?.send_keys(path.display().to_string()).await?;
    browser.click("form[data-upload] button[type=submit]").await?;
    let done =
        format!("return document.querySelectorAll('[data-uploads] li[data-state={state}]').length === 1");
    browser.until(&done).await
}

/// From the line of the upload to its document's page, and on to the page that maps columns; tells the former's path.
async fn map_columns(browser: &Browser) -> WebDriverResult<String> {
    browser.click("[data-uploads] li a").await?;
    browser.until("return location.pathname.startsWith('/documents/')").await?;
    let document = browser.path().await?;
    browser.click(".head .actions a[href$='/mapping']").await?;
    browser.until("return location.pathname.endsWith('/mapping')").await?;
    assert_eq!(browser.find("h1").await?.text().await?, "Map columns");
    Ok(document)
}

/// The texts of the elements of a selector.
async fn texts(browser: &Browser, selector: &str) -> WebDriverResult<Value> {
    let all =
        format!("return [...document.querySelectorAll({selector:?})].map((one) => one.textContent.trim())");
    browser.script(&all).await
}

/// Whether what stands in cells stayed text.
async fn assert_inert(browser: &Browser) -> WebDriverResult<()> {
    let found =
        "return window.pwned === undefined && !document.querySelector('main script, main img, label b')";
    assert_eq!(browser.script(found).await?, true, "a cell became markup");
    Ok(())
}

/// Columns as the document writes them, what is guessed of them, and what the rows become by that.
async fn guessed(browser: &Browser) -> WebDriverResult<()> {
    let labels = texts(browser, "form tbody th label").await?;
    assert_eq!(labels, json!(["What", "How bad", "Where it is", "Of", "Notes", "<b>Mine</b>"]));
    let out = "Leave out";
    let words = texts(browser, "form select option:checked").await?;
    assert_eq!(words, json!([out, "Severity", out, out, "Vulnerability", out]));
    let cells = texts(browser, "form tbody td:last-child").await?.to_string();
    for cell in [SCRIPT, "=cmd()", "<img src=x onerror="] {
        assert!(cells.contains(cell), "{cell}: {cells}");
    }
    let rows = browser.find("#preview").await?.text().await?;
    assert!(rows.contains("CVE-2026-1") && rows.contains("no finding"), "{rows}");
    assert!(!rows.contains("Open door"), "{rows}");
    assert_inert(browser).await
}

/// Of a meaning that cannot work there is a sentence, which is where the keyboard is then.
async fn refused(browser: &Browser) -> WebDriverResult<()> {
    choose(browser, 4, "Leave out").await?;
    browser.click("button[value=take]").await?;
    let told = browser.find(".notice.bad").await?.text().await?;
    assert!(
        told.contains("nothing was changed") && told.contains("None of the first rows has a title"),
        "{told}"
    );
    browser.until("return document.activeElement.classList.contains('notice')").await?;
    let words = texts(browser, "form select option:checked").await?;
    assert_eq!(words[4], "Leave out", "what was chosen stands: {words}");
    let complaints = browser.complaints().await?;
    assert!(complaints.iter().all(|line| line.contains("422")), "{complaints:?}");
    Ok(())
}

async fn choose(browser: &Browser, place: usize, meaning: &str) -> WebDriverResult<()> {
    browser.script(&format!("document.getElementById('as-{place}').value = {meaning:?}")).await?;
    let chosen = browser.script(&format!("return document.getElementById('as-{place}').value")).await?;
    assert_eq!(chosen, meaning);
    Ok(())
}

/// Every field in its order by the tabulator, its meaning by its first letter, and the preview by Enter.
async fn by_keyboard(browser: &Browser) -> WebDriverResult<()> {
    for (field, keys) in [
        ("as.0", "t"),
        ("as.1", ""),
        ("as.2", "p"),
        ("as.3", "i"),
        ("as.4", "v"),
        ("as.5", ""),
        ("SUMMARY", ""),
        ("tool", "Our Scanner"),
        ("image", ""),
        ("save", "our table"),
        ("do", ""),
    ] {
        browser.driver.action_chain().send_keys(Key::Tab).perform().await?;
        let reached = "const at = document.activeElement; return at.name || at.tagName";
        assert_eq!(browser.script(reached).await?, field);
        let seen = "return getComputedStyle(document.activeElement).outlineStyle !== 'none'";
        assert_eq!(browser.script(seen).await?, true, "{field} shows that the keyboard is there");
        if !keys.is_empty() {
            browser.driver.action_chain().send_keys(keys).perform().await?;
        }
    }
    assert_eq!(texts(browser, "form select option:checked").await?, json!(CHOSEN));
    browser.driver.action_chain().send_keys(Key::Enter).perform().await?;
    browser.until("return document.querySelector('#preview').innerText.includes('Open door')").await?;
    assert_eq!(texts(browser, "form select option:checked").await?, json!(CHOSEN), "it is still said");
    let rows = browser.find("#preview").await?.text().await?;
    for word in ["line 2", "our-scanner", SCRIPT, "CVE-2026-1", "left-pad", "harbour/pilot"] {
        assert!(rows.contains(word), "{word}: {rows}");
    }
    assert!(!rows.contains("no finding"), "{rows}");
    assert_inert(browser).await
}

/// The page that is open, in both schemes, wide and narrow: accessible, and no wider than the window.
async fn look(browser: &Browser, name: &str) -> WebDriverResult<()> {
    let mut problems = Vec::new();
    for (scheme, width) in [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)] {
        browser.prefers(scheme).await?;
        browser.size(width, 900).await?;
        let wide = browser.script("return document.documentElement.scrollWidth - innerWidth").await?;
        if wide.as_i64() > Some(0) {
            problems.push(format!("{name} at {width} px is {wide} px too wide"));
        }
        for violation in violations_here(browser).await? {
            problems.push(format!("{name} ({scheme}, {width} px): {violation}"));
        }
    }
    pictures::of_this(browser, name).await?;
    browser.prefers("light").await?;
    browser.size(1440, 900).await?;
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    Ok(())
}

/// Takes the document in whose columns are told, and waits until its page says by what it was read.
async fn take_it_in(browser: &Browser) -> WebDriverResult<()> {
    browser.click("button[value=take]").await?;
    browser.until("return /^\\/documents\\/[0-9a-f]{32}$/.test(location.pathname)").await?;
    browser
        .until(
            "return !document.querySelector('[data-waiting]') \
             && document.querySelector('main').innerText.includes('A generic-csv document by our-scanner')",
        )
        .await?;
    let told = texts(browser, "dl.facts small").await?.to_string();
    assert!(told.contains("by columns as somebody said"), "{told}");
    Ok(())
}

/// What was read stands on the page of the image; tells its path.
async fn findings_of_image(browser: &Browser) -> WebDriverResult<String> {
    assert_eq!(texts(browser, "dl.facts small b").await?, json!(["our table"]));
    look(browser, "mapped-document").await?;
    browser.click(".actions a[href^='/images/']").await?;
    browser.until("return location.pathname.startsWith('/images/')").await?;
    assert!(browser.find("h1").await?.text().await?.contains("harbour/pilot"));
    let image = browser.path().await?;
    let rows = browser.find("table.findings").await?.text().await?;
    assert!(rows.contains("CVE-2026-1") && rows.contains(SCRIPT) && rows.contains("left-pad"), "{rows}");
    assert_inert(browser).await?;
    browser.open(&format!("{image}?tab=secrets")).await?;
    let rows = browser.find("table.findings").await?.text().await?;
    assert!(rows.contains("Open door"), "{rows}");
    Ok(image)
}

/// A table with the same columns in other letters: the saved mapping fills the form in, and takes it in unchanged.
async fn filled_in(browser: &Browser, folder: &Path) -> WebDriverResult<()> {
    let header = "WHAT,how_bad,where it is,OF,notes,<B>mine</B>";
    let text = table(header, &[["Late ship", "medium", "right-pad", "CVE-2026-2", "x"]]);
    upload(browser, &write(folder, "next.csv", &text), "failed").await?;
    map_columns(browser).await?;
    let labels = texts(browser, "form tbody th label").await?;
    assert_eq!(labels, json!(["WHAT", "how_bad", "where it is", "OF", "notes", "<B>mine</B>"]));
    let told = browser.find("[role=status]").await?.text().await?;
    assert!(told.contains("Filled in from the saved mapping our table"), "{told}");
    assert_eq!(texts(browser, "form select option:checked").await?, json!(CHOSEN));
    assert!(browser.find("#preview").await?.text().await?.contains("CVE-2026-2"));
    assert!(texts(browser, "li.actions .soft").await?.to_string().contains("knows every column here"));
    take_it_in(browser).await?;
    assert_eq!(texts(browser, "dl.facts small b").await?, json!(["our table"]));
    Ok(())
}

/// Where the upload names the saved mapping, the document is read by it at once.
async fn named_with_the_upload(browser: &Browser, folder: &Path) -> WebDriverResult<()> {
    let header = "What,How bad,Where it is,Of,Notes,Mine";
    let text = table(header, &[["Lost anchor", "critical", "keel", "CVE-2026-3", "x"]]);
    let path = write(folder, "third.csv", &text);
    browser.open("/documents").await?;
    browser.click(".intake details summary").await?;
    browser.script("document.querySelector('.intake select[name=mapping]').value = 'our table'").await?;
    send(browser, &path, "processed").await?;
    let line = browser.find("[data-uploads] li").await?.text().await?;
    assert!(line.contains("generic-csv, 1 finding"), "{line}");
    Ok(())
}

/// A document that is mapped again says only what it says then, and other documents what they said.
async fn mapped_again(browser: &Browser, document: &str, image: &str) -> WebDriverResult<()> {
    browser.open(image).await?;
    let rows = browser.find("table.findings").await?.text().await?;
    assert!(["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"].iter().all(|id| rows.contains(id)), "{rows}");
    browser.open(&format!("{document}/mapping")).await?;
    assert_eq!(texts(browser, "form select option:checked").await?, json!(CHOSEN), "as it was said before");
    choose(browser, 4, "Leave out").await?;
    take_it_in(browser).await?;
    browser.open(image).await?;
    let rows = browser.find("table.findings").await?.text().await?;
    assert!(!rows.contains("CVE-2026-1") && rows.contains("CVE-2026-2"), "{rows}");
    assert!(rows.contains("CVE-2026-3"), "{rows}");
    Ok(())
}

/// What has no columns is told so.
async fn without_columns(browser: &Browser, folder: &Path) -> WebDriverResult<()> {
    upload(browser, &write(folder, "log.txt", "All is well.\n"), "failed").await?;
    map_columns(browser).await?;
    let told = browser.find("[role=alert]").await?.text().await?;
    assert!(told.contains("Only a table (CSV) or a list of objects (JSON) has columns to map"), "{told}");
    assert!(browser.all("main select").await?.is_empty());
    look(browser, "mapping-refused").await
}
