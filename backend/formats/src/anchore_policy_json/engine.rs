//! Answers of Engine: rows below an image's digest, tag and id. Refuses rows without a gate: their columns are
//! others than these.

use super::map::{Broken, Found, Mapper};
use super::wire::{Answer, Cell, Evaluated, Member, Table};
use crate::Parsed;
use crate::json::Text;
use crate::untrusted::bounded;

const NO_DETAILS: &str = "the evaluation was asked for without its details";

/// Maps answers.
pub(super) fn answers<'r>(answers: &'r [Answer<'r>]) -> Parsed {
    let mut mapper = Mapper::default();
    for (number, Answer(images)) in answers.iter().enumerate() {
        for (digest, tags) in images {
            for (tag, evaluations) in &tags.0 {
                for (nth, evaluated) in evaluations.iter().flatten().enumerate() {
                    let at = bounded(&format!("[{number}].{digest}.{tag}[{nth}]"), "", mapper.warnings());
                    mapper.add(evaluation(evaluated, digest, tag, at));
                }
            }
        }
    }
    mapper.build()
}

fn evaluation<'r>(evaluated: &'r Evaluated<'r>, digest: &'r str, tag: &'r str, at: String) -> Found<'r> {
    let results = evaluated.detail.result.as_ref();
    let image_id = results.map_or("", |results| &*results.image_id);
    let tables: Vec<&Table<'_>> = results
        .into_iter()
        .flat_map(|results| &results.result)
        .filter_map(|(_, member)| match member {
            Member::Image { result } => Some(result),
            Member::Other(_) => None,
        })
        .collect();
    Found {
        digest,
        tag,
        image_id,
        policy: &evaluated.policy_id,
        time: &evaluated.last_evaluation,
        partial: tables.is_empty().then(|| NO_DETAILS.to_owned()),
        broken: tables.into_iter().flat_map(checks).collect(),
        at,
    }
}

/// The rows of a table by the names of its columns.
fn checks<'r>(table: &'r Table<'r>) -> impl Iterator<Item = Broken<'r>> {
    let column = |name: &str| table.header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let columns = ["Gate", "Trigger", "Trigger_Id", "Check_Output", "Gate_Action", "Whitelisted"].map(column);
    table.rows.iter().map(move |row| {
        let [gate, trigger, id, description, action, exception] =
            columns.map(|column| column.and_then(|column| row.get(column)));
        Broken {
            gate: text(gate),
            trigger: text(trigger),
            id: text(id),
            description: text(description),
            action: text(action),
            exception: match exception {
                Some(Cell::Exception { whitelist_name }) => Some(whitelist_name.filled().unwrap_or_default()),
                Some(Cell::Text(Text(word))) if &**word == "true" => Some(""),
                _ => None,
            },
        }
    })
}

fn text<'r>(cell: Option<&'r Cell<'r>>) -> &'r str {
    match cell {
        Some(Cell::Text(text)) => text,
        _ => "",
    }
}
