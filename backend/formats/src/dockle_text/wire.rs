//! The lines that Dockle prints: `WARN - CIS-DI-0001: Create a user for the container`, and below it a line for each
//! thing that failed it. Refuses to interpret; lines that it does not know are passed over.

/// Beginnings of the codes of checks.
const CODES: [&str; 3] = ["CIS-DI-", "DKL-DI-", "DKL-LI-"];

/// All that was printed.
#[derive(Debug, Default)]
pub(super) struct Report<'t> {
    pub checks: Vec<Check<'t>>,
    /// Lines of checks whose level cannot be read.
    pub unread: Vec<usize>,
}

/// A check.
#[derive(Debug)]
pub(super) struct Check<'t> {
    pub level: &'t str,
    pub code: &'t str,
    pub title: &'t str,
    pub alerts: Vec<&'t str>,
    /// From 1.
    pub line: usize,
}

/// Whether a line tells of a check.
pub(super) fn is_check(line: &str) -> bool {
    check(line).is_some()
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Report<'_> {
    let mut report = Report::default();
    // Alerts below a check that was not read are not those of the check above it.
    let mut open = false;
    for (index, raw) in text.split('\n').enumerate() {
        let line = index + 1;
        if let Some((level, code, title)) = check(raw) {
            open = !level.is_empty() && level.chars().all(|letter| letter.is_ascii_uppercase());
            if open {
                report.checks.push(Check { level, code, title, alerts: Vec::new(), line });
            } else {
                report.unread.push(line);
            }
        } else if let Some(alert) = raw.trim().strip_prefix("* ")
            && open
            && let Some(check) = report.checks.last_mut()
        {
            check.alerts.push(alert.trim());
        }
    }
    report
}

/// Level, code and title of a check; the level is empty where it is missing.
fn check(line: &str) -> Option<(&str, &str, &str)> {
    let (level, rest) = line.split_once("- ")?;
    let (code, title) = rest.split_once(':')?;
    let known = CODES.iter().any(|start| code.strip_prefix(start).is_some_and(is_number));
    known.then(|| (level.trim(), code, title.trim()))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
