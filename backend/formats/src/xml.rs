//! An XML document as a tree of the elements that are used; the rest is skipped while streaming.
//!
//! Refuses document type definitions, entities beyond the five of XML, and nesting over a cap.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use crate::Error;
use crate::error::clip;

/// Most levels of elements.
const DEPTH: usize = 128;

/// An element without its namespace prefix.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Local name.
    pub(crate) name: String,
    /// Attributes by local name.
    attributes: Vec<(String, String)>,
    /// Character data directly inside.
    text: String,
    /// Elements inside.
    children: Vec<Element>,
}

impl Element {
    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of a name in a child that lists them.
    pub(crate) fn list<'e>(&'e self, list: &str, name: &'e str) -> impl Iterator<Item = &'e Self> {
        let children = self.child(list).map(|list| list.children.as_slice()).unwrap_or_default();
        children.iter().filter(move |child| child.name == name)
    }

    /// Every child.
    pub(crate) fn children(&self) -> &[Self] {
        &self.children
    }

    /// The trimmed text of a child; empty without one.
    pub(crate) fn text_of(&self, name: &str) -> &str {
        self.child(name).map(|child| child.text.trim()).unwrap_or_default()
    }

    /// An attribute; empty without one.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The trimmed text inside.
    pub(crate) fn own_text(&self) -> &str {
        self.text.trim()
    }

    /// Takes the first child of a name.
    pub(crate) fn take(&mut self, name: &str) -> Option<Self> {
        let index = self.children.iter().position(|child| child.name == name)?;
        Some(self.children.remove(index))
    }

    /// Takes the children of a name out of a child that lists them.
    pub(crate) fn take_list(&mut self, list: &str, name: &str) -> Vec<Self> {
        let mut children = self.take(list).map(|list| list.children).unwrap_or_default();
        children.retain(|child| child.name == name);
        children
    }

    /// The children.
    pub(crate) fn into_children(self) -> Vec<Self> {
        self.children
    }

    /// Takes the trimmed text of a child, if there is any.
    pub(crate) fn take_text(&mut self, name: &str) -> Option<String> {
        self.take(name).and_then(Self::into_text)
    }

    /// The trimmed text inside, if there is any.
    pub(crate) fn into_text(self) -> Option<String> {
        let trimmed = self.text.trim();
        if trimmed.is_empty() {
            return None;
        }
        Some(if trimmed.len() == self.text.len() { self.text } else { trimmed.to_owned() })
    }

    /// Takes an attribute, if it is filled.
    pub(crate) fn take_attribute(&mut self, name: &str) -> Option<String> {
        let index = self.attributes.iter().position(|(key, _)| key == name)?;
        Some(self.attributes.swap_remove(index).1).filter(|value| !value.is_empty())
    }
}

/// The local name of the outermost element, if the text reaches that far.
pub(crate) fn root_name(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let inner = rest.strip_prefix('<')?;
        let end = if inner.starts_with('?') {
            "?>"
        } else if inner.starts_with("!--") {
            "-->"
        } else if inner.starts_with('!') {
            if inner.split('>').next().is_some_and(|head| head.contains('[')) { "]>" } else { ">" }
        } else {
            let name =
                inner.split(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).next()?;
            return name.rsplit(':').next();
        };
        rest = inner.split_once(end)?.1.trim_start();
    }
}

