//! Vulnerabilities: the list, and where one runs. Refuses two pages for one vulnerability: an alias leads
//! to its group.

mod detail;
mod list;
#[cfg(test)]
mod tests;

pub(crate) use detail::show;
pub(crate) use list::{Line, SPEC, export, filter_of, list};
