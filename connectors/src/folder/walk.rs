//! The walk over paths: depth first, names in order, one file in memory at a time.
//! Refuses to follow links and to read past the limit.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::{CollectError, Content, Delivery};

/// The path that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// Files from so many bytes on are not read but named.
pub const LONG: u64 = 64 << 20;

/// Every document below `paths`, lazily: files as given, directories depth first in name order without
/// hidden entries. `limit` is in bytes and holds for each file and for standard input. Files of [`LONG`] are left to the caller.
pub fn deliveries(paths: &[PathBuf], limit: u64) -> impl Iterator<Item = Delivery> {
    Walk { pending: paths.iter().rev().map(|path| (path.clone(), true)).collect(), limit }
}

/// How many documents [`deliveries`] would give for `paths`, without reading any of them.
#[must_use]
pub fn count(paths: &[PathBuf]) -> u64 {
    let below = |path: &PathBuf| match children(path) {
        Ok(entries) => {
            let plain = |entry: &&PathBuf| !entry.is_symlink();
            let entries: Vec<PathBuf> = entries.iter().filter(plain).cloned().collect();
            count(&entries)
        }
        Err(_) => 1,
    };
    paths.iter().map(below).sum()
}

struct Walk {
    /// Paths still to visit, last first, and whether the caller named them.
    pending: Vec<(PathBuf, bool)>,
    limit: u64,
}

impl Iterator for Walk {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        while let Some((path, named)) = self.pending.pop() {
            if named && path.as_os_str() == STANDARD_INPUT {
                let content = read_capped(io::stdin().lock(), &path, self.limit).map(Content::Bytes);
                return Some(Delivery { name: "standard input".to_owned(), content });
            }
            let metadata = if named { fs::metadata(&path) } else { fs::symlink_metadata(&path) };
            let outcome = match metadata {
                Ok(metadata) if metadata.is_dir() => match children(&path) {
                    Ok(children) => {
                        self.pending.extend(children.into_iter().rev().map(|child| (child, false)));
                        continue;
                    }
                    Err(source) => Err(CollectError::Unreadable { path: path.clone(), source }),
                },
                Ok(metadata) if metadata.is_symlink() => continue,
                Ok(metadata) if metadata.len() > self.limit => Err(CollectError::TooLarge {
                    path: path.clone(),
                    size: metadata.len(),
                    limit: self.limit,
                }),
                Ok(metadata) if metadata.is_file() && metadata.len() >= LONG => {
                    Ok(Content::Long(path.clone()))
                }
                Ok(_) => read_file(&path, self.limit).map(Content::Bytes),
                Err(source) if source.kind() == io::ErrorKind::NotFound => {
                    Err(CollectError::Missing(path.clone()))
                }
                Err(source) => Err(CollectError::Unreadable { path: path.clone(), source }),
            };
            return Some(Delivery { name: path.display().to_string(), content: outcome });
        }
        None
    }
}

/// The visible entries of a directory in name order.
fn children(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, CollectError> {
    let file =
        File::open(path).map_err(|source| CollectError::Unreadable { path: path.to_owned(), source })?;
    read_capped(file, path, limit)
}

/// Reads to the end, but never more than one byte past the limit: a pipe or a growing file has no size
/// that could be asked beforehand.
#[expect(clippy::disallowed_methods, reason = "the reader is capped by `take`")]
fn read_capped(reader: impl Read, path: &Path, limit: u64) -> Result<Vec<u8>, CollectError> {
    let mut bytes = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|source| CollectError::Unreadable { path: path.to_owned(), source })?;
    let size = bytes.len() as u64;
    if size > limit {
        return Err(CollectError::TooLarge { path: path.to_owned(), size, limit });
    }
    Ok(bytes)
}
