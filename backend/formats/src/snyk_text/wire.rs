//! The lines that Snyk prints. Refuses to interpret; lines that it does not know (paths through other packages, layers,
//! advice on base images) are passed over.

/// The pages of Snyk's database, also where it lay before.
pub(super) const DATABASE: &str = "snyk.io/vuln/";
const HEADINGS: [(&str, bool); 2] =
    [(" severity vulnerability found in ", false), (" severity issue found in ", true)];
const CLEAN: &str = "no vulnerable paths found";

/// All tests that were printed.
#[derive(Debug, Default)]
pub(super) struct Report<'a> {
    pub tests: Vec<Test<'a>>,
    pub faults: Vec<Fault<'a>>,
    /// Links to issues without a heading above them.
    pub strays: Vec<Stray<'a>>,
}

/// A test of an image's distribution, or of an application in it.
#[derive(Debug, Default)]
pub(super) struct Test<'a> {
    /// What `Testing …` names.
    pub asked: &'a str,
    pub found: Vec<Found<'a>>,
    pub manager: &'a str,
    pub file: &'a str,
    pub project: &'a str,
    pub image: &'a str,
    pub platform: &'a str,
    /// Whether its last line was printed: without that it was cut.
    pub ended: bool,
    /// How many issues its last line counts.
    pub counted: Option<usize>,
}

/// An issue.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub word: &'a str,
    /// Whether it is about a licence.
    pub licence: bool,
    /// As the heading names it: `zlib/zlib1g`.
    pub package: &'a str,
    pub title: &'a str,
    pub link: &'a str,
    pub fixed: &'a str,
    /// Packages with versions in which it is, the ends of the paths: `zlib/zlib1g@1:1.2.13`.
    pub ends: Vec<&'a str>,
    pub line: usize,
}

/// Why a test failed.
#[derive(Debug)]
pub(super) struct Fault<'a> {
    pub message: &'a str,
    /// What a server answered: `401 Unauthorized`.
    pub status: &'a str,
    pub line: usize,
}

#[derive(Debug)]
pub(super) struct Stray<'a> {
    pub line: usize,
    pub text: &'a str,
}

/// Whether a line is the heading of an issue.
pub(super) fn is_heading(line: &str) -> bool {
    heading(line.trim()).is_some()
}

/// Whether a line says that nothing was found.
pub(super) fn is_clean(line: &str) -> bool {
    counted(line.trim()) == Some(Some(0)) && line.contains(CLEAN)
}

/// Whether a line names an error of Snyk's catalogue.
pub(super) fn is_error(line: &str) -> bool {
    fault(line.trim()).is_some()
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Report<'_> {
    let mut report = Report::default();
    for (index, raw) in text.split('\n').enumerate() {
        let (number, line) = (index + 1, raw.trim());
        if let Some(asked) = line.strip_prefix("Testing ").and_then(|rest| rest.strip_suffix("...")) {
            report.tests.push(Test { asked, ..Test::default() });
        } else if let Some(found) = heading(line) {
            open(&mut report).found.push(Found { line: number, ..found });
        } else if let Some(count) = counted(line) {
            let test = open(&mut report);
            (test.ended, test.counted) = (true, count);
        } else if let Some(message) = fault(line) {
            report.faults.push(Fault { message, status: "", line: number });
        } else if let Some((key, value)) = line.split_once(':') {
            member(&mut report, key, value.trim(), number);
        }
    }
    report
}

/// The test that is being printed; after its last line another begins.
fn open<'r, 'a>(report: &'r mut Report<'a>) -> &'r mut Test<'a> {
    let asked = report.tests.last().map_or("", |test| test.asked);
    if report.tests.last().is_none_or(|test| test.ended) {
        report.tests.push(Test { asked, ..Test::default() });
    }
    let last = report.tests.len() - 1;
    &mut report.tests[last]
}

fn member<'a>(report: &mut Report<'a>, key: &str, value: &'a str, line: usize) {
    if let ("Status", Some(fault)) = (key, report.faults.last_mut()) {
        fault.status = value;
        return;
    }
    let is_link = key == "Info" && value.contains(DATABASE);
    let test = report.tests.last_mut().filter(|test| !test.ended);
    let Some(test) = test else {
        report.strays.extend(is_link.then_some(Stray { line, text: value }));
        return;
    };
    let of_test = match key {
        "Package manager" => Some(&mut test.manager),
        "Target file" => Some(&mut test.file),
        "Project name" => Some(&mut test.project),
        "Docker image" => Some(&mut test.image),
        "Platform" => Some(&mut test.platform),
        _ => None,
    };
    if let Some(place) = of_test {
        *place = value;
        return;
    }
    let Some(found) = test.found.last_mut() else {
        report.strays.extend(is_link.then_some(Stray { line, text: value }));
        return;
    };
    match key {
        "Description" => found.title = value,
        "Info" => found.link = value,
        "Fixed in" => found.fixed = value,
        "From" => found.ends.extend(value.rsplit(" > ").next()),
        _ => {}
    }
}

/// An issue by its heading, `✗ High severity vulnerability found in zlib/zlib1g`; before it stands a sign at most.
fn heading(line: &str) -> Option<Found<'_>> {
    HEADINGS.into_iter().find_map(|(words, licence)| {
        let (before, package) = line.split_once(words)?;
        let (sign, word) = before.rsplit_once(' ').unwrap_or(("", before));
        let package = package.split_whitespace().next()?;
        (sign.chars().count() <= 1).then(|| Found { word, licence, package, ..Found::default() })
    })
}

/// How many issues the last line of a test counts, if it is one; nothing inside where that cannot be read.
fn counted(line: &str) -> Option<Option<usize>> {
    let (sign, rest) = line.split_once("Tested ")?;
    if sign.trim_end().chars().count() > 1 {
        return None;
    }
    let (_, found) = rest.split_once(" for known ")?;
    if found.contains(CLEAN) {
        return Some(Some(0));
    }
    let (_, number) = found.split_once("found ")?;
    Some(number.split_whitespace().next()?.parse().ok())
}

/// The words of an error: `ERROR   Authentication error (SNYK-0005)`.
fn fault(line: &str) -> Option<&str> {
    let message = line.strip_prefix("ERROR")?.trim_start();
    message.contains("(SNYK-").then_some(message)
}
