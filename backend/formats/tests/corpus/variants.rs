//! Documents as other programs on their way might have written them: with a byte order mark, with the line ends and the
//! encodings of Windows, and JSON with other spaces and another order of keys. Each is read as what it was.
//!
//! Refuses what is long: it would only take time.

use std::collections::HashMap;
use std::fmt::Write;
use std::mem::{Discriminant, discriminant};
use std::sync::Mutex;

use domain::observation::Observation;
use formats::{Limits, Parsed, document};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::fixtures::fixtures;
use crate::rounds::{Random, side_by_side};
use crate::{ARCHIVES, corpus, files_below};

/// Longest document that is rewritten, in bytes.
const LONGEST: usize = 300_000;
/// Documents among the fixtures: fewer mean that something is amiss here.
const FIXTURES: usize = 300;

/// A document as it was found.
struct Found {
    name: String,
    bytes: Vec<u8>,
}

#[test]
fn other_encodings_spaces_and_orders_of_keys_change_nothing() {
    let (found, wrong, read) = (found(), Mutex::new(Vec::new()), Mutex::new(0));
    side_by_side(&found, |found| {
        let Ok(plain) = document::open(&found.bytes, Limits::default(), |_| Ok(())) else { return };
        if plain.len() > LONGEST {
            return;
        }
        let Ok(original) = formats::read(&plain, Limits::default()) else { return };
        *read.lock().unwrap() += 1;
        for (how, variant) in variants(&plain) {
            let said = formats::read(&variant, Limits::default());
            let said = said.map(|read| (read.format.kind, counts(&read.parsed)));
            if said != Ok((original.format.kind, counts(&original.parsed))) {
                wrong.lock().unwrap().push(format!("{} {how}: {said:?}", found.name));
            }
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert_eq!(wrong, Vec::<String>::new());
    assert!(read.into_inner().unwrap() >= FIXTURES);
}

/// The fixtures, and the shorter files of the corpus, where there is one.
fn found() -> Vec<Found> {
    let fixtures = fixtures().into_iter().map(|fixture| Found {
        name: format!("{} {}", fixture.format.kind, fixture.name()),
        bytes: fixture.bytes,
    });
    let mut found: Vec<Found> = fixtures.collect();
    if let Some(root) = corpus() {
        let mut files = Vec::new();
        files_below(&root, &mut files);
        for path in files {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if !ARCHIVES.iter().any(|(archive, _)| *archive == name) {
                found.push(Found { name, bytes: std::fs::read(path).unwrap() });
            }
        }
    }
    found.retain(|found| found.bytes.len() <= LONGEST);
    found
}

/// Entries, entries that were skipped, components, and how many observations there are of each kind.
type Counts = (usize, usize, usize, HashMap<Discriminant<Observation>, usize>);

fn counts(parsed: &Parsed) -> Counts {
    let mut kinds = HashMap::new();
    for observation in &parsed.observations {
        *kinds.entry(discriminant(observation)).or_insert(0) += 1;
    }
    (parsed.entries, parsed.skipped, parsed.listed_components, kinds)
}

/// The document in other ways, with a name for each.
fn variants(plain: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut variants = vec![("with a byte order mark", [&b"\xef\xbb\xbf"[..], plain].concat())];
    let Ok(text) = std::str::from_utf8(plain) else { return variants };
    variants.push(("with CRLF", text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()));
    let wide = |unit: fn(u16) -> [u8; 2]| {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect::<Vec<u8>>()
    };
    variants.push(("as UTF-16 LE", wide(u16::to_le_bytes)));
    variants.push(("as UTF-16 BE", wide(u16::to_be_bytes)));
    if let Ok(value) = serde_json::from_str::<&RawValue>(text) {
        let mut indented = String::new();
        rewrite(value, "\n", &mut |_| {}, &mut indented);
        variants.push(("indented", indented.into_bytes()));
        let (mut shuffled, mut random) = (String::new(), Random::new(plain.len() as u64));
        rewrite(value, "", &mut |members| shuffle(members, &mut random), &mut shuffled);
        variants.push(("with shuffled keys", shuffled.into_bytes()));
    }
    variants
}

/// Members of an object as they are written, those that stand twice too.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Collect).map(Members)
    }
}

/// Orders the members of an object.
type Order<'o> = dyn FnMut(&mut Vec<(String, &RawValue)>) + 'o;

/// Writes a value with `space` between all that it holds, and the members of objects in another order.
fn rewrite(value: &RawValue, space: &str, order: &mut Order<'_>, out: &mut String) {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let Members(mut members) = serde_json::from_str(text).unwrap();
            order(&mut members);
            out.push('{');
            for (number, (key, inner)) in members.into_iter().enumerate() {
                let comma = if number > 0 { "," } else { "" };
                write!(out, "{comma}{space}{}{space}:{space}", serde_json::to_string(&key).unwrap()).unwrap();
                rewrite(inner, space, order, out);
            }
            out.push('}');
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            out.push('[');
            for (number, inner) in items.into_iter().enumerate() {
                let comma = if number > 0 { "," } else { "" };
                write!(out, "{comma}{space}").unwrap();
                rewrite(inner, space, order, out);
            }
            out.push(']');
        }
        _ => out.push_str(text),
    }
}

fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for last in (1..list.len()).rev() {
        list.swap(last, random.next(last + 1));
    }
}
