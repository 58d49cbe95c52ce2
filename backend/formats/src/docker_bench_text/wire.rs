//! The lines that Docker Bench prints: `[WARN] 4.6 - Ensure that …`, and below a check what it saw, `* …`. Refuses to
//! interpret; lines that it does not know (the licence, what a shell added) are passed over.

/// All that was printed.
#[derive(Debug, Default)]
pub(super) struct Report<'t> {
    /// `1.6.0`.
    pub version: &'t str,
    /// When it began, as the host writes times.
    pub started: &'t str,
    pub checks: Vec<Check<'t>>,
    /// Warnings that bear no number.
    pub unnumbered: Vec<usize>,
    /// Whether the score, which comes last, is there.
    pub finished: bool,
    /// How many lines there are.
    pub lines: usize,
}

/// A check, or the heading of a section.
#[derive(Debug)]
pub(super) struct Check<'t> {
    /// `WARN`, `INFO`, `NOTE`, `PASS`.
    pub level: &'t str,
    /// `4.6`.
    pub id: &'t str,
    pub title: &'t str,
    pub seen: Vec<&'t str>,
    /// From 1.
    pub line: usize,
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Report<'_> {
    let mut report = Report::default();
    for (index, raw) in text.split('\n').enumerate() {
        report.lines = index + 1;
        let line = raw.trim();
        match leveled(line) {
            Some((level, rest)) => leveled_line(&mut report, level, rest),
            None => {
                if let Some((_, version)) = line.split_once("Docker Bench for Security v") {
                    report.version = version.trim();
                } else if let Some(started) = line.strip_prefix("Initializing ") {
                    report.started = started.trim();
                }
            }
        }
    }
    report
}

fn leveled_line<'t>(report: &mut Report<'t>, level: &'t str, rest: &'t str) {
    if let Some(seen) = rest.strip_prefix("* ") {
        if let Some(check) = report.checks.last_mut() {
            check.seen.push(seen.trim());
        }
        return;
    }
    if rest.starts_with("Score:") {
        report.finished = true;
        return;
    }
    let numbered = rest.split_once(" - ").map(|(id, title)| (id.trim(), title.trim()));
    match numbered.filter(|(id, _)| is_number(id)) {
        Some((id, title)) => {
            let line = report.lines;
            report.checks.push(Check { level, id, title, seen: Vec::new(), line });
        }
        None if level == "WARN" => report.unnumbered.push(report.lines),
        None => {}
    }
}

/// The level of a line and what follows it.
fn leveled(line: &str) -> Option<(&str, &str)> {
    let (level, rest) = line.strip_prefix('[')?.split_once(']')?;
    let known = matches!(level, "WARN" | "INFO" | "NOTE" | "PASS");
    known.then(|| (level, rest.trim()))
}

/// Whether a text is `4` or `4.6.1`.
fn is_number(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
