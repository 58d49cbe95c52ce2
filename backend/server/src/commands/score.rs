//! `plimsoll score`: plain facts in, scores out. Refuses a database.

use color_eyre::eyre::{Result, WrapErr, eyre};
use connectors::folder;

use crate::cli::Score;
use crate::console::{self, Answer};

/// The largest file of facts, in bytes.
const LIMIT: u64 = 512 << 20;

/// Prints the scores as one JSON value.
pub(crate) fn run(command: &Score) -> Result<Answer> {
    let delivery = folder::deliveries(std::slice::from_ref(&command.facts), LIMIT)
        .next()
        .ok_or_else(|| eyre!("`{}` holds no file", command.facts.display()))?;
    let bytes = delivery.content?.into_bytes()?;
    let text =
        std::str::from_utf8(&bytes).wrap_err_with(|| format!("{} is not UTF-8 text", delivery.name))?;
    let constants = score::Constants::embedded()?;
    let output = score::facts::score_json(text, &constants).wrap_err_with(|| delivery.name.clone())?;
    console::json(&output);
    Ok(Answer::Good)
}
