//! The repositories of a place with what their projects say of them. Refuses to take a group that is not shown for an
//! empty one, and to call a setting off that was not told.

use std::collections::{BTreeMap, BTreeSet};

use domain::registry;
use domain::setting::Setting;

use super::client::{Api, READ};
use super::places::{Places, Told};
use super::wire::{Expiration, Project, Repository};
use crate::Failure;
use crate::oci::config::Wanted;
use crate::oci::{Ask, Shelf, named};
use crate::reading::moment;

/// What a place holds, as GitLab lists it.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Projects by number.
    pub(super) projects: BTreeMap<u64, Project>,
    /// Repositories of their registries.
    pub(super) repositories: Vec<Repository>,
}

/// What a place holds; nothing of one that is gone since it was seen.
///
/// # Errors
/// When it is not shown, or not to its end.
pub(super) async fn held(
    api: &Api,
    ask: &Ask<'_>,
    places: &Places,
    place: &str,
) -> Result<Option<Held>, Failure> {
    let told = places.told(place);
    let held = match told {
        Told::Project => of_project(api, ask, place).await?,
        Told::Group => of_group(api, ask, place).await?,
        Told::Namespace => match of_group(api, ask, place).await? {
            Some(held) => Some(held),
            None => of_user(api, ask, place).await?,
        },
    };
    let what = match told {
        _ if held.is_some() => return Ok(held),
        Told::Namespace => return Ok(None),
        Told::Group => "group",
        Told::Project => "project",
    };
    // GitLab says of what it may not show that it is not there.
    Err(Failure::Denied {
        action: READ.to_owned(),
        scope: ask.asker.caller.scope.clone(),
        remedy: format!(
            "no {what} `{place}` is shown to the token; make it a member, or correct the settings"
        ),
    })
}

async fn of_group(api: &Api, ask: &Ask<'_>, group: &str) -> Result<Option<Held>, Failure> {
    let query = [("include_subgroups", "true"), ("with_shared", "false")];
    let projects = api.all(ask, api.address(&["groups", group, "projects"], &query)).await?;
    let Some(projects) = projects else { return Ok(None) };
    let repositories = api.all(ask, api.address(&["groups", group, "registry", "repositories"], &[])).await?;
    Ok(Some(Held::of(projects, repositories.unwrap_or_default())))
}

async fn of_user(api: &Api, ask: &Ask<'_>, user: &str) -> Result<Option<Held>, Failure> {
    let listed: Option<Vec<Project>> = api.all(ask, api.address(&["users", user, "projects"], &[])).await?;
    let Some(projects) = listed else { return Ok(None) };
    let mut repositories = Vec::new();
    for project in projects.iter().filter(|project| project.container_registry_enabled != Some(false)) {
        repositories.extend(of_registry(api, ask, &project.path_with_namespace).await?);
    }
    Ok(Some(Held::of(projects, repositories)))
}

async fn of_project(api: &Api, ask: &Ask<'_>, project: &str) -> Result<Option<Held>, Failure> {
    let told: Option<Project> = api.one(ask, api.address(&["projects", project], &[])).await?;
    let Some(told) = told else { return Ok(None) };
    let repositories = of_registry(api, ask, project).await?;
    Ok(Some(Held::of(vec![told], repositories)))
}

async fn of_registry(api: &Api, ask: &Ask<'_>, project: &str) -> Result<Vec<Repository>, Failure> {
    let address = api.address(&["projects", project, "registry", "repositories"], &[]);
    Ok(api.all(ask, address).await?.unwrap_or_default())
}

impl Held {
    fn of(projects: Vec<Project>, repositories: Vec<Repository>) -> Self {
        let projects = projects.into_iter().map(|project| (project.id, project)).collect();
        Self { projects, repositories }
    }

    /// Its repositories that are wanted, and those of the settings that it does not list: the registry knows.
    pub(super) fn shelves(&self, host: &str, place: &str, wanted: &Wanted, anybody: bool) -> Vec<Shelf> {
        let demanded = wanted.named();
        let below = format!("{}/", place.to_lowercase());
        let unlisted = demanded.iter().flatten().filter(|name| {
            let listed = self.repositories.iter().any(|one| one.path == **name);
            !listed && (name.starts_with(&below) || **name == place)
        });
        let unlisted = unlisted.map(|name| Repository { path: name.clone(), ..Repository::default() });
        let listed = self.repositories.iter().filter(|one| wanted.takes(&one.path)).cloned();
        let shelf = |one: Repository| {
            let named = named(host, one.path.clone())?;
            let mut repository = described(&one, self.projects.get(&one.project_id));
            repository.registry.clone_from(&named.registry);
            if anybody {
                // What is pulled here without a name, anybody pulls.
                repository.public = Some(true);
            }
            Some(Shelf { named, repository, demanded: demanded.is_some() })
        };
        listed.chain(unlisted).filter_map(shelf).collect()
    }

    /// The projects whose repositories are wanted.
    pub(super) fn scanned(&self, wanted: &Wanted) -> Vec<&Project> {
        let taken = self.repositories.iter().filter(|one| wanted.takes(&one.path));
        let numbers: BTreeSet<u64> = taken.map(|one| one.project_id).collect();
        numbers.iter().filter_map(|number| self.projects.get(number)).collect()
    }
}

/// A repository as it and its project say it.
pub(super) fn described(one: &Repository, project: Option<&Project>) -> registry::Repository {
    let mut described = registry::Repository {
        name: one.path.clone(),
        created_at: moment(&one.created_at),
        ..registry::Repository::default()
    };
    let Some(project) = project else { return described };
    described.public = public(project);
    described.cleanup = project.container_expiration_policy.as_ref().and_then(cleanup);
    let word = |key: &str, value: &Option<String>| value.as_ref().map(|value| Setting::new(key, value));
    let settings = [
        word("visibility", &project.visibility),
        word("registry-access", &project.container_registry_access_level),
    ];
    described.settings = settings.into_iter().flatten().collect();
    described
}

/// Whether anybody may pull: a public project, whose registry is shown to all who see it.
fn public(project: &Project) -> Option<bool> {
    let access = project.container_registry_access_level.as_deref();
    match (project.visibility.as_deref()?, access) {
        ("public", Some(access)) => Some(access == "enabled"),
        ("public", None) => None,
        _ => Some(false),
    }
}

/// What removes tags by itself, in words.
pub(super) fn cleanup(policy: &Expiration) -> Option<Vec<String>> {
    if !policy.enabled? {
        return Some(Vec::new());
    }
    let told = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let which = told(&policy.name_regex_delete).or_else(|| told(&policy.name_regex));
    let mut words = match which {
        Some(which) => format!("deletes tags like `{which}`"),
        None => "deletes tags".to_owned(),
    };
    if let Some(age) = told(&policy.older_than) {
        words.push_str(&format!(" older than {age}"));
    }
    let newest = policy.keep_n.map(|count| format!("the newest {count}"));
    let spared = told(&policy.name_regex_keep).map(|which| format!("those like `{which}`"));
    let but: Vec<String> = newest.into_iter().chain(spared).collect();
    if !but.is_empty() {
        words.push_str(&format!(", but for {}", but.join(" and ")));
    }
    if !policy.cadence.is_empty() {
        words.push_str(&format!(", every {}", policy.cadence));
    }
    Some(vec![words])
}