/// Reads a document of a kind into its outermost element, without the elements of these names and all they hold.
///
/// # Errors
/// When it is not well-formed, stops too early, nests too deeply or brings definitions of its own.
pub(crate) fn read(document: &[u8], kind: &'static str, skipped: &[&str]) -> Result<Element, Error> {
    let text = std::str::from_utf8(document).map_err(|error| Error::Broken {
        kind,
        at: String::new(),
        offset: error.valid_up_to(),
        expectation: "expected UTF-8 text".to_owned(),
    })?;
    let mut tree = Tree { kind, length: text.len(), open: Vec::new() };
    let mut reader = Reader::from_str(text);
    loop {
        let before = offset(reader.buffer_position());
        let event = reader.read_event();
        let event = event.map_err(|error| tree.explain(&error, offset(reader.error_position())))?;
        match event {
            Event::Start(start) if skipped.contains(&start.local_name().as_ref()) => {
                let end = start.to_end().into_owned();
                let passed = reader.read_to_end(end.name());
                passed.map_err(|error| tree.explain(&error, offset(reader.error_position())))?;
            }
            Event::Start(start) => tree.start(&start, before)?,
            Event::Empty(start) => {
                tree.start(&start, before)?;
                if let Some(root) = tree.end() {
                    return Ok(root);
                }
            }
            Event::End(_) => {
                if let Some(root) = tree.end() {
                    return Ok(root);
                }
            }
            Event::Text(text) => tree.text(&text.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(text) => tree.text(&text.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(entity) => {
                let letter = entity.resolve_char_ref().ok().flatten();
                match letter.map(String::from).or_else(|| resolve_xml_entity(&entity).map(str::to_owned)) {
                    Some(text) => tree.text(&text),
                    None => {
                        let entity = clip(&entity);
                        return Err(
                            tree.broken(before, format!("the entity `&{entity};` is not one of XML's five"))
                        );
                    }
                }
            }
            Event::DocType(_) => {
                return Err(tree.broken(
                    before,
                    "document type definitions are refused, because their entities can grow without bound: remove the <!DOCTYPE>"
                        .to_owned(),
                ));
            }
            Event::Eof => return Err(tree.truncated()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The elements that are open, outermost first.
struct Tree {
    kind: &'static str,
    length: usize,
    open: Vec<Element>,
}

impl Tree {
    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), Error> {
        if self.open.len() >= DEPTH {
            return Err(Error::TooDeep { limit: DEPTH, offset: at });
        }
        let mut element = Element { name: start.local_name().as_ref().to_owned(), ..Element::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.broken(at, error.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.broken(at, error.to_string()))?;
            element.attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
        }
        self.open.push(element);
        Ok(())
    }

    /// Closes the innermost element; the outermost one is the result.
    fn end(&mut self) -> Option<Element> {
        let element = self.open.pop()?;
        match self.open.last_mut() {
            Some(parent) => {
                parent.children.push(element);
                None
            }
            None => Some(element),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    fn path(&self) -> String {
        self.open.iter().map(|element| element.name.as_str()).collect::<Vec<_>>().join("/")
    }

    fn broken(&self, offset: usize, expectation: String) -> Error {
        Error::Broken { kind: self.kind, at: self.path(), offset, expectation }
    }

    fn truncated(&self) -> Error {
        Error::Truncated { what: self.kind, offset: self.length, at: self.path() }
    }

    /// Markup that is never closed is a document cut short; all else is not well-formed.
    fn explain(&self, error: &quick_xml::Error, offset: usize) -> Error {
        match error {
            quick_xml::Error::Syntax(_)
            | quick_xml::Error::IllFormed(quick_xml::errors::IllFormedError::MissingEndTag(_)) => {
                self.truncated()
            }
            other => self.broken(offset, clip(&other.to_string())),
        }
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(document: &[u8]) -> Result<Element, Error> {
        super::read(document, "test", &["hashes"])
    }

    #[test]
    fn finds_the_outermost_element() {
        assert_eq!(root_name("<?xml version='1.0'?>\n<!-- <a> -->\n<cdx:bom xmlns:cdx='x'>"), Some("bom"));
        assert_eq!(root_name("<!DOCTYPE bom [<!ENTITY a 'b'>]><bom/>"), Some("bom"));
        assert_eq!(root_name("<!DOCTYPE html><html>"), Some("html"));
        assert_eq!(root_name("<!-- cut"), None);
    }

    #[test]
    fn reads_text_of_every_kind() {
        let mut root =
            read(b"<a:r k='1 &lt; 2'><x> p&amp;q <![CDATA[<z>]]>&#33;</x><hashes><h/></hashes><e/></a:r>")
                .unwrap();
        assert_eq!((root.attribute("k"), root.attribute("l"), root.text_of("x")), ("1 < 2", "", "p&q <z>!"));
        assert_eq!(root.take_attribute("k").as_deref(), Some("1 < 2"));
        assert_eq!(root.take_text("x").as_deref(), Some("p&q <z>!"));
        assert!(root.take("hashes").is_none() && root.take("e").is_some());
    }

    #[track_caller]
    fn check(document: &str, expected: &str) {
        assert_eq!(read(document.as_bytes()).unwrap_err().to_string(), expected);
    }

    #[test]
    fn refuses_what_is_broken_or_hostile() {
        check("<bom><a>", "truncated test at byte 8: the document ends inside `bom/a`");
        check("<bom><a", "truncated test at byte 7: the document ends inside `bom`");
        check(
            "<bom><a>&lol;</a></bom>",
            "broken test at byte 8, `bom/a`: the entity `&lol;` is not one of XML's five",
        );
        let deep = "<a>".repeat(DEPTH + 1);
        check(&deep, "the document is nested deeper than 128 levels at byte 384");
        let bomb = "<!DOCTYPE bom [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><bom>&b;</bom>";
        assert!(
            read(bomb.as_bytes()).unwrap_err().to_string().contains("document type definitions are refused")
        );
        assert!(matches!(read(b"<bom><a></b></bom>"), Err(Error::Broken { .. })));
        assert!(matches!(read(b"<bom>\xff</bom>"), Err(Error::Broken { offset: 5, .. })));
    }
}
