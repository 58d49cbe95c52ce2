//! The outline of a long JSON document: of every list its first elements, of every object its first members, and no long
//! text. It shows what the document looks like where the telling key stands behind much else.
//!
//! Refuses to be read for its content, and to look further than [`FAR`].

use crate::document::end_of_string;

/// Most bytes looked at.
const FAR: usize = 64 << 20;
/// Most bytes kept, about: recognition reads no more.
const MOST: usize = 64 << 10;
/// Elements kept of a list.
const ELEMENTS: usize = 2;
/// Members kept of an object; some are keyed by what they hold, and go on.
const MEMBERS: usize = 32;
/// Members kept of the outermost object.
const OUTERMOST: usize = 60;
/// Longest text that is kept, in bytes with its quotes.
const TEXT: usize = 200;

/// A list or an object that is not closed yet.
struct Open {
    list: bool,
    /// Elements or members so far, the one being read among them.
    count: usize,
}

/// The outline of a document that is nested no deeper than documents may be.
pub(crate) fn of(document: &[u8]) -> Vec<u8> {
    let (mut out, mut open) = (Vec::new(), Vec::new());
    // How many were open where a list or an object had enough; until it closes nothing is kept.
    let mut hidden: Option<usize> = None;
    let mut rest = document.get(..FAR).unwrap_or(document);
    while let Some((&byte, tail)) = rest.split_first().filter(|_| out.len() <= MOST) {
        let length = if byte == b'"' { 1 + end_of_string(tail) } else { 1 };
        let (piece, after) = rest.split_at(length.min(rest.len()));
        rest = after;
        match byte {
            b'{' | b'[' => open.push(Open { list: byte == b'[', count: 1 }),
            b'}' | b']' => {
                hidden = hidden.filter(|depth| *depth != open.len());
                open.pop();
            }
            b',' => {
                let depth = open.len();
                if open.last_mut().is_some_and(|innermost| innermost.is_full(depth)) {
                    hidden = hidden.or(Some(depth));
                }
            }
            _ => {}
        }
        if hidden.is_none() {
            let long = byte == b'"' && piece.len() > TEXT;
            out.extend_from_slice(if long { &b"\"\""[..] } else { piece });
        }
    }
    out
}

impl Open {
    /// Counts one more; whether that is more than is kept.
    fn is_full(&mut self, depth: usize) -> bool {
        self.count = self.count.saturating_add(1);
        let most = match (self.list, depth) {
            (true, _) => ELEMENTS,
            (false, 1) => OUTERMOST,
            (false, _) => MEMBERS,
        };
        self.count > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(String::from_utf8(of(text.as_bytes())).unwrap(), expected);
    }

    #[test]
    fn of_lists_the_first_elements_stay() {
        check(r#"{"a":[1,2,3,4],"b":{"c":"x"}}"#, r#"{"a":[1,2],"b":{"c":"x"}}"#);
        check(r#"[{"a":1},{"b":[[1,2,3],4,[5]]},{"c":[3]}]"#, r#"[{"a":1},{"b":[[1,2],4]}]"#);
        check(r#"{"a":[1,2,{"b":"#, r#"{"a":[1,2"#);
    }

    #[test]
    fn of_objects_the_first_members_stay() {
        let members =
            |count: usize| (0..count).map(|key| format!("\"{key}\":0")).collect::<Vec<_>>().join(",");
        check(&format!("{{{}}}", members(OUTERMOST + 5)), &format!("{{{}}}", members(OUTERMOST)));
        let nested = |count: usize| format!(r#"{{"a":{{{}}},"b":1}}"#, members(count));
        check(&nested(MEMBERS + 5), &nested(MEMBERS));
    }

    #[test]
    fn long_texts_go_and_brackets_in_texts_are_none() {
        let text = |long: &str| format!(r#"{{"a":"{long}","b":"]}}\"[","c":[1]}}"#);
        check(&text(&"x".repeat(TEXT)), &text(""));
    }
}
