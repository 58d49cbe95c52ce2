//! How a document's state, contents and changes are said, in the list and on its own page alike.
//! Refuses to invent: a document that was not read holds nothing that is known.

use store::documents::{FAILED, PROCESSED, Row, UNRESOLVED, WAITING};

use crate::filters::grouped;

/// What a document can hold, in the order of interest: the word in storage, one and many.
const HOLDINGS: [(&str, &str, &str); 7] = [
    ("findings", "finding", "findings"),
    ("components", "component", "components"),
    ("workloads", "workload", "workloads"),
    ("statements", "statement", "statements"),
    ("records", "record", "records"),
    ("events", "event", "events"),
    ("members", "document", "documents"),
];

/// A state for people: label, tone of its badge, and what it means.
pub(crate) fn state(row: &Row) -> (&'static str, &'static str, &'static str) {
    match row.state.as_str() {
        WAITING => ("waiting", "info", "Stored; it will be read in a moment"),
        PROCESSED => ("read", "plain", "Read, and what it says is stored"),
        UNRESOLVED => ("unresolved", "unknown", "Read, but the image it speaks of is not known"),
        FAILED => ("unreadable", "bad", "It could not be read; nothing but its bytes was kept"),
        _ => ("unknown", "unknown", ""),
    }
}

/// A sentence of a reader, which begins small and has no full stop, as one for people.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Whether it is yet to be read.
pub(crate) fn is_waiting(row: &Row) -> bool {
    row.state == WAITING
}

/// Whether anything can be said of its contents.
pub(crate) fn is_read(row: &Row) -> bool {
    row.error.is_none()
        && (row.processed_at.is_some() || matches!(row.state.as_str(), PROCESSED | UNRESOLVED))
}

/// What it holds, most telling first: number and noun.
pub(crate) fn holdings(row: &Row) -> Vec<(String, &'static str)> {
    HOLDINGS
        .iter()
        .filter(|(word, _, _)| row.count(word) > 0)
        .map(|(word, one, many)| {
            let count = row.count(word);
            (grouped(&count.to_string()), if count == 1 { *one } else { *many })
        })
        .collect()
}

/// What reading it changed: sign and number, and a word for it.
pub(crate) fn changes(row: &Row) -> Vec<(String, &'static str)> {
    [
        ("added", "+", "added"),
        ("closed", "\u{2212}", "closed"),
        ("unchanged", "", "unchanged"),
        ("unresolved", "", "unresolved"),
    ]
    .iter()
    .filter(|(word, _, _)| row.change(word) > 0)
    .map(|(word, sign, label)| (format!("{sign}{}", grouped(&row.change(word).to_string())), *label))
    .collect()
}

/// What it speaks of: the image's name, or its own words.
pub(crate) fn target(row: &Row) -> Option<&str> {
    row.image_name.as_deref().or(row.target.as_deref()).or(row.image_reference.as_deref())
}

/// The page of the image it was attached to.
pub(crate) fn image_href(row: &Row) -> Option<String> {
    row.image_id.map(|image| format!("/images/{image}"))
}
