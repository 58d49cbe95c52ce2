//! Runs `plimsoll` to its end, away from the settings and the directory of whoever runs the tests.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::binary::plimsoll;
use crate::{must, there};

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit status.
    pub status: i32,
    /// What it printed.
    pub out: String,
    /// What it said beside it.
    pub err: String,
}

impl Ended {
    /// What it printed, as one JSON value a line.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line: &str| must(serde_json::from_str(line), &format!("`{line:.200}` is not JSON"));
        self.out.lines().map(parse).collect()
    }

    /// What it printed, as the only JSON value.
    #[must_use]
    pub fn line(&self) -> Value {
        let lines = self.lines();
        assert_eq!(lines.len(), 1, "one line was expected: {}{}", self.out, self.err);
        there(lines.into_iter().next(), "the line")
    }

    /// Fails unless it ended with this status, and says what it printed.
    #[track_caller]
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "\n--- out\n{}\n--- err\n{}", self.out, self.err);
        self
    }
}

/// A command with these arguments, without the caller's settings, in a directory.
pub fn command<S: AsRef<OsStr>>(directory: &Path, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(plimsoll());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PLIMSOLL_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).current_dir(directory).stdin(Stdio::null()).env_remove("RUST_LOG");
    command
}

/// Runs with these arguments in a directory.
pub fn run<S: AsRef<OsStr>>(directory: &Path, arguments: impl IntoIterator<Item = S>) -> Ended {
    finish(command(directory, arguments), None)
}

/// The same with standard input.
pub fn run_with_input<S: AsRef<OsStr>>(
    directory: &Path,
    arguments: impl IntoIterator<Item = S>,
    input: &[u8],
) -> Ended {
    finish(command(directory, arguments), Some(input))
}

/// Runs a prepared command to its end.
pub fn finish(mut command: Command, input: Option<&[u8]>) -> Ended {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = must(command.spawn(), "plimsoll cannot be started");
    if let (Some(bytes), Some(mut pipe)) = (input, child.stdin.take()) {
        // A process that ends early closes the pipe: then what it says is what counts.
        let _ = pipe.write_all(bytes);
    }
    let Output { status, stdout, stderr } = must(child.wait_with_output(), "plimsoll cannot be waited for");
    Ended {
        status: status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}
