//! What was handed on of a run, in a small file beside the collector: the run's id, and how each scope ended.
//! Whoever goes on after a kill reads it, and sends only what is missing. Refuses two collectors at once on
//! one file, and to go on with a run so old that its scopes would be of different days.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Error as IoError, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::RunId;
use domain::source::Scope;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Destination, Handed};
use crate::Error;

/// How long a run may be gone on with.
const LONGEST: TimeDelta = TimeDelta::hours(6);
/// The most bytes that are read of one: a hundred thousand scopes.
const LARGEST: u64 = 64 << 20;

/// The logbook of a source and its destination. It is locked until it is dropped.
#[derive(Debug)]
pub struct Logbook {
    path: PathBuf,
    pub(super) file: File,
    run: RunId,
    head: Head,
    handed: BTreeMap<Scope, Handed>,
}

/// Its first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    run: String,
    source: String,
    to: String,
    begun_at: DateTime<Utc>,
}

impl Logbook {
    /// Opens the one of this source and destination, or begins one; `anew` begins a run in any case, and one that
    /// remembers nothing of earlier ones.
    ///
    /// # Errors
    /// [`Error::NotSent`] when another collector has it, or the directory cannot be written.
    pub fn open(
        directory: &Path,
        source: &str,
        to: &Destination,
        anew: bool,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let to = to.to_string();
        let hash = Sha256::digest(to.as_bytes());
        let mark: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        let path = directory.join(format!("collect-{source}-{mark}.jsonl"));
        let file = open(directory, &path).map_err(|error| unusable(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::NotSent(format!(
                    "`{source}` is being sent to {to} by another process, which has {} locked: wait for its end",
                    path.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(&path, &error)),
        }
        let run = new_run();
        let head = Head { run: run.to_string(), source: source.to_owned(), to, begun_at: now };
        let mut logbook = Self { path, file, run, head, handed: BTreeMap::new() };
        if anew {
            logbook.forget()?;
        }
        if anew || !logbook.recall(now).map_err(|error| unusable(&logbook.path, &error))? {
            logbook.begin_anew(now)?;
        }
        Ok(logbook)
    }

    /// The file beside it that keeps what earlier runs read.
    pub(super) fn memory(&self) -> PathBuf {
        self.path.with_extension("memory")
    }

    /// The run's id.
    pub(super) fn run(&self) -> RunId {
        self.run
    }

    /// How many scopes were noted.
    #[cfg(test)]
    pub(super) fn noted(&self) -> usize {
        self.handed.len()
    }

    /// How an earlier process handed a scope on, if it did.
    pub(super) fn handed(&self, scope: &Scope) -> Option<Handed> {
        self.handed.get(scope).map(|handed| Handed { earlier: true, ..handed.clone() })
    }

    /// Notes how a scope ended, before its last part is sent.
    pub(super) fn note(&mut self, handed: &Handed) -> Result<(), Error> {
        let written = self.append(handed);
        written.map_err(|error| unusable(&self.path, &error))
    }

    /// Begins a new run.
    pub(super) fn begin_anew(&mut self, now: DateTime<Utc>) -> Result<(), Error> {
        self.run = new_run();
        self.head = Head { run: self.run.to_string(), begun_at: now, ..self.head.clone() };
        self.handed.clear();
        let head = self.head.clone();
        let written =
            self.file.set_len(0).and_then(|()| self.file.rewind()).and_then(|()| self.append(&head));
        written.map_err(|error| unusable(&self.path, &error))
    }

    /// The run is over: nothing is left to go on with.
    pub(super) fn close(&mut self) {
        // One that stays is found out at the next start: its run is ended at its destination.
        let _ = std::fs::remove_file(&self.path);
    }

    /// Whoever begins anew wants everything to be read and sent.
    fn forget(&self) -> Result<(), Error> {
        let memory = self.memory();
        match std::fs::remove_file(&memory) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unusable(&memory, &error)),
            _ => Ok(()),
        }
    }

    /// Reads what an earlier process noted; tells whether there is a run to go on with.
    fn recall(&mut self, now: DateTime<Utc>) -> Result<bool, IoError> {
        let mut bytes = Vec::new();
        std::io::copy(&mut (&self.file).take(LARGEST), &mut bytes)?;
        self.file.seek(SeekFrom::End(0))?;
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let head = lines.next().and_then(|line| serde_json::from_slice::<Head>(line).ok());
        let Some(head) = head.filter(|head| head.source == self.head.source && head.to == self.head.to)
        else {
            return Ok(false);
        };
        let Some(run) = head.run.parse().ok().filter(|_| now - head.begun_at <= LONGEST) else {
            return Ok(false);
        };
        (self.run, self.head) = (run, head);
        // A line that was cut off by a kill is none.
        let noted = lines.filter_map(|line| serde_json::from_slice::<Handed>(line).ok());
        self.handed = noted.map(|handed| (handed.scope.clone(), handed)).collect();
        if bytes.last() != Some(&b'\n') {
            self.file.write_all(b"\n")?;
        }
        Ok(true)
    }

    fn append(&mut self, value: &impl Serialize) -> Result<(), IoError> {
        let mut line = serde_json::to_vec(value).map_err(IoError::other)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}

fn open(directory: &Path, path: &Path) -> Result<File, IoError> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(directory)?;
    private().open(path)
}

/// How a file is opened, or made where there is none: what was seen is nobody's business but its owner's.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn new_run() -> RunId {
    RunId::from_bytes(*uuid::Uuid::now_v7().as_bytes())
}

fn unusable(path: &Path, error: &IoError) -> Error {
    Error::NotSent(format!(
        "{}, which keeps what was sent, cannot be used: {error}; make room there, or name another directory with \
         --state",
        path.display()
    ))
}
