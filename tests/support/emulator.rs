//! Processes that play a vendor's API on a loopback port. They end with the test process, however that ends.
//! Refuses to install anything: `tests/run` does; without it tests say that they were skipped.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::binary::root;
use crate::{must, skipped, there};

/// Names the Python that has what `tests/emulators/requirements.txt` asks for.
const VARIABLE: &str = "PLIMSOLL_TEST_PYTHON";
/// Starts its arguments in the background and ends them when standard input closes.
const KEEPER: &str = r#""$@" & pid=$!; read -r _; kill -TERM "$pid" 2>/dev/null; wait "$pid""#;
/// How long an emulator may take until it answers on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// The most bytes that an answer to a test's order may have.
const LONGEST: u64 = 1 << 28;

/// The Python of the emulators, if `tests/run` has prepared it.
///
/// # Panics
/// When it was named and is not there: then it was meant to be used.
#[must_use]
pub fn python() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(VARIABLE).map(PathBuf::from) {
        assert!(path.is_file(), "{VARIABLE} names {}, which is not there", path.display());
        return Some(path);
    }
    let path = root().join(".tests/emulators/bin/python");
    if path.is_file() {
        return Some(path);
    }
    skipped(&format!("no Python with the emulators at {}; tests/run prepares it", path.display()));
    None
}

/// A running emulator; it ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    keeper: Child,
    folder: TempDir,
}

impl Process {
    /// Starts a command; what it says goes to a file.
    #[must_use]
    pub fn start(command: &Command) -> Self {
        let folder = must(tempfile::tempdir(), "no temporary directory");
        let said = must(File::create(folder.path().join("said")), "no file for the emulator's words");
        let beside = must(said.try_clone(), "no file for the emulator's words");
        let mut keeper = Command::new("bash");
        keeper.args(["-c", KEEPER, "keeper"]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => keeper.env(name, value),
                None => keeper.env_remove(name),
            };
        }
        keeper.current_dir(folder.path()).stdin(Stdio::piped()).stdout(said).stderr(beside);
        Self { keeper: must(keeper.spawn(), "bash cannot be started"), folder }
    }

    /// Everything it has said so far.
    #[must_use]
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default()
    }

    /// Waits until something can be found, and fails with what was said when it takes too long.
    #[expect(clippy::panic, reason = "a test without its emulator must fail loudly")]
    pub fn wait_for<T>(&mut self, patience: Duration, find: impl Fn(&str) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            let said = self.said();
            if let Some(found) = find(&said) {
                return found;
            }
            let ended = matches!(self.keeper.try_wait(), Ok(Some(_)));
            if ended || started.elapsed() > patience || said.contains("Traceback") {
                panic!("the emulator did not start; it said:\n{said}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Asks `http://127.0.0.1:PORT` by hand, so that the orders of a test need neither a client nor a runtime.
///
/// # Panics
/// When the emulator does not answer with 200.
#[must_use]
pub fn ask(address: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
    ask_with(address, method, path, body, &[])
}

/// The same with these headers besides, an `Authorization` among them, which emulators read and do not verify.
pub(crate) fn ask_with(
    address: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
    headers: &[(&str, &str)],
) -> Value {
    let body = text_with(address, method, path, body, headers);
    must(serde_json::from_str(&body), "the emulator's answer is not JSON")
}

/// The same, of an answer that is no JSON.
pub(crate) fn text_with(
    address: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
    headers: &[(&str, &str)],
) -> String {
    let place = there(address.strip_prefix("http://"), "an http address");
    let mut stream = must(TcpStream::connect(place), "the emulator is not there");
    let body = body.map(Value::to_string).unwrap_or_default();
    let besides: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n{besides}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    must(stream.write_all(head.as_bytes()), "the emulator does not listen");
    must(stream.write_all(body.as_bytes()), "the emulator does not listen");
    let mut bytes = Vec::new();
    must(std::io::copy(&mut stream.take(LONGEST), &mut bytes), "the emulator does not answer");
    let answer = String::from_utf8_lossy(&bytes);
    let (head, body) = there(answer.split_once("\r\n\r\n"), "a whole answer");
    assert!(head.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
    body.to_owned()
}
