//! One repository in words: who may pull, whether tags stay, whether what is pushed is scanned. Refuses to call what
//! was not told safe.

use store::clouds::RepositoryRow;

use super::title;
use crate::query::href;

/// A setting in words: text, tone, meaning.
type Told = (&'static str, &'static str, &'static str);

const NOT_TOLD: Told = ("not told", "unknown", "The registry did not say");

/// One repository, ready to show.
pub(super) struct Line {
    pub(super) row: RepositoryRow,
    /// Its own page.
    pub(super) href: String,
    /// The images in it.
    pub(super) images: String,
}

impl Line {
    pub(super) fn of(row: RepositoryRow) -> Self {
        let place = [("q", row.name.as_str()), ("registry", row.registry.as_str())];
        let place: Vec<_> = place.into_iter().filter(|(_, word)| !word.is_empty()).collect();
        Self { href: format!("/repositories/{}", row.id), images: href("/images", &place), row }
    }

    /// What people call it: a registry of which no repository is known stands for itself.
    pub(super) fn name(&self) -> &str {
        if self.row.name.is_empty() { &self.row.registry } else { &self.row.name }
    }

    pub(super) fn cloud(&self) -> &str {
        title(&self.row.provider)
    }

    /// Who may pull.
    pub(super) fn public(&self) -> Told {
        match self.row.public {
            None => NOT_TOLD,
            Some(true) => ("anybody", "warn", "Nobody has to sign in to pull from it"),
            Some(false) => ("members", "good", "Who pulls from it has to sign in"),
        }
    }

    /// Whether a tag can be moved.
    pub(super) fn tags(&self) -> Told {
        match self.row.tags_immutable {
            None => NOT_TOLD,
            Some(true) => ("stay", "good", "A tag cannot be moved to another image"),
            Some(false) => ("can be moved", "warn", "What a tag names today may be another image tomorrow"),
        }
    }

    /// Whether what is pushed is scanned.
    pub(super) fn scan(&self) -> Told {
        match self.row.scan_on_push {
            None => NOT_TOLD,
            Some(true) => ("scanned", "good", "The registry scans what is pushed"),
            Some(false) => ("not scanned", "warn", "The registry does not scan what is pushed"),
        }
    }
}
