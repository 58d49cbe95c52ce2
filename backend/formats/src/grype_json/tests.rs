//! The mapping of Grype's reports, data in, data out.
