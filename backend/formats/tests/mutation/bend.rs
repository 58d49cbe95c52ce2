//! Ways to bend a document: cut, flipped, spliced with another, with values at the edge of what JSON allows, deep, with
//! keys twice and lists where objects belong. Refuses to keep it well-formed; some ways do.

use std::ops::Range;

use crate::rounds::Random;

/// Changes a document; `donor` is another one to take from.
type Bend = fn(&mut Vec<u8>, donor: &[u8], &mut Random);

const BENDS: &[Bend] = &[cut, flip, repeat, remove, swap, number, string, null, deep, twice, wrap, bare];
/// Numbers that overflow something, or are written oddly.
const NUMBERS: &[&str] =
    &["1e999", "-1e999", "-0", "1e308", "-1", "0.1e-400", "9007199254740993", "18446744073709551616"];
/// Strings that are no letters, not shown, markup, or mean something else.
const STRINGS: &[&str] = &[
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""""#,
    r#""\u0000""#,
    r#""\u202e""#,
    r#""\n\n""#,
    r#""<script>""#,
    r#""9999-99-99T99:99:99Z""#,
];
/// Letters of the longest string.
const LONG: usize = 100_000;
/// How deep values are put into lists.
const DEPTHS: &[usize] = &[3, 120, 4000];

/// Bends a document in one way.
pub(crate) fn bend(bytes: &mut Vec<u8>, donor: &[u8], random: &mut Random) {
    let chosen = BENDS[random.next(BENDS.len())];
    chosen(bytes, donor, random);
}

fn cut(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    bytes.truncate(random.next(bytes.len() + 1));
}

fn flip(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    for _ in 0..=random.next(4) {
        let (at, bit) = (random.next(bytes.len()), random.next(8));
        if let Some(byte) = bytes.get(at).copied() {
            bytes.splice(at..=at, [byte ^ (1 << bit)]);
        }
    }
}

fn repeat(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    let slice = bytes[part(bytes, random)].to_vec();
    let at = random.next(bytes.len() + 1);
    bytes.splice(at..at, slice);
}

fn remove(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    let part = part(bytes, random);
    bytes.drain(part);
}

fn swap(bytes: &mut Vec<u8>, donor: &[u8], random: &mut Random) {
    let taken = donor[token(donor, random)].to_vec();
    put(bytes, &taken, random);
}

fn number(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    put(bytes, NUMBERS[random.next(NUMBERS.len())].as_bytes(), random);
}

fn string(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    match STRINGS.get(random.next(STRINGS.len() + 1)) {
        Some(text) => put(bytes, text.as_bytes(), random),
        None => put(bytes, format!("\"{}\"", "a".repeat(LONG)).as_bytes(), random),
    }
}

fn null(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    put(bytes, b"null", random);
}

fn deep(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    let (place, depth) = (token(bytes, random), DEPTHS[random.next(DEPTHS.len())]);
    let nested = [&b"[".repeat(depth)[..], &bytes[place.clone()], &b"]".repeat(depth)[..]].concat();
    bytes.splice(place, nested);
}

/// A key with its value twice.
fn twice(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    let tokens = tokens(bytes);
    let members: Vec<Range<usize>> = tokens
        .windows(2)
        .filter(|pair| bytes[pair[0].end..pair[1].start].trim_ascii() == b":")
        .map(|pair| pair[0].start..pair[1].end)
        .collect();
    if let Some(member) = members.get(random.next(members.len())) {
        let again = [&bytes[member.clone()], b","].concat();
        bytes.splice(member.start..member.start, again);
    }
}

/// A list where there was an object, or an object where there was a list.
fn wrap(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    let Some(place) = container(bytes, random) else { return };
    let (before, after): (&[u8], &[u8]) =
        if bytes[place.start] == b'[' { (b"{\"x\":", b"}") } else { (b"[", b"]") };
    let wrapped = [before, &bytes[place.clone()], after].concat();
    bytes.splice(place, wrapped);
}

/// What stood in a list or an object, without it.
fn bare(bytes: &mut Vec<u8>, _: &[u8], random: &mut Random) {
    if let Some(place) = container(bytes, random) {
        bytes.remove(place.end - 1);
        bytes.remove(place.start);
    }
}

/// Puts something where a value, a key or a word stands.
fn put(bytes: &mut Vec<u8>, what: &[u8], random: &mut Random) {
    let place = token(bytes, random);
    bytes.splice(place, what.iter().copied());
}

fn part(bytes: &[u8], random: &mut Random) -> Range<usize> {
    let (one, other) = (random.next(bytes.len() + 1), random.next(bytes.len() + 1));
    one.min(other)..one.max(other)
}

/// One of the tokens; the beginning where there are none.
fn token(bytes: &[u8], random: &mut Random) -> Range<usize> {
    let tokens = tokens(bytes);
    tokens.get(random.next(tokens.len())).cloned().unwrap_or(0..0)
}

/// Strings with their quotes, and words and numbers outside of them.
fn tokens(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let length = match byte {
            b'"' => string_length(&bytes[at..]),
            _ => bytes[at..].iter().take_while(|byte| is_word(**byte)).count(),
        };
        if length > 0 {
            found.push(at..at + length);
        }
        at += length.max(1);
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_')
}

/// Length of the string that begins here; 1 where it does not end on its line.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\n' => return 1,
            b'"' if !escaped => return at + 1,
            _ => escaped = *byte == b'\\' && !escaped,
        }
    }
    1
}

/// A list or an object from its bracket to the one that closes it.
fn container(bytes: &[u8], random: &mut Random) -> Option<Range<usize>> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at += string_length(&bytes[at..]) - 1,
            b'[' | b'{' => open.push(at),
            b']' | b'}' => found.extend(open.pop().map(|start| start..at + 1)),
            _ => {}
        }
        at += 1;
    }
    found.get(random.next(found.len())).cloned()
}
