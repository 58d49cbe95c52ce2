//! Where repositories are looked for: groups and projects that the settings name, or the top-level groups of all
//! projects that the token is a member of. Refuses a place within another: it would be looked into twice.

use std::collections::BTreeSet;

use domain::source::Values;

use super::client::Api;
use super::wire::Project;
use crate::Failure;
use crate::fields::{expect, many};
use crate::missing::Missing;
use crate::oci::Ask;
use crate::oci::config::Wanted;

/// Where repositories are looked for.
#[derive(Debug)]
pub(super) struct Places {
    groups: Vec<String>,
    projects: Vec<String>,
}

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A group that the settings name.
    Group,
    /// A project that the settings name.
    Project,
    /// The settings do not name it: the namespace of projects or repositories.
    Namespace,
}

impl Places {
    /// As the fields tell it.
    pub(super) fn read(values: &Values) -> Self {
        let groups = without_inner(many(values, "groups"), &[]);
        let projects = without_inner(many(values, "projects"), &groups);
        Self { groups, projects }
    }

    /// Whether the settings name none.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.projects.is_empty()
    }

    /// How the settings speak of a place.
    pub(super) fn told(&self, place: &str) -> Told {
        if self.projects.iter().any(|project| project == place) {
            Told::Project
        } else if self.groups.iter().any(|group| group == place) {
            Told::Group
        } else {
            Told::Namespace
        }
    }

    /// All of them: those of the settings, those of the repositories that the settings name, or what GitLab lists.
    ///
    /// # Errors
    /// When it does not list them to the end.
    pub(super) async fn all(
        &self,
        api: &Api,
        ask: &Ask<'_>,
        wanted: &Wanted,
    ) -> Result<(Vec<String>, Missing), Failure> {
        let mut missing = Missing::default();
        if !self.is_empty() {
            return Ok((self.groups.iter().chain(&self.projects).cloned().collect(), missing));
        }
        if let Some(names) = wanted.named() {
            return Ok((namespaces(names.iter().map(String::as_str)), missing));
        }
        let query =
            [("membership", "true"), ("simple", "true"), ("order_by", "id"), ("pagination", "keyset")];
        let listed: Option<Vec<Project>> = api.all(ask, api.address(&["projects"], &query)).await?;
        let listed = listed.unwrap_or_default();
        if listed.is_empty() {
            missing.note(
                "the token is a member of no project; let it see some, or name `groups` in the settings",
            );
        }
        Ok((namespaces(listed.iter().map(|project| project.path_with_namespace.as_str())), missing))
    }
}

/// The first part of each path, once.
fn namespaces<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    let first = paths.filter_map(|path| path.split('/').next()).filter(|first| !first.is_empty());
    first.collect::<BTreeSet<&str>>().into_iter().map(str::to_owned).collect()
}

/// Those that are neither among others nor within one.
fn without_inner(told: Vec<String>, others: &[String]) -> Vec<String> {
    let within = |inner: &str, outer: &String| {
        inner.strip_prefix(outer.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let alone =
        |one: &&String| !others.contains(one) && !told.iter().chain(others).any(|outer| within(one, outer));
    told.iter().filter(alone).cloned().collect()
}

/// The path of a group or project.
pub(super) fn path(text: &str) -> Result<(), String> {
    let part = |part: &str| {
        let mut bytes = part.bytes();
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        bytes.next().is_some_and(word) && bytes.all(|byte| word(byte) || b"-.".contains(&byte))
    };
    let right = text.len() <= 255 && text.split('/').all(part);
    expect(right, text, "a path as in addresses, such as `team` or `team/shop`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(groups: &[&str], projects: &[&str]) -> Places {
        let lines = |told: &[&str]| told.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let told = [("groups", groups), ("projects", projects)];
        Places::read(&told.map(|(name, told)| (name.to_owned(), lines(told))).into())
    }

    #[test]
    fn a_place_within_another_is_none_of_its_own() {
        let told = places(&["shop", "shop/web", "shopping"], &["shop/api", "team/api", "team/api/inner"]);
        assert_eq!(told.groups, ["shop", "shopping"]);
        assert_eq!(told.projects, ["team/api"]);
        assert_eq!(told.told("team/api"), Told::Project);
        assert_eq!((told.told("shop"), told.told("other")), (Told::Group, Told::Namespace));
        assert!(places(&[], &[]).is_empty());
    }

    #[test]
    fn namespaces_are_told_once() {
        assert_eq!(namespaces(["b/c/d", "a/x", "b/e", ""].into_iter()), ["a", "b"]);
    }

    #[test]
    fn paths_are_as_in_addresses() {
        for right in ["team", "Team/shop-1", "a.b/c_d/e", "_x"] {
            assert_eq!(path(right), Ok(()), "{right}");
        }
        for odd in ["", "/team", "team/", "a//b", "a b", "../x", "https://gitlab.com/team", "-x"] {
            assert!(path(odd).is_err(), "{odd}");
        }
    }
}
