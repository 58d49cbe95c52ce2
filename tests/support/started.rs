//! A `plimsoll` under way: what it says is read while it works, and it is killed or waited for. Refuses to
//! outlive its test: it is killed when it is dropped.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::run::Ended;
use crate::{must, there};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process under way.
#[derive(Debug)]
pub struct Started {
    child: Child,
    out: Heard,
    err: Heard,
}

#[derive(Debug)]
struct Heard {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Started {
    /// Starts a prepared command.
    #[must_use]
    pub fn new(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = must(command.spawn(), "plimsoll cannot be started");
        let out = Heard::new(there(child.stdout.take(), "standard output"));
        let err = Heard::new(there(child.stderr.take(), "standard error"));
        Self { child, out, err }
    }

    /// Ends it as `kill -9` does, and waits until it is gone.
    pub fn kill(&mut self) {
        must(self.child.kill(), "the process cannot be killed");
        must(self.child.wait(), "the process cannot be waited for");
    }

    /// Everything it has said so far, on both streams.
    #[must_use]
    pub fn said(&self) -> String {
        format!("{}{}", self.out.text(), self.err.text())
    }

    /// Waits until what it says has something in it.
    ///
    /// # Panics
    /// When it ends before, or takes too long.
    #[expect(clippy::panic, reason = "a test without its process must fail loudly")]
    pub fn wait_for(&mut self, text: &str) {
        let begun = Instant::now();
        while !self.said().contains(text) {
            let ended = matches!(self.child.try_wait(), Ok(Some(_)));
            // What was said last may still be on its way through the pipe.
            std::thread::sleep(Duration::from_millis(20));
            if (ended && !self.said().contains(text)) || begun.elapsed() > PATIENCE {
                panic!("`{text}` was not said, but:\n{}", self.said());
            }
        }
    }

    /// Waits for its end.
    #[must_use]
    pub fn ended(mut self) -> Ended {
        let status = must(self.child.wait(), "the process cannot be waited for");
        let (out, err) = (self.out.whole(), self.err.whole());
        Ended { status: status.code().unwrap_or(-1), out, err }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Heard {
    fn new(pipe: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                let mut text = into.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&line);
                text.push('\n');
            }
        });
        Self { text, reader: Some(reader) }
    }

    fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn whole(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        self.text()
    }
}
