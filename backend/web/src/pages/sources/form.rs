//! The form of a source, made from what its kind can be told: what was typed, what is wrong with it, and what
//! is kept of it. Every problem is told at once. Refuses to give a secret back: what was typed into a secret
//! field is never in an answer.

use std::collections::{BTreeMap, BTreeSet};

use domain::source::{Field, FieldKind, Problem, SourceKind, Values, check_name, validate};
use store::save::sources::{Definition, Secrets};
use store::sources::Source;

use crate::{Proposal, Sources};

/// What takes a secret off the record.
const FORGET: &str = "forget.";
/// Stands for a secret that stays as it is, where rules of single fields are checked.
const KEPT: &str = "kept";
/// Why a secret cannot be stored.
pub(super) const NO_KEY: &str = "cannot be stored: this server has no key to encrypt it with. Make one with \
     `openssl rand -base64 32`, set it as PLIMSOLL_SYNC_KEY or in a file named by `sync.key_file`, and start \
     the server again";

/// What somebody typed, or what is on record.
#[derive(Clone, Default)]
pub(super) struct Draft {
    name: String,
    schedule: String,
    enabled: bool,
    values: Values,
    /// Secrets as typed.
    secrets: BTreeMap<String, String>,
    /// Secret fields that are to be forgotten.
    forgotten: BTreeSet<String>,
}

/// The secrets of a source as they are on record.
#[derive(Default)]
pub(super) struct OnRecord {
    /// Names of the fields that are set.
    pub(super) fields: Vec<String>,
    /// All of them, sealed.
    pub(super) sealed: Option<Vec<u8>>,
}

/// What may be written down.
pub(super) struct Accepted {
    pub(super) definition: Definition,
    /// Absent where they stay as they are.
    pub(super) secrets: Option<Secrets>,
}

impl Draft {
    /// A source that is yet to be told anything.
    pub(super) fn new() -> Self {
        Self { enabled: true, schedule: "every 6h".to_owned(), ..Self::default() }
    }

    /// A source as it is on record.
    pub(super) fn of(source: &Source) -> Self {
        Self {
            name: source.name.clone(),
            schedule: source.schedule.clone(),
            enabled: source.enabled,
            values: source.values.clone(),
            ..Self::default()
        }
    }

    /// What a form of this kind sent.
    pub(super) fn read(kind: &SourceKind, sent: &BTreeMap<String, String>) -> Self {
        let mut draft = Self::default();
        for (name, text) in sent {
            let field = kind.fields.iter().find(|field| field.name == name).map(|field| field.kind);
            match (name.as_str(), field) {
                ("csrf", _) => {}
                ("name", _) => draft.name = text.trim().to_owned(),
                ("schedule", _) => draft.schedule = text.trim().to_owned(),
                ("enabled", _) => draft.enabled = text == "true",
                (_, Some(FieldKind::Secret)) if text.is_empty() => {}
                (_, Some(FieldKind::Secret)) => drop(draft.secrets.insert(name.clone(), text.clone())),
                (_, Some(FieldKind::List(_))) => draft.tell(name, text.lines()),
                (name, None) if name.starts_with(FORGET) => {
                    draft.forgotten.insert(name.trim_start_matches(FORGET).to_owned());
                }
                _ => draft.tell(name, std::iter::once(text.as_str())),
            }
        }
        draft
    }

