//! Plays the collectors of the demo's sources: packs what they saw into parts, takes them in as the API does, and lets
//! the engine do the run at its moment. Refuses to save anything that did not come through a part.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};
use color_eyre::eyre::{Result, eyre};
use domain::document::Provenance;
use domain::id::SourceId;
use domain::scope::Viewer;
use domain::source::{OBSERVATIONS_KIND, Scope};
use formats::plimsoll_observations::{Header, Packed, Packer, observation_line};
use pipeline::sync::Engine;
use sha2::{Digest, Sha256};
use store::Store;
use store::documents::Upload;
use store::save::sources::{self as rows, Definition};
use tokio_util::sync::CancellationToken;

use super::sources::{DemoRun, DemoSource};

/// Bytes of a part before it is packed.
const PART: usize = 4 << 20;
/// What passes whenever the engine asks for the time, in milliseconds: its runs take a while.
const TICK: i64 = 430;

/// The time at which the demo is: an engine asks a plain function, which can hold nothing.
static MOMENT: AtomicI64 = AtomicI64::new(0);

/// The demo's clock.
pub(crate) fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(MOMENT.fetch_add(TICK, Ordering::Relaxed)).unwrap_or_default()
}

/// Pushes a run and has it done. A source that is not there yet is made first, and opened to pushes.
pub(crate) async fn push(store: &Store, engine: &Engine, run: DemoRun) -> Result<()> {
    let source = source(store, &run).await?;
    for (scope, observations, end) in run.scopes {
        let mut packer = Packer::new(Header::first(run.source.name, run.id, scope.clone()), PART)?;
        let mut parts = Vec::new();
        for observation in observations {
            parts.extend(packer.line(&observation_line(Box::new(observation)))?);
        }
        parts.push(packer.end(end)?);
        for part in parts {
            take(store, (source, run.source), &run.id, &scope, part, run.at).await?;
        }
    }
    let tx = store.begin().await?;
    rows::end_push(&tx, source, run.id, &serde_json::to_string(&run.plan)?, run.at).await?;
    tx.commit().await?;
    MOMENT.store(run.at.timestamp_millis(), Ordering::Relaxed);
    let finished = engine.run_now(run.id, CancellationToken::new(), None).await?;
    finished.map(drop).ok_or_else(|| eyre!("a run of the demo source {} could not be begun", run.source.name))
}

/// Keeps a part as the API does.
async fn take(
    store: &Store,
    (id, source): (SourceId, &DemoSource),
    run: &domain::id::RunId,
    scope: &Scope,
    part: Packed,
    at: DateTime<Utc>,
) -> Result<()> {
    let Packed { number, bytes, last } = part;
    let provenance = Provenance {
        name: format!("{}: {scope}, part {number} of run {run}", source.name),
        source: "push".to_owned(),
        image: None,
        cluster: None,
        as_of: at,
    };
    let mut upload = Upload::begin(store, &provenance, at);
    upload.write(&bytes).await?;
    let document = upload.finish(at).await?.id;
    let part = rows::Part { scope: scope.clone(), part: number, document, last };
    let tx = store.begin().await?;
    rows::put_part(&tx, id, *run, &part, OBSERVATIONS_KIND, at).await?;
    Ok(tx.commit().await?)
}

async fn source(store: &Store, run: &DemoRun) -> Result<SourceId> {
    let known = store::sources::list(store, &Viewer::everything()).await?;
    if let Some(known) = known.into_iter().find(|known| known.source.name == run.source.name) {
        return Ok(known.source.id);
    }
    let definition = Definition {
        name: run.source.name.to_owned(),
        kind: run.source.kind.to_owned(),
        values: run.source.values(),
        schedule: String::new(),
        enabled: true,
    };
    let tx = store.begin().await?;
    let id = rows::create(&tx, &definition, None, run.at - Duration::minutes(20)).await?;
    // The hash of no token that anybody could hold: the demo's collectors are in this process.
    let hash = Sha256::digest(id.as_bytes());
    rows::set_push_token(&tx, id, Some(hash.into())).await?;
    tx.commit().await?;
    Ok(id)
}
