//! A run in this worker's hands: its source, its connector, its counts, and whether it should go on.
//! Refuses to be shared between processes: the lease in the database decides whose it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use connectors::Connector;
use domain::id::SourceId;
use domain::source::{RunKind, Scope, Trial, Values};
use store::save::sources::{self as rows, Beat};
use store::sources::{Origin, Run, Source};
use tokio_util::sync::CancellationToken;

use super::asking::{self, Asking};
use super::live::Watcher;
use super::memory::Lasting;
use super::pushed::Pushed;
use super::{Engine, HEARTBEAT, PROGRESS};
use crate::Error;

/// A run in this worker's hands.
pub(super) struct Job {
    pub(super) engine: Engine,
    pub(super) run: Run,
    pub(super) source: Source,
    pub(super) asking: Asking,
    /// Whether another worker has the run: then nothing more is written.
    lost: AtomicBool,
}

impl Job {
    /// Takes a claimed run in hand. The inner error is a sentence: why the source cannot be asked.
    pub(super) async fn new(
        engine: &Engine,
        run: Run,
        cancelled: CancellationToken,
        watcher: Option<Watcher>,
    ) -> Result<Result<Self, String>, Error> {
        let (source, sealed) = rows::load(&engine.inner.store, run.source).await?;
        let connector = if run.kind == RunKind::Push {
            Ok(engine.pushed(&run))
        } else {
            engine.connector(&source, sealed.as_deref())
        };
        let connector = match connector {
            Ok(connector) => connector,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let mut asking = Asking::new(connector, &engine.inner.settings, cancelled, watcher);
        // What a dry run reads is not saved, and so not remembered.
        if run.kind != RunKind::DryRun {
            asking = asking.remembering(Arc::new(Lasting(engine.inner.store.clone())));
        }
        Ok(Ok(Self { engine: engine.clone(), run, source, asking, lost: AtomicBool::new(false) }))
    }

    /// Whether nothing is to be saved.
    pub(super) fn is_dry(&self) -> bool {
        self.run.kind == RunKind::DryRun
    }

    /// Whether another worker has the run.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Gives signs of life until it is dropped, soon after any progress and otherwise now and then; stops the
    /// run when somebody asks to, or when it is not this worker's any more.
    pub(super) async fn keep_alive(&self) {
        let engine = &self.engine.inner;
        let pause = PROGRESS.min(engine.settings.scope_deadline);
        let (mut told, mut silent) = (self.asking.live.progress(), Duration::ZERO);
        loop {
            tokio::time::sleep(pause).await;
            silent += pause;
            let progress = self.asking.live.progress();
            if progress == told && silent < HEARTBEAT.min(engine.settings.scope_deadline) {
                continue;
            }
            (told, silent) = (progress, Duration::ZERO);
            match rows::beat(&engine.store, self.run.id, &engine.worker, &progress, self.engine.now()).await {
                Ok(Beat::GoOn) => {}
                Ok(Beat::Cancel) => self.asking.cancelled.cancel(),
                Ok(Beat::Lost) => {
                    self.lost.store(true, Ordering::Relaxed);
                    self.asking.cancelled.cancel();
                }
                // The lease outlasts several of these.
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "no sign of life could be given"
                    );
                }
            }
        }
    }

    /// The scope's name for people, with its source.
    pub(super) fn place(&self, scope: &Scope) -> String {
        format!("{}: {scope}", self.source.name)
    }
}

impl Engine {
    /// Tries every permission of a source and writes nothing. The inner error is a sentence: why it cannot be
    /// asked.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn try_permissions(&self, source: SourceId) -> Result<Result<Vec<Trial>, String>, Error> {
        let (source, sealed) = rows::load(&self.inner.store, source).await?;
        let connector = match self.connector(&source, sealed.as_deref()) {
            Ok(connector) => connector,
            Err(sentence) => return Ok(Err(sentence)),
        };
        Ok(Ok(asking::check(connector, &self.inner.settings).await))
    }

    /// What somebody else's connector saw, as a connector.
    fn pushed(&self, run: &Run) -> Arc<dyn Connector> {
        Arc::new(Pushed {
            store: self.inner.store.clone(),
            source: run.source,
            run: run.id,
            size: self.inner.settings.max_document_bytes,
        })
    }

    /// The connector of a source with its secrets in place, or a sentence.
    pub(super) fn connector(
        &self,
        source: &Source,
        sealed: Option<&[u8]>,
    ) -> Result<Arc<dyn Connector>, String> {
        asking::connector(&self.inner.kinds, &source.kind, &self.values(source, sealed)?)
    }

    /// All that a source is told, secrets too.
    fn values(&self, source: &Source, sealed: Option<&[u8]>) -> Result<Values, String> {
        let mut values = match source.origin {
            Origin::File => self.inner.from_file.get(&source.name).cloned().ok_or_else(|| {
                format!("The source `{}` is not in this process's settings file.", source.name)
            })?,
            Origin::Page => source.values.clone(),
        };
        if let Some(sealed) = sealed {
            values.extend(self.opened(sealed)?);
        }
        Ok(values)
    }

    fn opened(&self, sealed: &[u8]) -> Result<Values, String> {
        match &self.inner.secrets {
            Some(secrets) => secrets.open(sealed),
            None => Err("The source has stored secrets, and this process has no key to open them: set \
                         `sync.key_file` or PLIMSOLL_SYNC_KEY to the key they were stored with."
                .to_owned()),
        }
    }
}
