//! Harbor: projects with what they are set to, artifacts with and without tags, and what its scanner found. What lies
//! in a repository is read as in every registry. Refuses to take a project that may not be seen for an empty one.

mod artifacts;
mod client;
mod projects;
mod retention;
mod rules;
mod scans;
#[cfg(test)]
mod tests;
mod wire;

use domain::source::{Field, Permission, Problem, SourceKind, Values};
use futures_util::future::BoxFuture;

use crate::fields::{expect, list, many, one, text};
use crate::missing::Missing;
use crate::oci::config::{
    self, AUTHORITIES, LEAVE_OUT_REPOSITORIES, PASSWORD, REPOSITORIES, SIGN_IN, USER, Wanted,
};
use crate::oci::crawl::Roots;
use crate::oci::{ATTACHED, Ask, Credentials, IMAGES, Shelf, Shop, Source, named};
use crate::token::Hidden;
use crate::{Connector, Descriptor, Failure, Sink};
use client::Api;
use projects::Known;

/// Its word in files and in the database.
pub(crate) const KIND: &str = "harbor";
/// What its scanner found.
const SCANS: &str = "scans";
const SERVICES: &[&str] = &[ATTACHED, IMAGES, SCANS];
const PROJECTS: &str = "projects";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Harbor",
        summary: "Projects and their settings, repositories, images, what is attached to them and what Harbor's scanner found.",
        fields: FIELDS,
        permissions: PERMISSIONS,
        docs: include_str!("README.md"),
    },
    build,
};

const PERMISSIONS: &[Permission] = &[
    Permission { action: projects::LIST, why: "to find projects, unless the settings name them" },
    Permission { action: "project:read", why: "to know what a project is set to" },
    Permission { action: "repository:list", why: "to find repositories" },
    Permission { action: "repository:pull", why: "to read manifests and what is attached to images" },
    Permission { action: "artifact:list", why: "to find images, with tags and without" },
    Permission { action: "artifact:read", why: "to know whether a platform of an image was scanned" },
    Permission { action: "artifact-addition:read", why: "to have what the scanner found" },
    Permission { action: "immutable-tag:list", why: "to know which tags cannot be moved" },
    Permission { action: "tag-retention:read", why: "to know what a project removes by itself" },
    Permission { action: "quota:read", why: "to know how much may lie in a project" },
];

const FIELDS: &[Field] = &[
    Field {
        required: true,
        ..text(
            "registry",
            "Harbor",
            "Its address, such as https://harbor.example.com, or its host.",
            config::registry,
        )
    },
    text(
        "name",
        "Name in references",
        "What it is called in names of images, where that is not its host.",
        config::registry,
    ),
    USER,
    PASSWORD,
    list(
        PROJECTS,
        "Projects",
        "Projects that are looked into, one a line. Empty: all that are seen.",
        project,
    ),
    REPOSITORIES,
    LEAVE_OUT_REPOSITORIES,
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        service,
    ),
    SIGN_IN,
    AUTHORITIES,
];

/// What is looked into, and with what.
#[derive(Debug)]
struct Harbor {
    wanted: Wanted,
    projects: Vec<String>,
    key: Option<Hidden>,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let base = config::base(values, "registry", "")?;
    let host = one(values, "name").unwrap_or_else(|| config::host_of(&base));
    let opened = config::open(values, &host, base, &[])?;
    let credentials = one(values, USER.name).zip(one(values, PASSWORD.name));
    let key =
        credentials.map(|(user, password)| Hidden(Credentials { user, password: Hidden(password) }.basic()));
    let shop = Harbor { wanted: Wanted::read(values), projects: many(values, PROJECTS), key };
    Ok(Box::new(Source::new(shop, opened, values)))
}

fn service(text: &str) -> Result<(), String> {
    config::service_of(SERVICES, text)
}

fn project(text: &str) -> Result<(), String> {
    let right = !text.contains('/') && named("harbor.example.com", format!("{text}/any")).is_some();
    expect(right, text, "the name of a project")
}

impl Shop for Harbor {
    const KIND: &'static str = KIND;
    const SERVICES: &'static [&'static str] = SERVICES;
    const LISTS: &'static str = "repository:list";

    fn places<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>> {
        Box::pin(async move {
            let mut missing = Missing::default();
            let mut places = match self.told() {
                Some(told) => told,
                None => projects::names(&self.api(ask)).await?,
            };
            if places.is_empty() {
                let host = &ask.registry.host;
                missing.note(format!("{host} shows no project; let the user read some, or name `projects`"));
            }
            places.retain(|place| project(place).is_ok() && self.wanted.enters(place));
            Ok((places, missing))
        })
    }

    fn shelves<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<(Vec<Shelf>, Missing), Failure>> {
        Box::pin(self.repositories(ask, place))
    }

    fn roots<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
    ) -> BoxFuture<'a, Result<Option<(Roots, Missing)>, Failure>> {
        Box::pin(async move {
            let listed = artifacts::all(&self.api(ask), &shelf.named).await?;
            Ok(listed.map(|listed| (artifacts::roots(&listed), Missing::default())))
        })
    }

    fn more<'a>(
        &'a self,
        _: &'a str,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Missing, Failure>> {
        Box::pin(async move { scans::hand_on(&self.api(ask), &shelf.named, sink).await })
    }
}

impl Harbor {
    fn api<'a>(&'a self, ask: &'a Ask<'a>) -> Api<'a> {
        Api::new(ask, self.key.as_ref())
    }

    /// The projects that the settings name, by themselves or with repositories.
    fn told(&self) -> Option<Vec<String>> {
        if self.projects.is_empty() { self.wanted.owners() } else { Some(self.projects.clone()) }
    }

    async fn repositories(&self, ask: &Ask<'_>, place: &str) -> Result<(Vec<Shelf>, Missing), Failure> {
        let (api, mut missing) = (self.api(ask), Missing::default());
        // What is found in a repository needs no settings.
        let known = if ask.asker.caller.scope.service == IMAGES {
            projects::read(&api, place, &mut missing).await?
        } else {
            Some(Known::default())
        };
        let listed = projects::repositories(&api, place).await?;
        let (Some(known), Some(listed)) = (known, listed) else {
            // One that was listed a moment ago is gone; one that was told is missed.
            if self.told().is_some() {
                missing.note(format!("there is no project {place}; correct the settings"));
            }
            return Ok((Vec::new(), missing));
        };
        let demanded = self.wanted.named();
        let is_demanded = |name: &String| demanded.as_ref().is_some_and(|all| all.contains(name));
        let below = format!("{place}/");
        let mut names: Vec<(String, String)> =
            listed.into_iter().map(|row| (row.name, row.creation_time)).collect();
        for name in demanded.iter().flatten().filter(|name| name.starts_with(&below)) {
            if names.iter().all(|(listed, _)| listed != name) {
                names.push((name.clone(), String::new()));
            }
        }
        names.retain(|(name, _)| name.starts_with(&below) && self.wanted.takes(name));
        let shelves = names.into_iter().filter_map(|(name, created)| {
            let demanded = is_demanded(&name);
            let named = named(&ask.registry.host, name)?;
            Some(Shelf { repository: known.repository(&named, &created), named, demanded })
        });
        Ok((shelves.collect(), missing))
    }
}
