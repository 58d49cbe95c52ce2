//! The images of a repository, from its list of manifests and its indexes. Refuses an index that is not what its
//! digest says.

use domain::image::Platform;
use domain::observation::Observation;

use super::door::Door;
use super::wire::Row;
use crate::azure::place::moment;
use crate::missing::Missing;
use crate::oci::{self, Described, Manifests, Named, Nature, is_index, is_runnable};
use crate::{Failure, Sink};

/// Hands on a repository's images.
///
/// # Errors
/// When a list cannot be read to its end.
pub(super) async fn collect(door: &Door<'_>, named: &Named, sink: &Sink) -> Result<Missing, Failure> {
    let (manifests, missing) = read(door, named).await?;
    for image in manifests.images(named) {
        sink.observe(Observation::Image(image)).await?;
    }
    Ok(missing)
}

/// The manifests of a repository with the members of its indexes.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn read(door: &Door<'_>, named: &Named) -> Result<(Manifests, Missing), Failure> {
    let (mut manifests, mut missing) = (Manifests::default(), Missing::default());
    add(&mut manifests, door.manifests(named).await?);
    for index in manifests.indexes() {
        let read = oci::manifest(door, named, index.as_str(), &mut missing).await;
        if let Some(read) = missing.without(read)?.flatten() {
            manifests.add_index(&index, &read);
        }
    }
    Ok((manifests, missing))
}

/// Takes the rows of the list.
pub(super) fn add(manifests: &mut Manifests, rows: Vec<Row>) {
    for row in rows {
        let Ok(digest) = row.digest.parse() else { continue };
        manifests.add(digest, described(row));
    }
}

fn described(row: Row) -> Described {
    let nature = if is_index(row.media_type.as_deref().unwrap_or_default()) {
        Nature::Index
    } else if is_runnable(row.config_media_type.as_deref(), &row.tags) {
        Nature::Image
    } else {
        Nature::Artefact
    };
    let known = |word: &str| !word.is_empty() && word != "unknown";
    let platform = (known(&row.os) && known(&row.architecture)).then(|| Platform {
        os: row.os.clone(),
        architecture: row.architecture.clone(),
        variant: None,
    });
    Described {
        tags: row.tags,
        media_type: row.media_type,
        size: row.image_size,
        pushed_at: moment(&row.created_time),
        pulled_at: None,
        platform,
        nature,
    }
}
