//! Lines to facts and back. Refuses half a line: what was cut off is said.

use domain::document::{Provenance, Warning};
use domain::id::RunId;
use domain::observation::Observation;
use domain::source::Scope;

use super::KIND;
use super::wire::{End, Header, Line};
use crate::{Error, Parsed};

/// The version that is written and read.
const VERSION: u32 = 1;

/// One part of a scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Whose it is.
    pub header: Header,
    /// What it carries, in order.
    pub carried: Vec<Carried>,
    /// How the scope ended, if this part ends it.
    pub end: Option<End>,
}

/// What a part carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Carried {
    /// A fact.
    Observation(Box<Observation>),
    /// A document, unread.
    Document(Vec<u8>, Box<Provenance>),
}

/// Reads a decompressed part.
///
/// # Errors
/// When a line cannot be read, with its number.
pub fn part(bytes: &[u8]) -> Result<Part, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| refused(1, "is not UTF-8"))?;
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let (number, first) = lines.next().ok_or_else(|| refused(1, "is missing"))?;
    let header: Header = serde_json::from_str(first).map_err(|error| refused(number, &error.to_string()))?;
    if header.version != VERSION {
        return Err(refused(number, &format!("is of version {}: this is version {VERSION}", header.version)));
    }
    let mut part = Part { header, carried: Vec::new(), end: None };
    for (number, line) in lines {
        match serde_json::from_str(line).map_err(|error| refused(number, &error.to_string()))? {
            Line::Observation(observation) => part.carried.push(Carried::Observation(observation)),
            Line::Document { provenance, text, hex } => {
                let bytes = text.map(String::into_bytes).or_else(|| unhex(&hex?));
                let bytes = bytes.ok_or_else(|| refused(number, "carries a document without bytes"))?;
                part.carried.push(Carried::Document(bytes, provenance));
            }
            Line::ScopeEnd(end) => part.end = Some(end),
        }
    }
    Ok(part)
}

/// What a part says, as any other document.
pub(super) fn parsed(bytes: &[u8]) -> Result<Parsed, Error> {
    let part = part(bytes)?;
    let mut parsed = Parsed::default();
    let mut documents = 0;
    for carried in part.carried {
        match carried {
            Carried::Observation(observation) => parsed.observations.push(*observation),
            Carried::Document(..) => documents += 1,
        }
    }
    if documents > 0 {
        let message = format!("carries {documents} documents, which only a pushed run hands on");
        parsed.warnings.push(Warning { at: "document".to_owned(), message });
    }
    Ok(parsed)
}

impl Header {
    /// The header of the first part of a scope.
    #[must_use]
    pub fn first(source: &str, run: RunId, scope: Scope) -> Self {
        let plimsoll = "observations".to_owned();
        Self { plimsoll, version: VERSION, source: source.to_owned(), run: run.to_string(), scope, part: 1 }
    }
}

/// The header's line.
#[must_use]
pub fn header_line(header: &Header) -> String {
    line(header)
}

/// The line of a fact.
#[must_use]
pub fn observation_line(observation: Box<Observation>) -> String {
    line(&Line::Observation(observation))
}

/// The line of a document.
#[must_use]
pub fn document_line(bytes: Vec<u8>, provenance: Box<Provenance>) -> String {
    let (text, hex) = match String::from_utf8(bytes) {
        Ok(text) => (Some(text), None),
        Err(error) => {
            let hex = error.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            (None, Some(hex))
        }
    };
    line(&Line::Document { provenance, text, hex })
}

/// The trailer's line.
#[must_use]
pub fn end_line(end: End) -> String {
    line(&Line::ScopeEnd(end))
}

fn line(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn refused(number: usize, reason: &str) -> Error {
    Error::Broken { kind: KIND, at: format!("line {number}"), offset: 0, expectation: reason.to_owned() }
}
