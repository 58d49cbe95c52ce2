//! The projects of a source: those of its settings, those below folders and organisations, or all that its
//! credentials may see. Refuses projects that are being deleted: they let nobody in.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::Account;
use domain::source::Permission;
use serde::Deserialize;

use super::PROVIDER;
use super::client::Ask;
use super::config::Projects;
use super::request::Request;
use crate::Failure;
use crate::missing::Missing;

const HOST: &str = "cloudresourcemanager.googleapis.com";
/// To read a project.
pub(super) const GET: &str = "resourcemanager.projects.get";
/// To list the projects of a folder or an organisation.
pub(super) const LIST: &str = "resourcemanager.projects.list";
/// To list the folders of a folder or an organisation.
pub(super) const FOLDERS: &str = "resourcemanager.folders.list";

/// What finding projects takes.
pub(super) const PERMISSIONS: &[Permission] = &[
    Permission { action: FOLDERS, why: "to find the folders below `parents`; needed on the parent itself" },
    Permission {
        action: GET,
        why: "to know a project's name and labels, and to find those that are visible",
    },
    Permission { action: LIST, why: "to find the projects below `parents`; needed on the parent itself" },
];

/// A project as Resource Manager tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Project {
    pub(super) project_id: String,
    pub(super) display_name: String,
    pub(super) state: String,
    pub(super) labels: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Folder {
    name: String,
    state: String,
}

impl Project {
    /// A project of which nothing but its id is known.
    fn bare(id: &str) -> Self {
        Self { project_id: id.to_owned(), state: "ACTIVE".to_owned(), ..Self::default() }
    }

    /// As an account.
    pub(super) fn account(&self) -> Account {
        Account {
            provider: PROVIDER.to_owned(),
            id: self.project_id.clone(),
            name: Some(self.display_name.clone()).filter(|name| !name.is_empty()),
        }
    }
}

/// Every project that is to be asked, by id. What could not be listed is noted.
///
/// # Errors
/// When none can be listed at all.
pub(super) async fn all(ask: &Ask<'_>, missing: &mut Missing) -> Result<Vec<Project>, Failure> {
    let mut projects = match &ask.settings.projects {
        Projects::Listed(ids) => listed(ask, ids, missing).await?,
        Projects::Below(parents) => below(ask, parents, missing).await?,
        Projects::Visible => {
            let request = Request::get(HOST, "v3/projects:search");
            ask.list(GET, request, missing).await?
        }
    };
    projects.retain(|project| project.state == "ACTIVE");
    projects.sort_by(|one, other| one.project_id.cmp(&other.project_id));
    projects.dedup_by(|one, other| one.project_id == other.project_id);
    Ok(projects)
}

/// Those of the settings. One that does not say its name is asked nevertheless: what it holds may be readable.
async fn listed(ask: &Ask<'_>, ids: &[String], missing: &mut Missing) -> Result<Vec<Project>, Failure> {
    let mut projects = Vec::new();
    for id in ids {
        let request = Request::get(HOST, format!("v3/projects/{id}"));
        let told = missing.without(ask.find::<Project>(GET, &request).await)?;
        projects.push(told.flatten().unwrap_or_else(|| Project::bare(id)));
    }
    Ok(projects)
}

/// Those below folders and organisations, at any depth.
async fn below(ask: &Ask<'_>, parents: &[String], missing: &mut Missing) -> Result<Vec<Project>, Failure> {
    let (mut projects, mut first) = (Vec::new(), None);
    let (mut open, mut seen) = (parents.to_vec(), BTreeSet::new());
    while let Some(parent) = open.pop() {
        if !seen.insert(parent.clone()) {
            continue;
        }
        let request = Request::get(HOST, "v3/projects").with("parent", &parent);
        match ask.list::<Project>(LIST, request, missing).await {
            Ok(found) => projects.extend(found),
            Err(failure) => {
                first.get_or_insert(failure.clone());
                missing.without::<()>(Err(failure))?;
            }
        }
        let request = Request::get(HOST, "v3/folders").with("parent", &parent);
        let folders = ask.list::<Folder>(FOLDERS, request, missing).await;
        let folders = missing.without(folders)?.unwrap_or_default();
        let active = folders.into_iter().filter(|folder| folder.state == "ACTIVE");
        open.extend(active.map(|folder| folder.name));
    }
    match first {
        Some(failure) if projects.is_empty() => Err(failure),
        _ => Ok(projects),
    }
}
