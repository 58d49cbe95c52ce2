//! `plimsoll check`: settings, database and the permissions of sources, every problem at
//! once. Refuses to change anything.

use color_eyre::eyre::Result;
use domain::source::Trial;

use super::{connect, sources};
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
    if let Some(settings) = settings.filter(|_| command.sources && problems.is_empty()) {
        return permissions(&settings, json).await;
    }
    Ok(if problems.is_empty() { Answer::Good } else { Answer::Negative })
}

/// Tries every permission of every source that is on, and prints a table. Sources of the settings file are
/// known once `serve`, `work` or `sync` has read it.
async fn permissions(settings: &Settings, json: bool) -> Result<Answer> {
    let store = connect(settings).await?;
    let engine = sources::engine(&store, settings)?;
    let mut lines = Vec::new();
    let mut refused = false;
    for source in sources::named(&store, &[]).await? {
        let trials = engine.try_permissions(source.id).await?;
        let trials = trials.map_or_else(
            |sentence| vec![[source.name.clone(), String::new(), String::new(), sentence]],
            |trials| trials.into_iter().map(|trial| line(&source.name, trial)).collect(),
        );
        refused |= trials.iter().any(|line| line[3] != GRANTED);
        lines.extend(trials);
    }
    if json {
        for [source, place, permission, outcome] in &lines {
            let refusal = (outcome != GRANTED).then_some(outcome);
            console::json(&serde_json::json!({
                "source": source, "scope": place, "permission": permission, "refusal": refusal,
            }));
        }
    } else {
        table(&lines);
    }
    Ok(if refused { Answer::Negative } else { Answer::Good })
}

/// What is printed of a permission that is there.
const GRANTED: &str = "granted";

fn line(source: &str, trial: Trial) -> [String; 4] {
    let outcome = trial.refusal.unwrap_or_else(|| GRANTED.to_owned());
    [source.to_owned(), trial.scope.to_string(), trial.action, outcome]
}

/// Columns as wide as their widest cell.
fn table(lines: &[[String; 4]]) {
    let heads = ["source", "where", "permission", "outcome"].map(str::to_owned);
    let all = || std::iter::once(&heads).chain(lines);
    let width = |column: usize| all().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    for [source, place, permission, outcome] in all() {
        let [first, second, third] = widths;
        console::line(&format!("{source:first$}  {place:second$}  {permission:third$}  {outcome}"));
    }
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
