//! The long lists of a report, for reports that are read in portions: packages, and what points to them by id or name.
//! Refuses to say more of an element than its names.

use serde::Deserialize;

use crate::json::Text;
use crate::large::{List, Name, Role};

/// Both forms of a report.
pub(crate) const LISTS: &[List] = &[
    List { path: "Results[].Packages", role: Role::Named(package) },
    List { path: "Results[].Vulnerabilities", role: Role::Pointing(vulnerability) },
    List { path: "Results[].Licenses", role: Role::Pointing(licence) },
    List { path: "Results[].Secrets", role: Role::Alone },
    List { path: "Results[].Misconfigurations", role: Role::Alone },
    List { path: "Results[].ExperimentalModifiedFindings", role: Role::Pointing(set_aside) },
    List { path: "[].Packages", role: Role::Named(package) },
    List { path: "[].Vulnerabilities", role: Role::Pointing(vulnerability) },
    List { path: "[].Licenses", role: Role::Pointing(licence) },
    List { path: "[].Secrets", role: Role::Alone },
    List { path: "[].Misconfigurations", role: Role::Alone },
];

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Names<'a> {
    #[serde(rename = "ID")]
    id: Text<'a>,
    name: Text<'a>,
    #[serde(rename = "PkgID")]
    package_id: Text<'a>,
    #[serde(rename = "PkgName")]
    package: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct SetAside<'a> {
    finding: Names<'a>,
}

/// What cannot be read has no names: its parser says why.
fn names<'a, T: Deserialize<'a> + Default>(element: &'a [u8]) -> T {
    serde_json::from_slice(element).unwrap_or_default()
}

/// Ids hold in one result.
fn id(text: &Text<'_>) -> Option<Name> {
    text.filled().map(|text| Name { text: text.to_owned(), near: true })
}

/// Names hold everywhere.
fn name(text: &Text<'_>) -> Option<Name> {
    text.filled().map(|text| Name { text: text.to_owned(), near: false })
}

fn package(element: &[u8]) -> Vec<Name> {
    let package: Names<'_> = names(element);
    id(&package.id).into_iter().chain(name(&package.name)).collect()
}

fn vulnerability(element: &[u8]) -> Vec<Name> {
    let found: Names<'_> = names(element);
    id(&found.package_id).into_iter().collect()
}

fn licence(element: &[u8]) -> Vec<Name> {
    let found: Names<'_> = names(element);
    name(&found.package).into_iter().collect()
}

fn set_aside(element: &[u8]) -> Vec<Name> {
    let found: SetAside<'_> = names(element);
    id(&found.finding.package_id).into_iter().chain(name(&found.finding.package)).collect()
}
