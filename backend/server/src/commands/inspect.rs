//! `plimsoll inspect`: recognise and parse, nothing else, also what lies in archives. Refuses a database, but for a mapping
//! that is saved in one.

use color_eyre::eyre::Result;
use connectors::{CollectError, Content, folder};
use domain::mapping::ColumnMapping;
use pipeline::Inspection;

use super::mapping;
use crate::cli::Inspect;
use crate::console::{self, Answer};
use crate::settings::Settings;

/// Prints one line a file, in archives too.
pub(crate) fn run(command: &Inspect, settings: &Settings, json: bool) -> Result<Answer> {
    let mapping = match &command.mapping {
        Some(told) => Some(mapping::named(told)?.alone(settings)?),
        None => None,
    };
    let mut answer = Answer::Good;
    for delivery in folder::deliveries(&command.files, settings.max_document_bytes) {
        let name = &delivery.name;
        let read = |content| inspect(content, name, settings.max_document_bytes, mapping.as_ref());
        let inspections = match delivery.content.and_then(read) {
            Ok(inspections) => inspections,
            Err(error) => {
                answer = Answer::Failed;
                vec![Inspection::unread(name, &error.to_string())]
            }
        };
        for inspection in &inspections {
            if inspection.error.is_some() && answer == Answer::Good {
                answer = Answer::Negative;
            }
            if json {
                console::json(inspection);
            } else {
                console::line(&sentence(inspection));
            }
        }
    }
    Ok(answer)
}

/// Reads a long file in portions where that can be.
fn inspect(
    content: Content,
    name: &str,
    size: u64,
    mapping: Option<&ColumnMapping>,
) -> Result<Vec<Inspection>, CollectError> {
    if mapping.is_none()
        && let Content::Long(path) = &content
        && let Some(inspection) = pipeline::inspect_long(path, name, size)
    {
        return Ok(vec![inspection]);
    }
    Ok(pipeline::inspect(&content.into_bytes()?, name, size, mapping))
}

/// The line for people: what it is, then only the counts that are not zero.
pub(super) fn sentence(inspection: &Inspection) -> String {
    let file = &inspection.file;
    if let Some(error) = &inspection.error {
        return format!("{file}: {error}");
    }
    let tool = match (&inspection.tool, &inspection.tool_version) {
        (Some(tool), Some(version)) => format!(" by {tool} {version}"),
        (Some(tool), None) => format!(" by {tool}"),
        _ => String::new(),
    };
    let target = inspection.target.reference.as_ref().or(inspection.target.digest.as_ref());
    let of = target.map(|target| format!(" of {target}")).unwrap_or_default();
    let counts: Vec<String> = inspection
        .counts
        .named()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let counts = if counts.is_empty() { "nothing listed".to_owned() } else { counts.join(", ") };
    let mut text = format!("{file}: {}{tool}{of}: {counts}", inspection.kind.as_deref().unwrap_or("unknown"));
    for warning in &inspection.warnings {
        text.push_str(&format!("\n  warning at {}: {}", warning.at, warning.message));
    }
    text
}
