//! Typed JSON with errors that say where. The fast parser runs first; only when it fails is the document
//! read again with path tracking. Also the lenient field types that vendors make necessary.
//!
//! Refuses to be lenient about structure: an object where a list belongs is an error with its path.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::error::{Error, clip};

/// Reads a whole JSON document; the result may borrow from it.
///
/// # Errors
/// [`Error::Truncated`] or [`Error::Broken`] with path and byte offset.
pub fn from_slice<'a, T: Deserialize<'a>>(bytes: &'a [u8], kind: &'static str) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| explain::<T>(bytes, kind, &error))
}

/// Reads JSON documents that stand one after another: one a line, or pages of answers.
///
/// # Errors
/// Those of [`from_slice`], of the first document that is broken.
pub fn documents<'a, T: Deserialize<'a>>(bytes: &'a [u8], kind: &'static str) -> Result<Vec<T>, Error> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<T>();
    let mut found = Vec::new();
    loop {
        let start = values.byte_offset();
        match values.next() {
            None => return Ok(found),
            Some(Ok(value)) => found.push(value),
            Some(Err(error)) => return Err(explain::<T>(&bytes[start..], kind, &error).after(start)),
        }
    }
}

#[cold]
fn explain<'a, T: Deserialize<'a>>(bytes: &'a [u8], kind: &'static str, first: &serde_json::Error) -> Error {
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    let traced = serde_path_to_error::deserialize::<_, T>(&mut parser);
    let (at, cause) = match &traced {
        Err(error) => (error.path().to_string(), error.inner()),
        Ok(_) => (String::new(), first),
    };
    let at = if at == "." || at == "?" { String::new() } else { at };
    let offset = offset(bytes, cause.line(), cause.column());
    if cause.is_eof() {
        return Error::Truncated { what: kind, offset: bytes.len(), at };
    }
    let text = cause.to_string();
    let expectation = clip(text.split(" at line ").next().unwrap_or(&text));
    Error::Broken { kind, at, offset, expectation }
}

/// Byte offset of a line and column as `serde_json` counts them (lines from 1, columns in bytes).
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(nth) => memchr::memchr_iter(b'\n', bytes).nth(nth).map_or(0, |newline| newline + 1),
    };
    (start + column.saturating_sub(1)).min(bytes.len())
}

/// For `#[serde(default, deserialize_with = "json::nullable")]`: `null` is the default.
///
/// # Errors
/// Those of `T`.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A scalar as text, borrowed where the document allows it: a string, or a number or boolean as JSON
/// writes it. `null` is empty. Unlike `Option<Cow<str>>`, an `Option<Text>` borrows too.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'a> Text<'a> {
    /// The text as owned string.
    #[must_use]
    pub fn into_owned(self) -> String {
        self.0.into_owned()
    }

    /// The text, unless it is empty.
    #[must_use]
    pub fn filled(&self) -> Option<&str> {
        if self.0.is_empty() { None } else { Some(&self.0) }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if truth { "true" } else { "false" }))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }
}

/// A number that some write as a string; `null` and the empty string are none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Number(pub Option<f64>);

impl Number {
    /// The number as a whole one, where it is one.
    #[must_use]
    pub fn whole(self) -> Option<u64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "range and fraction are checked"
        )]
        self.0
            .filter(|number| (0.0..9e15).contains(number) && number.fract() == 0.0)
            .map(|number| number as u64)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor).map(Self)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Option<f64>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number")
    }

    #[expect(clippy::cast_precision_loss, reason = "sizes and lines stay far below 2^53")]
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "sizes and lines stay far below 2^53")]
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text.trim() {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|_| E::custom(format!("`{}` is not a number", clip(text))))
            }
        }
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// For `#[serde(default, deserialize_with = "json::pairs")]`: an object as a list of its members in
/// document order, which costs a fraction of a map where there are many small ones. `null` is empty.
///
/// # Errors
/// Those of the members.
pub fn pairs<'de, D, K, V>(deserializer: D) -> Result<Vec<(K, V)>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
{
    deserializer.deserialize_any(PairsVisitor(PhantomData))
}

struct PairsVisitor<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<K, V> {
    type Value = Vec<(K, V)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = members.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Wire<'a> {
        #[serde(borrow)]
        name: Option<Text<'a>>,
        #[serde(default, deserialize_with = "nullable")]
        list: Vec<Number>,
        #[serde(default, deserialize_with = "pairs", borrow)]
        members: Vec<(Text<'a>, Number)>,
    }

    #[test]
    fn borrows_and_forgives_scalars() {
        let wire: Wire = from_slice(br#"{"name":"x","list":null}"#, "test").unwrap();
        assert!(matches!(wire.name, Some(Text(Cow::Borrowed("x")))));
        assert!(wire.list.is_empty());
        let wire: Wire =
            from_slice(br#"{"name":7.5,"list":["3",4,null],"members":{"b":1,"a":"2.5"}}"#, "test").unwrap();
        let members: Vec<_> = wire.members.iter().map(|(name, number)| (&**name, number.0)).collect();
        assert_eq!(members, [("b", Some(1.0)), ("a", Some(2.5))]);
        assert_eq!(wire.name.unwrap().filled(), Some("7.5"));
        assert_eq!(
            wire.list.iter().map(|number| number.whole()).collect::<Vec<_>>(),
            [Some(3), Some(4), None]
        );
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(from_slice::<Wire>(text.as_bytes(), "test").unwrap_err().to_string(), expected);
    }

    #[test]
    fn reads_documents_one_after_another() {
        let read = |text: &'static str| documents::<Wire>(text.as_bytes(), "test");
        let names: Vec<String> = read("{\"name\":\"a\"}\n\n{\"name\":\"b\"}{\"name\":\"c\"}\n")
            .unwrap()
            .into_iter()
            .filter_map(|wire| Some(wire.name?.into_owned()))
            .collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(
            read("{\"list\":[1]}\n{\"list\":[{}]}").unwrap_err().to_string(),
            "broken test at byte 23, `list[0]`: invalid type: map, expected a number"
        );
        assert_eq!(
            read("{\"list\":[1]}\n{\"list\":[1,").unwrap_err().to_string(),
            "truncated test at byte 24: the document ends inside `list`"
        );
    }

    #[test]
    fn names_path_and_offset() {
        check_error(
            "{\n\"list\":[1,\n{}]}",
            "broken test at byte 14, `list[1]`: invalid type: map, expected a number",
        );
        check_error(r#"{"list":[1,"#, "truncated test at byte 11: the document ends inside `list`");
        check_error(r#"{"list":[]} x"#, "broken test at byte 12, its outermost value: trailing characters");
    }
}
