//! GitLab: the container registries of its projects, with what the projects say of them, and the reports that their
//! pipelines' scans left. Tags and images are read from the registry itself, as of any other.
//!
//! Refuses to show the token to anybody but GitLab and its registry, and to take what is hidden for what is not there.

mod client;
mod places;
mod repositories;
mod scans;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::registry::Repository;
use domain::source::{Field, Permission, Problem, SourceKind, Values};
use futures_util::future::BoxFuture;

use crate::fields::{list, one, problem, text};
use crate::missing::Missing;
use crate::oci::config::{self, AUTHORITIES, LEAVE_OUT_REPOSITORIES, PASSWORD, REPOSITORIES, USER, Wanted};
use crate::oci::{ATTACHED, Ask, IMAGES, Named, Shelf, Shop, Source};
use crate::{Connector, Descriptor, Failure, Sink};
use client::{Api, READ};
use places::{Places, path};
use repositories::Held;

/// Its word in files and in the database.
const KIND: &str = "gitlab";
/// What scans of pipelines found.
const SCANS: &str = "scans";
const ENDPOINT: &str = "endpoint";
const REGISTRY: &str = "registry";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "GitLab",
        summary: "Repositories, images and what is attached to them in GitLab's container registry, and the scans of pipelines.",
        fields: FIELDS,
        permissions: &[
            Permission {
                action: READ,
                why: "to find projects and repositories with their settings, and the reports of scans",
            },
            Permission {
                action: "read_registry",
                why: "to read tags, manifests and what is attached to images",
            },
        ],
        docs: include_str!("README.md"),
    },
    build,
};

const FIELDS: &[Field] = &[
    text(ENDPOINT, "Address", "Of GitLab itself. Empty: https://gitlab.com.", config::registry),
    text(
        REGISTRY,
        "Registry",
        "Host of the container registry, as in names of images. Empty: https://registry.gitlab.com.",
        config::registry,
    ),
    Field { help: "Name of the user or of the token. Empty: what anybody may pull.", ..USER },
    Field { help: "A personal, group, project or deploy token.", ..PASSWORD },
    list(
        "groups",
        "Groups",
        "Groups that are looked into with all below them, one a line: `team`. Empty: all that the token is a member of.",
        path,
    ),
    list("projects", "Projects", "Projects that are looked into besides, one a line: `team/shop`.", path),
    REPOSITORIES,
    LEAVE_OUT_REPOSITORIES,
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        service,
    ),
    AUTHORITIES,
];

/// What is looked into.
#[derive(Debug)]
struct Gitlab {
    api: Api,
    places: Places,
    wanted: Wanted,
    anybody: bool,
    /// The default branches of the projects that were listed, by their paths.
    branches: Mutex<HashMap<String, String>>,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    // The token of one's own GitLab is no business of gitlab.com's.
    for (told, needed) in [(ENDPOINT, REGISTRY), (REGISTRY, ENDPOINT)] {
        if one(values, told).is_some() && one(values, needed).is_none() {
            return Err(vec![problem(needed, format!("is needed with `{told}`"))]);
        }
    }
    let endpoint = config::base(values, ENDPOINT, "https://gitlab.com")?;
    let base = config::base(values, REGISTRY, "https://registry.gitlab.com")?;
    let host = config::host_of(&base);
    let opened = config::open(values, &host, base, std::slice::from_ref(&endpoint))?;
    let shop = Gitlab {
        api: Api::new(endpoint, one(values, PASSWORD.name)),
        places: Places::read(values),
        wanted: Wanted::read(values),
        anybody: one(values, USER.name).is_none(),
        branches: Mutex::default(),
    };
    Ok(Box::new(Source::new(shop, opened, values)))
}

fn service(text: &str) -> Result<(), String> {
    config::service_of(&[ATTACHED, IMAGES, SCANS], text)
}

impl Shop for Gitlab {
    const KIND: &'static str = KIND;
    const SERVICES: &'static [&'static str] = &[ATTACHED, IMAGES, SCANS];
    const LISTS: &'static str = READ;

    fn places<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>> {
        Box::pin(self.places.all(&self.api, ask, &self.wanted))
    }

    fn shelves<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<(Vec<Shelf>, Missing), Failure>> {
        Box::pin(async move {
            let scans = ask.asker.caller.scope.service == SCANS;
            let held = match repositories::held(&self.api, ask, &self.places, place).await {
                Ok(held) => held.unwrap_or_default(),
                // A deploy token opens the registry alone: what is named is looked into without a description.
                Err(Failure::Denied { .. }) if self.names_alone() && !scans => Held::default(),
                Err(failure) => return Err(failure),
            };
            let shelves = if scans {
                self.projects(&ask.registry.host, &held)
            } else {
                held.shelves(&ask.registry.host, place, &self.wanted, self.anybody)
            };
            Ok((shelves, Missing::default()))
        })
    }

    fn more<'a>(
        &'a self,
        _: &'a str,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Missing, Failure>> {
        Box::pin(async {
            let project = &shelf.named.name;
            let branch = self.branches.lock().unwrap_or_else(PoisonError::into_inner).get(project).cloned();
            // A project without a branch has no code, and no pipelines.
            if let Some(branch) = branch {
                scans::hand_on(&self.api, ask, project, &branch, sink).await?;
            }
            Ok(Missing::default())
        })
    }
}

impl Gitlab {
    fn names_alone(&self) -> bool {
        self.places.is_empty() && self.wanted.named().is_some()
    }

    /// The projects whose scans are wanted, once each, by the paths under which the API knows them.
    fn projects(&self, host: &str, held: &Held) -> Vec<Shelf> {
        let mut branches = self.branches.lock().unwrap_or_else(PoisonError::into_inner);
        let shelf = |path: &String| Shelf {
            named: Named { registry: host.to_owned(), name: path.clone() },
            repository: Repository::default(),
            demanded: false,
        };
        let projects = held.scanned(&self.wanted).into_iter();
        projects
            .map(|project| {
                let path = &project.path_with_namespace;
                branches.extend(project.default_branch.clone().map(|branch| (path.clone(), branch)));
                shelf(path)
            })
            .collect()
    }
}
