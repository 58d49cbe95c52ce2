//! Documents of a length: what a fixture lists, many times over, with other numbers each time. Refuses XML and what is
//! compressed.

use std::ops::Range;

use serde::de::IgnoredAny;

use crate::fixtures::Fixture;

/// The fixture with its longest list, or all its lines, repeated up to about so many bytes.
pub(crate) fn copies(fixture: &Fixture, size: usize) -> Option<String> {
    let text = std::str::from_utf8(&fixture.bytes).ok()?;
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        let list = longest_list(text)?;
        let (start, end) = (list.start + 1, list.end - 1);
        return Some(format!(
            "{}{}{}",
            &text[..start],
            repeated(&text[start..end], ",", size)?,
            &text[end..]
        ));
    }
    if fixture.name().ends_with(".xml") {
        return None;
    }
    let header = if fixture.name().ends_with(".csv") { text.find('\n')? + 1 } else { 0 };
    let lines = text[header..].trim_end();
    Some(format!("{}{}\n", &text[..header], repeated(lines, "\n", size)?))
}

fn repeated(text: &str, between: &str, size: usize) -> Option<String> {
    let count = (size / text.len().max(1)).max(1);
    let copies: Vec<String> = (0..count).map(|number| varied(text, number)).collect();
    (!text.trim().is_empty()).then(|| copies.join(between))
}

/// Every four digits in a row are those of the copy: other ids, versions, times and digests, all as long as before.
fn varied(text: &str, number: usize) -> String {
    let digits = (1000 + number % 9000).to_string();
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        match rest.get(..4) {
            Some(four) if four.iter().all(u8::is_ascii_digit) => {
                out.extend_from_slice(digits.as_bytes());
                rest = &rest[4..];
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(out).unwrap()
}

/// The longest list of a well-formed document, with its brackets.
fn longest_list(text: &str) -> Option<Range<usize>> {
    let (mut open, mut found): (Vec<usize>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    let (mut inside, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' if !inside => open.push(at),
            b']' if !inside => found.extend(open.pop().map(|start| start..at + 1)),
            _ => {}
        }
    }
    found.into_iter().max_by_key(|place| place.len())
}
