//! Pictures of every page, light and dark, wide and narrow, and the one that the README shows. Only made
//! when `PLIMSOLL_TEST_SCREENSHOT` names a directory for them.

use std::path::{Path, PathBuf};

use thirtyfour::prelude::*;

use crate::browser::{Browser, browse};
use crate::sights;

/// How pages are looked at: what the system prefers, and how wide the window is.
const WAYS: [(&str, u32); 4] = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)];
/// The most bytes of the README's picture.
const README_BYTES: u64 = 300_000;

fn directory() -> Option<PathBuf> {
    let path =
        std::env::var_os("PLIMSOLL_TEST_SCREENSHOT").filter(|path| !path.is_empty()).map(PathBuf::from);
    let Some(path) = path else {
        tests::skipped("PLIMSOLL_TEST_SCREENSHOT names no directory");
        return None;
    };
    std::fs::create_dir_all(&path).expect("the directory can be made");
    Some(path)
}

/// Grows the window to the whole page and takes its picture.
async fn whole(browser: &Browser, width: u32, path: &Path) -> WebDriverResult<()> {
    let height =
        browser.script("return document.documentElement.scrollHeight").await?.as_u64().unwrap_or(900);
    browser.size(width, u32::try_from(height.clamp(600, 12_000)).unwrap_or(900)).await?;
    browser.driver.screenshot(path).await
}

/// Pictures of the page that is open, for one that no address leads to.
pub(crate) async fn of_this(browser: &Browser, name: &str) -> WebDriverResult<()> {
    let Some(directory) = directory() else { return Ok(()) };
    for (scheme, width) in WAYS {
        browser.prefers(scheme).await?;
        browser.size(width, 900).await?;
        whole(browser, width, &directory.join(format!("{name}-{scheme}-{width}.png"))).await?;
    }
    Ok(())
}

#[tokio::test]
async fn every_page_has_its_picture_taken() {
    let Some(directory) = directory() else { return };
    browse(move |browser| async move {
        for sight in sights::every(browser.served).await {
            for (scheme, width) in WAYS {
                browser.prefers(scheme).await?;
                browser.size(width, 900).await?;
                browser.open(&sight.path).await?;
                let path = directory.join(format!("{}-{scheme}-{width}.png", sight.name));
                whole(&browser, width, &path).await?;
                assert!(std::fs::metadata(&path).unwrap().len() > 2_000, "{} is empty", path.display());
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_readme_shows_the_overview() {
    let Some(directory) = directory() else { return };
    browse(move |browser| async move {
        browser.prefers("light").await?;
        browser.size(1360, 900).await?;
        browser.open("/").await?;
        let height =
            browser.script("return document.documentElement.scrollHeight").await?.as_u64().unwrap_or(900);
        browser.size(1360, u32::try_from(height.min(1100)).unwrap_or(900)).await?;
        let path = directory.join("exposure.png");
        browser.driver.screenshot(&path).await?;
        let bytes = std::fs::metadata(&path).unwrap().len();
        assert!((10_000..=README_BYTES).contains(&bytes), "{bytes} bytes");
        Ok(())
    })
    .await;
}
