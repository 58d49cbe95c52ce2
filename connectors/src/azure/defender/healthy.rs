//! Images in which Defender finds nothing any more: those of which a recommendation about whole images says, image by
//! image, that it is met. That word is handed on, and replaces what was found before.
//!
//! Refuses to conclude it from a list in which an image is missing: one that was not looked at lately, or whose
//! registry is not watched any more, is missing too. For the same reason it refuses what is said of a whole registry,
//! and an image of which a single finding was told, whoever calls it healthy.

use std::collections::BTreeMap;

use domain::reference::ImageReference;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::gathering::{Gathered, Gathering};
use super::hand_on;
use crate::azure::acr;
use crate::azure::ask::Ask;
use crate::azure::resource_graph::Asking;
use crate::azure::wire::nullable;
use crate::missing::Missing;
use crate::{Failure, Sink};

pub(super) const ACTION: &str = "Microsoft.Security/assessments/read";
/// The recommendations that images of Azure's, Amazon's and Google's registries should have their findings resolved:
/// those that are about an image each. Others are about a registry, or about one package.
pub(super) const QUERY: &str = "securityresources \
    | where type =~ 'microsoft.security/assessments' \
    | where name in~ ('33422d8f-ab1e-42be-bc9a-38685bb567b9', '2a139383-ec7e-462a-90ac-b1b60e87d576', \
                      '24e37609-dcf5-4a3b-b2b0-b7d76f2e4e04') \
    | where tostring(properties.status.code) =~ 'Healthy' \
    | order by id asc";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row {
    #[serde(deserialize_with = "nullable")]
    properties: Properties,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    #[serde(deserialize_with = "nullable")]
    resource_details: Resource,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    #[serde(alias = "Id", deserialize_with = "nullable")]
    id: String,
}

/// Hands on the word on each image of which nothing was `found`.
///
/// # Errors
/// When the run was cancelled, or nothing is answered any more.
pub(super) async fn collect(ask: &Ask<'_>, found: &Gathering, sink: &Sink) -> Result<Missing, Failure> {
    let mut missing = Missing::default();
    let mut asking = Asking::new(ask, ACTION, QUERY)?;
    let mut hosts = None;
    while let Some(rows) = missing.without(asking.page().await)?.flatten() {
        for row in rows {
            let Some(named) = named(&row).filter(|named| !found.has(named.digest())) else { continue };
            if let (Named::InAzure { .. }, None) = (&named, &hosts) {
                hosts = Some(missing.without(acr::hosts(ask).await)?.unwrap_or_default());
            }
            let Some(image) = named.image(hosts.as_ref()) else { continue };
            hand_on(vec![Gathered { image, rows: vec![row] }], sink).await?;
        }
    }
    Ok(missing)
}

/// How an assessment names its image.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// As a part of a registry of Azure, whose host the manager knows.
    InAzure { registry: String, repository: String, digest: String },
    /// As it is pulled.
    Pulled(ImageReference, String),
}

impl Named {
    fn digest(&self) -> &str {
        match self {
            Self::InAzure { digest, .. } | Self::Pulled(_, digest) => digest,
        }
    }

    /// The image as it is pulled; nothing where the host of its registry is not known.
    pub(super) fn image(self, hosts: Option<&BTreeMap<String, String>>) -> Option<ImageReference> {
        match self {
            Self::Pulled(image, _) => Some(image),
            Self::InAzure { registry, repository, digest } => {
                format!("{}/{repository}@{digest}", hosts?.get(&registry)?).parse().ok()
            }
        }
    }
}

/// The image that an assessment is about, if it is one.
pub(super) fn named(raw: &RawValue) -> Option<Named> {
    let row: Row = serde_json::from_str(raw.get()).ok()?;
    let id = row.properties.resource_details.id;
    if let Some((registry, rest)) = id.split_once("/repositories/") {
        let (repository, digest) = rest.split_once("/images/")?;
        let (registry, digest) = (registry.to_ascii_lowercase(), digest.to_owned());
        return Some(Named::InAzure { registry, repository: repository.to_owned(), digest });
    }
    let image: ImageReference = id.parse().ok()?;
    let digest = image.digest.as_ref()?.to_string();
    Some(Named::Pulled(image, digest))
}
