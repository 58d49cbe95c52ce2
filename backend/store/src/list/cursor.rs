//! A place in a list that survives changes of the list. Refuses to be made up: a text that is not a cursor
//! is an error, and a cursor of a row that is gone still knows how many rows came before it.

use std::fmt;
use std::str::FromStr;

/// A row beside which a page begins, opaque outside: its place in the list and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Rows before the page (forward) or before the row (back).
    pub(super) position: u64,
    pub(super) back: bool,
    pub(super) key: Vec<u8>,
}

/// Why a text is not a cursor.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a cursor of a list")]
pub struct InvalidCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}.", if self.back { 'b' } else { 'a' }, self.position)?;
        self.key.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (head, hex) = text.split_once('.').ok_or(InvalidCursor)?;
        let back = head.starts_with('b');
        let position = head.strip_prefix(['a', 'b']).and_then(|digits| digits.parse::<u32>().ok());
        let hexadecimal = hex.len() % 2 == 0 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (Some(position), true) = (position, hexadecimal) else { return Err(InvalidCursor) };
        let key = hex
            .as_bytes()
            .chunks(2)
            .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        Ok(Self { position: u64::from(position), back, key: key.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_own_text() {
        for cursor in [
            Cursor { position: 50, back: false, key: vec![0, 255, 16] },
            Cursor { position: 0, back: true, key: b"CVE-2021-44228".to_vec() },
        ] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in ["", "a", "a1", "a1.0", "c1.00", "a-1.00", "a1.0g", "a99999999999.00", "a1.é"] {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text}");
        }
    }
}
