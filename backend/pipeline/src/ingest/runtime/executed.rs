//! Programs that sensors saw executed and libraries that they saw loaded, kept for the image whose container it was. Refuses
//! those whose image is not known: a path says nothing without it.

use std::collections::BTreeMap;

use domain::runtime::Execution;
use store::Tx;
use store::save::executed::{self as rows, Executed};

use super::resolve::Ground;
use super::{LOCK, hear, moment, sensor};
use crate::Error;

/// Writes programs that were executed and libraries that were loaded, each with the cluster for where it names none; tells
/// how many were of no known image. `at` is the moment for what states none.
pub(in crate::ingest) async fn save_executions(
    tx: &Tx,
    executions: &[(&Execution, Option<&str>)],
    at: i64,
) -> Result<u64, Error> {
    if executions.is_empty() {
        return Ok(0);
    }
    tx.lock(LOCK).await?;
    let places: Vec<_> = executions.iter().map(|(one, _)| (&one.place, &one.container)).collect();
    let ground = Ground::around(tx, &places).await?;
    // When each was first seen, and when last with whether it was executed then: of both at once, that says more.
    let mut files = BTreeMap::new();
    let (mut heard, mut lost) = (Vec::new(), 0);
    for (one, cluster) in executions {
        let found = ground.of(&one.place, &one.container, *cluster);
        let last = moment(one.last_seen, at).min(at);
        heard.extend(sensor(&one.tool.name, &one.place, &found).map(|sensor| (sensor, 1, last)));
        let Some(image) = found.image else {
            lost += 1;
            continue;
        };
        let latest = (last, !one.loaded);
        let seen = files.entry((image, &one.file, &one.tool.name)).or_insert((last, latest));
        *seen = (seen.0.min(last), seen.1.max(latest));
    }
    let files: Vec<Executed> = files
        .into_iter()
        .map(|((image, path, tool), (first_seen_at, (last_seen_at, executed)))| Executed {
            image,
            path: path.to_owned(),
            tool: tool.to_owned(),
            loaded: !executed,
            first_seen_at,
            last_seen_at,
        })
        .collect();
    rows::put(tx, &files).await?;
    hear(tx, heard, at).await?;
    Ok(lost)
}
