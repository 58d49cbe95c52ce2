//! What the documents of Amazon's services have in common: the shapes their lists come in, how they
//! write times, images in ECR and packages. Refuses to be a format.

mod exploits;
mod images;
mod listing;
mod moment;
mod packages;

pub(crate) use crate::aside::Aside;
pub(crate) use crate::platforms::Platform;
pub(crate) use crate::scans::Scans;
pub(crate) use exploits::threat;
pub(crate) use images::EcrImage;
pub(crate) use listing::{Listing, Shape, place};
pub(crate) use moment::Moment;
pub(crate) use packages::{Package, cvss_source};

/// The name under which what Amazon Inspector says is kept, whichever document carries it.
pub(crate) const INSPECTOR: &str = "aws-inspector";
