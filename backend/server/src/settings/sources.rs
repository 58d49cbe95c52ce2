//! Sources of the settings file: `[[sources]]` with name, kind, schedule and what the connector must be
//! told, flat. Refuses to stop at the first problem: all of all sources are collected.

use std::collections::BTreeSet;

use config::{Value, ValueKind};
use connectors::Descriptor;
use domain::source::{FieldKind, Values, validate};
use pipeline::sync::Schedule;
use store::save::sources::Definition;

use super::layers::texts;

/// A source of the settings file.
#[derive(Clone)]
pub(crate) struct FileSource {
    /// As it is kept, without secrets.
    pub(crate) definition: Definition,
    /// All it is told.
    pub(crate) values: Values,
}

impl std::fmt::Debug for FileSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("FileSource").field("definition", &self.definition).finish_non_exhaustive()
    }
}

/// Reads the sources of a settings file, or tells all that is wrong with them.
pub(super) fn read(value: &Value, kinds: &[Descriptor], problems: &mut Vec<String>) -> Vec<FileSource> {
    let ValueKind::Array(tables) = &value.kind else {
        problems.push("`sources` must be written as `[[sources]]`, once for each".to_owned());
        return Vec::new();
    };
    let mut names = BTreeSet::new();
    let mut sources = Vec::new();
    for (position, table) in (1..).zip(tables) {
        let before = problems.len();
        let source = one(position, table, kinds, problems);
        if !names.insert(source.definition.name.clone()) {
            problems.push(format!("two sources are called `{}`: rename one of them", source.definition.name));
        }
        if problems.len() == before {
            sources.push(source);
        }
    }
    sources
}

fn one(position: usize, table: &Value, kinds: &[Descriptor], problems: &mut Vec<String>) -> FileSource {
    let mut values = Values::new();
    if let ValueKind::Table(table) = &table.kind {
        for (field, value) in table {
            match told(value) {
                Ok(texts) => drop(values.insert(field.clone(), texts)),
                Err(why) => problems.push(format!("source {position}: `{field}` {why}")),
            }
        }
    }
    let mut take = |field: &str| values.remove(field).and_then(|told| told.into_iter().next());
    let (name, kind, schedule) = (take("name"), take("kind"), take("schedule").unwrap_or_default());
    let enabled = take("enabled").is_none_or(|enabled| enabled == "true");
    let name = name.unwrap_or_default();
    let place = if name.is_empty() { format!("source {position}") } else { format!("source `{name}`") };
    if let Err(expected) = domain::source::check_name(&name) {
        problems.push(format!("{place}: `name` {expected}"));
    }
    if !schedule.is_empty()
        && let Err(expected) = schedule.parse::<Schedule>()
    {
        problems.push(format!("{place}: `schedule`: {expected}"));
    }
    let kind = kind.unwrap_or_default();
    match kinds.iter().find(|descriptor| descriptor.about.kind == kind) {
        Some(descriptor) => check(&place, descriptor, &values, problems),
        None => {
            let known: Vec<&str> = kinds.iter().map(|descriptor| descriptor.about.kind).collect();
            problems.push(format!("{place}: `kind` is `{kind}`: expected one of {}", known.join(", ")));
        }
    }
    let secret = |field: &str| {
        let descriptor = kinds.iter().find(|descriptor| descriptor.about.kind == kind);
        let fields = descriptor.map(|descriptor| descriptor.about.fields).unwrap_or_default();
        fields.iter().any(|known| known.name == field && matches!(known.kind, FieldKind::Secret))
    };
    let shown = values.iter().filter(|(field, _)| !secret(field));
    let shown = shown.map(|(field, told)| (field.clone(), told.clone())).collect();
    FileSource { definition: Definition { name, kind, values: shown, schedule, enabled }, values }
}

