//! Light and dark: as the system prefers, and by the switch, which remembers.

use thirtyfour::prelude::*;

use crate::browser::{Browser, browse};

/// The lightness of the page's ground, 0 to 255.
async fn ground(browser: &Browser) -> WebDriverResult<f64> {
    let value = browser
        .script(
            "const canvas = document.createElement('canvas').getContext('2d');
             for (const one of [document.documentElement, document.body]) {
               canvas.fillStyle = getComputedStyle(one).backgroundColor;
               canvas.fillRect(0, 0, 1, 1);
             }
             const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
             return (r + g + b) / 3;",
        )
        .await?;
    Ok(value.as_f64().unwrap())
}

#[tokio::test]
async fn the_system_is_followed() {
    browse(|browser| async move {
        browser.open("/").await?;
        browser.prefers("light").await?;
        assert!(ground(&browser).await? > 200.0);
        browser.prefers("dark").await?;
        assert!(ground(&browser).await? < 60.0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_switch_overrules_it_and_is_remembered() {
    browse(|browser| async move {
        browser.size(1440, 900).await?;
        browser.prefers("light").await?;
        browser.open("/images?q=storefront").await?;
        browser.click("details.menu summary").await?;
        browser.click("button[name=theme][value=dark]").await?;
        browser.until("return document.documentElement.dataset.theme === 'dark'").await?;
        assert_eq!(browser.path().await?, "/images?q=storefront", "it returns to where it was made");
        assert!(ground(&browser).await? < 60.0);
        assert_eq!(browser.driver.get_named_cookie("theme").await?.value, "dark");

        browser.open("/").await?;
        assert!(ground(&browser).await? < 60.0, "it is remembered");
        browser.click("details.menu summary").await?;
        browser.click("button[name=theme][value=light]").await?;
        browser.until("return document.documentElement.dataset.theme === 'light'").await?;
        browser.prefers("dark").await?;
        assert!(ground(&browser).await? > 200.0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn rows_become_dense() {
    browse(|browser| async move {
        browser.size(1440, 900).await?;
        browser.open("/images").await?;
        let before = browser.find("tbody tr").await?.rect().await?.height;
        browser.click("details.menu summary").await?;
        browser.click("button[name=rows][value=dense]").await?;
        browser.until("return document.documentElement.dataset.rows === 'dense'").await?;
        let after = browser.find("tbody tr").await?.rect().await?.height;
        assert!(after < before, "{after} is not less than {before}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn escape_closes_the_menu() {
    browse(|browser| async move {
        browser.size(1440, 900).await?;
        browser.open("/").await?;
        browser.click("details.menu summary").await?;
        browser.until("return document.querySelector('details.menu').open").await?;
        browser.find("body").await?.send_keys(Key::Escape).await?;
        browser.until("return !document.querySelector('details.menu').open").await
    })
    .await;
}
