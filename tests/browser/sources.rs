//! A source from the empty page to the end of its first run, over an emulated AWS: problems told and mended,
//! progress as it comes, every page of it accessible.

use tests::aws::{Aws, Estate, small};
use tests::cloud::Cloud;
use thirtyfour::prelude::*;

use crate::accessible::violations_here;
use crate::browser::{Browser, browse_over};

#[tokio::test]
async fn a_source_is_added_mended_asked_and_watched() {
    let start = || {
        let (aws, estate) = Aws::seeded(&small())?;
        let served = tests::sources::served(&aws, &estate);
        Some((aws, estate, served))
    };
    let Some((aws, estate, served)) = tokio::task::spawn_blocking(start).await.unwrap() else { return };
    // It ends with the process: the browser's session needs it for as long.
    let served = Box::leak(Box::new(served));
    let address = aws.address.clone();
    browse_over(served, move |browser| walk(browser, address, estate)).await;
    tokio::task::spawn_blocking(move || drop(aws)).await.unwrap();
}

async fn walk(browser: Browser, endpoint: String, estate: Estate) -> WebDriverResult<()> {
    browser.size(1440, 900).await?;
    browser.open("/").await?;
    browser.click("nav.rail a[href='/sources']").await?;
    browser.click(".headline a[href='/add-source']").await?;
    browser.click(".kinds a[href='/add-source/aws']").await?;
    browser.until("return location.pathname === '/add-source/aws'").await?;
    fill(&browser, "name", "Prod").await?;
    fill(&browser, "regions", "mars-1").await?;
    fill(&browser, "schedule", "soon").await?;
    browser.click(".sheet button.primary").await?;
    let told = browser.find(".notice.bad").await?.text().await?;
    for words in ["3 things are wrong", "Name takes", "mars-1", "soon"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let told = browser.complaints().await?;
    assert!(told.iter().all(|line| line.contains("422")), "{told:?}");
    assert_eq!(violations_here(&browser).await?, Vec::<String>::new());

    fill(&browser, "name", "prod").await?;
    fill(&browser, "regions", &estate.regions[0]).await?;
    fill(&browser, "schedule", "").await?;
    fill(&browser, "endpoint", &endpoint).await?;
    browser.click(".sheet button.primary").await?;
    browser.until("return location.pathname === '/sources/prod'").await?;
    assert!(browser.find(".head .unknown").await?.text().await?.contains("no run yet"));

    browser.click(".actions button[value=sync]").await?;
    browser.until("return location.pathname.includes('/runs/')").await?;
    browser.until("return performance.getEntriesByType('resource').length > 0 && !document.querySelector('[data-again]')").await?;
    browser.until("return !!document.querySelector('[data-figure=calls]') && document.querySelector('[data-figure=calls]').innerText !== '0'").await?;
    browser.until("return document.querySelectorAll('.scopes tbody tr').length > 3").await?;
    // An emulator knows less than AWS: some scopes may have to wait for another try.
    let over = "const said = document.querySelector('[data-sentence]').innerText;
        return said.includes('not seen whole') || said.includes('Everything was seen');";
    browser.until(over).await?;
    assert_eq!(browser.complaints().await?, Vec::<String>::new());
    look(&browser).await
}

/// Every page of the source, in both schemes and narrow: accessible, and no wider than the window.
async fn look(browser: &Browser) -> WebDriverResult<()> {
    let run = browser.path().await?;
    let mut problems = Vec::new();
    let pages = [
        "/",
        "/sources",
        "/sources/prod",
        "/sources/prod?tab=runs",
        "/sources/prod?tab=permissions",
        "/sources/prod?tab=settings",
        "/sources/prod/edit",
        "/sources/prod/remove",
        &run,
    ];
    for (scheme, width) in [("light", 1440), ("dark", 1440), ("light", 390)] {
        browser.prefers(scheme).await?;
        browser.size(width, 900).await?;
        for page in pages {
            browser.open(page).await?;
            let wide = browser.script("return document.documentElement.scrollWidth - innerWidth").await?;
            if wide.as_i64() > Some(0) {
                problems.push(format!("{page} at {width} px is {wide} px too wide"));
            }
            for violation in violations_here(browser).await? {
                problems.push(format!("{page} ({scheme}, {width} px): {violation}"));
            }
        }
    }
    problems.extend(browser.complaints().await?);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    Ok(())
}

async fn fill(browser: &Browser, field: &str, text: &str) -> WebDriverResult<()> {
    let element = browser.find(&format!("#field-{field}")).await?;
    element.scroll_into_view().await?;
    element.clear().await?;
    element.send_keys(text).await
}
