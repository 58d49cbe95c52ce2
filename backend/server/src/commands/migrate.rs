//! `plimsoll migrate`: brings the schema up to date, or says what is pending.

use color_eyre::eyre::{Result, WrapErr};

use super::connect;
use crate::cli::Migrate;
use crate::console::{self, Answer};
use crate::settings::Settings;

/// Applies what is pending; with `--dry-run` only lists it.
pub(crate) async fn run(command: &Migrate, settings: &Settings, json: bool) -> Result<Answer> {
    let store = connect(settings).await?;
    let database = settings.database_for_people();
    let pending =
        super::pending(&store).await.wrap_err_with(|| format!("the schema of {database} cannot be read"))?;
    if !command.dry_run {
        super::bring_up_to_date(&store, settings).await?;
    }
    if json {
        console::json(&serde_json::json!({ "pending": pending, "applied": !command.dry_run }));
    } else if pending.is_empty() {
        console::line(&format!("{database} is up to date"));
    } else {
        let verb = if command.dry_run { "pending" } else { "applied" };
        for name in pending {
            console::line(&format!("{verb} {name}"));
        }
    }
    Ok(Answer::Good)
}
