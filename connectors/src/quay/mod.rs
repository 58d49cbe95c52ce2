//! Quay, quay.io and its forks: organisations, repositories, tags with their moments, and what Quay's scanner found.
//! What lies in a repository is read as in every registry. Refuses to read all that is public on quay.io.

mod client;
mod listing;
mod scans;
mod tags;
#[cfg(test)]
mod tests;
mod wire;

use domain::registry;
use domain::source::{Field, FieldKind, Permission, Problem, SourceKind, Values};
use futures_util::future::BoxFuture;

use crate::fields::{expect, list, many, one, problem, text};
use crate::missing::Missing;
use crate::oci::config::{
    self, AUTHORITIES, LEAVE_OUT_REPOSITORIES, PASSWORD, REPOSITORIES, SIGN_IN, USER, Wanted,
};
use crate::oci::crawl::Roots;
use crate::oci::{ATTACHED, Ask, IMAGES, Shelf, Shop, Source, named};
use crate::token::Hidden;
use crate::{Connector, Descriptor, Failure, Sink};
use client::Api;
use wire::Repository;

/// Its word in files and in the database.
pub(crate) const KIND: &str = "quay";
/// What its scanner found.
const SCANS: &str = "scans";
const SERVICES: &[&str] = &[ATTACHED, IMAGES, SCANS];
const ORGANISATIONS: &str = "organisations";
const TOKEN: &str = "api_token";
/// Where everybody is, and what is public has no end.
const PUBLIC: &str = "quay.io";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Quay",
        summary: "Repositories of organisations, images, what is attached to them and what Quay's scanner found.",
        fields: FIELDS,
        permissions: &[
            Permission { action: client::READ, why: "to find repositories, tags and what the scanner found" },
            Permission { action: client::USER, why: "to find organisations, unless the settings name them" },
            Permission {
                action: "repository:*:pull",
                why: "to read manifests and what is attached to images",
            },
        ],
        docs: include_str!("README.md"),
    },
    build,
};

const FIELDS: &[Field] = &[
    text("endpoint", "Quay", "Its address or host. Empty: https://quay.io.", config::registry),
    text(
        "name",
        "Name in references",
        "What it is called in names of images, where that is not its host.",
        config::registry,
    ),
    USER,
    PASSWORD,
    Field {
        name: TOKEN,
        title: "Token of an application",
        help: "An OAuth access token with `repo:read`. Without it no scans are told, and private repositories are found by the registry's catalogue.",
        kind: FieldKind::Secret,
        required: false,
    },
    list(
        ORGANISATIONS,
        "Organisations",
        "Organisations or users whose repositories are looked into, one a line. Empty: those of the token's user.",
        organisation,
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
struct Quay {
    wanted: Wanted,
    organisations: Vec<String>,
    token: Option<Hidden>,
    /// Whether the registry is entered without a name.
    anybody: bool,
}

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    let base = config::base(values, "endpoint", "https://quay.io")?;
    let host = one(values, "name").unwrap_or_else(|| config::host_of(&base));
    let shop = Quay::read(values, base.host_str().unwrap_or_default())?;
    let opened = config::open(values, &host, base, &[])?;
    Ok(Box::new(Source::new(shop, opened, values)))
}

fn service(text: &str) -> Result<(), String> {
    config::service_of(SERVICES, text)
}

fn organisation(text: &str) -> Result<(), String> {
    let right = !text.contains('/') && named("quay.example.com", format!("{text}/any")).is_some();
    expect(right, text, "the name of an organisation or user")
}

impl Shop for Quay {
    const KIND: &'static str = KIND;
    const SERVICES: &'static [&'static str] = SERVICES;
    const LISTS: &'static str = client::READ;

    fn places<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>> {
        Box::pin(async move {
            let (api, mut missing) = (self.api(ask), Missing::default());
            let mut places = match self.told() {
                Some(told) => told,
                None if self.token.is_some() => listing::namespaces(&api).await?,
                None if self.anybody => {
                    let rows = listing::repositories(&api, None).await?;
                    listing::spaces(rows.into_iter().map(|row| format!("{}/{}", row.namespace, row.name)))
                }
                None => listing::spaces(ask.catalogue().await?),
            };
            if places.is_empty() {
                missing.note(format!("{} shows no repositories; name `organisations`", ask.registry.host));
            }
            places.retain(|place| organisation(place).is_ok() && self.wanted.enters(place));
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
            if self.is_told() {
                let tags = tags::all(&self.api(ask), &shelf.named).await?;
                return Ok(tags.map(|tags| (tags::roots(tags), Missing::default())));
            }
            match ask.tags(&shelf.named.name).await? {
                Some(tags) => Roots::of_tags(ask, &shelf.named, tags).await.map(Some),
                None => Ok(None),
            }
        })
    }

    fn more<'a>(
        &'a self,
        _: &'a str,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Missing, Failure>> {
        Box::pin(async move {
            let (api, mut missing) = (self.api(ask), Missing::default());
            if !self.is_told() {
                missing.note(
                    "Quay tells applications only what its scanner found: give `api_token`, or leave out `scans`",
                );
                return Ok(missing);
            }
            match tags::all(&api, &shelf.named).await? {
                Some(tags) => scans::hand_on(&api, &shelf.named, tags::roots(tags), sink).await,
                None => Ok(missing),
            }
        })
    }
}

