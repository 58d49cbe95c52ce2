//! A JSON document cut while it streams by: the elements of the lists that a plan names come out one by one, and what
//! remains is the document with those lists empty, its skeleton.
//!
//! Refuses to hold more than one element at a time and to judge what is inside one: the format's parser does.

use std::io::Read;

use super::Stop;
use super::plan::List;
use crate::document::Limits;
use crate::error::Error;

/// Bytes read at a time.
const STRIDE: usize = 256 << 10;
/// Most bytes of one element, and of the skeleton: a document beyond that is no long list of small things.
const MOST: usize = 16 << 20;

/// An element of a list.
pub(super) struct Element<'e> {
    /// Which list of the document it stands in.
    pub(super) slot: usize,
    /// Its number there.
    pub(super) index: usize,
    /// Byte of the document where it begins.
    pub(super) offset: usize,
    /// All of it.
    pub(super) bytes: &'e [u8],
}

/// A list of the document that the plan names.
#[derive(Debug)]
pub(super) struct Slot {
    /// Which of the plan's lists it is.
    pub(super) list: usize,
    /// `Results[3].Packages`
    pub(super) path: String,
    /// The object that holds it, numbered as they come.
    pub(super) holder: usize,
    /// Byte of the skeleton before which its elements belong.
    pub(super) at: usize,
    /// Byte of the document that stands there in the skeleton.
    pub(super) resumes: usize,
}

/// What remains of a document.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    pub(super) bytes: Vec<u8>,
    /// In document order.
    pub(super) slots: Vec<Slot>,
}

/// Is given every element, with the list it stands in.
pub(super) type Emit<'e> = dyn FnMut(&Slot, Element<'_>) -> Result<(), Stop> + 'e;

/// Cuts a document of a kind.
pub(super) fn split(
    reader: impl Read,
    kind: &'static str,
    lists: &[List],
    limits: Limits,
    emit: &mut Emit<'_>,
) -> Result<Skeleton, Stop> {
    let mut splitter = Splitter {
        reader,
        kind,
        lists,
        limits,
        buffer: Vec::new(),
        at: 0,
        mark: None,
        passed: 0,
        ended: false,
        path: String::new(),
        pattern: String::new(),
        objects: 0,
        skeleton: Skeleton::default(),
    };
    splitter.document(emit)?;
    Ok(splitter.skeleton)
}

struct Splitter<'s, R> {
    reader: R,
    kind: &'static str,
    lists: &'s [List],
    limits: Limits,
    buffer: Vec<u8>,
    /// The next byte of the buffer.
    at: usize,
    /// The first byte of the buffer that is still needed, if that is not the next.
    mark: Option<usize>,
    /// Bytes of the document before the buffer.
    passed: usize,
    ended: bool,
    /// `Results[3].Packages`
    path: String,
    /// `Results[].Packages`
    pattern: String,
    objects: usize,
    skeleton: Skeleton,
}

