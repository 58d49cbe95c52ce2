//! A deadline table from TOML, checked whole: every wrong key, value, gap and unreachable row is told at
//! once. Refuses to repair anything.

use domain::severity::Severity;
use toml::{Table, Value};

use super::{Case, Deadlines, Row};
use crate::Error;

/// Longest deadline that is believed; longer ones are slips of the keyboard.
const MOST_DAYS: u32 = 3650;
/// How many cases without a row are named.
const NAMED_GAPS: usize = 3;

/// Reads and checks a table.
pub(super) fn table(text: &str) -> Result<Deadlines, Error> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let begin = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes()[..begin].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::Syntax { line, message: error.message().to_owned() }
    })?;
    let mut top = Section { place: String::new(), table: &table, problems: Vec::new() };
    top.only(&["name", "title", "source", "next_upgrade_days", "unknown", "row"]);
    let name = top.required_text("name");
    let title = top.required_text("title");
    let source = top.text("source");
    let next_upgrade_days = top.days("next_upgrade_days");
    if next_upgrade_days.is_none() && !table.contains_key("next_upgrade_days") {
        top.problem("`next_upgrade_days` is missing");
    }
    let (automatable, total_impact) = unknown(&mut top);
    let rows = rows(&mut top);
    let mut problems = top.problems;
    let decided = decide(&rows, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Table { problems });
    }
    Ok(Deadlines {
        name,
        title,
        source,
        next_upgrade_days: next_upgrade_days.unwrap_or(MOST_DAYS),
        automatable,
        total_impact,
        rows,
        decided,
    })
}

/// What counts where nobody has said.
fn unknown(top: &mut Section<'_>) -> (bool, bool) {
    let Some(Value::Table(table)) = top.table.get("unknown") else {
        top.problem("the section `[unknown]` is missing");
        return (true, true);
    };
    let mut section = Section { place: "[unknown] ".to_owned(), table, problems: Vec::new() };
    section.only(&["automatable", "total_impact"]);
    let mut stated = |key: &'static str| {
        if !table.contains_key(key) {
            section.problem(&format!("`{key}` is missing"));
        }
        section.truth(key).unwrap_or(true)
    };
    let found = (stated("automatable"), stated("total_impact"));
    top.problems.append(&mut section.problems);
    found
}

fn rows(top: &mut Section<'_>) -> Vec<Row> {
    let Some(Value::Array(values)) = top.table.get("row") else {
        top.problem("there is no `[[row]]`");
        return Vec::new();
    };
    let mut rows: Vec<Row> = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let place = format!("row {}: ", index + 1);
        let Value::Table(table) = value else {
            top.problems.push(format!("{place}not a table"));
            continue;
        };
        let mut section = Section { place, table, problems: Vec::new() };
        let row = row(&mut section);
        if rows.iter().any(|earlier| earlier.name == row.name) {
            section.problem(&format!("the name `{}` is taken by an earlier row", row.name));
        }
        top.problems.append(&mut section.problems);
        rows.push(row);
    }
    rows
}

fn row(section: &mut Section<'_>) -> Row {
    section.only(&[
        "name",
        "kev",
        "exposed",
        "automatable",
        "total_impact",
        "severity",
        "days",
        "next_upgrade",
        "triage",
    ]);
    let row = Row {
        name: section.required_text("name"),
        kev: section.truth("kev"),
        exposed: section.truth("exposed"),
        automatable: section.truth("automatable"),
        total_impact: section.truth("total_impact"),
        severity: section.severity("severity"),
        days: section.days("days"),
        next_upgrade: section.truth("next_upgrade").unwrap_or(false),
        triage: section.truth("triage").unwrap_or(false),
    };
    if row.days.is_some() && row.next_upgrade {
        section.problem("either `days` or `next_upgrade`, not both");
    }
    row
}

/// The first row that holds for each case. Cases without a row and rows without a case are problems.
fn decide(rows: &[Row], problems: &mut Vec<String>) -> Vec<usize> {
    let mut reached = vec![false; rows.len()];
    let mut gaps = Vec::new();
    let mut decided = Vec::new();
    for case in Case::all() {
        match rows.iter().position(|row| row.holds(case)) {
            Some(index) => {
                reached[index] = true;
                decided.push(index);
            }
            None => gaps.push(case),
        }
    }
    if !rows.is_empty() {
        for (row, _) in rows.iter().zip(reached).filter(|(_, reached)| !reached) {
            problems
                .push(format!("the row `{}` is never reached: earlier rows decide all its cases", row.name));
        }
        problems.extend(gaps.iter().take(NAMED_GAPS).map(|case| format!("no row decides {}", words(*case))));
        if gaps.len() > NAMED_GAPS {
            problems.push(format!("no row decides {} further cases", gaps.len() - NAMED_GAPS));
        }
    }
    decided
}

fn words(case: Case) -> String {
    let Case { kev, exposed, automatable, total_impact, severity } = case;
    format!(
        "kev = {kev}, exposed = {exposed}, automatable = {automatable}, total_impact = {total_impact}, \
         severity = \"{severity}\""
    )
}

/// A TOML table with a name for messages, and what is wrong in it.
struct Section<'a> {
    place: String,
    table: &'a Table,
    problems: Vec<String>,
}

impl Section<'_> {
    fn problem(&mut self, text: &str) {
        self.problems.push(format!("{}{text}", self.place));
    }

    fn only(&mut self, known: &[&str]) {
        for key in self.table.keys().filter(|key| !known.contains(&key.as_str())) {
            self.problems.push(format!("{}`{key}` is not known (known: {})", self.place, known.join(", ")));
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.table.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                self.problem(&format!("`{key}` must be a text that is not empty"));
                None
            }
        }
    }

    fn required_text(&mut self, key: &str) -> String {
        if !self.table.contains_key(key) {
            self.problem(&format!("`{key}` is missing"));
        }
        self.text(key).unwrap_or_default()
    }

    fn truth(&mut self, key: &str) -> Option<bool> {
        match self.table.get(key)? {
            Value::Boolean(truth) => Some(*truth),
            _ => {
                self.problem(&format!("`{key}` must be true or false"));
                None
            }
        }
    }

    fn days(&mut self, key: &str) -> Option<u32> {
        let days = match self.table.get(key)? {
            Value::Integer(days) => u32::try_from(*days).ok().filter(|days| (1..=MOST_DAYS).contains(days)),
            _ => None,
        };
        if days.is_none() {
            self.problem(&format!("`{key}` must be a whole number of days from 1 to {MOST_DAYS}"));
        }
        days
    }

    fn severity(&mut self, key: &str) -> Option<Severity> {
        let value = self.table.get(key)?;
        let known =
            value.as_str().and_then(|word| Severity::ALL.into_iter().find(|known| known.as_str() == word));
        if known.is_none() {
            let words = Severity::ALL.map(Severity::as_str).join(", ");
            self.problem(&format!("`{key}` must be one of {words}"));
        }
        known
    }
}
