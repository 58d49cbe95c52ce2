//! The long lists of a document, for documents that are read in portions: components by their references, nested ones too,
//! and the vulnerabilities that name them. Refuses to say more of an element than its names.

use serde::Deserialize;

use crate::cyclonedx;
use crate::json::{Text, nullable};
use crate::large::{List, Name, Role};

/// The lists, also those that grow long and are not read.
pub(crate) const LISTS: &[List] = &[
    List { path: "components", role: Role::Named(component) },
    List { path: "vulnerabilities", role: Role::Pointing(vulnerability) },
    List { path: "dependencies", role: Role::Unread },
    List { path: "services", role: Role::Unread },
    List { path: "externalReferences", role: Role::Unread },
    List { path: "compositions", role: Role::Unread },
    List { path: "annotations", role: Role::Unread },
    List { path: "formulation", role: Role::Unread },
];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Component<'a> {
    #[serde(borrow, rename = "bom-ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    components: Vec<Component<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    affects: Vec<Affected<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Affected<'a> {
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
}

fn name(text: String) -> Name {
    Name { text, near: false }
}

/// What cannot be read has no names: its parser says why.
fn component(element: &[u8]) -> Vec<Name> {
    let component: Component<'_> = serde_json::from_slice(element).unwrap_or_default();
    let mut names = Vec::new();
    gather(&component, &mut names);
    names
}

fn gather(component: &Component<'_>, names: &mut Vec<Name>) {
    let reference = component.reference.as_ref().and_then(Text::filled);
    names.extend(reference.map(|text| name(text.to_owned())));
    for inner in &component.components {
        gather(inner, names);
    }
}

fn vulnerability(element: &[u8]) -> Vec<Name> {
    let found: Vulnerability<'_> = serde_json::from_slice(element).unwrap_or_default();
    let references = found.affects.iter().filter_map(|one| one.reference.as_ref()?.filled());
    references.flat_map(cyclonedx::spellings).map(name).collect()
}