    fn tell<'a>(&mut self, name: &str, texts: impl Iterator<Item = &'a str>) {
        let told: Vec<String> =
            texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
        if !told.is_empty() {
            self.values.insert(name.to_owned(), told);
        }
    }

    /// What may be written down of it, or every problem.
    pub(super) fn accept(
        &self,
        sources: &Sources,
        kind: &SourceKind,
        on_record: &OnRecord,
    ) -> Result<Accepted, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut check = |field: &str, checked: Result<(), String>| {
            problems.extend(checked.err().map(|message| Problem { field: field.to_owned(), message }));
        };
        check("name", check_name(&self.name));
        if !self.schedule.is_empty() {
            check("schedule", (sources.schedule)(&self.schedule));
        }
        if sources.sealer.is_none() {
            self.secrets.keys().for_each(|field| check(field, Err(NO_KEY.to_owned())));
        }
        let kept = self.kept(on_record);
        let sealed = on_record.sealed.as_deref().filter(|_| !kept.is_empty());
        let mut values = self.values.clone();
        values.extend(self.secrets.iter().map(|(field, text)| (field.clone(), vec![text.clone()])));
        let mut told = values.clone();
        told.extend(kept.iter().map(|field| ((*field).clone(), vec![KEPT.to_owned()])));
        let whole = Proposal { kind: kind.kind, values: &values, sealed };
        problems.extend(
            validate(kind.fields, &told).and_then(|()| (sources.rules)(whole)).err().unwrap_or_default(),
        );
        if !problems.is_empty() {
            return Err(problems);
        }
        let secrets = self.sealed(sources, sealed)?;
        let definition = Definition {
            name: self.name.clone(),
            kind: kind.kind.to_owned(),
            values: self.values.clone(),
            schedule: self.schedule.clone(),
            enabled: self.enabled,
        };
        Ok(Accepted { definition, secrets })
    }

    /// The secret fields on record that stay as they are.
    fn kept<'a>(&self, on_record: &'a OnRecord) -> Vec<&'a String> {
        let stays = |field: &&String| !self.secrets.contains_key(*field) && !self.forgotten.contains(*field);
        on_record.fields.iter().filter(stays).collect()
    }

    /// The secrets sealed anew, if any changed.
    fn sealed(&self, sources: &Sources, sealed: Option<&[u8]>) -> Result<Option<Secrets>, Vec<Problem>> {
        let forgotten = self.forgotten.iter().map(|field| (field.clone(), None));
        let typed = self.secrets.iter().map(|(field, text)| (field.clone(), Some(text.clone())));
        let changes: BTreeMap<String, Option<String>> = forgotten.chain(typed).collect();
        if changes.is_empty() {
            return Ok(None);
        }
        let problem = |message: String| vec![Problem { field: String::new(), message }];
        let seal = sources.sealer.as_ref().ok_or_else(|| problem(format!("A secret {NO_KEY}.")))?;
        seal(sealed, &changes).map(Some).map_err(problem)
    }

    /// The form, with what is wrong beside each field.
    pub(super) fn form(
        &self,
        sources: &Sources,
        kind: &SourceKind,
        stored: &[String],
        problems: &[Problem],
    ) -> Form {
        let of = |name: &str, title: &str| -> Vec<String> {
            let here = problems.iter().filter(|problem| problem.field == name);
            here.map(|problem| told(title, &problem.message)).collect()
        };
        let shown = |field: &Field| Shown {
            name: field.name,
            title: field.title,
            help: field.help,
            required: field.required,
            problems: of(field.name, field.title),
            input: self.input(field, stored, sources.sealer.is_some()),
        };
        let known = |name: &str| {
            ["name", "schedule"].contains(&name) || kind.fields.iter().any(|field| field.name == name)
        };
        let others = problems.iter().filter(|problem| !known(&problem.field));
        Form {
            name: self.name.clone(),
            name_problems: of("name", "Name"),
            schedule: self.schedule.clone(),
            schedule_problems: of("schedule", "Schedule"),
            enabled: self.enabled,
            fields: kind.fields.iter().map(shown).collect(),
            others: others
                .map(|problem| match problem.field.as_str() {
                    "" => problem.message.clone(),
                    field => told(&format!("`{field}`"), &problem.message),
                })
                .collect(),
        }
    }

    fn input(&self, field: &Field, stored: &[String], can_store: bool) -> Input {
        let told = self.values.get(field.name).map(Vec::as_slice).unwrap_or_default();
        let one = || told.first().cloned().unwrap_or_default();
        match field.kind {
            FieldKind::Text(_) => Input::Line { value: one(), numeric: false },
            FieldKind::Number { .. } => Input::Line { value: one(), numeric: true },
            FieldKind::List(_) => Input::Lines { value: told.join("\n") },
            FieldKind::Flag => Input::Flag { on: one() == "true" },
            FieldKind::Choice(words) => {
                Input::Choice { options: words.iter().map(|word| (*word, one() == *word)).collect() }
            }
            FieldKind::Secret => Input::Secret {
                stored: stored.iter().any(|known| known == field.name),
                can_store,
                forgotten: self.forgotten.contains(field.name),
            },
        }
    }
}

/// A form, ready to show.
pub(super) struct Form {
    pub(super) name: String,
    pub(super) name_problems: Vec<String>,
    pub(super) schedule: String,
    pub(super) schedule_problems: Vec<String>,
    pub(super) enabled: bool,
    pub(super) fields: Vec<Shown>,
    /// Problems of no field that is shown.
    pub(super) others: Vec<String>,
}

impl Form {
    /// Every problem with the field it leads to, in the order of the form.
    pub(super) fn problems(&self) -> Vec<(&'static str, &str)> {
        let mut all: Vec<(&'static str, &str)> = self.others.iter().map(|text| ("", text.as_str())).collect();
        all.extend(self.name_problems.iter().map(|text| ("name", text.as_str())));
        for field in &self.fields {
            all.extend(field.problems.iter().map(|text| (field.name, text.as_str())));
        }
        all.extend(self.schedule_problems.iter().map(|text| ("schedule", text.as_str())));
        all
    }
}

/// A field of the form.
pub(super) struct Shown {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) help: &'static str,
    pub(super) required: bool,
    pub(super) problems: Vec<String>,
    pub(super) input: Input,
}

/// How a field is filled in.
pub(super) enum Input {
    /// One line.
    Line { value: String, numeric: bool },
    /// An entry a line.
    Lines { value: String },
    /// Yes or no.
    Flag { on: bool },
    /// One of some words.
    Choice { options: Vec<(&'static str, bool)> },
    /// A secret: only whether one is stored.
    Secret { stored: bool, can_store: bool, forgotten: bool },
}

/// A problem as a sentence about its field.
fn told(title: &str, message: &str) -> String {
    let message = message.trim_end_matches('.');
    let goes_on =
        ["is ", "takes ", "cannot ", "contradicts ", "must "].iter().any(|verb| message.starts_with(verb));
    if goes_on { format!("{title} {message}.") } else { format!("{title}: {message}.") }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn problems_are_sentences() {
        assert_eq!(told("Role", "is needed"), "Role is needed.");
        assert_eq!(
            told("Regions", "expected a region such as `eu-west-1`"),
            "Regions: expected a region such as `eu-west-1`."
        );
    }
}
