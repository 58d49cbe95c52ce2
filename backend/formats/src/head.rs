//! The first 64 KiB of a document, scanned once: which JSON paths it shows and the first scalar at each,
//! so that formats can be told by shape wherever their telling key stands.
//!
//! Lenient: the head of a long document is cut in the middle and that is fine. Refuses to look deeper
//! than four keys.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::{Error, clip};

/// How much of a document recognition reads.
const BOUND: usize = 64 * 1024;
/// How many keys deep paths are kept.
const DEPTH: usize = 4;

/// The beginning of a document.
#[derive(Debug)]
pub struct Head<'a> {
    bytes: &'a [u8],
    whole: bool,
    paths: BTreeMap<String, Option<String>>,
    keys: Vec<String>,
    end: End,
}

/// How the scan of the head ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The outermost value closed, or the document is not JSON.
    Closed,
    /// Inside the value at this path.
    Open(String),
    /// At a byte that JSON does not allow there.
    Malformed(usize, String),
}

impl<'a> Head<'a> {
    /// Scans the beginning of a decompressed document.
    #[must_use]
    pub fn new(document: &'a [u8]) -> Self {
        let start = document.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(document.len());
        let bytes = &document[start..document.len().min(start + BOUND)];
        let whole = start + bytes.len() == document.len();
        let mut head = Self { bytes, whole, paths: BTreeMap::new(), keys: Vec::new(), end: End::Closed };
        if head.is_json_object() || head.is_json_array() {
            let mut scanner = Scanner { bytes, ..Scanner::default() };
            scanner.run();
            (head.paths, head.keys, head.end) = (scanner.paths, scanner.keys, scanner.end);
        }
        head
    }

    /// Scans the beginning of a document of which there is more.
    #[must_use]
    pub(crate) fn cut(beginning: &'a [u8]) -> Self {
        Self { whole: false, ..Self::new(beginning) }
    }

    /// Whether the document shows this path, such as `matches[].vulnerability` or `[].Target`.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.paths.contains_key(path)
    }

    /// Whether the document shows a path that begins and ends like this: keys between them name what they hold.
    #[must_use]
    pub fn has_between(&self, start: &str, end: &str) -> bool {
        let rest = |path: &String| path.strip_prefix(start).is_some_and(|rest| rest.ends_with(end));
        self.paths
            .range(start.to_owned()..)
            .map_while(|(path, _)| path.starts_with(start).then_some(path))
            .any(rest)
    }

    /// The first scalar at this path: strings unescaped, numbers and literals as written.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<&str> {
        self.paths.get(path).and_then(Option::as_deref)
    }

    /// The keys of the outermost object in document order, as far as the head reaches.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The first byte that is not white space.
    #[must_use]
    pub fn first_byte(&self) -> Option<u8> {
        self.bytes.first().copied()
    }

    /// Whether it begins as a JSON object.
    #[must_use]
    pub fn is_json_object(&self) -> bool {
        self.first_byte() == Some(b'{')
    }

    /// Whether it begins as a JSON array.
    #[must_use]
    pub fn is_json_array(&self) -> bool {
        self.first_byte() == Some(b'[')
    }

    /// Whether the head is the whole document.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// The head as text without leading white space, up to the first byte that is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &'a str {
        match std::str::from_utf8(self.bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&self.bytes[..error.valid_up_to()]).unwrap_or_default(),
        }
    }

    /// Why no format claims the document.
    pub(crate) fn refusal(&self) -> Error {
        let lower: String = self.text().chars().take(200).collect::<String>().to_ascii_lowercase();
        if self.bytes.is_empty() {
            return Error::Empty;
        }
        if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
            return Error::Html;
        }
        match &self.end {
            End::Open(at) if self.whole => {
                return Error::Truncated { what: "JSON", offset: self.bytes.len(), at: at.clone() };
            }
            End::Malformed(offset, at) => {
                let expectation = "no valid JSON continues like this".to_owned();
                return Error::Broken { kind: "JSON", at: at.clone(), offset: *offset, expectation };
            }
            End::Open(_) | End::Closed => {}
        }
        Error::NotRecognised { looks: self.looks() }
    }

    /// What it looks like, for a sentence.
    pub(crate) fn looks(&self) -> String {
        let quoted = |names: &mut dyn Iterator<Item = &str>| {
            names.take(6).map(|name| format!("`{}`", clip(name))).collect::<Vec<_>>().join(", ")
        };
        if self.is_json_object() {
            return match self.keys.len() {
                0 => "an empty JSON object".to_owned(),
                _ => format!(
                    "a JSON object with the keys {}",
                    quoted(&mut self.keys.iter().map(String::as_str))
                ),
            };
        }
        if self.is_json_array() {
            let mut inner = self
                .paths
                .keys()
                .filter_map(|path| path.strip_prefix("[]."))
                .filter(|key| !key.contains(['.', '[']))
                .peekable();
            return match inner.peek() {
                None => "a JSON array without objects".to_owned(),
                Some(_) => format!("a JSON array of objects with the keys {}", quoted(&mut inner)),
            };
        }
        let line = self.text().lines().next().unwrap_or_default();
        match self.first_byte() {
            _ if line.is_empty() || line.contains('\0') => "binary data".to_owned(),
            Some(b'<') => format!("XML that begins with `{}`", clip(line)),
            _ => format!("text that begins with `{}`", clip(line)),
        }
    }
}

/// One pass over possibly cut JSON.
#[derive(Debug)]
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    path: String,
    stack: Vec<Frame>,
    objects: usize,
    paths: BTreeMap<String, Option<String>>,
    keys: Vec<String>,
    end: End,
}

