//! The calls to container apps. Refuses an app whose revisions were not told: it would look as if nothing of it
//! ran.

use std::collections::BTreeMap;

use domain::cluster::Cluster;
use domain::observation::Observation;
use domain::source::Completeness;
use futures_util::{StreamExt, stream};

use super::wire::{App, Environment, Job, Revision};
use super::{APPS, ENVIRONMENTS, JOBS, REVISIONS, VERSION, apps, routes};
use crate::azure::ask::Ask;
use crate::azure::place::location;
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Apps whose revisions are read at once.
const AT_ONCE: usize = 8;

/// Collects environments, apps and jobs.
///
/// # Errors
/// When the apps cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    let environments = environments(ask, sink, &mut missing).await?;
    let mut listed: Vec<App> = ask.list(APPS, &ask.below("Microsoft.App/containerApps"), VERSION).await?;
    listed.retain(|app| ask.is_here(&app.location));
    let read = stream::iter(listed).map(|app| async move {
        let path = format!("{}/revisions", app.id);
        let told = ask.list_of::<Revision>(REVISIONS, &path, VERSION).await;
        (app, told)
    });
    let mut read = read.buffered(AT_ONCE);
    while let Some((app, revisions)) = read.next().await {
        let Some(revisions) = missing.without(revisions)?.flatten() else { continue };
        let home = environments.as_ref().and_then(|known| known.get(&apps::home(&app.properties)));
        let found = apps::app(&ask.place, &app, &revisions);
        sink.observe(Observation::Workload(found)).await?;
        sink.observe(Observation::Exposure(routes::route(&ask.place, &app, home))).await?;
    }
    drop(read);
    let jobs = ask.list::<Job>(JOBS, &ask.below("Microsoft.App/jobs"), VERSION).await;
    for job in missing.without(jobs)?.into_iter().flatten().filter(|job| ask.is_here(&job.location)) {
        sink.observe(Observation::Workload(apps::job(&ask.place, &job))).await?;
        sink.observe(Observation::Exposure(routes::of_job(&ask.place, &job))).await?;
    }
    Ok(missing.completeness())
}

/// The environments by id; nothing where they were not told.
async fn environments(
    ask: &Ask<'_>,
    sink: &Sink,
    missing: &mut Missing,
) -> Result<Option<BTreeMap<String, Environment>>, Failure> {
    let listed = ask.list(ENVIRONMENTS, &ask.below("Microsoft.App/managedEnvironments"), VERSION).await;
    let listed: Option<Vec<Environment>> = missing.without(listed)?;
    for environment in listed.iter().flatten().filter(|one| ask.is_here(&one.location)) {
        let cluster = Cluster {
            name: ask.place.named("container-apps", &environment.name, &environment.location),
            kind: "container-apps".to_owned(),
            account: Some(ask.place.account.clone()),
            region: Some(location(&environment.location)),
            ..Cluster::default()
        };
        sink.observe(Observation::Cluster(cluster)).await?;
    }
    let by_id = |listed: Vec<Environment>| {
        listed.into_iter().map(|environment| (environment.id.to_ascii_lowercase(), environment)).collect()
    };
    Ok(listed.map(by_id))
}
