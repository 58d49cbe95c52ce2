//! A package inside an image: its package URL, where it came from, and under which terms.
//! Refuses nothing by itself: identity is the purl's, see [`crate::purl`].

use serde::{Deserialize, Serialize};

use crate::id::ComponentId;
use crate::purl::Purl;

/// A component as one document describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Canonical package URL; what two tools must agree on.
    pub purl: Purl,
    /// Name for people (`@angular/core`, `openssl-libs`).
    pub name: String,
    /// Installed version as the tool writes it, epoch and release included.
    pub version: Option<String>,
    /// The distribution's source package it was built from.
    pub source: Option<SourcePackage>,
    /// Licence identifiers or expressions as stated.
    pub licences: Vec<String>,
    /// Files in the image that prove it, first one first.
    pub paths: Vec<String>,
}

/// The source package behind binary packages: one rebuild fixes all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourcePackage {
    /// Name of the source package.
    pub name: String,
    /// Its version, if it differs from the binary's.
    pub version: Option<String>,
}

impl Component {
    /// A component known by its purl alone.
    #[must_use]
    pub fn from_purl(purl: Purl) -> Self {
        let name = match (purl.kind(), purl.namespace()) {
            ("deb" | "rpm" | "apk" | "alpm", _) | (_, None) => purl.name().to_owned(),
            ("maven", Some(group)) => format!("{group}:{}", purl.name()),
            (_, Some(namespace)) => format!("{namespace}/{}", purl.name()),
        };
        let version = purl.version().map(str::to_owned);
        Self { purl, name, version, source: None, licences: Vec::new(), paths: Vec::new() }
    }

    /// The stored id, the same wherever the component is seen.
    #[must_use]
    pub fn id(&self) -> ComponentId {
        ComponentId::derived(&[self.purl.as_str().as_bytes()])
    }
}
