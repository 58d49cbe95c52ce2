//! GitHub's container registry: what GitHub's API tells of packages and their versions, beside what every registry
//! tells. Refuses to take a package that is not shown for one that is not there, and a limit of calls for a denial.

mod client;
mod packages;
mod refusal;
#[cfg(test)]
mod tests;
mod versions;
mod wire;

use std::collections::BTreeSet;

use domain::source::{Field, Permission, Problem, SourceKind, Values};
use futures_util::future::BoxFuture;

use crate::fields::{address, expect, list, many, one, text};
use crate::missing::Missing;
use crate::oci::config::{
    self, AUTHORITIES, LEAVE_OUT_REPOSITORIES, PASSWORD, REPOSITORIES, SIGN_IN, USER, Wanted,
};
use crate::oci::{ATTACHED, Ask, IMAGES, Roots, Shelf, Shop, Source};
use crate::{Connector, Descriptor, Failure};
use client::GitHub;

/// Its word in files and in the database.
const KIND: &str = "ghcr";
/// The scope of tokens that may read packages.
const READS: &str = "read:packages";
/// The scope of tokens that may list organisations.
const ORGANISATIONS: &str = "read:org";

/// Where it is, unless the settings say otherwise.
const ENDPOINT: &str = "https://api.github.com";
const REGISTRY: &str = "https://ghcr.io";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "GitHub container registry",
        summary: "Container packages of users and organisations at GitHub: repositories, images and what is attached to them.",
        fields: FIELDS,
        permissions: &[
            Permission {
                action: READS,
                why: "to list packages and their versions, and to read manifests and what is attached to images",
            },
            Permission {
                action: ORGANISATIONS,
                why: "to find the organisations of the user, unless the settings name them",
            },
        ],
        docs: include_str!("README.md"),
    },
    build,
};

const FIELDS: &[Field] = &[
    Field { help: "Name of the user whose token it is.", required: true, ..USER },
    Field {
        title: "Token",
        help: "A classic personal access token: GitHub lists packages to no other.",
        required: true,
        ..PASSWORD
    },
    list(
        "organisations",
        "Organisations and users",
        "Whose packages are looked into, one a line. Empty: the user's own, and those of its organisations.",
        owner,
    ),
    REPOSITORIES,
    LEAVE_OUT_REPOSITORIES,
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        service,
    ),
    text("endpoint", "Address of the API", "Empty: https://api.github.com.", address),
    text("registry", "Address of the registry", "Empty: https://ghcr.io.", config::registry),
    SIGN_IN,
    AUTHORITIES,
];

/// What is looked into.
#[derive(Debug)]
struct Ghcr {
    github: GitHub,
    user: String,
    wanted: Wanted,
    /// As the settings name them.
    organisations: Vec<String>,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let base = config::base(values, "registry", REGISTRY)?;
    let endpoint = config::base(values, "endpoint", ENDPOINT)?;
    let opened = config::open(values, &config::host_of(&base), base.clone(), &[])?;
    let shop = Ghcr {
        github: GitHub::new(endpoint, one(values, PASSWORD.name).unwrap_or_default()),
        user: one(values, USER.name).unwrap_or_default(),
        wanted: Wanted::read(values),
        organisations: many(values, "organisations"),
    };
    Ok(Box::new(Source::new(shop, opened, values)))
}

fn service(text: &str) -> Result<(), String> {
    config::service_of(&[ATTACHED, IMAGES], text)
}

fn owner(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let right = !text.is_empty() && text.len() <= 255 && text.bytes().all(allowed);
    expect(right, text, "the name of an organisation or a user at GitHub")
}

impl Shop for Ghcr {
    const KIND: &'static str = KIND;
    const SERVICES: &'static [&'static str] = &[ATTACHED, IMAGES];
    const LISTS: &'static str = READS;

    fn places<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>> {
        Box::pin(async {
            if let Some(named) = self.named() {
                return Ok((named, Missing::default()));
            }
            let (organisations, missing) = self.github.organisations(ask).await?;
            let mut places: BTreeSet<String> = organisations.into_iter().collect();
            places.insert(self.user.clone());
            Ok((places.into_iter().collect(), missing))
        })
    }

    fn shelves<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<(Vec<Shelf>, Missing), Failure>> {
        Box::pin(async move {
            let rows = self.github.packages(ask, place).await?;
            // Nobody named the user's own packages, and there need not be any.
            let own = self.named().is_none() && self.user == place;
            Ok(packages::shelves(rows, (&ask.registry.host, place), &self.wanted, own))
        })
    }

    fn roots<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
    ) -> BoxFuture<'a, Result<Option<(Roots, Missing)>, Failure>> {
        Box::pin(async move {
            let rows = self.github.versions(ask, &shelf.named.name).await?;
            Ok(rows.map(|rows| (versions::roots(rows), Missing::default())))
        })
    }
}

impl Ghcr {
    /// Those whom the settings name, by themselves or before the names of repositories.
    fn named(&self) -> Option<Vec<String>> {
        if self.organisations.is_empty() { self.wanted.owners() } else { Some(self.organisations.clone()) }
    }
}
