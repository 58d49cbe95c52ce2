//! Pages and the JSON API over stored facts: one handler file a page, one seam that renders, one place
//! that knows HTTP errors. Reads `store` and leaves uploads there as rows.
//!
//! Refuses to collect, parse or score anything: the dashboard works while ingest is broken, and a page
//! shows a score with its reasons but never computes one.

use std::sync::Arc;

use actix_web::web as actix;
use chrono::{DateTime, TimeDelta, Utc};
use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;

mod api;
mod assets;
pub mod charts;
mod csrf;
mod error;
mod export;
mod filters;
mod frame;
#[cfg(test)]
mod guards;
mod health;
mod inbox;
mod mapper;
#[cfg(test)]
mod outlines;
mod pages;
#[cfg(test)]
mod palette;
mod query;
mod render;
mod routes;
mod security;
mod sources;
#[cfg(test)]
mod test_app;
mod theme;
mod viewer;

pub use error::Error;
pub use inbox::{Inbox, InboxLimits};
pub use mapper::{Mapper, Outliner, Previewer};
pub use sources::{Proposal, Rules, Sealer, Sources};

/// What the operator decided, as far as pages show it or obey it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address the server listens on, as shown to people: `127.0.0.1:8080`.
    pub listen: String,
    /// Whether that address is loopback: then only loopback host names are answered, so that a page of
    /// another site cannot reach the dashboard through a name it rebinds.
    pub loopback: bool,
    /// Largest document taken in, in bytes as sent.
    pub upload_limit: usize,
    /// Whether the operator allowed an address beyond loopback although nobody has to log in.
    pub insecure_no_login: bool,
    /// Days after which a scan is stale.
    pub stale_after_days: u32,
    /// Whether approved registries are configured; if not, nothing is shown as sanctioned.
    pub sanction_checked: bool,
    /// Whether cookies carry `Secure`: true behind TLS.
    pub secure_cookies: bool,
    /// How much may wait of runtime events.
    pub inbox: InboxLimits,
    /// Hours without an event after which a sensor counts as silent.
    pub silent_after_hours: u32,
    /// Ends of the names of repositories that hold sensors.
    pub sensors: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            loopback: true,
            upload_limit: 512 * 1024 * 1024,
            insecure_no_login: false,
            stale_after_days: 7,
            sanction_checked: false,
            secure_cookies: false,
            inbox: InboxLimits::default(),
            silent_after_hours: 24,
            sensors: Vec::new(),
        }
    }
}

/// What every handler may use.
#[derive(Clone)]
pub struct State {
    /// The stored facts.
    pub store: Store,
    /// The operator's decisions.
    pub settings: Settings,
    /// What pages may do with sources.
    pub sources: Sources,
    /// What pages may ask of whoever reads tables and lists.
    pub mapper: Mapper,
    /// The way in for runtime events.
    pub inbox: Inbox,
    /// Tells the pipeline that a document, an event or a run waits.
    pub wake: Arc<dyn Fn() + Send + Sync>,
    /// The clock, so that tests can hold it.
    pub clock: fn() -> DateTime<Utc>,
    /// Renders the process's metrics, if they are recorded.
    pub metrics: Option<PrometheusHandle>,
}

impl State {
    /// A state with default settings, no kinds of sources, no reader of tables, the system clock, no metrics, and nobody to wake.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            settings: Settings::default(),
            sources: Sources::default(),
            mapper: Mapper::default(),
            inbox: Inbox::default(),
            wake: Arc::new(|| ()),
            clock: Utc::now,
            metrics: None,
        }
    }

    /// The moment a page is made for.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// A scan made before this moment is stale.
    #[must_use]
    pub fn stale_before(&self) -> DateTime<Utc> {
        self.now() - TimeDelta::days(self.settings.stale_after_days.into())
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("State").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Adds every page, the API and what guards them to an application.
pub fn configure(cfg: &mut actix::ServiceConfig, state: State) {
    cfg.app_data(actix::Data::new(state)).service(routes::all());
}