/// What a field is told: here, or where `{ env = "NAME" }` or `{ file = "/path" }` says.
fn told(value: &Value) -> Result<Vec<String>, String> {
    const EXPECTED: &str =
        "must be a value, a list of values, `{ env = \"NAME\" }` or `{ file = \"/path\" }`";
    let ValueKind::Table(table) = &value.kind else { return texts(value).ok_or_else(|| EXPECTED.to_owned()) };
    let place = |name: &str| {
        let named = table.get(name).filter(|_| table.len() == 1)?;
        named.clone().into_string().ok()
    };
    let text = if let Some(name) = place("env") {
        std::env::var(&name)
            .map_err(|_| format!("is to be had from the variable `{name}`, which is not set"))?
    } else if let Some(path) = place("file") {
        std::fs::read_to_string(&path).map_err(|error| format!("is to be had from `{path}`: {error}"))?
    } else {
        return Err(EXPECTED.to_owned());
    };
    Ok(vec![text.trim_end().to_owned()])
}

/// The rules of the fields, and then of the whole.
fn check(place: &str, descriptor: &Descriptor, values: &Values, problems: &mut Vec<String>) {
    let checked = validate(descriptor.about.fields, values);
    let found = checked.and_then(|()| (descriptor.build)(values).map(drop)).err().unwrap_or_default();
    problems.extend(found.iter().map(|problem| format!("{place}: {problem}")));
}

#[cfg(test)]
mod tests {
    use connectors::Connector;
    use domain::source::{Field, Problem, SourceKind};

    use super::*;

    const FIELDS: &[Field] = &[
        Field { name: "accounts", title: "", help: "", kind: FieldKind::List(|_| Ok(())), required: true },
        Field { name: "password", title: "", help: "", kind: FieldKind::Secret, required: false },
    ];

    fn refuse(_: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
        Err(vec![Problem { field: "accounts".to_owned(), message: "contradicts itself".to_owned() }])
    }

    const KINDS: &[Descriptor] = &[Descriptor {
        about: SourceKind {
            kind: "fake",
            title: "",
            summary: "",
            fields: FIELDS,
            permissions: &[],
            docs: "",
        },
        build: refuse,
    }];

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let file = config::File::from_str(text, config::FileFormat::Toml);
        let built = config::Config::builder().add_source(file).build().unwrap();
        let mut problems = Vec::new();
        read(&built.get::<Value>("sources").unwrap(), KINDS, &mut problems);
        assert_eq!(problems, expected);
    }

    #[test]
    fn what_a_field_is_told_may_lie_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "from a file\n").unwrap();
        let heard = |text: &str| {
            let text = format!("password = {text}\n");
            let file = config::File::from_str(&text, config::FileFormat::Toml);
            let built = config::Config::builder().add_source(file).build().unwrap();
            told(&built.get::<Value>("password").unwrap())
        };
        assert_eq!(heard(&format!("{{ file = {:?} }}", path.display())), Ok(vec!["from a file".to_owned()]));
        let path = std::env::var("PATH").unwrap();
        assert_eq!(heard("{ env = \"PATH\" }"), Ok(vec![path.trim_end().to_owned()]));
        assert_eq!(heard("\"here\""), Ok(vec!["here".to_owned()]));
        assert!(heard("{ env = \"PLIMSOLL_NOT_SET\" }").unwrap_err().contains("which is not set"));
        assert!(heard("{ file = \"/nowhere\" }").unwrap_err().contains("`/nowhere`"));
        for odd in ["{}", "{ env = \"A\", file = \"B\" }", "{ vault = \"A\" }", "[{ env = \"A\" }]"] {
            assert!(heard(odd).unwrap_err().starts_with("must be a value"), "{odd}");
        }
    }

    #[test]
    fn every_problem_of_every_source_is_told() {
        check(
            "[[sources]]\nname = \"Prod\"\nkind = \"fake\"\nschedule = \"soon\"\ncolour = \"red\"\n\
             [[sources]]\nname = \"b\"\nkind = \"none\"\n[[sources]]\nname = \"b\"\nkind = \"fake\"\naccounts = [\"1\"]\n",
            &[
                "source `Prod`: `name` takes lower-case letters, digits and dashes, and begins with a letter",
                "source `Prod`: `schedule`: `soon` is no schedule: expected `every 6h` (m, h, d) or a cron \
                 expression of five fields such as `30 2 * * *`, in UTC",
                "source `Prod`: `accounts`: is needed",
                "source `Prod`: `colour`: is not known here; known are accounts, password",
                "source `b`: `kind` is `none`: expected one of fake",
                "source `b`: `accounts`: contradicts itself",
                "two sources are called `b`: rename one of them",
            ],
        );
    }
}
