//! What CycloneDX means, whichever way it is spelled: the JSON and the XML format build the same object
//! model and map it here. Refuses to read bytes.

mod components;
mod findings;
mod fixes;
mod map;
mod records;
mod statements;
mod target;

pub(crate) use components::spellings;
pub(crate) use map::map;
