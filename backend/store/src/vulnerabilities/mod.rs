//! Vulnerabilities: the list, and one vulnerability with where it runs. Refuses to show a name twice: an
//! alias leads to its group.

mod detail;
mod list;

pub use detail::{
    AffectedComponent, CvssRow, KevEntry, ReportingTool, ThreatRow, VexRow, VulnerabilityDetail,
    affected_images, affected_workloads, components, cvss, detail, names, resolve, threats, tools, vex,
};
pub use list::{Filter, Presence, SORTS, VulnerabilityRow, list};
