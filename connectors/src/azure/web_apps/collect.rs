//! The calls to App Service. Refuses a site of several containers whose containers were not told.

use domain::observation::Observation;
use domain::source::Completeness;
use futures_util::{StreamExt, stream};

use super::sites::{Made, made, workload};
use super::wire::{Site, SiteConfig, SiteContainer};
use super::{CONFIG, CONTAINERS, SITES, VERSION, routes};
use crate::azure::ask::Ask;
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Sites that are read at once.
const AT_ONCE: usize = 8;

/// Collects sites and functions.
///
/// # Errors
/// When they cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let (place, mut missing) = (&ask.place, Missing::default());
    let mut listed: Vec<Site> = ask.list(SITES, &ask.below("Microsoft.Web/sites"), VERSION).await?;
    listed.retain(|site| ask.is_here(&site.location) && site.kind.to_ascii_lowercase().contains("container"));
    // All calls are made here: one that waited for its turn below would wait for those that nobody polls.
    let read = stream::iter(listed).map(|site| async move {
        let told = read(ask, &site).await;
        (site, told)
    });
    let mut read = read.buffered(AT_ONCE);
    while let Some((site, (config, made))) = read.next().await {
        let config = match missing.without(config)? {
            Some(None) => continue,
            Some(Some(config)) => Some(config.properties),
            None => None,
        };
        let Some(made) = missing.without(made)?.flatten() else { continue };
        let Some(found) = workload(place, &site, &made) else { continue };
        sink.observe(Observation::Workload(found)).await?;
        sink.observe(Observation::Exposure(routes::route(place, &site, config.as_ref()))).await?;
    }
    Ok(missing.completeness())
}

/// The configuration of a site and what it is made from; nothing of either where the site is gone.
async fn read(
    ask: &Ask<'_>,
    site: &Site,
) -> (Result<Option<SiteConfig>, Failure>, Result<Option<Made>, Failure>) {
    let config = ask.one::<SiteConfig>(CONFIG, &format!("{}/config/web", site.id), VERSION).await;
    let told = config.as_ref().ok().and_then(Option::as_ref).map(|config| &config.properties);
    let made = made(told.unwrap_or(&site.properties.site_config));
    if !matches!(made, Made::Beside(_)) {
        return (config, Ok(Some(made)));
    }
    let path = format!("{}/sitecontainers", site.id);
    let beside = ask.list_of::<SiteContainer>(CONTAINERS, &path, VERSION).await;
    (config, beside.map(|beside| beside.map(Made::Beside)))
}
