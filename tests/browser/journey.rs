//! From the Overview to one fact: by the rail, by sorting, by filtering, by a row, by a tab, by search.

use thirtyfour::prelude::*;

use crate::browser::{Browser, browse};

#[tokio::test]
async fn from_the_overview_to_a_tab_of_an_image() {
    browse(walk).await;
}

async fn walk(browser: Browser) -> WebDriverResult<()> {
    browser.size(1440, 900).await?;
    browser.open("/").await?;
    assert_eq!(browser.find("h1").await?.text().await?, "Exposure");
    browser.click("nav.rail a[href='/images']").await?;
    browser.until("return location.pathname === '/images'").await?;
    assert_eq!(browser.find(".rail [aria-current=page]").await?.text().await?, "Images");

    let before = first_row(&browser).await?;
    browser.click("thead th[aria-sort=none] a").await?;
    browser.until("return location.search.includes('sort=')").await?;
    let sorted = browser.all("thead th[aria-sort=ascending], thead th[aria-sort=descending]").await?;
    assert_eq!(sorted.len(), 1, "one column is in force");
    let way = sorted[0].attr("aria-sort").await?.unwrap_or_default();
    browser.click("thead th:is([aria-sort=ascending], [aria-sort=descending]) a").await?;
    let turned = format!(
        "return document.querySelector('thead th[aria-sort]:not([aria-sort=none])')?.ariaSort !== {way:?}"
    );
    browser.until(&turned).await?;
    assert!(!before.is_empty() && !first_row(&browser).await?.is_empty());

    let filter = browser.find("form.filters input[name=q]").await?;
    filter.send_keys("storefront").await?;
    filter.send_keys(Key::Enter).await?;
    browser.until("return location.search.includes('q=storefront')").await?;
    assert!(browser.find(".chips .chip").await?.text().await?.contains("storefront"));
    for row in browser.all("tbody tr").await? {
        assert!(row.text().await?.contains("storefront"));
    }

    browser.click("tbody th[scope=row] a").await?;
    browser.until("return location.pathname.startsWith('/images/')").await?;
    assert!(browser.find("h1").await?.text().await?.contains("storefront"));
    browser.click(".tabs a:not([aria-current])").await?;
    browser.until("return location.search.includes('tab=')").await?;
    assert_eq!(browser.all(".tabs [aria-current=page]").await?.len(), 1);
    browser.driver.back().await?;
    browser.until("return !location.search.includes('tab=')").await?;
    assert_eq!(browser.complaints().await?, Vec::<String>::new());
    Ok(())
}

async fn first_row(browser: &Browser) -> WebDriverResult<String> {
    browser.find("tbody th[scope=row] a").await?.text().await
}

#[tokio::test]
async fn a_choice_filters_at_once_and_a_chip_takes_it_back() {
    browse(|browser| async move {
        browser.size(1440, 900).await?;
        browser.open("/vulnerabilities").await?;
        browser
            .script(
                "const all = [...document.querySelectorAll('form.filters select')]; \
             const select = all.find((select) => select.name === 'severity') ?? all[0]; \
             select.selectedIndex = 1; select.dispatchEvent(new Event('change', { bubbles: true }));",
            )
            .await?;
        browser.until("return document.querySelectorAll('.chips .chip').length === 1").await?;
        let path = browser.path().await?;
        assert!(!path.contains("=&") && !path.ends_with('='), "an untouched filter says nothing: {path}");
        browser.click(".chips .chip").await?;
        browser.until("return document.querySelectorAll('.chips .chip').length === 0").await
    })
    .await;
}

#[tokio::test]
async fn search_leads_to_a_vulnerability() {
    browse(|browser| async move {
        browser.open("/").await?;
        browser.find("body").await?.send_keys("/").await?;
        browser.until("return document.activeElement.id === 'search'").await?;
        let search = browser.find("#search").await?;
        assert_eq!(search.prop("value").await?.unwrap_or_default(), "", "the key itself is not typed");
        search.send_keys("CVE-2021-44228").await?;
        search.send_keys(Key::Enter).await?;
        browser.until("return document.querySelector('main').innerText.includes('CVE-2021-44228')").await?;
        assert!(browser.path().await?.contains("CVE-2021-44228"), "{}", browser.path().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_row_opens_on_click_and_by_keyboard() {
    browse(|browser| async move {
        browser.size(1440, 900).await?;
        browser.open("/workloads").await?;
        browser.click("tbody tr[data-row] td:last-child").await?;
        browser.until("return location.pathname.startsWith('/workloads/')").await?;
        browser.open("/workloads").await?;
        browser.find("tbody th[scope=row] a").await?.send_keys(Key::Enter).await?;
        browser.until("return location.pathname.startsWith('/workloads/')").await
    })
    .await;
}

#[tokio::test]
async fn the_first_tab_stop_skips_to_the_content() {
    browse(|browser| async move {
        browser.open("/images").await?;
        browser.find("body").await?.send_keys(Key::Tab).await?;
        browser.until("return document.activeElement.classList.contains('skip')").await?;
        let skip = browser.find("a.skip").await?.rect().await?;
        assert!(skip.x >= 0.0 && skip.y >= 0.0 && skip.width > 20.0, "it is seen when focused: {skip:?}");
        browser.driver.action_chain().send_keys(Key::Enter).perform().await?;
        browser.until("return location.hash === '#main'").await
    })
    .await;
}
