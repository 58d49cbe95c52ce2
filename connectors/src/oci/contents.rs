//! What the bytes behind a digest say. They never change, so what was read of them once is remembered. Refuses to
//! remember what is not what its digest says.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::image::{self, DigestRole, Image};
use serde::{Deserialize, Serialize};

use super::attached::kind;
use super::images::{Nature, is_index, is_runnable, known_platform};
use super::wire::{Config, Descriptor, Manifest};
use crate::reading::moment;
use crate::variables::in_plain_text;

/// Says how contents were read: what was remembered by another reading is read again.
const READING: &str = "oci-1";
/// Where a manifest names what it was built on, by the specification's annotations.
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";

/// A manifest, and what its configuration says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// The manifest.
    pub(crate) manifest: Manifest,
    /// Of an image: its configuration, where it could be read.
    pub(crate) facts: Option<Facts>,
}

/// What the configuration of an image says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Facts {
    platform: Option<image::Platform>,
    created_at: Option<DateTime<Utc>>,
    labels: BTreeMap<String, String>,
    layers: Vec<String>,
    config: image::Config,
}

/// Under which word the reading of a digest is remembered.
pub(crate) fn key(digest: &Digest) -> String {
    format!("{READING}:{digest}")
}

impl Content {
    /// What it is.
    pub(crate) fn nature(&self) -> Nature {
        let listed = self.manifest.media_type.as_deref().is_some_and(is_index);
        if listed || (self.manifest.config.is_none() && !self.manifest.manifests.is_empty()) {
            return Nature::Index;
        }
        let config = self.manifest.config.as_ref().map(|config| config.media_type.as_str());
        let image = self.manifest.subject.is_none() && config.is_some() && is_runnable(config, &[]);
        // Cosign and buildkit write what they attach as images of papers: where no tag or index says so, layers do.
        let layers = &self.manifest.layers;
        let papers = !layers.is_empty() && layers.iter().all(|layer| kind(layer).is_some());
        if image && !papers { Nature::Image } else { Nature::Artefact }
    }

    /// The configuration that is worth reading.
    pub(crate) fn config(&self) -> Option<&Descriptor> {
        self.manifest.config.as_ref().filter(|_| self.nature() == Nature::Image)
    }

    /// What a pull fetches, in bytes.
    pub(crate) fn size(&self) -> Option<u64> {
        let parts = self.manifest.layers.iter().chain(&self.manifest.config);
        (!self.manifest.layers.is_empty())
            .then(|| parts.fold(0, |sum: u64, part| sum.saturating_add(part.size)))
    }

    /// Adds what is known of it to an image.
    pub(crate) fn describe(&self, image: &mut Image) {
        if let Some(config) = self.manifest.config.as_ref().and_then(|config| config.digest.parse().ok()) {
            image.add_digest(DigestRole::Config, config);
        }
        let Some(facts) = &self.facts else { return };
        image.platform = image.platform.take().or_else(|| facts.platform.clone());
        image.created_at = facts.created_at;
        image.labels.clone_from(&facts.labels);
        image.layers.clone_from(&facts.layers);
        let told = |name: &str| {
            let annotated = self.manifest.annotations.get(name).or_else(|| facts.labels.get(name));
            annotated.filter(|text| !text.is_empty()).cloned()
        };
        let base = image::Base {
            name: told(BASE_NAME),
            digest: told(BASE_DIGEST).and_then(|text| text.parse().ok()),
        };
        let base = (base != image::Base::default()).then_some(base);
        image.config = Some(image::Config { base, ..facts.config.clone() });
    }
}

/// The facts of a configuration; nothing where it is none.
pub(crate) fn facts(bytes: &[u8]) -> Option<Facts> {
    let read: Config = serde_json::from_slice(bytes).ok()?;
    let told = read.config;
    let secrets = told.env.iter().filter_map(|variable| variable.split_once('='));
    // Builds that are to be the same each time say 1970, and some tools say the year 1: neither is when it was built.
    let created_at = read.created.as_deref().and_then(moment).filter(|at| at.timestamp() > 0);
    Some(Facts {
        platform: known_platform(&read.platform),
        created_at,
        labels: told.labels,
        layers: read.rootfs.diff_ids,
        config: image::Config {
            user: told.user,
            entrypoint: told.entrypoint,
            command: told.cmd,
            ports: told.exposed_ports.into_keys().collect(),
            secrets: secrets
                .filter(|(_, value)| !value.is_empty())
                .filter_map(|(name, _)| in_plain_text(name))
                .collect(),
            base: None,
        },
    })
}
