//! Runtime events of one sensor, one document a line, as log shippers write them. Refuses lines of anything else: scans and
//! lists are whole or broken.

use domain::observation::Observation;
use formats::{Head, Limits, Parsed, Read};

/// Two or more lines that are read one by one, as one document; nothing where one of them is no event.
pub(super) fn read(bytes: &[u8], limits: Limits) -> Option<Read> {
    let promising = |beginning: &[u8]| {
        let first = lines(beginning).next().map_or(beginning, |(_, line)| line);
        formats::recognise(&Head::new(first)).map(drop)
    };
    let document = formats::document::open(bytes, limits, promising).ok()?;
    let (mut whole, mut count): (Option<Read>, usize) = (None, 0);
    for (number, line) in lines(&document) {
        if !line.starts_with(b"{") {
            return None;
        }
        let read = formats::read(line, limits).ok()?;
        if !is_events(&read.parsed) {
            return None;
        }
        count += 1;
        match &mut whole {
            None => whole = Some(read),
            Some(whole) if whole.format.kind == read.format.kind => {
                add(&mut whole.parsed, read.parsed, number)
            }
            Some(_) => return None,
        }
    }
    whole.filter(|_| count > 1)
}

/// The lines that hold something, by their number from 1.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let numbered = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).enumerate();
    numbered.filter(|(_, line)| !line.is_empty()).map(|(place, line)| (place + 1, line))
}

/// Whether a document holds events and nothing else.
pub(super) fn is_events(parsed: &Parsed) -> bool {
    let told = |one: &Observation| matches!(one, Observation::Runtime(_) | Observation::Executed(_));
    let all = parsed.observations.iter().all(told);
    all && !parsed.observations.is_empty()
}

fn add(whole: &mut Parsed, line: Parsed, number: usize) {
    whole.entries += line.entries;
    whole.skipped += line.skipped;
    whole.observations.extend(line.observations);
    whole.warnings.extend(line.warnings.into_iter().map(|mut warning| {
        warning.at = format!("line {number}: {}", warning.at);
        warning
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(id: &str) -> String {
        let place = r#""resource":{"resourceType":"EKSCluster","eksClusterDetails":{"name":"prod"}}"#;
        format!(
            r#"{{"accountId":"1","id":"{id}","type":"T","severity":5,{place},"service":{{"detectorId":"d"}}}}"#
        )
    }

    fn events(text: &str) -> Option<usize> {
        read(text.as_bytes(), Limits::default()).map(|read| read.parsed.observations.len())
    }

    #[test]
    fn only_lines_of_events_are_read_as_one() {
        assert_eq!(events(&format!("{}\n\n{}\n", finding("1"), finding("2"))), Some(2));
        let text = |last: &str| format!("{}\n{last}", finding("1"));
        for other in ["", "nonsense", "{}", "[]", r#"{"SchemaVersion":2,"ArtifactName":"x"}"#] {
            assert_eq!(events(&text(other)), None, "{other}");
        }
        assert_eq!(events(""), None);
    }
}
