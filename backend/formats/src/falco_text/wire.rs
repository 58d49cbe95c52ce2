//! The lines of Falco's log. Refuses to interpret; lines that are no alert are passed over, as Falco's own words are.

use crate::time;

/// How many lines decide whether a text is a log of Falco.
const TELLING: usize = 200;
const PRIORITIES: [&str; 8] =
    ["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"];
/// What Falco says when it starts; its version follows.
const VERSION: &str = ": Falco version: ";

/// A whole log.
#[derive(Debug, Default)]
pub(super) struct Log<'a> {
    pub version: Option<&'a str>,
    pub lines: Vec<Line<'a>>,
    /// Lines with time and priority of an alert and nothing behind them.
    pub strays: Vec<Stray<'a>>,
}

/// A line that tells of an alert.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub number: usize,
    pub said: Said<'a>,
}

#[derive(Debug)]
pub(super) enum Said<'a> {
    Alert(Alert<'a>),
    Json(&'a str),
}

/// An alert in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alert<'a> {
    /// With a date only where Falco is told to write one.
    pub time: &'a str,
    pub priority: &'a str,
    pub output: &'a str,
}

#[derive(Debug)]
pub(super) struct Stray<'a> {
    pub text: &'a str,
    pub line: usize,
    pub offset: usize,
}

/// Whether Falco speaks in the first lines.
pub(super) fn is_log(text: &str) -> bool {
    text.lines().take(TELLING).any(|line| version(line).is_some() || alert(line.trim()).is_some())
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Log<'_> {
    let mut log = Log::default();
    let mut offset = 0;
    for (index, raw) in text.split('\n').enumerate() {
        let (line, number) = (raw.trim(), index + 1);
        if line.starts_with('{') {
            log.lines.push(Line { number, said: Said::Json(line) });
        } else if let Some(alert) = alert(line) {
            if alert.output.is_empty() {
                log.strays.push(Stray { text: line, line: number, offset });
            } else {
                log.lines.push(Line { number, said: Said::Alert(alert) });
            }
        } else if log.version.is_none() {
            log.version = version(line);
        }
        offset += raw.len() + 1;
    }
    log
}

/// `2026-02-03T10:00:00+0000: Falco version: 0.42.1 (x86_64)`.
fn version(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(VERSION)?;
    rest.split_whitespace().next()
}

/// `10:00:00.123456789: Warning …`, whatever stands before it.
fn alert(line: &str) -> Option<Alert<'_>> {
    line.match_indices(": ").find_map(|(at, _)| {
        let (before, after) = (line.get(..at)?, line.get(at + 2..)?);
        let stamp = before.rsplit(' ').next().filter(|stamp| is_time(stamp))?;
        let priority = after.split(' ').next()?;
        let output = after.get(priority.len()..)?.trim();
        PRIORITIES.contains(&priority).then_some(Alert { time: stamp, priority, output })
    })
}

/// A time to the nanosecond, as only few write it, with or without its date.
fn is_time(stamp: &str) -> bool {
    let Some((clock, rest)) = stamp.rsplit_once('.') else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let plain =
        digits == rest.len() && clock.len() == 8 && clock.bytes().filter(|byte| *byte == b':').count() == 2;
    digits == 9 && (plain || time::parse(stamp).is_some())
}

/// The value of a field in an output, the last of its name: what a command line holds comes before what Falco appends.
pub(super) fn field<'a>(output: &'a str, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let (at, _) = output.rmatch_indices(*name).find(|(at, _)| {
            let before = output.get(..*at).and_then(|before| before.chars().next_back());
            let after = output.get(at + name.len()..).is_some_and(|after| after.starts_with('='));
            after && before.is_some_and(|letter| letter == ' ' || letter == '(')
        })?;
        let value = output.get(at + name.len() + 1..)?;
        let end = value.find([' ', ')', ',']).unwrap_or(value.len());
        crate::falco_json::known(value.get(..end)?)
    })
}
