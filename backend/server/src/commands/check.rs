//! `plimsoll check`: settings, database and the permissions of sources, every problem at
//! once. Refuses to change anything.

use color_eyre::eyre::Result;
use domain::source::Trial;
use pipeline::sync::try_permissions;
use store::save::sources::Definition;

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
    let mut answer = if problems.is_empty() { Answer::Good } else { Answer::Negative };
    if let Some(settings) = settings.filter(|_| command.sources)
        && permissions(&settings, problems.is_empty(), json).await? == Answer::Negative
    {
        answer = Answer::Negative;
    }
    Ok(answer)
}

/// Tries every permission of every source that is on, and prints a table. Those of the settings file need no
/// database, as where `collect` runs; those that pages made are tried when it is in order.
async fn permissions(settings: &Settings, database: bool, json: bool) -> Result<Answer> {
    let mut lines = Vec::new();
    for source in settings.sources.iter().filter(|source| source.definition.enabled) {
        let Definition { name, kind, .. } = &source.definition;
        let trials = try_permissions(connectors::CONNECTORS, (kind, &source.values), &settings.sync).await;
        lines.extend(told(name, trials));
    }
    if database {
        let store = connect(settings).await?;
        let engine = sources::engine(&store, settings)?;
        for source in sources::made_on_pages(&store).await? {
            lines.extend(told(&source.name, engine.try_permissions(source.id).await?));
        }
    }
    if lines.is_empty() {
        return Err(sources::none());
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
    let refused = lines.iter().any(|line| line[3] != GRANTED);
    Ok(if refused { Answer::Negative } else { Answer::Good })
}

fn told(source: &str, trials: Result<Vec<Trial>, String>) -> Vec<[String; 4]> {
    match trials {
        Ok(trials) => trials.into_iter().map(|trial| line(source, trial)).collect(),
        Err(sentence) => vec![[source.to_owned(), String::new(), String::new(), sentence]],
    }
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
    let mut problems = match super::pending(&store).await {
        Ok(pending) if pending.is_empty() => Vec::new(),
        Ok(pending) => {
            vec![format!("{} schema changes are pending: run `plimsoll migrate`", pending.len())]
        }
        Err(error) => vec![format!("the schema cannot be read: {error}")],
    };
    problems.extend(store::jobs::check(&store).await.err().map(|error| error.to_string()));
    problems
}
