//! axe-core on every page, light and dark: no violation of WCAG 2.1 A and AA.

use serde_json::Value;
use thirtyfour::prelude::*;

use crate::browser::{Browser, browse};
use crate::sights;

const RUN: &str = "const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa'] }, resultTypes: ['violations'] })
  .then((found) => done(found.violations.map((one) => one.id + ': ' + one.help + '\\n' + one.nodes.slice(0, 5)
    .map((node) => '      ' + node.target.join(' ') + ' | ' + (node.any[0]?.message ?? node.all[0]?.message ?? '')).join('\\n'))))
  .catch((error) => done(['axe failed: ' + error]));";

fn source() -> Option<String> {
    let path = std::env::var_os("PLIMSOLL_TEST_AXE").filter(|path| !path.is_empty());
    let Some(path) = path else {
        tests::skipped("PLIMSOLL_TEST_AXE names no axe.min.js");
        return None;
    };
    Some(std::fs::read_to_string(path).expect("axe.min.js can be read"))
}

async fn violations(browser: &Browser, axe: &str) -> WebDriverResult<Vec<String>> {
    browser.driver.execute(axe, Vec::new()).await?;
    let found = browser.driver.execute_async(RUN, Vec::new()).await?.json().clone();
    let texts = found.as_array().cloned().unwrap_or_default();
    Ok(texts.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// What is wrong with the page that is open; nothing where there is no axe.
pub(crate) async fn violations_here(browser: &Browser) -> WebDriverResult<Vec<String>> {
    match source() {
        Some(axe) => violations(browser, &axe).await,
        None => Ok(Vec::new()),
    }
}

async fn check(scheme: &'static str, width: u32) {
    let Some(axe) = source() else { return };
    browse(move |browser| async move {
        browser.size(width, 900).await?;
        browser.prefers(scheme).await?;
        let mut problems = Vec::new();
        for sight in sights::every(browser.served).await {
            browser.open(&sight.path).await?;
            for violation in violations(&browser, &axe).await? {
                problems.push(format!("{} ({}): {violation}", sight.name, sight.path));
            }
        }
        assert!(problems.is_empty(), "\n{scheme}, {width} px\n{}", problems.join("\n"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn light_pages_are_accessible() {
    check("light", 1440).await;
}

#[tokio::test]
async fn dark_pages_are_accessible() {
    check("dark", 1440).await;
}

#[tokio::test]
async fn narrow_pages_are_accessible() {
    check("light", 390).await;
}
