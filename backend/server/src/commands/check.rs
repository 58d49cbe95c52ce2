//! `plimsoll check`: settings and database, every problem at once. Refuses to change anything.

use color_eyre::eyre::Result;

use super::connect;
use crate::cli::Check;
use crate::console::{self, Answer};
use crate::settings::{self, Settings, Sources};

/// Prints every problem, or that there is none.
pub(crate) async fn run(command: &Check, sources: &Sources, json: bool) -> Result<Answer> {
    let (settings, mut problems) = match settings::load(sources) {
        Ok(settings) => (Some(settings), Vec::new()),
        Err(problems) => (None, problems.into_iter().map(|problem| problem.0).collect()),
    };
    if let Some(settings) = &settings {
        problems.extend(database_problems(settings).await);
        if command.show && !json {
            console::line(settings.show().trim_end());
        }
    }
    if json {
        console::json(&answer(settings.as_ref().filter(|_| command.show), &problems));
    } else if problems.is_empty() && !command.show {
        console::line("settings and database are in order");
    } else {
        for problem in &problems {
            console::note(&format!("problem: {problem}"));
        }
    }
    Ok(if problems.is_empty() { Answer::Good } else { Answer::Negative })
}

fn answer(shown: Option<&Settings>, problems: &[String]) -> serde_json::Value {
    let settings: Option<serde_json::Map<_, _>> = shown.map(|settings| {
        settings
            .origins
            .iter()
            .map(|(key, value, origin)| {
                // Values are written as TOML has them, which for these kinds is how JSON does.
                let value: serde_json::Value =
                    serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into());
                ((*key).to_owned(), serde_json::json!({ "value": value, "origin": origin }))
            })
            .collect()
    });
    serde_json::json!({ "problems": problems, "settings": settings })
}

async fn database_problems(settings: &Settings) -> Vec<String> {
    let store = match connect(settings).await {
        Ok(store) => store,
        Err(error) => {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            return vec![causes.join(": ")];
        }
    };
    match migrations::pending(store.connection()).await {
        Ok(pending) if pending.is_empty() => Vec::new(),
        Ok(pending) => {
            vec![format!("{} schema changes are pending: run `plimsoll migrate`", pending.len())]
        }
        Err(error) => vec![format!("the schema cannot be read: {error}")],
    }
}
