//! Clusters as their provider describes them: the list, and one by its id or by the name that its workloads call it.
//! Refuses clusters that only their workloads speak of: nothing is known of those but the name.

mod admission;
mod list;

pub use admission::{Admission, AdmissionRow, admission};
pub use list::{ClusterRow, Filter, SORTS, called, detail, list};
