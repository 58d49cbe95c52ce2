//! What a source can be told: fields with their rules, checked the same way from a file and from a page,
//! every problem at once. Refuses unknown names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One thing a source can be told.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name in files: snake case.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// One sentence of help.
    pub help: &'static str,
    /// Its rule.
    pub kind: FieldKind,
    /// Whether it must be told.
    pub required: bool,
}

/// The rule of a field.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// One line of text, checked by a function whose error says what was expected.
    Text(fn(&str) -> Result<(), String>),
    /// One line that is encrypted at rest and never shown again.
    Secret,
    /// A whole number within bounds.
    Number {
        /// Least.
        least: u64,
        /// Most.
        most: u64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any number of lines, each checked by a function.
    List(fn(&str) -> Result<(), String>),
    /// Yes or no.
    Flag,
}

/// What a source was told: lists with one entry a line; a single value is a list of one.
pub type Values = BTreeMap<String, Vec<String>>;

/// Something wrong in what a source was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("`{field}`: {message}")]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// What is wrong and what was expected.
    pub message: String,
}

/// Every problem of some values, in the order of the fields, unknown names last.
///
/// # Errors
/// All problems at once.
pub fn validate(fields: &[Field], values: &Values) -> Result<(), Vec<Problem>> {
    let known =
        fields.iter().flat_map(|field| problems(field, values.get(field.name).map_or(&[], Vec::as_slice)));
    let unknown =
        values.keys().filter(|name| fields.iter().all(|field| field.name != name.as_str())).map(|name| {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            Problem {
                field: name.clone(),
                message: format!("is not known here; known are {}", names.join(", ")),
            }
        });
    let problems: Vec<Problem> = known.chain(unknown).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn problems(field: &Field, values: &[String]) -> Vec<Problem> {
    let problem = |message: String| Problem { field: field.name.to_owned(), message };
    let told: Vec<&str> = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    if told.is_empty() {
        return if field.required { vec![problem("is needed".to_owned())] } else { Vec::new() };
    }
    if told.len() > 1 && !matches!(field.kind, FieldKind::List(_)) {
        return vec![problem("takes one value".to_owned())];
    }
    told.iter().filter_map(|value| check(field.kind, value).err()).map(problem).collect()
}

fn check(kind: FieldKind, value: &str) -> Result<(), String> {
    match kind {
        FieldKind::Text(rule) | FieldKind::List(rule) => rule(value),
        FieldKind::Secret => Ok(()),
        FieldKind::Number { least, most } => match value.parse::<u64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(()),
            _ => Err(format!("expected a whole number from {least} to {most}")),
        },
        FieldKind::Choice(words) if words.contains(&value) => Ok(()),
        FieldKind::Choice(words) => Err(format!("expected one of {}", words.join(", "))),
        FieldKind::Flag if ["true", "false"].contains(&value) => Ok(()),
        FieldKind::Flag => Err("expected true or false".to_owned()),
    }
}

/// Whether a text can be the name of a source.
///
/// # Errors
/// What was expected.
pub fn check_name(name: &str) -> Result<(), String> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() {
        Err("is needed".to_owned())
    } else if name.len() > 60 {
        Err("takes at most 60 characters".to_owned())
    } else if name.bytes().all(fits) && name.starts_with(|first: char| first.is_ascii_lowercase()) {
        Ok(())
    } else {
        Err("takes lower-case letters, digits and dashes, and begins with a letter".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, FieldKind, Values, validate};

    const FIELDS: &[Field] = &[
        Field {
            name: "role",
            title: "Role",
            help: "",
            kind: FieldKind::Text(|text| {
                if text.starts_with("arn:") { Ok(()) } else { Err("expected an ARN".to_owned()) }
            }),
            required: true,
        },
        Field {
            name: "hours",
            title: "Hours",
            help: "",
            kind: FieldKind::Number { least: 1, most: 24 },
            required: false,
        },
        Field {
            name: "mode",
            title: "Mode",
            help: "",
            kind: FieldKind::Choice(&["one", "all"]),
            required: false,
        },
    ];

    fn check(values: &[(&str, &[&str])], expected: &[&str]) {
        let values: Values = values
            .iter()
            .map(|(name, values)| {
                ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
            })
            .collect();
        let problems = validate(FIELDS, &values).err().unwrap_or_default();
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        check(&[("role", &["arn:aws:iam::1:role/x"])], &[]);
        check(
            &[("hours", &["25"]), ("mode", &["some"]), ("colour", &["red"])],
            &[
                "`role`: is needed",
                "`hours`: expected a whole number from 1 to 24",
                "`mode`: expected one of one, all",
                "`colour`: is not known here; known are role, hours, mode",
            ],
        );
    }

    #[test]
    fn a_single_value_is_not_a_list() {
        check(&[("role", &["arn:a", "arn:b"])], &["`role`: takes one value"]);
    }
}
