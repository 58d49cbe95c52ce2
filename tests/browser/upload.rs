//! A file by the form, with script: its progress, what it became, and what a broken one says.

use tests::documents::Trivy;
use thirtyfour::prelude::*;

use crate::browser::{Browser, browse};

async fn choose(browser: &Browser, paths: &[std::path::PathBuf]) -> WebDriverResult<()> {
    let text: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    browser.driver.find(By::Css("#files")).await?.send_keys(text.join("\n")).await
}

#[tokio::test]
async fn a_file_is_sent_and_seen_processed() {
    browse(|browser| async move {
        let folder = tempfile::tempdir().unwrap();
        let (good, bad) = (folder.path().join("harbour.trivy.json"), folder.path().join("half.json"));
        std::fs::write(&good, Trivy::of("registry.example.com/harbour/pilot:2.0").with_many(7).bytes()).unwrap();
        std::fs::write(&bad, "{\"SchemaVersion\":2,\"Results\":[").unwrap();

        browser.size(1440, 900).await?;
        browser.open("/documents").await?;
        choose(&browser, &[good, bad]).await?;
        browser.until("return document.querySelector('form[data-upload] button[type=submit]').innerText.includes('2')").await?;
        browser.click("form[data-upload] button[type=submit]").await?;
        browser.until("return document.querySelectorAll('[data-uploads] li[data-state=processed]').length === 1").await?;
        browser.until("return document.querySelectorAll('[data-uploads] li[data-state=failed]').length === 1").await?;
        let lines = browser.find("[data-uploads]").await?.text().await?;
        assert!(lines.contains("trivy-json, 7 findings"), "{lines}");
        assert!(lines.contains("truncated") || lines.contains("ends"), "the broken one says why: {lines}");

        browser.click("[data-uploads] li[data-state=processed] a").await?;
        browser.until("return location.pathname.startsWith('/documents/')").await?;
        assert_eq!(browser.find("h1").await?.text().await?, "harbour.trivy.json");
        let main = browser.find("main").await?.text().await?;
        assert!(main.contains("7 findings") || main.contains("7\nfindings"), "{main}");
        let bad = browser.complaints().await?;
        assert!(bad.is_empty(), "{bad:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn files_can_be_dropped() {
    browse(|browser| async move {
        browser.open("/documents").await?;
        browser
            .script(
                "const all = new DataTransfer(); all.items.add(new File(['{}'], 'dropped.json'));
                 const to = document.querySelector('[data-drop]');
                 for (const name of ['dragenter', 'dragover', 'drop'])
                   to.dispatchEvent(new DragEvent(name, { dataTransfer: all, bubbles: true, cancelable: true }));",
            )
            .await?;
        browser.until("return document.querySelector('[data-chosen]').innerText.includes('dropped.json')").await
    })
    .await;
}
