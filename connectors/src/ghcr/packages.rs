//! The packages of an organisation or a user, each a repository of the registry. Refuses to call a package private or
//! public where that is not told, and to take an owner who is not shown for one without packages.

use domain::registry::Repository;
use domain::setting::Setting;

use super::wire::Package;
use crate::missing::Missing;
use crate::oci::config::Wanted;
use crate::oci::{Shelf, named};
use crate::reading::moment;

/// The packages that are looked into, of those that an owner's list shows; nothing is listed of an owner who is not
/// shown, which is no gap where that `may_be_absent`.
pub(super) fn shelves(
    rows: Option<Vec<Package>>,
    (host, owner): (&str, &str),
    wanted: &Wanted,
    may_be_absent: bool,
) -> (Vec<Shelf>, Missing) {
    let mut missing = Missing::default();
    let Some(rows) = rows else {
        if !may_be_absent {
            missing.note(format!(
                "GitHub shows no organisation or user `{owner}` to this token; correct `organisations`, or let its user \
                 into it and the token have `read:packages`"
            ));
        }
        return (Vec::new(), missing);
    };
    let mut shelves: Vec<Shelf> = rows.into_iter().filter_map(|row| shelf(row, host, owner)).collect();
    shelves.retain(|shelf| wanted.takes(&shelf.named.name));
    // A list that grows while it is read tells a row twice.
    shelves.sort_by(|one, other| one.named.name.cmp(&other.named.name));
    shelves.dedup_by(|one, other| one.named == other.named);
    let below =
        |name: &&String| name.split_once('/').is_some_and(|(first, _)| first.eq_ignore_ascii_case(owner));
    for name in wanted.exact().filter(below) {
        if shelves.iter().all(|shelf| shelf.named.name != *name) {
            missing.note(format!(
                "GitHub shows no package `{name}` to this token; correct `repositories`, or let its user read it"
            ));
        }
    }
    (shelves, missing)
}

fn shelf(row: Package, host: &str, owner: &str) -> Option<Shelf> {
    // GitHub keeps the letters that a name was given in; the registry knows it in small ones.
    let named = named(host, format!("{owner}/{}", row.name).to_lowercase())?;
    let word = row.visibility.as_deref();
    let public = match word {
        Some("public") => Some(true),
        Some("private" | "internal") => Some(false),
        _ => None,
    };
    // `public` says whether anybody may pull, but not that every member of an enterprise may.
    let beyond = word.filter(|word| !["public", "private"].contains(word));
    let visibility = beyond.map(|word| Setting::new("visibility", word));
    let sources = row.repository.full_name.filter(|name| !name.is_empty());
    let sources = sources.map(|name| Setting::new("source-repository", name));
    let repository = Repository {
        registry: named.registry.clone(),
        name: named.name.clone(),
        public,
        settings: sources.into_iter().chain(visibility).collect(),
        created_at: moment(&row.created_at),
        ..Repository::default()
    };
    Some(Shelf { named, repository, demanded: false })
}
