//! The repositories of a namespace. Refuses to call a repository private or public where that is not told, and to take
//! a namespace that is not shown for an empty one.

use domain::registry::Repository;
use domain::setting::Setting;

use super::HOST;
use super::wire;
use crate::missing::Missing;
use crate::oci::config::Wanted;
use crate::oci::{Shelf, named};
use crate::reading::moment;

/// The repositories that are looked into, of those that a namespace lists; nothing is listed of one that is not shown,
/// which is no gap where it `may_be_absent`.
pub(super) fn shelves(
    rows: Option<Vec<wire::Repository>>,
    place: &str,
    wanted: &Wanted,
    may_be_absent: bool,
) -> (Vec<Shelf>, Missing) {
    let mut missing = Missing::default();
    let Some(rows) = rows else {
        if !may_be_absent {
            missing.note(format!(
                "Docker Hub shows no namespace `{place}` to this account; correct `namespaces`, or let the account into it"
            ));
        }
        return (Vec::new(), missing);
    };
    let mut shelves: Vec<Shelf> = rows.into_iter().filter_map(|row| shelf(row, place)).collect();
    shelves.retain(|shelf| wanted.takes(&shelf.named.name));
    // A list that grows while it is read tells a row twice.
    shelves.sort_by(|one, other| one.named.name.cmp(&other.named.name));
    shelves.dedup_by(|one, other| one.named == other.named);
    let below = |name: &&String| name.split_once('/').is_some_and(|(owner, _)| owner == place);
    for name in wanted.exact().filter(below) {
        if shelves.iter().all(|shelf| shelf.named.name != *name) {
            missing.note(format!(
                "Docker Hub shows no repository `{name}` to this account; correct `repositories`, or let the account read it"
            ));
        }
    }
    (shelves, missing)
}

fn shelf(row: wire::Repository, place: &str) -> Option<Shelf> {
    let named = named(HOST, format!("{place}/{}", row.name))?;
    let updated =
        moment(&row.last_updated).map(|at| Setting::new("last-updated", at.date_naive().to_string()));
    let repository = Repository {
        registry: named.registry.clone(),
        name: named.name.clone(),
        public: row.is_private.map(|private| !private),
        settings: updated.into_iter().collect(),
        created_at: moment(&row.date_registered),
        ..Repository::default()
    };
    Some(Shelf { named, repository, demanded: false })
}