impl Default for Scanner<'_> {
    fn default() -> Self {
        Self {
            bytes: &[],
            at: 0,
            path: String::new(),
            stack: Vec::new(),
            objects: 0,
            paths: BTreeMap::new(),
            keys: Vec::new(),
            end: End::Closed,
        }
    }
}

/// An open array or object.
#[derive(Debug)]
struct Frame {
    object: bool,
    /// Whether the next string is a key.
    key_next: bool,
    /// Length of the container's own path.
    base: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'{' | b'[' => self.open(byte == b'{'),
                b'}' | b']' => {
                    if !self.close(byte == b'}') {
                        return self.malformed();
                    }
                    if self.stack.is_empty() {
                        return;
                    }
                }
                b',' => self.comma(),
                b':' | b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'"' => {
                    let Some(text) = self.string() else { break };
                    if !self.take_string(text) {
                        return self.malformed();
                    }
                }
                b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => self.literal(),
                _ => return self.malformed(),
            }
        }
        self.end = End::Open(std::mem::take(&mut self.path));
    }

    fn malformed(&mut self) {
        self.end = End::Malformed(self.at, std::mem::take(&mut self.path));
    }

    fn open(&mut self, object: bool) {
        let base = self.path.len();
        if !object {
            self.path.push_str("[]");
        }
        self.objects += usize::from(object);
        self.stack.push(Frame { object, key_next: object, base });
        self.at += 1;
    }

    fn close(&mut self, object: bool) -> bool {
        match self.stack.pop() {
            Some(frame) if frame.object == object => {
                self.path.truncate(frame.base);
                self.objects -= usize::from(object);
                self.at += 1;
                true
            }
            _ => false,
        }
    }

    fn comma(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.key_next = frame.object;
        }
        self.at += 1;
    }

    /// A string that is a key extends the path; any other is a value.
    fn take_string(&mut self, text: Cow<'_, str>) -> bool {
        let Some(frame) = self.stack.last_mut() else { return false };
        if !frame.key_next {
            self.scalar(&text);
            return true;
        }
        frame.key_next = false;
        self.path.truncate(frame.base);
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(&text);
        if self.stack.len() == 1 && !self.keys.iter().any(|key| *key == text) {
            self.keys.push(text.into_owned());
        }
        if self.objects <= DEPTH && !self.paths.contains_key(&self.path) {
            self.paths.insert(self.path.clone(), None);
        }
        true
    }

    fn literal(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')))
            .unwrap_or(rest.len());
        let text = String::from_utf8_lossy(&rest[..length]).into_owned();
        self.at += length;
        self.scalar(&text);
    }

    fn scalar(&mut self, text: &str) {
        if self.objects > DEPTH {
            return;
        }
        if let Some(known) = self.paths.get_mut(&self.path) {
            known.get_or_insert_with(|| text.to_owned());
        } else {
            self.paths.insert(self.path.clone(), Some(text.to_owned()));
        }
    }

    /// The string that begins here, or nothing where the head ends inside it.
    fn string(&mut self) -> Option<Cow<'static, str>> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            let found = memchr::memchr2(b'"', b'\\', self.bytes.get(at..)?)?;
            if self.bytes[at + found] == b'"' {
                let text = String::from_utf8_lossy(&self.bytes[start..at + found]);
                let text = if text.contains('\\') {
                    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.into_owned())
                } else {
                    text.into_owned()
                };
                self.at = at + found + 1;
                return Some(Cow::Owned(text));
            }
            at += found + 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_paths_and_first_scalars() {
        let head = Head::new(br#" {"a":1,"b":[{"c":{"d":"x\u0041"}},{"c":{"e":null}}],"f":["g"],"h":{"i":{"j":{"k":{"l":1}}}}}"#);
        assert_eq!(head.value("a"), Some("1"));
        assert_eq!(head.value("b[].c.d"), Some("xA"));
        assert_eq!(head.value("b[].c.e"), Some("null"));
        assert_eq!(head.value("f[]"), Some("g"));
        assert!(head.has("h.i.j") && head.has("h.i.j.k") && !head.has("h.i.j.k.l"));
        assert_eq!(head.keys(), ["a", "b", "f", "h"]);
        assert!(
            head.has_between("h.", ".k") && !head.has_between("h.", ".l") && !head.has_between("i.", ".k")
        );
    }

    #[test]
    fn survives_every_cut() {
        let text = r#"[{"Target":"é","Vulnerabilities":[{"x":"\"\\"}]},-1.5e3,true]"#;
        for end in 0..text.len() {
            let head = Head::new(&text.as_bytes()[..end]);
            assert_eq!(head.is_json_array(), end > 0);
        }
        assert!(Head::new(text.as_bytes()).has("[].Vulnerabilities[].x"));
    }

    #[track_caller]
    fn check_refusal(text: &str, expected: &str) {
        assert_eq!(Head::new(text.as_bytes()).refusal().to_string(), expected);
    }

    #[test]
    fn says_what_it_looks_like() {
        check_refusal(
            r#"{"a":1,"b":2}"#,
            "no known format: the document looks like a JSON object with the keys `a`, `b`",
        );
        check_refusal("{}", "no known format: the document looks like an empty JSON object");
        check_refusal(
            r#"[{"k":[]}]"#,
            "no known format: the document looks like a JSON array of objects with the keys `k`",
        );
        check_refusal(r#"{"a":{"b":"#, "truncated JSON at byte 10: the document ends inside `a.b`");
        check_refusal(r#"{"a":]"#, "broken JSON at byte 5, `a`: no valid JSON continues like this");
        check_refusal(
            "<!DOCTYPE html><p>",
            "this is an HTML page, not a report: it was probably saved from a login or error page",
        );
        check_refusal(
            "cve,epss",
            "no known format: the document looks like text that begins with `cve,epss`",
        );
    }
}
