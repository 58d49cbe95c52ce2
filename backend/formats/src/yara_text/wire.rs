//! The lines of YARA. Refuses to keep the strings that matched, which may be anything, and to interpret.

/// How many lines decide what a text is.
const TELLING: usize = 50;
/// Longest name of a rule.
const LONGEST: usize = 128;

/// A whole output.
#[derive(Debug, Default)]
pub(super) struct Output<'a> {
    pub found: Vec<Found<'a>>,
    /// Lines that are none of YARA's, or strings without a rule above them.
    pub strays: Vec<Stray<'a>>,
    /// How many files could not be scanned.
    pub failed: usize,
}

/// A rule that a file matches.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub rule: &'a str,
    /// `[author="a"]`: the rule's own description, where it was asked for.
    pub description: &'a str,
    /// The rule's own severity or score.
    pub severity: &'a str,
    pub path: &'a str,
    pub line: usize,
}

#[derive(Debug)]
pub(super) struct Stray<'a> {
    pub text: &'a str,
    pub line: usize,
    pub offset: usize,
}

enum Line<'a> {
    Found(Found<'a>),
    /// A string that matched: `0x1f:$a: text`.
    Matched,
    Failed,
    Warning,
    Other,
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Output<'_> {
    let mut output = Output::default();
    let mut offset = 0;
    for (index, raw) in text.split('\n').enumerate() {
        let (text, number) = (raw.trim(), index + 1);
        match line(text) {
            Line::Found(found) => output.found.push(Found { line: number, ..found }),
            Line::Failed => output.failed += 1,
            Line::Matched if !output.found.is_empty() => {}
            Line::Warning => {}
            Line::Other if text.is_empty() => {}
            Line::Matched | Line::Other => output.strays.push(Stray { text, line: number, offset }),
        }
        offset += raw.len() + 1;
    }
    output
}

/// Whether a text begins with lines of YARA and no others; the last line of a part may be cut.
pub(super) fn is_output(text: &str, whole: bool) -> bool {
    let mut lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if !whole && lines.len() > 1 {
        lines.pop();
    }
    let mut telling = false;
    for text in lines.into_iter().take(TELLING) {
        match line(text) {
            Line::Found(_) | Line::Matched | Line::Failed => telling = true,
            Line::Warning => {}
            Line::Other => return false,
        }
    }
    telling
}

fn line(text: &str) -> Line<'_> {
    if text.starts_with("error scanning ") {
        return Line::Failed;
    }
    if text.starts_with("warning: rule ") || text.starts_with("warning: ") && text.contains(" in rule ") {
        return Line::Warning;
    }
    if is_matched(text) {
        return Line::Matched;
    }
    found(text).map_or(Line::Other, Line::Found)
}

/// `0x1f:$a: text`, or with a length `0x1f:4:$a: text`.
fn is_matched(text: &str) -> bool {
    let Some((offset, rest)) = text.strip_prefix("0x").and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let rest = match rest.split_once(':') {
        Some((length, rest)) if is_digits(length, 10) => rest,
        _ => rest,
    };
    is_digits(offset, 16) && rest.starts_with('$')
}

fn is_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_digit(radix))
}

/// `Rule /srv/a`, between them tags and properties in brackets; a namespace may stand before the rule.
fn found(text: &str) -> Option<Found<'_>> {
    let (name, mut rest) = text.split_once(' ')?;
    let rule = name.rsplit_once(':').map_or(name, |(_, rule)| rule);
    if !is_rule(rule) {
        return None;
    }
    let mut found = Found { rule, ..Found::default() };
    while rest.starts_with('[') {
        let end = closing(rest)?;
        let inner = rest.get(1..end)?;
        for (property, place) in [("description", &mut found.description), ("severity", &mut found.severity)]
        {
            if let Some(value) = value(inner, property) {
                *place = value;
            }
        }
        rest = rest.get(end + 1..)?.trim_start();
    }
    found.path = rest;
    is_path(rest).then_some(found)
}

/// Where the bracket that a text begins with is closed; those inside quotes are text.
fn closing(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// The value of a property: `a="b",severity=3`.
fn value<'t>(properties: &'t str, name: &str) -> Option<&'t str> {
    let at = properties.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = properties.get(..*at).unwrap_or_default();
        before.is_empty() || before.ends_with(',')
    })?;
    let rest = properties.get(at + name.len()..)?.strip_prefix('=')?;
    Some(match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map_or(quoted, |(value, _)| value),
        None => rest.split(',').next().unwrap_or_default(),
    })
}

fn is_rule(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A path, absolute or below a named folder, of either kind of system.
fn is_path(text: &str) -> bool {
    let start = ["/", "./", "../"].iter().any(|start| text.starts_with(start));
    let drive = text.get(1..3).is_some_and(|after| after == ":\\" || after == ":/");
    let link = text.contains("://");
    start || drive || (text.contains(['/', '\\']) && !text.contains(' ') && !link)
}
