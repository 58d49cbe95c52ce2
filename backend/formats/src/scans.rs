//! Gathers findings on many images into one scan for each tool and image. Refuses to join images that
//! share no digest, whatever their tags.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::finding::FindingClass;
use domain::image::Image;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

/// The scans so far, in the order in which their images first appeared.
#[derive(Debug, Default)]
pub(crate) struct Scans {
    list: Vec<ScanBuilder>,
    known: HashMap<(String, String), usize>,
}

impl Scans {
    /// The scan of an image by a tool; names and times of a known one are joined.
    pub(crate) fn of(
        &mut self,
        tool: &Tool,
        image: Image,
        class: FindingClass,
        at: Option<DateTime<Utc>>,
    ) -> &mut ScanBuilder {
        let name = image
            .best_digest()
            .map(ToString::to_string)
            .or_else(|| image.references.first().map(ToString::to_string))
            .unwrap_or_default();
        let index = *self.known.entry((tool.name.clone(), name)).or_insert_with(|| {
            self.list.push(ScanBuilder::new(tool.clone(), Target::Image(Image::default())));
            self.list.len() - 1
        });
        let builder = &mut self.list[index];
        let scan = builder.scan_mut();
        scan.covers.insert(class);
        scan.scanned_at = scan.scanned_at.max(at);
        if let Target::Image(known) = &mut scan.target {
            join(known, image);
        }
        builder
    }

    /// The finished scans; `partial` says why none of them is whole, if none is.
    pub(crate) fn build(self, partial: Option<&str>) -> Vec<Observation> {
        let scans = self.list.into_iter().map(|builder| {
            let mut scan = builder.build();
            scan.partial = scan.partial.or_else(|| partial.map(str::to_owned));
            Observation::Scan(scan)
        });
        scans.collect()
    }
}

/// Adds what another description of the same image says.
pub(crate) fn join(known: &mut Image, other: Image) {
    for reference in other.references {
        if !known.references.contains(&reference) {
            known.references.push(reference);
        }
    }
    for (role, digest) in other.digests {
        known.add_digest(role, digest);
    }
    known.platform = known.platform.take().or(other.platform);
    known.distribution = known.distribution.take().or(other.distribution);
    known.pushed_at = known.pushed_at.max(other.pushed_at);
}
