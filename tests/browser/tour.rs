//! Every page at every width: the body never scrolls sideways, and the console stays silent.

use thirtyfour::prelude::*;

use crate::browser::{Browser, browse};
use crate::sights;

/// How far the content is wider than the window, and which elements stand out.
const OVERFLOW: &str = "const wide = document.documentElement.scrollWidth - innerWidth;
if (wide <= 0) return '';
const out = [...document.querySelectorAll('body *')].filter((one) => {
  const box = one.getBoundingClientRect();
  if (box.right <= innerWidth + 1 || box.width === 0) return false;
  for (let up = one.parentElement; up; up = up.parentElement)
    if (up !== document.body && getComputedStyle(up).overflowX !== 'visible') return false;
  return true;
});
return wide + ' px too wide: ' + out.slice(0, 4).map((one) => one.tagName.toLowerCase() + '.' + [...one.classList].join('.')).join(', ');";

#[tokio::test]
async fn every_page_fits_every_width_in_silence() {
    browse(tour).await;
}

async fn tour(browser: Browser) -> WebDriverResult<()> {
    let mut problems = Vec::new();
    for sight in sights::every(browser.served).await {
        let expected = if ["not-there", "refused"].contains(&sight.name.as_str()) {
            "Failed to load resource"
        } else {
            "\0"
        };
        for width in [390, 768, 1920] {
            browser.size(width, 900).await?;
            browser.open(&sight.path).await?;
            let overflow = browser.script(OVERFLOW).await?;
            if overflow != "" {
                problems.push(format!("{} at {width} px ({}): {overflow}", sight.name, sight.path));
            }
            for complaint in browser.complaints().await?.iter().filter(|text| !text.contains(expected)) {
                problems.push(format!("{} at {width} px ({}): {complaint}", sight.name, sight.path));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    Ok(())
}

#[tokio::test]
async fn nothing_is_asked_of_another_host() {
    browse(|browser| async move {
        for sight in sights::every(browser.served).await {
            browser.open(&sight.path).await?;
            let elsewhere = browser
                .script("return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith(location.origin)).join(' ')")
                .await?;
            assert_eq!(elsewhere, "", "{}", sight.path);
        }
        Ok(())
    })
    .await;
}
