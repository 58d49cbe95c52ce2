//! Log lines go to standard error, as text or JSON, filtered by the setting. Refuses secrets: fields are
//! chosen where they are logged.

use std::io;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::settings::{LogFormat, Settings};

/// Starts logging for the process; a second call changes nothing.
pub(crate) fn start(settings: &Settings) {
    let filter: Targets = settings.log_level.parse().unwrap_or_default();
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match settings.log_format {
        LogFormat::Json => fmt::layer().json().with_writer(io::stderr).with_filter(filter).boxed(),
        LogFormat::Text => fmt::layer().with_writer(io::stderr).with_filter(filter).boxed(),
    };
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
