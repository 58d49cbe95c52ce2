//! What is written is read again, and what is neither is refused with its line.

use super::*;
use crate::{Error, Limits, document, read};

const MANY: &[u8] = include_bytes!("fixtures/many.ndjson");

#[test]
fn a_part_is_whose_it_is_and_how_it_ends() {
    let part = part(MANY).unwrap();
    assert_eq!(part.header.source, "prod");
    assert_eq!(part.header.scope.to_string(), "111122223333 / eu-west-1 / ecr");
    assert_eq!(part.carried.len(), 3);
    assert_eq!(part.end, Some(End::Partial("`ecr:DescribeImages` was denied".to_owned())));
}

#[test]
fn what_is_written_is_what_was_read() {
    let read = part(MANY).unwrap();
    let mut text = header_line(&read.header);
    for carried in read.carried {
        text += &match carried {
            Carried::Observation(observation) => observation_line(observation),
            Carried::Document(bytes, provenance) => document_line(bytes, provenance),
        };
    }
    text += &end_line(read.end.unwrap());
    assert_eq!(part(text.as_bytes()).unwrap(), part(MANY).unwrap());
}

#[test]
fn bytes_that_are_no_text_survive() {
    let Carried::Document(_, provenance) = part(MANY).unwrap().carried.pop().unwrap() else { unreachable!() };
    let header = part(MANY).unwrap().header;
    let text = header_line(&header) + &document_line(vec![0xff, 0x00, 0x28], provenance);
    let read = part(text.as_bytes()).unwrap();
    assert!(matches!(&read.carried[..], [Carried::Document(bytes, _)] if bytes == &[0xff, 0x00, 0x28]));
    assert_eq!(read.end, None);
}

#[test]
fn as_a_document_it_shows_its_observations_and_says_what_it_leaves() {
    let read = read(MANY, Limits::default()).unwrap();
    assert_eq!(read.format.kind, KIND);
    assert_eq!(read.parsed.observations.len(), 2);
    assert_eq!(read.parsed.warnings[0].message, "carries 1 documents, which only a pushed run hands on");
}

#[test]
fn a_line_that_is_neither_is_refused_with_its_number() {
    let broken = part(include_bytes!("fixtures/broken.ndjson"));
    assert!(matches!(broken, Err(Error::Broken { at, .. }) if at == "line 3"));
    let later = String::from_utf8_lossy(MANY).replace("\"version\":1", "\"version\":2");
    assert!(part(later.as_bytes()).unwrap_err().to_string().contains("is of version 2"));
}

#[test]
fn a_refusal_of_a_word_that_holds_a_line_end_is_one_line() {
    let odd = String::from_utf8_lossy(MANY).replacen("{\"document\"", "{\"docum\\nt\"", 1);
    let refused = part(odd.as_bytes()).unwrap_err().to_string();
    assert!(refused.contains("unknown variant `docum\u{fffd}t`"), "{refused}");
}

/// The parts that lines become, read again; lines of a part may have so many bytes.
fn packed(most: usize, lines: &[&str]) -> Vec<(u32, Part)> {
    let mut packer = Packer::new(part(MANY).unwrap().header, most).unwrap();
    let mut parts: Vec<Packed> = lines.iter().filter_map(|line| packer.line(line).unwrap()).collect();
    parts.push(packer.end(End::Complete).unwrap());
    let read = |packed: &Packed| {
        let plain = document::open(&packed.bytes, Limits::default(), |_| Ok(())).unwrap();
        assert!(plain.len() > packed.bytes.len(), "it is packed");
        (packed.number, part(&plain).unwrap())
    };
    parts.iter().map(read).collect()
}

#[test]
fn parts_are_cut_between_lines_and_the_last_ends_the_scope() {
    let line = observation_line(match part(MANY).unwrap().carried.swap_remove(0) {
        Carried::Observation(observation) => observation,
        Carried::Document(..) => unreachable!(),
    });
    let lines = [line.as_str(); 5];
    for (most, expected) in [(2 * line.len(), &[2, 2, 1][..]), (usize::MAX, &[5]), (1, &[1, 1, 1, 1, 1])] {
        let parts = packed(most, &lines);
        assert_eq!(parts.iter().map(|(_, part)| part.carried.len()).collect::<Vec<_>>(), expected);
        for (position, (number, read)) in (1..).zip(&parts) {
            assert_eq!((*number, read.header.part), (position, position));
            let ends = usize::try_from(position).unwrap() == parts.len();
            assert_eq!(read.end, ends.then_some(End::Complete), "{position}");
        }
    }
}

#[test]
fn a_scope_that_shows_nothing_is_one_part() {
    let parts = packed(1000, &[]);
    assert_eq!(parts.len(), 1);
    assert_eq!((parts[0].1.carried.len(), parts[0].1.end.clone()), (0, Some(End::Complete)));
}
