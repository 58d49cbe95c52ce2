//! Which repositories of Artifactory are looked into, by their keys: those of the settings, or all that hold images.
//! Refuses virtual ones: they show under other names what others hold.

use std::collections::BTreeSet;

use domain::source::Values;
use tokio::sync::OnceCell;

use super::client::{Api, READ};
use super::wire::Listed;
use crate::Failure;
use crate::fields::{expect, many};
use crate::missing::Missing;
use crate::oci::Ask;
use crate::oci::config::Wanted;

/// Repositories that are looked into.
#[derive(Debug)]
pub(super) struct Keys {
    told: Vec<String>,
    listed: OnceCell<Vec<Key>>,
}

/// A repository of Artifactory that holds images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Its key.
    pub(super) name: String,
    /// `local`, `remote`, `virtual`, `federated`.
    pub(super) kind: String,
    /// `docker` or `oci`.
    pub(super) package: String,
}

impl Key {
    /// Whether it keeps what was pulled through it from elsewhere.
    pub(super) fn is_remote(&self) -> bool {
        self.kind == "remote"
    }

    /// Whether it holds nothing itself.
    pub(super) fn is_virtual(&self) -> bool {
        self.kind == "virtual"
    }

    /// Where its files lie.
    pub(super) fn storage(&self) -> String {
        if self.is_remote() { format!("{}-cache", self.name) } else { self.name.clone() }
    }
}

impl Keys {
    /// As the fields tell it.
    pub(super) fn read(values: &Values) -> Self {
        Self { told: many(values, "keys"), listed: OnceCell::new() }
    }

    /// All of them: those of the settings, those of the repositories that the settings name, or what is listed.
    ///
    /// # Errors
    /// When they are not listed.
    pub(super) async fn all(
        &self,
        api: &Api,
        ask: &Ask<'_>,
        wanted: &Wanted,
    ) -> Result<(Vec<String>, Missing), Failure> {
        let mut missing = Missing::default();
        if !self.told.is_empty() {
            return Ok((self.told.clone(), missing));
        }
        if let Some(names) = wanted.named() {
            return Ok((first(&names), missing));
        }
        let holding = self.listed(api, ask).await?.iter().filter(|key| !key.is_virtual());
        let names: Vec<String> = holding.map(|key| key.name.clone()).collect();
        if names.is_empty() {
            let who = &ask.asker.caller.grantee;
            let who = if who.is_empty() { "anybody" } else { who };
            missing
                .note(format!("no repository with images is shown to {who}: give the permission `{READ}`"));
        }
        Ok((names, missing))
    }

    /// The repository of a key.
    ///
    /// # Errors
    /// When it is not shown.
    pub(super) async fn find(&self, api: &Api, ask: &Ask<'_>, name: &str) -> Result<&Key, Failure> {
        let found = self.listed(api, ask).await?.iter().find(|key| key.name == name);
        // Artifactory does not list what it may not show.
        found.ok_or_else(|| Failure::Denied {
            action: READ.to_owned(),
            scope: ask.asker.caller.scope.clone(),
            remedy: format!(
                "no Docker or OCI repository `{name}` is shown to {}; give the permission `{READ}` on it, or correct \
                 the settings",
                ask.asker.caller.grantee
            ),
        })
    }

    async fn listed(&self, api: &Api, ask: &Ask<'_>) -> Result<&Vec<Key>, Failure> {
        let listed = self.listed.get_or_try_init(|| async { Ok(holding(api.listed(ask).await?)) });
        listed.await
    }
}

/// Those that hold images.
pub(super) fn holding(listed: Vec<Listed>) -> Vec<Key> {
    let keys = listed.into_iter().map(|one| Key {
        name: one.key,
        kind: one.kind.to_lowercase(),
        package: one.package_type.to_lowercase(),
    });
    keys.filter(|key| ["docker", "oci"].contains(&key.package.as_str()) && !key.name.is_empty()).collect()
}

/// The first part of each name, once.
fn first(names: &[String]) -> Vec<String> {
    let first: BTreeSet<&str> = names.iter().filter_map(|name| name.split('/').next()).collect();
    first.into_iter().map(str::to_owned).collect()
}

/// The key of a repository.
pub(super) fn key(text: &str) -> Result<(), String> {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let right = !text.is_empty() && text.len() <= 64 && text.bytes().all(word) && !text.starts_with('.');
    expect(right, text, "the key of a Docker or OCI repository, such as docker-local")
}
