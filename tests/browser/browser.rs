//! One Chromium session a test, with a fresh profile, over the demo that all tests share.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::served::{Served, free_port};
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};

/// What a test waits for before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ends the driver when this process ends, however it does.
const KEEPER: &str = r#""$@" & pid=$!; read -r _; kill -TERM "$pid" 2>/dev/null; wait "$pid""#;
const ARGUMENTS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
];

/// A session and the server it looks at.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    pub(crate) served: &'static Served,
}

/// Runs a test over the demo, in a session that is closed whatever happens, or says that it was skipped.
pub(crate) async fn browse<F, Fut>(test: F)
where
    F: FnOnce(Browser) -> Fut,
    Fut: Future<Output = WebDriverResult<()>> + Send + 'static,
{
    if driver_program().is_some() {
        browse_over(tokio::task::spawn_blocking(Served::shared_demo).await.unwrap(), test).await;
    }
}

/// The same over another server.
pub(crate) async fn browse_over<F, Fut>(served: &'static Served, test: F)
where
    F: FnOnce(Browser) -> Fut,
    Fut: Future<Output = WebDriverResult<()>> + Send + 'static,
{
    let Some(driver) = driver_program() else { return };
    let address = tokio::task::spawn_blocking(move || chromedriver(driver)).await.unwrap();
    tests::choose_encryption();
    let driver = WebDriver::new(address, capabilities().unwrap()).await.expect("a Chromium session");
    let outcome = tokio::spawn(test(Browser { driver: driver.clone(), served })).await;
    let _ = driver.quit().await;
    match outcome {
        Ok(result) => result.unwrap(),
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

fn driver_program() -> Option<PathBuf> {
    let path =
        std::env::var_os("PLIMSOLL_TEST_CHROMEDRIVER").map_or("/usr/bin/chromedriver".into(), PathBuf::from);
    if path.is_file() {
        return Some(path);
    }
    tests::skipped(&format!("no chromedriver at {}", path.display()));
    None
}

/// The address of the driver that this process shares.
fn chromedriver(program: PathBuf) -> &'static str {
    static DRIVER: OnceLock<(String, Child)> = OnceLock::new();
    let (address, _) = DRIVER.get_or_init(|| {
        let port = free_port();
        let child = Command::new("bash")
            .args(["-c", KEEPER, "keeper"])
            .arg(program)
            .arg(format!("--port={port}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("bash starts");
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < PATIENCE, "chromedriver does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        (format!("http://127.0.0.1:{port}"), child)
    });
    address
}

fn capabilities() -> WebDriverResult<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        capabilities.add_arg(argument)?;
    }
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

impl Browser {
    /// Opens a page of the server.
    pub(crate) async fn open(&self, path: &str) -> WebDriverResult<()> {
        self.driver.goto(self.served.at(path)).await
    }

    /// The first element of a selector, once it is there.
    pub(crate) async fn find(&self, selector: &str) -> WebDriverResult<WebElement> {
        self.driver.query(By::Css(selector)).wait(PATIENCE, Duration::from_millis(100)).first().await
    }

    /// Every element of a selector.
    pub(crate) async fn all(&self, selector: &str) -> WebDriverResult<Vec<WebElement>> {
        self.driver.find_all(By::Css(selector)).await
    }

    /// Clicks the first element of a selector.
    pub(crate) async fn click(&self, selector: &str) -> WebDriverResult<()> {
        let element = self.find(selector).await?;
        element.scroll_into_view().await?;
        element.click().await
    }

    /// What a function's body returns.
    pub(crate) async fn script(&self, body: &str) -> WebDriverResult<Value> {
        Ok(self.driver.execute(body, Vec::new()).await?.json().clone())
    }

    /// The same once it returns something true.
    pub(crate) async fn until(&self, condition: &str) -> WebDriverResult<()> {
        let started = Instant::now();
        loop {
            if self.script(condition).await? == Value::Bool(true) {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                let shown = self.script("return document.body.innerText").await?;
                let shown: String = shown.as_str().unwrap_or_default().chars().take(1000).collect();
                let (path, complaints) = (self.path().await?, self.complaints().await?);
                panic!(
                    "this did not come true: {condition}\nat {path}, complaints {complaints:?}, shown:\n{shown}"
                );
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The path and query that are shown.
    pub(crate) async fn path(&self) -> WebDriverResult<String> {
        let url = self.driver.current_url().await?;
        Ok(url.as_str().trim_start_matches(&self.served.address).to_owned())
    }

    /// Makes the window this wide and high.
    pub(crate) async fn size(&self, width: u32, height: u32) -> WebDriverResult<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// What the system prefers: `light` or `dark`.
    pub(crate) async fn prefers(&self, scheme: &str) -> WebDriverResult<()> {
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// What the console and the network complained about since it was last asked.
    pub(crate) async fn complaints(&self) -> WebDriverResult<Vec<String>> {
        let log = self.driver.browser_log().await?;
        let bad = log.into_iter().filter(|entry| ["SEVERE", "WARNING"].contains(&entry.level.as_str()));
        Ok(bad.map(|entry| format!("{}: {}", entry.level, entry.message)).collect())
    }
}
