//! What people are told of a document: the journal's sentence and warnings about what is kept unread.
//! Refuses the document's own text.

use std::collections::BTreeSet;

use domain::document::Warning;
use store::documents::UNRESOLVED;
use store::save::tags::Key;

use super::content::Content;
use super::{Changes, Inspection, feeds, threats};

/// Says that records of databases and lifecycles of products are kept with their document only, unless they have a
/// word on exploits.
pub(super) fn note_records(content: &Content, warnings: &mut Vec<Warning>) {
    let unused = content.feeds.iter().filter(|feed| !feeds::is_used(feed));
    let records: usize = unused.map(threats::silent).sum();
    if records > 0 {
        let message = format!("{records} records are kept with the document; nothing is judged by them yet");
        warnings.push(Warning { at: String::new(), message });
    }
}

/// Says which tags a document names that were first seen after it was written.
pub(super) fn note_presumed(tags: &BTreeSet<Key>, warnings: &mut Vec<Warning>) {
    warnings.extend(tags.iter().map(|(registry, repository, tag)| Warning {
        at: format!("{registry}/{repository}:{tag}"),
        message: "the tag was first seen after this was written; it is taken for the image that it was first seen on, \
                  which had been made by then"
            .to_owned(),
    }));
}

/// The journal's sentence.
pub(super) fn message(inspection: &Inspection, changes: &Changes, state: &str) -> String {
    if let Some(error) = &inspection.error {
        return format!("Refused: {error}.");
    }
    let kind = inspection.kind.as_deref().unwrap_or("document");
    let Changes { added, closed, unchanged, unresolved } = *changes;
    let counts = [(added, "added"), (closed, "closed"), (unchanged, "unchanged"), (unresolved, "unresolved")];
    let counted = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = counted.map(|(count, word)| format!("{count} {word}")).collect();
    let findings = if told.is_empty() { "no finding changed".to_owned() } else { told.join(", ") };
    let rest = if state == UNRESOLVED { "; the image is not known yet" } else { "" };
    format!("Read as {kind}: {findings}{rest}.")
}
