//! What SPDX means, whichever way it is spelled: JSON, tag-value text and the graph of version 3 build the
//! same object model and map it here. Refuses to read bytes.

mod described;
mod map;

pub(crate) use map::map;
