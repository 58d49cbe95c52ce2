//! Docker Hub: what its API tells of namespaces, repositories and tags, beside what every registry tells. Refuses to
//! pull what the API or an earlier run has told: pulls are counted, and those who run images need them.

mod client;
mod refusal;
mod repositories;
mod tags;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeSet;

use domain::source::{Field, Permission, Problem, SourceKind, Values};
use futures_util::future::BoxFuture;

use crate::fields::{address, expect, list, many, one, problem, text};
use crate::missing::Missing;
use crate::oci::config::{
    self, AUTHORITIES, LEAVE_OUT_REPOSITORIES, PASSWORD, REPOSITORIES, SIGN_IN, USER, Wanted,
};
use crate::oci::{ATTACHED, Ask, Credentials, IMAGES, Roots, Shelf, Shop, Source};
use crate::token::Hidden;
use crate::{Connector, Descriptor, Failure};
use client::Hub;

/// Its word in files and in the database.
const KIND: &str = "docker-hub";
/// What its registry is called in references, wherever it is asked.
const HOST: &str = "docker.io";
/// The scope of tokens that may read.
const READS: &str = "repo:read";

/// Where it is, unless the settings say otherwise.
const ENDPOINT: &str = "https://hub.docker.com";
const REGISTRY: &str = "https://registry-1.docker.io";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Docker Hub",
        summary: "Repositories, images and what is attached to them, of users and organisations at Docker Hub.",
        fields: FIELDS,
        permissions: &[
            Permission { action: READS, why: "to find private repositories, with their tags" },
            Permission {
                action: "repository:*:pull",
                why: "to read manifests and what is attached to images; the scope `repo:read` brings it",
            },
        ],
        docs: include_str!("README.md"),
    },
    build,
};

const FIELDS: &[Field] = &[
    Field {
        help: "Name of a user, or of the organisation that a token belongs to. Empty: what anybody may pull.",
        ..USER
    },
    Field {
        help: "A personal access token of the user, or an access token of the organisation.",
        ..PASSWORD
    },
    list(
        "namespaces",
        "Namespaces",
        "Users and organisations that are looked into, one a line. Empty: the user's own, and those of its organisations.",
        namespace,
    ),
    REPOSITORIES,
    LEAVE_OUT_REPOSITORIES,
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        service,
    ),
    text("endpoint", "Address of the API", "Empty: https://hub.docker.com.", address),
    text("registry", "Address of the registry", "Empty: https://registry-1.docker.io.", config::registry),
    SIGN_IN,
    AUTHORITIES,
];

/// What is looked into.
#[derive(Debug)]
struct DockerHub {
    hub: Hub,
    wanted: Wanted,
    /// As the settings name them.
    namespaces: Vec<String>,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let base = config::base(values, "registry", REGISTRY)?;
    let endpoint = config::base(values, "endpoint", ENDPOINT)?;
    let opened = config::open(values, HOST, base, &[])?;
    let credentials = one(values, USER.name).zip(one(values, PASSWORD.name));
    let credentials = credentials.map(|(user, password)| Credentials { user, password: Hidden(password) });
    let shop = DockerHub {
        wanted: Wanted::read(values),
        namespaces: many(values, "namespaces"),
        hub: Hub::new(endpoint, credentials),
    };
    if shop.hub.user().is_none() && shop.named().is_none() {
        return Err(vec![problem("namespaces", "is needed without a user")]);
    }
    Ok(Box::new(Source::new(shop, opened, values)))
}

fn service(text: &str) -> Result<(), String> {
    config::service_of(&[ATTACHED, IMAGES], text)
}

fn namespace(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let right = !text.is_empty() && text.len() <= 255 && !text.starts_with('.') && text.bytes().all(allowed);
    expect(right, text, "the name of a user or an organisation, in lower case")
}

impl Shop for DockerHub {
    const KIND: &'static str = KIND;
    const SERVICES: &'static [&'static str] = &[ATTACHED, IMAGES];
    const LISTS: &'static str = READS;

    fn places<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>> {
        Box::pin(async {
            if let Some(named) = self.named() {
                return Ok((named, Missing::default()));
            }
            let mut places: BTreeSet<String> = self.hub.organisations(ask).await?.into_iter().collect();
            places.extend(self.hub.user().map(str::to_owned));
            Ok((places.into_iter().collect(), Missing::default()))
        })
    }

    fn shelves<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<(Vec<Shelf>, Missing), Failure>> {
        Box::pin(async move {
            let rows = self.hub.repositories(ask, place).await?;
            // Nobody named the user's own namespace, and it need not hold anything.
            let own = self.named().is_none() && self.hub.user() == Some(place);
            Ok(repositories::shelves(rows, place, &self.wanted, own))
        })
    }

    fn roots<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
    ) -> BoxFuture<'a, Result<Option<(Roots, Missing)>, Failure>> {
        Box::pin(async move {
            let Some(rows) = self.hub.tags(ask, &shelf.named.name).await? else { return Ok(None) };
            let (told, untold) = tags::read(rows);
            // Tags whose digests the API does not tell are looked at in the registry, which costs no pull.
            let (mut roots, missing) = Roots::of_tags(ask, &shelf.named, untold).await?;
            told.into_iter().for_each(|(digest, root)| roots.add(digest, root));
            Ok(Some((roots, missing)))
        })
    }
}

impl DockerHub {
    /// The namespaces that the settings name, by themselves or before the names of repositories.
    fn named(&self) -> Option<Vec<String>> {
        if self.namespaces.is_empty() { self.wanted.owners() } else { Some(self.namespaces.clone()) }
    }
}
