//! The lines of tag-value text: a tag, a colon and a value, which spans lines between `<text>` and `</text>`.
//! Refuses to know what a tag means.

use super::KIND;
use crate::Error;
use crate::warnings::Warnings;

/// A tag with its value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    /// The line it begins in, from 1.
    pub(super) line: usize,
    pub(super) tag: &'t str,
    pub(super) value: &'t str,
}

/// The fields of a text; lines that are none are told.
///
/// # Errors
/// When the text ends inside a value.
pub(super) fn fields<'t>(text: &'t str, warnings: &mut Warnings) -> Result<Vec<Field<'t>>, Error> {
    let mut fields = Vec::new();
    let mut rest = text;
    let mut line = 0;
    while !rest.is_empty() {
        let (first, after) = rest.split_once('\n').unwrap_or((rest, ""));
        line += 1;
        let Some((tag, value)) = tagged(first) else {
            if !is_idle(first) {
                warnings.push(place(line), "a line that is not a tag with a value was passed over");
            }
            rest = after;
            continue;
        };
        if !value.starts_with("<text>") {
            fields.push(Field { line, tag, value });
            rest = after;
            continue;
        }
        let long = rest.split_once("<text>").and_then(|(_, body)| body.split_once("</text>"));
        let Some((value, behind)) = long else {
            return Err(Error::Truncated { what: KIND, offset: text.len(), at: place(line) });
        };
        fields.push(Field { line, tag, value: value.trim() });
        line += value.matches('\n').count();
        rest = behind.split_once('\n').map_or("", |(_, after)| after);
    }
    Ok(fields)
}

/// The tag and the beginning of the value of a line.
pub(super) fn tagged(line: &str) -> Option<(&str, &str)> {
    let (tag, value) = line.split_once(':')?;
    let tag = tag.trim();
    let is_tag = !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_tag.then(|| (tag, value.trim()))
}

/// Whether a line is blank or a comment.
pub(super) fn is_idle(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// A line as warnings and errors name it.
pub(super) fn place(line: usize) -> String {
    format!("line {line}")
}
