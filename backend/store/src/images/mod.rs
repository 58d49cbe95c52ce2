//! Images: the list, one image with everything known of it, and the ways by which a text leads to one.
//! Refuses to scan findings for a list: counts are read from the image's own row.

mod attestations;
mod components;
mod detail;
mod lineage;
mod list;
mod places;
mod resolve;
mod signatures;

pub use attestations::{AttestationRow, attestations};
pub use components::{ListedComponent, components};
pub use detail::{
    DigestRow, DocumentRow, ImageDetail, RunRow, ScanRow, TabCounts, TagRow, detail, digests, documents,
    runs, scans, tags,
};
pub use lineage::{BaseRow, base, components_named};
pub(crate) use list::severities;
pub use list::{Facets, Filter, ImageRow, Package, SORTS, ScanState, facets, list};
pub use places::{CoverageRow, PlaceRow, RepositorySettings, coverage, places};
pub use resolve::{Resolved, resolve};
pub use signatures::{SignatureRow, Standing, signatures};
