//! The mapping of Trivy's reports, data in, data out.
