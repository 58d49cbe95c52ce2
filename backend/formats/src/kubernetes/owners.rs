//! Who owns a workload, its environment and how much depends on it, as labels and annotations say. Refuses
//! `app.kubernetes.io/managed-by`: it names a tool, not an owner.

use domain::workload::Criticality;

use super::wire::Metadata;
use crate::json::Text;

/// Keys that name an owner, the most telling first.
const OWNER: [&str; 4] = ["team", "owner", "plimsoll.dev/owner", "app.kubernetes.io/part-of"];
/// The key that states the criticality.
const CRITICALITY: &str = "plimsoll.dev/criticality";
/// Labels that name an environment.
const ENVIRONMENT: [&str; 2] = ["environment", "env"];
/// Environments and namespaces that are not production.
const NON_PRODUCTION: [&str; 6] = ["dev", "development", "test", "staging", "qa", "sandbox"];

/// What one object says of its owner, its environment and how much depends on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Words(Box<[(&'static str, String)]>);

impl Words {
    /// The words of an object.
    pub(super) fn of(metadata: &Metadata<'_>) -> Self {
        let keys = OWNER.into_iter().chain(ENVIRONMENT).chain([CRITICALITY]);
        Self(keys.filter_map(|key| Some((key, get(metadata, key)?.to_owned()))).collect())
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, word)| word.as_str())
    }
}

/// The owner, by the first key that any of the descriptions carries.
pub(super) fn owner(sources: &[&Words]) -> Option<String> {
    OWNER.iter().find_map(|key| sources.iter().find_map(|source| source.get(key))).map(str::to_owned)
}

/// The criticality that is stated, or low where namespace or environment is not production.
pub(super) fn criticality(namespace: &str, sources: &[&Words]) -> Option<Criticality> {
    let stated = sources.iter().find_map(|source| source.get(CRITICALITY));
    if let Some(stated) = stated.and_then(|word| Criticality::from_word(&word.to_ascii_lowercase())) {
        return Some(stated);
    }
    let idle = |word: &str| NON_PRODUCTION.contains(&word.trim().to_ascii_lowercase().as_str());
    environments(sources).chain([namespace]).any(idle).then_some(Criticality::Low)
}

/// The environment, by the first label that names one.
pub(super) fn environment(sources: &[&Words]) -> Option<String> {
    environments(sources).next().map(str::to_owned)
}

fn environments<'w>(sources: &[&'w Words]) -> impl Iterator<Item = &'w str> {
    ENVIRONMENT.iter().flat_map(|key| sources.iter().filter_map(|source| source.get(key)))
}

/// A label, or else an annotation.
pub(super) fn get<'m>(metadata: &'m Metadata<'_>, key: &'static str) -> Option<&'m str> {
    [&metadata.labels, &metadata.annotations]
        .into_iter()
        .find_map(|map| map.get(&Text(key.into())).and_then(Text::filled))
}
