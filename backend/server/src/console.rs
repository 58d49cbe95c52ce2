//! What the binary says to a terminal or a pipe. The only place that writes to the standard streams.
//! Refuses to fail when the reader has gone: a closed pipe ends the output, not the work.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use color_eyre::eyre::Report;
use domain::source::{RunState, Scope};
use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};
use pipeline::sync::{Event, Handed};

/// The answer of a command, for the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// As asked.
    Good,
    /// The question has a negative answer.
    Negative,
    /// Part of it could not be done; the reason has been said.
    Failed,
}

impl From<Answer> for ExitCode {
    fn from(answer: Answer) -> Self {
        Self::from(match answer {
            Answer::Good => 0,
            Answer::Negative => 1,
            Answer::Failed => 2,
        })
    }
}

/// One line on standard output.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// One value as a line of JSON on standard output.
pub(crate) fn json<T: serde::Serialize>(value: &T) {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => note(&format!("the answer could not be written as JSON: {error}")),
    }
}

/// One line on standard error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// An error with its causes, each once.
pub(crate) fn failure(error: &Report) {
    let mut said = String::from("error: ");
    let mut last = String::new();
    for (index, cause) in error.chain().enumerate() {
        let text = cause.to_string();
        if index > 0 && last.contains(&text) {
            continue;
        }
        if index > 0 {
            said.push_str("\n  because: ");
        }
        said.push_str(&text);
        last = text;
    }
    note(&said);
}

/// Progress over a known number of steps: a bar on a terminal, a line every so often elsewhere.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
    total: u64,
    done: u64,
}

impl Progress {
    /// Begins; `quiet` shows nothing (JSON output).
    pub(crate) fn begin(what: &'static str, total: u64, quiet: bool) -> Self {
        let bar = (!quiet && io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("{prefix:<24} {wide_bar} {pos}/{len} {elapsed}");
            let bar = ProgressBar::new(total).with_prefix(what);
            bar.enable_steady_tick(Duration::from_millis(200));
            match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        if bar.is_none() && !quiet {
            note(&format!("{what}: {total}"));
        }
        Self { bar, what, total: if quiet { 0 } else { total }, done: 0 }
    }

    /// One step done.
    pub(crate) fn step(&mut self) {
        self.done += 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        } else if self.total >= 40 && self.done.is_multiple_of(self.total.div_ceil(4)) {
            note(&format!("{}: {} of {}", self.what, self.done, self.total));
        }
    }

    /// Clears the bar.
    pub(crate) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The scopes of a run as they come: a bar on a terminal, a line for each elsewhere, JSON if asked for.
pub(crate) struct Scopes {
    bar: Option<ProgressBar>,
    source: String,
    json: bool,
}

impl Scopes {
    /// Begins; the number of scopes comes with the plan.
    pub(crate) fn begin(source: String, json: bool) -> Self {
        let bar = (!json && io::stderr().is_terminal()).then(|| {
            let style =
                ProgressStyle::with_template("{prefix:<24} {wide_bar} {pos}/{len} scopes {elapsed} {msg}");
            let bar = ProgressBar::new(0).with_prefix(source.clone());
            bar.enable_steady_tick(Duration::from_millis(200));
            match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self { bar, source, json }
    }

    /// Shows one event.
    pub(crate) fn tell(&self, event: &Event) {
        match event {
            Event::Planned { scopes, done } => {
                if let Some(bar) = &self.bar {
                    bar.set_length(*scopes as u64);
                    bar.set_position(*done as u64);
                }
                if *done > 0 {
                    let what = "scopes were seen whole before it was interrupted";
                    self.say(&format!("{}: {done} of {scopes} {what}", self.source));
                }
            }
            Event::Begun(scope) => {
                if let Some(bar) = &self.bar {
                    bar.set_message(scope.to_string());
                }
            }
            Event::Delayed(sentence) | Event::Warned(sentence) if self.json => note(sentence),
            Event::Delayed(sentence) | Event::Warned(sentence) => self.say(sentence),
            Event::Ended(ended) if self.json => json(&serde_json::json!({
                "source": self.source,
                "scope": ended.scope,
                "state": ended.state,
                "reason": ended.reason,
                "counts": ended.counts,
            })),
            Event::Ended(ended) => {
                let counts = &ended.counts;
                let what = format!(
                    "{} seen, {} added, {} changed, {} retired",
                    counts.seen, counts.added, counts.changed, counts.retired
                );
                self.over(&ended.scope, ended.state, &what, &ended.reason);
            }
            Event::Handed(handed) if self.json => json(&serde_json::json!({
                "source": self.source,
                "scope": handed.scope,
                "state": handed.state,
                "reason": handed.reason,
                "observations": handed.observations,
                "documents": handed.documents,
                "parts": handed.parts,
                "bytes": handed.bytes,
                "counts": handed.counts,
            })),
            Event::Handed(handed) => {
                let plural = |count: u64| if count == 1 { "" } else { "s" };
                let Handed { observations, documents, .. } = handed;
                let what = format!(
                    "{observations} observation{}, {documents} document{}, {}",
                    plural(*observations),
                    plural(*documents),
                    DecimalBytes(handed.bytes)
                );
                self.over(&handed.scope, handed.state, &what, &handed.reason);
            }
        }
    }

    /// A scope is over: on a terminal only what is not whole is worth a line.
    fn over(&self, scope: &Scope, state: RunState, what: &str, reason: &str) {
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let told = format!("{} {scope}: {}, {what}{reason}", self.source, state.as_str());
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        if self.bar.is_none() || state != RunState::Complete {
            self.say(&told);
        }
    }

    /// Says something beside the progress.
    pub(crate) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => note(text),
        }
    }

    /// Clears the bar.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
