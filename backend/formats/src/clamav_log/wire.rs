//! The lines of ClamAV. Refuses to interpret; lines that it does not know are passed over.

/// How many lines decide whether a text without a summary is a log.
const TELLING: usize = 50;

/// A whole log.
#[derive(Debug, Default)]
pub(super) struct Log<'a> {
    pub found: Vec<Found<'a>>,
    /// Lines of findings that name no file or no signature.
    pub strays: Vec<Stray<'a>>,
    /// How many files could not be read.
    pub failed: usize,
    /// Whether the summary is there.
    pub ended: bool,
    pub version: &'a str,
    pub infected: Option<usize>,
    pub errors: Option<usize>,
    /// `2026:02:03 10:00:00`, in the zone of the machine.
    pub ended_at: &'a str,
}

/// A file in which a signature was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub path: &'a str,
    pub signature: &'a str,
    pub line: usize,
}

#[derive(Debug)]
pub(super) struct Stray<'a> {
    pub text: &'a str,
    pub line: usize,
    pub offset: usize,
}

/// What a line says of a file.
enum Said<'a> {
    Found(&'a str),
    Failed,
    Fine,
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Log<'_> {
    let mut log = Log::default();
    let mut offset = 0;
    for (index, raw) in text.split('\n').enumerate() {
        let (line, number) = (raw.trim(), index + 1);
        match of_file(line) {
            Some((path, Said::Found(signature))) if !path.is_empty() && !signature.is_empty() => {
                log.found.push(Found { path, signature, line: number });
            }
            Some((_, Said::Found(_))) => log.strays.push(Stray { text: line, line: number, offset }),
            Some((_, Said::Failed)) => log.failed += 1,
            Some((_, Said::Fine)) => {}
            None => summary(&mut log, line),
        }
        offset += raw.len() + 1;
    }
    log
}

fn summary<'a>(log: &mut Log<'a>, line: &'a str) {
    let Some((key, value)) = line.split_once(':') else {
        log.ended |= line.contains("- SCAN SUMMARY -");
        return;
    };
    let value = value.trim();
    match key {
        "Engine version" => log.version = value,
        "Infected files" => log.infected = value.parse().ok(),
        "Total errors" => log.errors = value.parse().ok(),
        "End Date" => log.ended_at = value,
        _ => {}
    }
}

/// Whether lines of files are all that a text begins with.
pub(super) fn is_log(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_rule(line)).take(TELLING);
    let mut files = 0;
    for line in lines {
        match of_file(line) {
            Some((path, _)) if path.starts_with('/') => files += 1,
            _ if line.starts_with("LibClamAV ") || line.starts_with("WARNING: ") => {}
            // The last line may be cut.
            _ => return files > 1 && text.trim_end().ends_with(line),
        }
    }
    files > 0
}

fn is_rule(line: &str) -> bool {
    line.bytes().all(|byte| byte == b'-')
}

/// The file that a line speaks of, and what it says: `/srv/a: Demo.Worm-1 FOUND`. The daemon puts a time before it.
fn of_file(line: &str) -> Option<(&str, Said<'_>)> {
    let line = line.split_once(" -> ").filter(|(time, _)| is_time(time)).map_or(line, |(_, rest)| rest);
    if let Some(rest) = line.strip_suffix(" FOUND") {
        let (path, signature) = rest.rsplit_once(": ").or_else(|| rest.split_once(':')).unwrap_or((rest, ""));
        return Some((path.trim(), Said::Found(bare(signature.trim()))));
    }
    if line.starts_with("LibClamAV ") || line.starts_with("WARNING: ") {
        return None;
    }
    let (path, said) = line.rsplit_once(": ")?;
    let said = match said {
        "OK" | "Empty file" | "Excluded" | "Symbolic link" | "Not supported file type" => Said::Fine,
        _ if said.ends_with(" ERROR") || said == "Access denied" => Said::Failed,
        _ => return None,
    };
    Some((path, said))
}

/// A signature without the hash and size that the daemon may put behind it: `Demo.Worm-1(0123abcd:68)`.
fn bare(signature: &str) -> &str {
    match signature.split_once('(') {
        Some((name, rest)) if rest.ends_with(')') && rest.contains(':') && !name.is_empty() => name,
        _ => signature,
    }
}

/// `Tue Feb  3 10:00:00 2026`.
fn is_time(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let day = words.next().is_some_and(|word| word.len() == 3);
    day && words.clone().count() == 4 && words.any(|word| word.matches(':').count() == 2)
}
