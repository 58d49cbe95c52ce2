//! What documents of Clair and of what is built on it have in common: how vulnerabilities are named, which
//! ecosystem a word stands for, how a fix is written. Refuses to be a format.

mod names;
mod words;

pub(crate) use names::{Named, is_advisory, names};
pub(crate) use words::{TOOL, ecosystem, fix, platform_of_repository, severity};
