//! The progress of a run as server-sent events: what is in the database, looked at once a second, so that it
//! does not matter which process does the run. Refuses to outlive the run, or the one who watches it.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Bytes};
use domain::id::RunId;
use futures_util::stream;

use super::find_run;
use super::run::Told;
use crate::State;
use crate::error::Error;
use crate::viewer::CurrentViewer;

/// How often the run is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks without news after which the stream says that it is alive: so it hears that nobody listens any more.
const SILENT_LOOKS: u32 = 10;
/// What browsers read over.
const ALIVE: &[u8] = b": alive\n\n";

/// A run that somebody watches.
struct Watched {
    state: web::Data<State>,
    viewer: CurrentViewer,
    source: String,
    run: RunId,
    told: Option<Told>,
}

/// The stream: an event for every change, the last one when the run is over.
pub(crate) async fn events(
    viewer: CurrentViewer,
    state: web::Data<State>,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (source, id) = at.into_inner();
    let run = find_run(&state, &viewer, &source, &id).await?.run.id;
    let watched = Watched { state, viewer, source, run, told: None };
    let events = stream::unfold(watched, |watched| async move {
        let (bytes, watched) = watched.next().await?;
        Some((Ok::<_, Infallible>(bytes), watched))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Packed, small events would wait in the packer for company.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(events))
}

impl Watched {
    /// Waits for the next change; nothing comes after the end of the run, or when it cannot be read.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        for look in 0.. {
            match &self.told {
                Some(told) if told.over => return None,
                Some(_) if look == SILENT_LOOKS => return Some((Bytes::from_static(ALIVE), self)),
                Some(_) => tokio::time::sleep(LOOK_EVERY).await,
                None => {}
            }
            let Self { state, viewer, source, run, .. } = &self;
            let standing = store::sources::standing(&state.store, viewer, source, *run).await.ok()??;
            let told = Told::of(&standing, state.now());
            if self.told.as_ref() != Some(&told) {
                // JSON has no line breaks outside its texts, and none inside them.
                let event = format!("event: progress\ndata: {}\n\n", serde_json::to_string(&told).ok()?);
                self.told = Some(told);
                return Some((Bytes::from(event), self));
            }
        }
        None
    }
}
