//! Sixteen-byte identifiers. Most are derived from a natural key, so that the same fact has the same
//! id in every process and database and a link to it survives a replay; documents take a time-ordered
//! UUIDv7 made by their receiver.
//!
//! Refuses randomness: [`Id::derived`] is a pure function.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

/// An identifier of a `T`, shown as 32 lower-case hexadecimal digits.
pub struct Id<T> {
    bytes: [u8; 16],
    of: PhantomData<fn() -> T>,
}

/// Marks ids of documents.
#[derive(Debug)]
pub enum DocumentMark {}
/// Marks ids of images.
#[derive(Debug)]
pub enum ImageMark {}
/// Marks ids of components.
#[derive(Debug)]
pub enum ComponentMark {}
/// Marks ids of findings.
#[derive(Debug)]
pub enum FindingMark {}
/// Marks ids of workloads.
#[derive(Debug)]
pub enum WorkloadMark {}
/// Marks ids of nodes.
#[derive(Debug)]
pub enum NodeMark {}
/// Marks ids of sources.
#[derive(Debug)]
pub enum SourceMark {}
/// Marks ids of runs of a source.
#[derive(Debug)]
pub enum RunMark {}
/// Marks ids of what a source sees.
#[derive(Debug)]
pub enum ObjectMark {}
/// Marks ids of detections.
#[derive(Debug)]
pub enum DetectionMark {}
/// Marks ids of runtime events.
#[derive(Debug)]
pub enum EventMark {}
/// Marks ids of layers that lie on one another.
#[derive(Debug)]
pub enum LayersMark {}

/// A document's id: UUIDv7, so that ids sort by time of receipt.
pub type DocumentId = Id<DocumentMark>;
/// An image's id, derived from the first digest it was known by.
pub type ImageId = Id<ImageMark>;
/// A component's id, derived from its package URL.
pub type ComponentId = Id<ComponentMark>;
/// A finding's id, derived from its image and its subject.
pub type FindingId = Id<FindingMark>;
/// A workload's id, derived from cluster, namespace, kind and name.
pub type WorkloadId = Id<WorkloadMark>;
/// A node's id, derived from cluster and name.
pub type NodeId = Id<NodeMark>;
/// A source's id: UUIDv7.
pub type SourceId = Id<SourceMark>;
/// A run's id: UUIDv7, so that ids sort by time of request.
pub type RunId = Id<RunMark>;
/// The id of what a source sees, derived from its noun and natural key.
pub type ObjectId = Id<ObjectMark>;
/// A detection's id, derived from tool, rule and workload, or from the place as its sensor names it.
pub type DetectionId = Id<DetectionMark>;
/// The id of a runtime event, derived from its tool and the tool's id of it, or else from all that it says.
pub type EventId = Id<EventMark>;
/// The id of layers that lie on one another, base first.
pub type LayersId = Id<LayersMark>;

/// Why a text is not an id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an id (expected 32 hexadecimal digits)")]
pub struct InvalidId;

impl<T> Id<T> {
    /// The id of a natural key. Parts are length-prefixed, so `["a","bc"]` and `["ab","c"]` differ.
    #[must_use]
    pub fn derived(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self::from_bytes(bytes)
    }

    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self { bytes, of: PhantomData }
    }

    /// The id in these bytes, if there are sixteen.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// The bytes, as stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}
impl<T> FromStr for Id<T> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidId);
        }
        let mut bytes = [0; 16];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).map_err(|_| InvalidId)?;
        }
        Ok(Self::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_boundaries_matter() {
        assert_ne!(FindingId::derived(&[b"a", b"bc"]), FindingId::derived(&[b"ab", b"c"]));
    }

    #[test]
    fn survives_its_own_text() {
        let id = ImageId::derived(&[b"sha256:0"]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("xyz".parse::<ImageId>(), Err(InvalidId));
    }
}
