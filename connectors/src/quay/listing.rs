//! Namespaces and their repositories: as the interface lists them for an application, as the registry lists them for a
//! robot, or what is public. Refuses to take a namespace that is not shown for an empty one.

use std::collections::BTreeSet;

use domain::registry::Repository;
use domain::setting::Setting;

use super::client::{Api, READ, USER};
use super::wire::{self, Listing, Organization, User};
use crate::Failure;
use crate::missing::Missing;
use crate::oci::Named;
use crate::paging::Pages;

/// The namespaces of the user that a token stands for: those of organisations, and the user's own.
///
/// # Errors
/// When the user is not told.
pub(super) async fn namespaces(api: &Api<'_>) -> Result<Vec<String>, Failure> {
    let told: Option<User> = api.one(USER, api.address("user/")?).await?;
    let told = told.ok_or_else(|| api.ask.unreadable(USER, &"there is no Quay at this address"))?;
    let names = told.organizations.into_iter().map(|organisation| organisation.name);
    let names: BTreeSet<String> = names.chain([told.username]).filter(|name| !name.is_empty()).collect();
    Ok(names.into_iter().collect())
}

/// The repositories of a namespace that are shown, or those of all namespaces that are public.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn repositories(
    api: &Api<'_>,
    namespace: Option<&str>,
) -> Result<Vec<wire::Repository>, Failure> {
    let mut first = api.address("repository?public=true")?;
    if let Some(namespace) = namespace {
        first.query_pairs_mut().append_pair("namespace", namespace);
    }
    let (mut rows, mut pages, mut address) = (Vec::new(), Pages::default(), first.clone());
    loop {
        let page: Option<Listing> = api.one(READ, address).await?;
        let page = page.ok_or_else(|| api.ask.unreadable(READ, &"there is no Quay at this address"))?;
        rows.extend(page.repositories);
        let token = pages.next(page.next_page);
        let token = token.map_err(|pages| api.ask.asker.caller.repeated(READ, pages))?;
        let Some(token) = token else { break };
        address = first.clone();
        address.query_pairs_mut().append_pair("next_page", &token);
    }
    // What is about to be removed cannot be pulled any more.
    rows.retain(|row| row.state != "MARKED_FOR_DELETION");
    Ok(rows)
}

/// The first parts of names of repositories.
pub(super) fn spaces(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let first = |name: String| Some(name.split_once('/')?.0.to_owned());
    let spaces: BTreeSet<String> = names.into_iter().filter_map(first).collect();
    spaces.into_iter().collect()
}

/// Notes why a namespace that the settings name may look empty: Quay lists nothing where nothing may be seen.
///
/// # Errors
/// When nothing further would be answered.
pub(super) async fn note_hidden(
    api: &Api<'_>,
    namespace: &str,
    missing: &mut Missing,
) -> Result<(), Failure> {
    let told = api.one::<Organization>(READ, api.address(&format!("organization/{namespace}"))?).await;
    let Some(told) = missing.without(told)? else { return Ok(()) };
    if told.is_none_or(|told| !told.is_member && !told.is_admin) {
        missing.note(hidden(api, namespace));
    }
    Ok(())
}

/// Why a namespace may look empty.
pub(super) fn hidden(api: &Api<'_>, namespace: &str) -> String {
    let host = &api.ask.registry.host;
    format!(
        "{host}/{namespace} shows no repositories: correct its name, let the user read some, or leave it out"
    )
}

/// A repository as it is listed.
pub(super) fn repository(named: &Named, told: &wire::Repository) -> Repository {
    let quota = told.quota_report.configured_quota;
    let settings = [
        Some(&told.state).filter(|state| !state.is_empty()).map(|state| Setting::new("mode", state)),
        quota.map(|bytes| Setting::new("quota", format!("{} MiB", bytes >> 20))),
    ];
    Repository {
        registry: named.registry.clone(),
        name: named.name.clone(),
        public: told.is_public,
        settings: settings.into_iter().flatten().collect(),
        ..Repository::default()
    }
}
