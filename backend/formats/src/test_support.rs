//! Where unit tests find the corpus, and the scans and events of what was read. Refuses to be needed: without a
//! corpus such tests pass and say so.

use std::path::PathBuf;

use domain::observation::Observation;
use domain::runtime::RuntimeEvent;
use domain::scan::Scan;

use crate::Parsed;

/// The scans among what a document says.
pub(crate) fn scans(parsed: &Parsed) -> Vec<&Scan> {
    parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Scan(scan) => Some(scan),
            _ => None,
        })
        .collect()
}

/// The runtime events among what a document says.
pub(crate) fn events(parsed: &Parsed) -> Vec<&RuntimeEvent> {
    parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Runtime(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// The programs that were executed, each with the id of its container.
pub(crate) fn executed(parsed: &Parsed) -> Vec<(&str, Option<&str>)> {
    files(parsed, false)
}

/// The libraries that were loaded, each with the id of its container.
pub(crate) fn loaded(parsed: &Parsed) -> Vec<(&str, Option<&str>)> {
    files(parsed, true)
}

fn files(parsed: &Parsed, loaded: bool) -> Vec<(&str, Option<&str>)> {
    parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Executed(one) if one.loaded == loaded => {
                Some((one.file.as_str(), one.container.id.as_deref()))
            }
            _ => None,
        })
        .collect()
}

/// What is told of a document.
pub(crate) fn messages(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

/// A folder of the corpus, or nothing (with a note) where there is no corpus.
pub(crate) fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PLIMSOLL_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus")),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no corpus");
    None
}
