//! JFrog: the Docker and OCI repositories of Artifactory, and what Xray says of their images. Manifests are read from
//! the registry itself, as of any other; which there are, Artifactory tells at once with the time of each.
//!
//! Refuses to have a remote repository fetch anything, and to show images twice that a virtual one repeats.

mod client;
mod files;
mod keys;
mod repositories;
mod scans;
#[cfg(test)]
mod tests;
mod wire;

use domain::source::{Field, Permission, Problem, SourceKind, Values};
use futures_util::future::BoxFuture;

use crate::fields::{list, one, text};
use crate::missing::Missing;
use crate::oci::config::{self, AUTHORITIES, LEAVE_OUT_REPOSITORIES, PASSWORD, REPOSITORIES, USER, Wanted};
use crate::oci::crawl::Roots;
use crate::oci::{ATTACHED, Ask, IMAGES, Shelf, Shop, Source};
use crate::{Connector, Descriptor, Failure, Sink};
use client::{Api, READ, XRAY};
use keys::{Keys, key};

/// Its word in files and in the database.
const KIND: &str = "jfrog";
/// What Xray found.
const SCANS: &str = "scans";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "JFrog Artifactory",
        summary: "Repositories, images and what is attached to them in Artifactory, and what Xray found in them.",
        fields: FIELDS,
        permissions: &[
            Permission {
                action: READ,
                why: "on Docker and OCI repositories: to find them, and to read tags, manifests and what is attached to images",
            },
            Permission { action: XRAY, why: "to have what Xray found in images" },
        ],
        docs: include_str!("README.md"),
    },
    build,
};

const FIELDS: &[Field] = &[
    Field {
        required: true,
        ..text(
            "registry",
            "Registry",
            "Its host, such as company.jfrog.io, or its address.",
            config::registry,
        )
    },
    Field {
        help: "Name of a user that may read. Empty: the password is a token that stands for one.",
        ..USER
    },
    Field { help: "Its password or identity token, or an access token by itself.", ..PASSWORD },
    list(
        "keys",
        "Repositories of Artifactory",
        "Keys of Docker and OCI repositories, one a line: `docker-local`. Empty: all that are shown, but virtual ones.",
        key,
    ),
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
struct Jfrog {
    api: Api,
    keys: Keys,
    wanted: Wanted,
    anybody: bool,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let base = config::base(values, "registry", "")?;
    let host = config::host_of(&base);
    let credentials = config::credentials_or_token(values);
    let api = Api::new(credentials.as_ref().ok().and_then(Option::as_ref));
    let opened = config::open_by(values, credentials, (&host, base), &[])?;
    let shop = Jfrog {
        api,
        keys: Keys::read(values),
        wanted: Wanted::read(values),
        anybody: one(values, PASSWORD.name).is_none(),
    };
    Ok(Box::new(Source::new(shop, opened, values)))
}

fn service(text: &str) -> Result<(), String> {
    config::service_of(&[ATTACHED, IMAGES, SCANS], text)
}

impl Shop for Jfrog {
    const KIND: &'static str = KIND;
    const SERVICES: &'static [&'static str] = &[ATTACHED, IMAGES, SCANS];
    const LISTS: &'static str = READ;

    fn places<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>> {
        Box::pin(self.keys.all(&self.api, ask, &self.wanted))
    }

    fn shelves<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<(Vec<Shelf>, Missing), Failure>> {
        Box::pin(repositories::shelves(self, ask, place))
    }

    fn roots<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
    ) -> BoxFuture<'a, Result<Option<(Roots, Missing)>, Failure>> {
        Box::pin(files::roots(self, ask, shelf))
    }

    fn more<'a>(
        &'a self,
        _: &'a str,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Missing, Failure>> {
        Box::pin(scans::hand_on(self, ask, shelf, sink))
    }
}
