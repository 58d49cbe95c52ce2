//! The binary `plimsoll`: settings, wiring and commands. Exit status 0 is a good answer, 1 a negative
//! one (a refused document), 2 an error. Refuses business rules: they live in the rooms it wires.

mod cli;
mod commands;
mod console;
mod demo;
mod logging;
mod settings;

use std::process::ExitCode;

use clap::Parser;

/// Threads take and give back many small pieces at once, for which the system's allocator makes them wait.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Libraries bring two providers of cryptography into the process: without a choice TLS would refuse both.
    // It is already made only where this was called before.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments = cli::Arguments::parse();
    match commands::run(arguments) {
        Ok(answer) => answer.into(),
        Err(error) => {
            console::failure(&error);
            ExitCode::from(2)
        }
    }
}
