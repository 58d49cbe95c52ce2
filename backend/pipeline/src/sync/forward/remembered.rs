//! What a collector remembers from one run to the next, in one file beside its logbook: what bytes of a digest say, and
//! which documents are at the destination. These are sent again after a day all the same: it may read them otherwise since.
//! They are sent again at once where it does not know the run that brought the last of them.
//!
//! Refuses to fail a run, to grow without end, and to believe a file that is not as it was written.

use std::collections::{HashMap, HashSet};
use std::io::{Error as IoError, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use connectors::Memory;
use domain::document::Provenance;
use domain::id::RunId;
use domain::reference::ImageReference;
use futures_util::future::{BoxFuture, ready};
use sha2::{Digest, Sha256};

use super::super::live::{Event, Watcher};
use super::logbook;
use super::pages::{LARGEST_FILE, Pages};

/// How often what was learned is saved while a run goes on.
const SAVE_EVERY: Duration = Duration::from_secs(60);

/// Memory in a file.
pub(super) struct Remembered {
    path: PathBuf,
    clock: fn() -> DateTime<Utc>,
    watcher: Option<Watcher>,
    state: Mutex<State>,
}

struct State {
    pages: Pages,
    /// Documents that are sent, of a run that is not over.
    under_way: Vec<String>,
    saved_at: Instant,
    /// Whether it was said that nothing can be saved.
    warned: bool,
}

impl Remembered {
    /// Reads what is there. A file that cannot be used is said once, and is as good as none.
    pub(super) fn open(path: PathBuf, clock: fn() -> DateTime<Utc>, watcher: Option<Watcher>) -> Self {
        let (pages, warning) = match read(&path) {
            Ok(pages) => (pages, None),
            Err(why) => {
                let path = path.display();
                let sentence =
                    format!("{path}, which keeps what was read before, {why}: everything is read anew");
                (Pages::default(), Some(sentence))
            }
        };
        let state = State { pages, under_way: Vec::new(), saved_at: Instant::now(), warned: false };
        let remembered = Self { path, clock, watcher, state: Mutex::new(state) };
        if let Some(warning) = warning {
            remembered.warn(warning);
        }
        remembered
    }

    /// Documents, by their keys, are sent whole; whether they are taken is known when the run is over.
    pub(super) fn sent(&self, keys: Vec<String>) {
        let mut state = self.state();
        state.under_way.extend(keys);
        if state.saved_at.elapsed() >= SAVE_EVERY {
            self.save_as(&mut state);
        }
    }

    /// The destination has all that was sent, and this run is over there.
    pub(super) fn arrived(&self, run: RunId) {
        let (mut state, now) = (self.state(), self.now());
        let keys = std::mem::take(&mut state.under_way);
        state.pages.deliver(run.to_string(), keys, now);
    }

    /// The run that ended last at the destination, which knows it if it is still the one that it was.
    pub(super) fn last_run(&self) -> Option<RunId> {
        self.state().pages.run().and_then(|run| run.parse().ok())
    }

    /// The destination does not know that run: its database is another one, or an older one. Documents are sent again.
    pub(super) fn deliver_anew(&self) {
        self.state().pages.deliver_anew();
    }

    /// Saves what was learned.
    pub(super) fn save(&self) {
        self.save_as(&mut self.state());
    }

    fn save_as(&self, state: &mut State) {
        state.saved_at = Instant::now();
        let bytes = state.pages.encode(self.now());
        if let Err(error) = replace(&self.path, &bytes)
            && !std::mem::replace(&mut state.warned, true)
        {
            let path = self.path.display();
            self.warn(format!("{path}, which keeps what was read, cannot be written: {error}"));
        }
    }

    fn now(&self) -> i64 {
        (self.clock)().timestamp()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn warn(&self, sentence: String) {
        if let Some(watcher) = &self.watcher {
            watcher(&Event::Warned(sentence));
        }
    }
}

impl std::fmt::Debug for Remembered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Remembered").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Memory for Remembered {
    fn recall<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, HashMap<String, Vec<u8>>> {
        let recalled = self.state().pages.recall(words, self.now());
        Box::pin(ready(recalled))
    }

    fn remember<'a>(&'a self, contents: &'a [(String, Vec<u8>)]) -> BoxFuture<'a, ()> {
        self.state().pages.remember(contents, self.now());
        Box::pin(ready(()))
    }

    fn on_record<'a>(
        &'a self,
        documents: &'a [(String, ImageReference)],
    ) -> BoxFuture<'a, HashSet<(String, ImageReference)>> {
        let (state, now) = (self.state(), self.now());
        let known = |(digest, image): &&(String, ImageReference)| {
            state.pages.is_delivered(&of_image(digest, image), now)
        };
        Box::pin(ready(documents.iter().filter(known).cloned().collect()))
    }

    fn read_before<'a>(&'a self, cluster: &'a str, digests: &'a [String]) -> BoxFuture<'a, HashSet<String>> {
        let (state, now) = (self.state(), self.now());
        let known = |digest: &&String| state.pages.is_delivered(&of_cluster(digest, cluster), now);
        Box::pin(ready(digests.iter().filter(known).cloned().collect()))
    }
}

/// What a document is called here: by its bytes, and the cluster or the image it came with. Nothing for one that came
/// with neither: nobody asks for it.
pub(super) fn key(bytes: &[u8], provenance: &Provenance) -> Option<String> {
    let digest = || {
        let hash = Sha256::digest(bytes);
        let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{digits}")
    };
    match (&provenance.cluster, &provenance.image) {
        (Some(cluster), _) => Some(of_cluster(&digest(), cluster)),
        (None, Some(image)) => Some(of_image(&digest(), image)),
        (None, None) => None,
    }
}

fn of_cluster(digest: &str, cluster: &str) -> String {
    format!("{digest} cluster {cluster}")
}

fn of_image(digest: &str, image: &ImageReference) -> String {
    format!("{digest} image {image}")
}

fn read(path: &Path) -> Result<Pages, String> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Pages::default()),
        Err(error) => return Err(format!("cannot be read ({error})")),
    };
    let mut bytes = Vec::new();
    let read = std::io::copy(&mut file.take(LARGEST_FILE), &mut bytes);
    read.map_err(|error| format!("cannot be read ({error})"))?;
    Pages::decode(&bytes).ok_or_else(|| "is not as it was written".to_owned())
}

/// Writes a file anew, so that there is the old one or the new one at any moment.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    let beside = path.with_extension("memory-new");
    let mut file = logbook::private().truncate(true).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
