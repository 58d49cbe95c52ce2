//! The walk through an archive and the archives inside. Refuses entries past their number and bytes past the budget:
//! both end the walk, while one bad file costs itself alone.

use std::collections::HashSet;
use std::io;

use domain::document::Warning;

use super::meter::{Budget, Metered};
use super::{Kind, Limits, Member, Unpacked, path, recognise, tar, zip};
use crate::error::{Error, clip};
use crate::expansion;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A file with bytes.
    File,
    /// A folder, which says nothing.
    Folder,
    /// Something that is left out, and why.
    Other(&'static str),
}

/// Why a walk ends before the end.
#[derive(Debug)]
enum Halt {
    /// The archive cannot be read on.
    Broken(String),
    /// More comes out than may.
    Over,
    /// There are more entries than are looked at.
    Entries,
    /// It is an archive of something else.
    Refused(&'static str),
    /// No more is wanted.
    Enough,
}

struct Walk<'b, 'k> {
    limits: Limits,
    /// What may come out in all.
    most: u64,
    budget: &'b Budget,
    entries: usize,
    paths: HashSet<String>,
    unpacked: Unpacked,
    keep: &'k mut dyn FnMut(Member) -> bool,
}

/// See [`super::unpack`].
pub(super) fn all(
    raw: &[u8],
    kind: Kind,
    limits: Limits,
    keep: &mut dyn FnMut(Member) -> bool,
) -> Result<Unpacked, Error> {
    let most = limits.size.min(limits.grace.max(limits.ratio.saturating_mul(raw.len() as u64)));
    let budget = Budget::new(most);
    let mut walk = Walk {
        limits,
        most,
        budget: &budget,
        entries: 0,
        paths: HashSet::new(),
        unpacked: Unpacked::default(),
        keep,
    };
    let end = walk.archive(raw, kind, "", 1);
    walk.finish(kind, end)
}

impl Walk<'_, '_> {
    fn finish(mut self, kind: Kind, end: Result<(), Halt>) -> Result<Unpacked, Error> {
        if let Some(reason) = end.err().and_then(|halt| self.told(&halt)) {
            self.warn(String::new(), reason);
        }
        if self.unpacked.members > 0 {
            return Ok(self.unpacked);
        }
        let why = match self.unpacked.warnings.as_slice() {
            [] => "it holds no file".to_owned(),
            [Warning { at, message }] if at.is_empty() => message.clone(),
            [Warning { at, message }] => format!("{}: {message}", clip(at)),
            [Warning { at, message }, more @ ..] => {
                format!("{}: {message} (and {} more)", clip(at), more.len())
            }
        };
        Err(Error::NothingInside { what: kind.name(), why })
    }

    fn archive(&mut self, raw: &[u8], kind: Kind, within: &str, level: usize) -> Result<(), Halt> {
        match kind {
            Kind::Zip => self.zip(raw, within, level),
            Kind::Tar => self.tar(raw, within, level),
        }
    }

    fn zip(&mut self, raw: &[u8], within: &str, level: usize) -> Result<(), Halt> {
        let entries = zip::entries(raw).ok_or_else(|| Halt::Broken("its directory is missing".to_owned()))?;
        for entry in entries {
            let entry = entry.map_err(|reason| Halt::Broken(reason.to_owned()))?;
            let Some(path) = self.enter(entry.path, entry.what, within)? else { continue };
            if !self.budget.has(entry.size) {
                self.warn(
                    path,
                    format!("it is larger than what may come out ({} bytes); it was left out", self.most),
                );
                continue;
            }
            match entry.bytes(self.budget) {
                Ok(bytes) => self.member(path, bytes, level)?,
                Err(_) if self.budget.is_over() => return Err(Halt::Over),
                Err(reason) => self.warn(path, format!("{reason}; it was left out")),
            }
        }
        Ok(())
    }

    fn tar(&mut self, raw: &[u8], within: &str, level: usize) -> Result<(), Halt> {
        let stream = expansion::stream(raw).map_err(|error| Halt::Broken(error.to_string()))?;
        let mut reader = tar::Reader::new(Metered::new(stream, self.budget));
        while let Some(entry) = reader.next_entry().map_err(|error| self.halt(&error))? {
            let Some(path) = self.enter(&entry.path, entry.what, within)? else { continue };
            if !self.budget.has(entry.size) {
                return Err(Halt::Over);
            }
            let bytes = reader.bytes(entry.size).map_err(|error| self.halt(&error))?;
            self.member(path, bytes, level)?;
        }
        Ok(())
    }

    /// Counts an entry; the path of one that is read, within the archives it lies in.
    fn enter(&mut self, raw: &[u8], what: What, within: &str) -> Result<Option<String>, Halt> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(Halt::Entries);
        }
        if what == What::Folder {
            return Ok(None);
        }
        let checked = path::checked(raw);
        if let Ok(path) = &checked
            && let Some(telling) = path::tells(path)
        {
            return Err(Halt::Refused(telling));
        }
        let (named, why) = match (checked, what) {
            (Err(why), _) => (clip(&String::from_utf8_lossy(raw)), why),
            (Ok(path), What::Other(why)) => (path, why),
            (Ok(path), _) if path::is_hidden(&path) => (path, "it is hidden; it was left out"),
            (Ok(path), _) => return Ok(Some(joined(within, &path))),
        };
        self.warn(joined(within, &named), why.to_owned());
        Ok(None)
    }

    /// Hands on a file, or what is inside of it.
    fn member(&mut self, path: String, bytes: Vec<u8>, level: usize) -> Result<(), Halt> {
        let Some(kind) = recognise(&bytes) else { return self.hand_on(path, bytes) };
        if level >= self.limits.levels {
            let message = format!("{} that lies in {level} others; it was left out", kind.name());
            self.warn(path, message);
            return Ok(());
        }
        let before = self.entries;
        match self.archive(&bytes, kind, &path, level + 1) {
            Err(halt @ (Halt::Broken(_) | Halt::Refused(_))) => {
                let told = self.told(&halt).unwrap_or_default();
                self.warn(path, told);
                Ok(())
            }
            Ok(()) if self.entries == before => {
                self.warn(path, "an archive that holds no file".to_owned());
                Ok(())
            }
            end => end,
        }
    }

    fn hand_on(&mut self, path: String, bytes: Vec<u8>) -> Result<(), Halt> {
        if !self.paths.insert(path.clone()) {
            self.warn(path.clone(), "another file has the same path; both are taken".to_owned());
        }
        self.unpacked.members += 1;
        if (self.keep)(Member { path, bytes }) { Ok(()) } else { Err(Halt::Enough) }
    }

    fn halt(&self, error: &io::Error) -> Halt {
        if self.budget.is_over() { Halt::Over } else { Halt::Broken(clip(&error.to_string())) }
    }

    /// What people are told of an end before the end.
    fn told(&self, halt: &Halt) -> Option<String> {
        let why = match halt {
            Halt::Broken(reason) => format!("it is broken: {reason}"),
            Halt::Over => format!("more than {} bytes come out of it", self.most),
            Halt::Entries => format!("it has more than {} entries", self.limits.entries),
            Halt::Refused(what) => format!("it is {what}, whose files are no reports"),
            Halt::Enough => return None,
        };
        Some(format!("{why}; what follows was left out"))
    }

    fn warn(&mut self, at: String, message: String) {
        self.unpacked.warnings.push(Warning { at, message });
    }
}

fn joined(within: &str, path: &str) -> String {
    if within.is_empty() { path.to_owned() } else { format!("{within}/{path}") }
}
