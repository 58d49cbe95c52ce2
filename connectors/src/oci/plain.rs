//! A registry that says nothing beyond the specification: its catalogue, or the repositories that the settings name.
//! Refuses names that no reference can hold.

use domain::registry::Repository;
use domain::source::{Field, Permission, Problem, SourceKind, Values};
use futures_util::future::BoxFuture;

use super::client::Ask;
use super::config::{
    self, AUTHORITIES, LEAVE_OUT_REPOSITORIES, PASSWORD, REPOSITORIES, SIGN_IN, USER, Wanted,
};
use super::images::Named;
use super::source::{ATTACHED, IMAGES, Shelf, Shop, Source};
use crate::fields::{list, one, text};
use crate::missing::Missing;
use crate::reading::reference;
use crate::{Connector, Descriptor, Failure};

/// Its word in files and in the database.
pub(super) const KIND: &str = "oci";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "OCI registry",
        summary: "Repositories, images and what is attached to them, of any registry that speaks the OCI distribution API.",
        fields: FIELDS,
        permissions: &[
            Permission { action: LISTS, why: "to find repositories, unless the settings name them" },
            Permission {
                action: "repository:*:pull",
                why: "to read tags, manifests and what is attached to images",
            },
        ],
        docs: include_str!("README.md"),
    },
    build,
};

const LISTS: &str = "registry:catalog:*";

const FIELDS: &[Field] = &[
    Field {
        required: true,
        ..text(
            "registry",
            "Registry",
            "Its host, such as registry.example.com:5000, or its address.",
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

/// What is looked into.
#[derive(Debug)]
struct Plain {
    wanted: Wanted,
    anybody: bool,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let base = config::base(values, "registry", "")?;
    let host = one(values, "name").unwrap_or_else(|| config::host_of(&base));
    let opened = config::open(values, &host, base, &[])?;
    let shop = Plain { wanted: Wanted::read(values), anybody: one(values, USER.name).is_none() };
    Ok(Box::new(Source::new(shop, opened, values)))
}

fn service(text: &str) -> Result<(), String> {
    config::service_of(&[ATTACHED, IMAGES], text)
}

impl Shop for Plain {
    const KIND: &'static str = KIND;
    const SERVICES: &'static [&'static str] = &[ATTACHED, IMAGES];
    const LISTS: &'static str = LISTS;

    fn places<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>> {
        Box::pin(async { Ok((vec![String::new()], Missing::default())) })
    }

    fn shelves<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        _: &'a str,
    ) -> BoxFuture<'a, Result<(Vec<Shelf>, Missing), Failure>> {
        Box::pin(async {
            let named = self.wanted.named();
            let demanded = named.is_some();
            let names = match named {
                Some(names) => names,
                None => ask.catalogue().await?.into_iter().filter(|name| self.wanted.takes(name)).collect(),
            };
            let shelves = names.into_iter().filter_map(|name| self.shelf(&ask.registry.host, name, demanded));
            Ok((shelves.collect(), Missing::default()))
        })
    }
}

impl Plain {
    fn shelf(&self, host: &str, name: String, demanded: bool) -> Option<Shelf> {
        let named = named(host, name)?;
        let repository = Repository {
            registry: named.registry.clone(),
            name: named.name.clone(),
            // What is pulled here without a name, anybody pulls.
            public: self.anybody.then_some(true),
            ..Repository::default()
        };
        Some(Shelf { named, repository, demanded })
    }
}

/// A repository whose name a reference can hold.
pub(crate) fn named(host: &str, name: String) -> Option<Named> {
    let read = reference(&format!("{host}/{name}"))?;
    (read.registry == host && read.repository == name).then(|| Named { registry: host.to_owned(), name })
}
