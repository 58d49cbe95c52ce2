//! The forms that settings of connectors share: how a field is written, read and checked. Refuses to know any field by
//! its name but those that say what tags mean.

use domain::source::{Field, FieldKind, Problem, Values};

use crate::service::{Vendor, names};
use crate::tags::TagRules;

/// Says what was expected of a text.
type Rule = fn(&str) -> Result<(), String>;

/// A field of any number of lines.
pub(crate) const fn list(name: &'static str, title: &'static str, help: &'static str, rule: Rule) -> Field {
    Field { name, title, help, kind: FieldKind::List(rule), required: false }
}

/// A field of one line.
pub(crate) const fn text(name: &'static str, title: &'static str, help: &'static str, rule: Rule) -> Field {
    Field { name, title, help, kind: FieldKind::Text(rule), required: false }
}

/// A field of one word of some.
pub(crate) const fn choice(
    name: &'static str,
    title: &'static str,
    help: &'static str,
    words: &'static [&'static str],
) -> Field {
    Field { name, title, help, kind: FieldKind::Choice(words), required: false }
}

/// A field of a whole number within bounds.
pub(crate) const fn number(
    name: &'static str,
    title: &'static str,
    help: &'static str,
    (least, most): (u64, u64),
) -> Field {
    Field { name, title, help, kind: FieldKind::Number { least, most }, required: false }
}

/// A field of yes or no.
pub(crate) const fn flag(name: &'static str, title: &'static str, help: &'static str) -> Field {
    Field { name, title, help, kind: FieldKind::Flag, required: false }
}

/// What a field was told, without blanks and repetitions.
pub(crate) fn many(values: &Values, name: &str) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for value in values.get(name).into_iter().flatten().map(|value| value.trim()) {
        if !value.is_empty() && told.iter().all(|known| known != value) {
            told.push(value.to_owned());
        }
    }
    told
}

/// The first of what a field was told.
pub(crate) fn one(values: &Values, name: &str) -> Option<String> {
    many(values, name).into_iter().next()
}

/// An address without the slash at its end.
pub(crate) fn bare(values: &Values, name: &str) -> Option<String> {
    one(values, name).map(|address| address.trim_end_matches('/').to_owned())
}

/// Something wrong with a field.
pub(crate) fn problem(field: &str, message: impl Into<String>) -> Problem {
    Problem { field: field.to_owned(), message: message.into() }
}

/// What tags mean, by the fields that name owners and environments; what is wrong with it is added to the problems.
pub(crate) fn tag_rules(
    values: &Values,
    (owners, environments): (&str, &str),
    problems: &mut Vec<Problem>,
) -> TagRules {
    const CRITICALITY: &str = "criticality_rules";
    let (owners, environments) = (many(values, owners), many(values, environments));
    TagRules::parse(&owners, &environments, &many(values, CRITICALITY)).unwrap_or_else(|refusals| {
        problems.extend(refusals.into_iter().map(|refusal| problem(CRITICALITY, refusal)));
        TagRules::default()
    })
}

/// Says what was expected where something is not right.
pub(crate) fn expect(right: bool, text: &str, expected: &str) -> Result<(), String> {
    if right { Ok(()) } else { Err(format!("`{text}`: expected {expected}")) }
}

/// The word of a service.
pub(crate) fn service<V: Vendor>(text: &str) -> Result<(), String> {
    let names = names::<V>();
    expect(names.contains(&text), text, &format!("one of {}", names.join(", ")))
}

/// An address of HTTP, to which nothing secret belongs.
pub(crate) fn address(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let right = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains([' ', '@', '?', '#']));
    expect(right, text, "an address that begins with https:// or http://, without credentials")
}
