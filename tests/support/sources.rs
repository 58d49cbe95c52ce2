//! A server that can really ask an emulated AWS: its credentials are in the environment, as they would be on
//! a machine with an identity. Refuses the caller's own credentials.

use std::ffi::OsString;
use std::path::Path;

use crate::aws::{Aws, Estate};
use crate::cloud::Cloud;
use crate::must;
use crate::served::Served;

/// The name of the source of the settings file; it runs on request alone.
pub const FROM_FILE: &str = "filed";

/// A server over an empty database, whose settings file names one account and region of the emulator.
#[must_use]
pub fn served(aws: &Aws, estate: &Estate) -> Served {
    let mut variables = aws.environment(estate, Path::new(""));
    variables.push(("PLIMSOLL_SYNC_KEY", "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=".to_owned()));
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let settings = format!(
        "[[sources]]\nname = \"{FROM_FILE}\"\nkind = \"aws\"\nregions = [\"eu-central-1\"]\nendpoint = \"{}\"\n",
        aws.address
    );
    Served::with(&variables, |folder, listen| {
        must(std::fs::write(folder.join("plimsoll.toml"), &settings), "the settings file");
        let database = "sqlite://served.db";
        ["--config", "plimsoll.toml", "serve", "--database", database, "--listen", listen]
            .map(OsString::from)
            .to_vec()
    })
}