impl Quay {
    /// As the fields tell it, of the Quay at a host.
    fn read(values: &Values, host: &str) -> Result<Self, Vec<Problem>> {
        let shop = Self {
            wanted: Wanted::read(values),
            organisations: many(values, ORGANISATIONS),
            token: one(values, TOKEN).map(Hidden),
            anybody: one(values, USER.name).is_none(),
        };
        if host == PUBLIC && shop.token.is_none() && shop.anybody && shop.told().is_none() {
            let message =
                "all that is public on quay.io is too much: name some, or give `api_token` or `user`";
            return Err(vec![problem(ORGANISATIONS, message)]);
        }
        Ok(shop)
    }

    fn api<'a>(&'a self, ask: &'a Ask<'a>) -> Api<'a> {
        Api::new(ask, self.token.as_ref())
    }

    /// Whether Quay's interface tells what the registry shows: to a robot it does not.
    fn is_told(&self) -> bool {
        self.token.is_some() || self.anybody
    }

    /// The namespaces that the settings name, by themselves or with repositories.
    fn told(&self) -> Option<Vec<String>> {
        if self.organisations.is_empty() { self.wanted.owners() } else { Some(self.organisations.clone()) }
    }

    async fn repositories(&self, ask: &Ask<'_>, place: &str) -> Result<(Vec<Shelf>, Missing), Failure> {
        let (api, mut missing) = (self.api(ask), Missing::default());
        let below = format!("{place}/");
        let demanded = self.wanted.named().unwrap_or_default();
        let mut found = self.found(&api, place, &mut missing).await?;
        for name in demanded.iter().filter(|name| name.starts_with(&below)) {
            if found.iter().all(|(known, _)| known != name) {
                found.push((name.clone(), None));
            }
        }
        found.retain(|(name, _)| name.starts_with(&below) && self.wanted.takes(name));
        let shelves = found.into_iter().filter_map(|(name, told)| {
            let demanded = demanded.contains(&name);
            let named = named(&ask.registry.host, name)?;
            let repository = match told {
                Some(told) => listing::repository(&named, &told),
                None => registry::Repository {
                    registry: named.registry.clone(),
                    name: named.name.clone(),
                    // What is pulled here without a name, anybody pulls.
                    public: self.anybody.then_some(true),
                    ..registry::Repository::default()
                },
            };
            Some(Shelf { named, repository, demanded })
        });
        Ok((shelves.collect(), missing))
    }

    /// The repositories of a namespace by their names, with what is told of them.
    async fn found(
        &self,
        api: &Api<'_>,
        place: &str,
        missing: &mut Missing,
    ) -> Result<Vec<(String, Option<Repository>)>, Failure> {
        if !self.is_told() {
            if self.wanted.named().is_some() {
                return Ok(Vec::new());
            }
            let mut names = api.ask.catalogue().await?;
            names.retain(|name| name.strip_prefix(place).is_some_and(|rest| rest.starts_with('/')));
            if names.is_empty() && self.told().is_some() {
                missing.note(listing::hidden(api, place));
            }
            return Ok(names.into_iter().map(|name| (name, None)).collect());
        }
        let rows = listing::repositories(api, Some(place)).await?;
        if rows.is_empty() && self.told().is_some() {
            listing::note_hidden(api, place, missing).await?;
        }
        let rows = rows.into_iter().filter(|row| row.namespace == place);
        Ok(rows.map(|row| (format!("{place}/{}", row.name), Some(row))).collect())
    }
}