impl<R: Read> Splitter<'_, R> {
    fn document(&mut self, emit: &mut Emit<'_>) -> Result<(), Stop> {
        self.fill()?;
        match self.buffer.get(..3) {
            Some([0xef, 0xbb, 0xbf]) => self.at = 3,
            Some([0xfe | 0xff, 0xfe | 0xff, _]) => return Err(Stop::Whole),
            _ => {}
        }
        match self.peek(true)? {
            Some(b'{' | b'[') => self.value(0, emit)?,
            _ => return Err(Stop::Whole),
        }
        match self.peek(true)? {
            None => Ok(()),
            Some(_) => Err(self.broken("the end of the document")),
        }
    }

    /// The value that begins at the next byte, inside the object of this number.
    fn value(&mut self, holder: usize, emit: &mut Emit<'_>) -> Result<(), Stop> {
        let listed = self.lists.iter().position(|list| list.path == self.pattern);
        match (self.peek(true)?, listed) {
            (Some(b'['), Some(list)) => self.list(list, holder, emit),
            (Some(b'{'), _) if self.leads(".") => self.object(emit),
            (Some(b'['), _) if self.leads("[]") => self.array(holder, emit),
            _ => {
                let (start, end) = self.whole()?;
                if start == end {
                    return Err(self.broken("a value"));
                }
                self.keep(start, end)
            }
        }
    }

    /// Whether a list lies deeper than here, this way.
    fn leads(&self, way: &str) -> bool {
        self.lists.iter().any(|list| {
            list.path.strip_prefix(self.pattern.as_str()).is_some_and(|rest| {
                rest.starts_with(way) || self.pattern.is_empty() && way == "." && !rest.starts_with('[')
            })
        })
    }

    fn object(&mut self, emit: &mut Emit<'_>) -> Result<(), Stop> {
        self.objects += 1;
        let holder = self.objects;
        self.step()?;
        if self.peek(true)? == Some(b'}') {
            return self.step();
        }
        loop {
            if self.peek(true)? != Some(b'"') {
                return Err(self.broken("a key"));
            }
            let (start, end) = self.whole()?;
            let name: Result<String, _> = serde_json::from_slice(&self.buffer[start..end]);
            self.keep(start, end)?;
            let Ok(name) = name else { return Err(self.broken("a key")) };
            if self.peek(true)? != Some(b':') {
                return Err(self.broken("`:`"));
            }
            self.step()?;
            let (path, pattern) = (self.path.len(), self.pattern.len());
            let point = if pattern == 0 { "" } else { "." };
            self.path.extend([point, &name]);
            self.pattern.extend([point, &name]);
            self.value(holder, emit)?;
            self.path.truncate(path);
            self.pattern.truncate(pattern);
            if self.ends(b'}', true)? {
                return self.step();
            }
        }
    }

    fn array(&mut self, holder: usize, emit: &mut Emit<'_>) -> Result<(), Stop> {
        self.step()?;
        if self.peek(true)? == Some(b']') {
            return self.step();
        }
        let (path, pattern) = (self.path.len(), self.pattern.len());
        for index in 0_usize.. {
            self.path.push_str(&format!("[{index}]"));
            self.pattern.push_str("[]");
            self.value(holder, emit)?;
            self.path.truncate(path);
            self.pattern.truncate(pattern);
            if self.ends(b']', true)? {
                break;
            }
        }
        self.step()
    }

    /// A list of the plan: its elements go out, its brackets stay.
    fn list(&mut self, list: usize, holder: usize, emit: &mut Emit<'_>) -> Result<(), Stop> {
        self.step()?;
        let path = self.path.clone();
        let mut slot = Slot { list, path, holder, at: self.skeleton.bytes.len(), resumes: 0 };
        let number = self.skeleton.slots.len();
        let mut ended = self.peek(false)? == Some(b']');
        for index in 0_usize.. {
            if ended {
                break;
            }
            self.peek(false)?;
            let (start, end) = self.whole()?;
            if start == end {
                return Err(self.broken("a value"));
            }
            let (offset, bytes) = (self.passed + start, &self.buffer[start..end]);
            emit(&slot, Element { slot: number, index, offset, bytes })?;
            ended = self.ends(b']', false)?;
        }
        slot.resumes = self.passed + self.at;
        self.skeleton.slots.push(slot);
        self.step()
    }

    /// Whether the list or object ends here; else the comma is passed.
    fn ends(&mut self, close: u8, kept: bool) -> Result<bool, Stop> {
        match self.peek(kept)? {
            Some(b',') if kept => self.step().map(|()| false),
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == close => Ok(true),
            _ => Err(self.broken(if close == b']' { "`,` or `]`" } else { "`,` or `}`" })),
        }
    }

    /// The next byte that is not white space, if there is one; the white space is part of the skeleton or passed over.
    fn peek(&mut self, kept: bool) -> Result<Option<u8>, Stop> {
        loop {
            match self.buffer.get(self.at).copied() {
                Some(b' ' | b'\t' | b'\r' | b'\n') if kept => self.step()?,
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(byte) => return Ok(Some(byte)),
                None if self.fill()? => {}
                None => return Ok(None),
            }
        }
    }

    /// The next byte becomes part of the skeleton.
    fn step(&mut self) -> Result<(), Stop> {
        self.at += 1;
        self.keep(self.at - 1, self.at)
    }

    /// Bytes of the buffer become part of the skeleton.
    fn keep(&mut self, start: usize, end: usize) -> Result<(), Stop> {
        self.skeleton.bytes.extend_from_slice(&self.buffer[start..end]);
        if self.skeleton.bytes.len() > MOST { Err(Stop::Whole) } else { Ok(()) }
    }

    /// Passes over the value that begins here; it stands between these bytes of the buffer.
    fn whole(&mut self) -> Result<(usize, usize), Stop> {
        self.mark = Some(self.at);
        let passed = self.pass();
        let start = self.mark.take().unwrap_or(self.at);
        passed.map(|()| (start, self.at))
    }

    fn pass(&mut self) -> Result<(), Stop> {
        let outside = self.pattern.matches(['.', '[']).count();
        let mut depth = 0_usize;
        loop {
            let Some(&byte) = self.buffer.get(self.at) else {
                match self.fill()? {
                    true => continue,
                    false if depth == 0 => return Ok(()),
                    false => return Err(self.truncated()),
                }
            };
            match byte {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    if outside + depth > self.limits.depth {
                        let offset = self.passed + self.at;
                        return Err(Error::TooDeep { limit: self.limits.depth, offset }.into());
                    }
                    continue;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return Ok(()),
                _ => {
                    self.run(depth);
                    continue;
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Passes over what neither opens nor closes anything.
    fn run(&mut self, depth: usize) {
        let rest = &self.buffer[self.at..];
        let ends = |byte: &u8| match byte {
            b'"' | b'{' | b'}' | b'[' | b']' => true,
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => depth == 0,
            _ => false,
        };
        self.at += rest.iter().position(ends).unwrap_or(rest.len()).max(1);
    }

    /// Passes over the string that begins here.
    fn string(&mut self) -> Result<(), Stop> {
        self.at += 1;
        loop {
            match memchr::memchr2(b'"', b'\\', &self.buffer[self.at..]) {
                Some(found) if self.buffer[self.at + found] == b'"' => {
                    self.at += found + 1;
                    return Ok(());
                }
                Some(found) => {
                    self.at += found + 1;
                    if self.at == self.buffer.len() && !self.fill()? {
                        return Err(self.truncated());
                    }
                    self.at += 1;
                }
                None => {
                    self.at = self.buffer.len();
                    if !self.fill()? {
                        return Err(self.truncated());
                    }
                }
            }
        }
    }

    /// Reads on, and lets go of what is no longer needed; whether there was more.
    fn fill(&mut self) -> Result<bool, Stop> {
        if self.ended {
            return Ok(false);
        }
        let done = self.mark.unwrap_or(self.at);
        self.buffer.drain(..done);
        self.passed += done;
        self.at -= done;
        self.mark = self.mark.map(|_| 0);
        let known = self.buffer.len();
        if known > MOST {
            return Err(Stop::Whole);
        }
        self.buffer.resize(known + STRIDE, 0);
        let read = read_full(&mut self.reader, &mut self.buffer[known..]);
        let read = read
            .map_err(|error| Error::Unreadable { offset: self.passed + known, reason: error.to_string() })?;
        self.buffer.truncate(known + read);
        self.ended = read < STRIDE;
        if self.passed + self.buffer.len() > self.limits.size {
            return Err(Error::TooLarge { limit: self.limits.size }.into());
        }
        Ok(read > 0)
    }

    fn broken(&self, expected: &str) -> Stop {
        if self.ended && self.at >= self.buffer.len() {
            return self.truncated();
        }
        let (at, offset) = (self.path.clone(), self.passed + self.at);
        Error::Broken { kind: self.kind, at, offset, expectation: format!("expected {expected}") }.into()
    }

    fn truncated(&self) -> Stop {
        let offset = self.passed + self.buffer.len();
        Error::Truncated { what: self.kind, offset, at: self.path.clone() }.into()
    }
}

/// Reads until the buffer is full or nothing more comes; tells how much.
pub(super) fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
