//! The objects of a page as documents, each of its own bytes: one that was not changed gives the same ones, whatever else
//! was written in the cluster. `metadata.managedFields` stays: the bytes are somebody else's words, they change only when
//! the object does, and what is written at once is noted in few lines. Refuses to read what a report found.

#[cfg(test)]
#[path = "papers_tests.rs"]
mod tests;

use chrono::{DateTime, Utc};
use domain::document::Provenance;
use formats::json::{Text, nullable};
use formats::time;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::KIND;
use super::lists::{Reader, Taken};
use super::resource::{Report, Resource};

/// Characters of a name that are shown: as many as Kubernetes allows.
const SHOWN: usize = 253;

/// Makes documents of objects.
#[derive(Debug)]
pub(super) struct Papers<'a> {
    /// The cluster that has them.
    pub(super) cluster: &'a str,
}

/// A page.
#[derive(Deserialize)]
struct List<'a> {
    #[serde(default, deserialize_with = "nullable")]
    metadata: Place,
    /// Absent where it is no list; `null` where a list is empty.
    #[serde(borrow, default, deserialize_with = "present")]
    items: Option<Option<Vec<&'a RawValue>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    r#continue: Option<String>,
}

/// What an object says of its kind.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Said {
    #[serde(deserialize_with = "present")]
    api_version: Option<IgnoredAny>,
    #[serde(deserialize_with = "present")]
    kind: Option<IgnoredAny>,
}

/// What an object is called, and when it was made.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct About<'a> {
    #[serde(deserialize_with = "nullable")]
    metadata: Metadata<'a>,
    /// Of the Trivy operator.
    #[serde(deserialize_with = "nullable")]
    report: Updated<'a>,
    /// Of Kubescape.
    #[serde(deserialize_with = "nullable")]
    spec: Spec<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Metadata<'a> {
    name: Text<'a>,
    namespace: Text<'a>,
    creation_timestamp: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    managed_fields: Vec<Written<'a>>,
}

/// That somebody wrote some fields.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Written<'a> {
    time: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Updated<'a> {
    update_timestamp: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Spec<'a> {
    #[serde(deserialize_with = "nullable")]
    metadata: Manifest<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Manifest<'a> {
    #[serde(deserialize_with = "nullable")]
    report: Made<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Made<'a> {
    created_at: Text<'a>,
}

impl Reader for Papers<'_> {
    fn take(&mut self, resource: &Resource<'_>, group: &str, page: &[u8]) -> Result<Taken, String> {
        let list: List<'_> = serde_json::from_slice(page).map_err(|error| error.to_string())?;
        let items = list.items.ok_or("a page without `items`")?.unwrap_or_default();
        let mut taken = Taken { next: list.metadata.r#continue, ..Taken::default() };
        let version = group.strip_prefix("apis/").unwrap_or(group);
        for (number, item) in items.into_iter().enumerate() {
            let object = Some(item.get()).filter(|text| text.starts_with('{'));
            match object.zip(resource.report) {
                Some((text, report)) => {
                    let bytes = whole(text, version, report.kind);
                    taken.documents.push((bytes, self.provenance(text, report)));
                }
                None => {
                    taken.odd.get_or_insert_with(|| format!("`items[{number}]` is no object"));
                }
            }
        }
        Ok(taken)
    }
}

impl Papers<'_> {
    /// What is told of a document besides. One that says nothing of itself is handed on all the same.
    fn provenance(&self, text: &str, report: Report) -> Provenance {
        let about: About<'_> = serde_json::from_str(text).unwrap_or_default();
        let names = [&about.metadata.namespace, &about.metadata.name];
        let names: Vec<String> = names.into_iter().filter_map(|name| name.filled()).map(shown).collect();
        let called = [report.called.to_owned(), names.join("/"), format!("of {}", self.cluster)];
        Provenance {
            name: called.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
            source: KIND.to_owned(),
            image: None,
            cluster: Some(self.cluster.to_owned()),
            as_of: about.moment().unwrap_or_else(Utc::now),
        }
    }
}

impl About<'_> {
    /// When the report says that it was made, or else when the object was written last.
    fn moment(&self) -> Option<DateTime<Utc>> {
        let Self { metadata, report, spec } = self;
        let own = [&report.update_timestamp, &spec.metadata.report.created_at];
        let written = metadata.managed_fields.iter().map(|written| &written.time);
        let written = written.chain([&metadata.creation_timestamp]);
        let last = || written.filter_map(|time| time::parse(time)).max();
        own.into_iter().find_map(|time| time::parse(time)).or_else(last)
    }
}

/// The bytes of an object, with its version and kind in front where its list did not repeat them.
fn whole(text: &str, version: &str, kind: &str) -> Vec<u8> {
    // What cannot be read is not made worse.
    let told = Said { api_version: Some(IgnoredAny), kind: Some(IgnoredAny) };
    let said: Said = serde_json::from_str(text).unwrap_or(told);
    let version = said.api_version.is_none().then(|| format!("\"apiVersion\":\"{version}\""));
    let kind = said.kind.is_none().then(|| format!("\"kind\":\"{kind}\""));
    let mut members: Vec<&str> = version.iter().chain(&kind).map(String::as_str).collect();
    match text.strip_prefix('{') {
        Some(rest) if !members.is_empty() => {
            if rest.trim_start().starts_with('}') {
                return format!("{{{}{rest}", members.join(",")).into_bytes();
            }
            members.push(rest);
            format!("{{{}", members.join(",")).into_bytes()
        }
        _ => text.as_bytes().to_vec(),
    }
}

/// A name as people can read it: without what would break a line or hide.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect()
}

/// For a member of which it matters whether it is there: `null` is there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
