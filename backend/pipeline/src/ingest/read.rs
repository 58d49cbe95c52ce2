//! Reading a document without a database, and the line that says what it is. A panic in a parser becomes
//! that document's error. Refuses to let one document stop another.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::document::Warning;
use domain::mapping::ColumnMapping;
use formats::large::{self, Source};
use formats::{Format, Limits, Parsed};

use super::outcome::{Counts, Inspection, TargetName};
use super::{archive, lines};

/// What reading came to.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The line for people and machines.
    pub(crate) inspection: Inspection,
    /// The format and content, unless the document was refused.
    pub(crate) content: Option<(&'static Format, Parsed)>,
}

/// Recognises and reads a document, or reads it as somebody says, and nothing else; `size` is the most bytes after
/// decompression. An archive comes before what is in it.
#[must_use]
pub fn inspect(bytes: &[u8], name: &str, size: u64, mapping: Option<&ColumnMapping>) -> Vec<Inspection> {
    match archive::recognise(bytes) {
        Some(kind) => archive::inspect(bytes, kind, name, size, mapping),
        None => vec![read(bytes, name, size, mapping).inspection],
    }
}

/// Reads a document, as somebody says where somebody does, and says what it is.
pub(crate) fn read(bytes: &[u8], name: &str, size: u64, mapping: Option<&ColumnMapping>) -> Reading {
    let limits = Limits { size: usize::try_from(size).unwrap_or(usize::MAX), ..Limits::default() };
    if let Some(mapping) = mapping {
        let reading = catch_unwind(AssertUnwindSafe(|| formats::generic::read(bytes, limits, mapping)));
        return match reading {
            Ok(Ok(read)) => taken(name, read),
            Ok(Err(error)) => refused(name, kind_of(&error), &error.to_string()),
            Err(_) => defect(name),
        };
    }
    let by_line = || catch_unwind(AssertUnwindSafe(|| lines::read(bytes, limits))).ok().flatten();
    match catch_unwind(AssertUnwindSafe(|| formats::read(bytes, limits))) {
        Ok(Ok(read)) => taken(name, read),
        Ok(Err(error)) => match by_line() {
            Some(read) => taken(name, read),
            None => refused(name, kind_of(&error), &error.to_string()),
        },
        Err(_) => defect(name),
    }
}

/// Reads a long document in portions, unless it has to be read as a whole: because its kind does not allow it, or because
/// it may be several that follow each other.
pub(crate) fn in_portions(source: &dyn Source, name: &str, size: u64) -> Option<Reading> {
    let limits = Limits { size: usize::try_from(size).unwrap_or(usize::MAX), ..Limits::default() };
    match catch_unwind(AssertUnwindSafe(|| large::read(source, limits))).ok()? {
        Ok(read) => read.map(|read| taken(name, read)),
        Err(formats::Error::NotRecognised { .. }) => None,
        Err(formats::Error::Broken { at, .. }) if at.is_empty() => None,
        Err(error) => Some(refused(name, kind_of(&error), &error.to_string())),
    }
}

fn defect(name: &str) -> Reading {
    let error =
        "the reader of this format failed on it, which is our defect: please report it with the document";
    refused(name, None, error)
}

fn taken(name: &str, read: formats::Read) -> Reading {
    let parsed = read.parsed;
    let inspection = Inspection {
        file: name.to_owned(),
        kind: Some(read.format.kind.to_owned()),
        tool: parsed.tool.as_ref().map(|tool| tool.name.clone()),
        tool_version: parsed.tool.as_ref().and_then(|tool| tool.version.clone()),
        target: TargetName::of(&parsed),
        counts: Counts::of(&parsed),
        warnings: with_dangling(&parsed),
        error: None,
    };
    Reading { inspection, content: Some((read.format, parsed)) }
}

fn refused(name: &str, kind: Option<&str>, error: &str) -> Reading {
    let inspection = Inspection { kind: kind.map(str::to_owned), ..Inspection::unread(name, error) };
    Reading { inspection, content: None }
}

/// The format of a document that was recognised and then broke off.
fn kind_of(error: &formats::Error) -> Option<&'static str> {
    let kind = match error {
        formats::Error::Truncated { what, .. } => what,
        formats::Error::Broken { kind, .. } => kind,
        _ => return None,
    };
    formats::by_kind(kind).map(|format| format.kind)
}

fn with_dangling(parsed: &Parsed) -> Vec<Warning> {
    let mut warnings = parsed.warnings.clone();
    for observation in &parsed.observations {
        if let domain::observation::Observation::Scan(scan) = observation {
            let dangling = normalise::report::dangling(scan);
            if dangling > 0 {
                let message = format!("{dangling} findings name nothing that the document describes");
                warnings.push(Warning { at: scan.tool.name.clone(), message });
            }
        }
    }
    warnings
}
