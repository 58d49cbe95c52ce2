//! The lines that Docker Scout prints. Refuses to interpret; lines that it does not know (descriptions, layers,
//! what a shell added) are passed over.

/// How Scout marks a vulnerability, also where a terminal knows no better sign.
const MARKS: [&str; 4] = ["✗", "x", "×", "X"];
/// Scout's words for severities.
const WORDS: [&str; 5] = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNSPECIFIED"];

/// A whole report.
#[derive(Debug, Default)]
pub(super) struct Report<'a> {
    /// What was asked for: `shop/api:1.4`, `fs://.`.
    pub target: &'a str,
    pub platform: &'a str,
    /// How many vulnerabilities the overview counts.
    pub counted: Option<usize>,
    /// How many the last lines count: without them the report was cut.
    pub total: Option<usize>,
    pub packages: Vec<Package<'a>>,
    /// Vulnerabilities without a package above them.
    pub strays: Vec<Stray<'a>>,
}

#[derive(Debug)]
pub(super) struct Package<'a> {
    pub purl: &'a str,
    pub line: usize,
    pub found: Vec<Found<'a>>,
}

#[derive(Debug)]
pub(super) struct Stray<'a> {
    pub line: usize,
    pub offset: usize,
    pub found: Found<'a>,
}

/// A vulnerability.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub id: &'a str,
    pub word: &'a str,
    /// What stands in brackets: the name of its weakness.
    pub title: &'a str,
    pub link: &'a str,
    pub fixed: &'a str,
    pub score: &'a str,
    pub vector: &'a str,
    pub epss: &'a str,
    pub vex: &'a str,
    pub line: usize,
}

enum Line<'a> {
    Overview(&'a str, &'a str),
    Package(&'a str),
    Found(Found<'a>),
    Link(&'a str),
    Property(&'a str, &'a str),
    Total(Option<usize>),
    Other,
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Report<'_> {
    let mut report = Report::default();
    let mut offset = 0;
    for (index, raw) in text.split('\n').enumerate() {
        let number = index + 1;
        match line(raw.trim()) {
            Line::Overview(key, value) if report.packages.is_empty() => overview(&mut report, key, value),
            Line::Package(purl) => report.packages.push(Package { purl, line: number, found: Vec::new() }),
            Line::Found(found) => {
                let found = Found { line: number, ..found };
                match report.packages.last_mut() {
                    Some(package) => package.found.push(found),
                    None => report.strays.push(Stray { line: number, offset, found }),
                }
            }
            Line::Link(link) => {
                if let Some(found) = last(&mut report).filter(|found| found.link.is_empty()) {
                    found.link = link;
                }
            }
            Line::Property(key, value) => {
                if let Some(found) = last(&mut report) {
                    property(found, key, value);
                }
            }
            Line::Total(total) => report.total = total.or(report.total),
            Line::Overview(..) | Line::Other => {}
        }
        offset += raw.len() + 1;
    }
    report
}

fn last<'r, 'a>(report: &'r mut Report<'a>) -> Option<&'r mut Found<'a>> {
    report.packages.last_mut()?.found.last_mut()
}

fn overview<'a>(report: &mut Report<'a>, key: &str, value: &'a str) {
    match key {
        "Target" => report.target = value,
        "platform" => report.platform = value,
        _ => {
            let numbers: Vec<Option<usize>> =
                value.split_whitespace().map(|word| word.get(..word.len() - 1)?.parse().ok()).collect();
            report.counted = numbers.into_iter().try_fold(0_usize, |sum, number| sum.checked_add(number?));
        }
    }
}

fn property<'a>(found: &mut Found<'a>, key: &str, value: &'a str) {
    let place = match key {
        "Fixed version" => &mut found.fixed,
        "CVSS Score" => &mut found.score,
        "CVSS Vector" => &mut found.vector,
        "EPSS Score" => &mut found.epss,
        "VEX" => &mut found.vex,
        _ => return,
    };
    if place.is_empty() {
        *place = value;
    }
}

fn line(text: &str) -> Line<'_> {
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    match *words.as_slice() {
        [purl, ..] if purl.starts_with("pkg:") => Line::Package(purl),
        [link, ..] if link.starts_with("https://scout.docker.com/v/") => Line::Link(link),
        [mark, word, id, ..] if MARKS.contains(&mark) && WORDS.contains(&word) => {
            let title = text.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
            Line::Found(Found { id, word, title: title.unwrap_or_default(), ..Found::default() })
        }
        [count, "vulnerability" | "vulnerabilities", "found", ..] => Line::Total(count.parse().ok()),
        ["No", "vulnerable", ..] => Line::Total(Some(0)),
        [key @ ("Target" | "platform" | "vulnerabilities"), _, ..] => {
            let rest = text.strip_prefix(key).unwrap_or_default().trim_start();
            let value = rest.split_once(char::is_whitespace).map_or("", |(_, value)| value.trim());
            Line::Overview(key, value)
        }
        _ => match text.split_once(':') {
            Some((key, value)) => Line::Property(key.trim_end(), value.trim()),
            None => Line::Other,
        },
    }
}
