//! Holds a JSON value against a schema of our own OpenAPI document: what is described must be there, and
//! what is there must be described. Knows the words that the document uses, and fails on any other.

use serde_json::{Map, Value};

use super::openapi;

/// Checks a response body against the description of an operation.
#[track_caller]
pub(super) fn check_answer(method: &str, path: &str, status: u16, body: &Value) {
    let pointer =
        format!("/paths/{}/{method}/responses/{status}/content/application~1json/schema", escaped(path));
    let schema = openapi::document().pointer(&pointer).unwrap_or_else(|| panic!("nothing at {pointer}"));
    check(schema, body, &format!("{method} {path}"));
}

/// Checks a value against a schema.
#[track_caller]
pub(super) fn check(schema: &Value, value: &Value, at: &str) {
    if let Err(reason) = matches(schema, value, at) {
        panic!("{reason}");
    }
}

/// Every reference in the document leads somewhere.
pub(super) fn check_references() {
    fn walk(value: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                    assert!(openapi::document().pointer(&target[1..]).is_some(), "{target} leads nowhere");
                }
                object.values().for_each(walk);
            }
            Value::Array(items) => items.iter().for_each(walk),
            _ => {}
        }
    }
    walk(openapi::document());
}

fn escaped(path: &str) -> String {
    path.replace('~', "~0").replace('/', "~1")
}

fn matches(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let parts = flattened(schema);
    let types: Vec<&str> = parts.iter().flat_map(|part| types(part)).collect();
    let one_of: Vec<&Value> =
        parts.iter().filter_map(|part| part.get("oneOf")?.as_array()).flatten().collect();
    if !one_of.is_empty() {
        let reasons: Vec<_> = one_of.iter().filter_map(|option| matches(option, value, at).err()).collect();
        return if reasons.len() < one_of.len() { Ok(()) } else { Err(reasons.join(" / ")) };
    }
    let fits = |name: &&str| match *name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{at}: unknown type {other}"),
    };
    if !types.iter().any(fits) {
        return Err(format!("{at}: {value} is not {types:?}"));
    }
    match value {
        Value::String(text) => parts.iter().try_for_each(|part| matches_text(part, text, at)),
        Value::Array(items) => {
            let schema = parts.iter().find_map(|part| part.get("items"));
            let schema = schema.ok_or_else(|| format!("{at}: items are not described"))?;
            items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| matches(schema, item, &format!("{at}[{index}]")))
        }
        Value::Object(object) => matches_object(&parts, object, at),
        _ => Ok(()),
    }
}

/// A schema with its reference followed and its `allOf` spread out.
fn flattened(schema: &Value) -> Vec<&Map<String, Value>> {
    let object = schema.as_object().expect("a schema is an object");
    if let Some(target) = object.get("$ref").and_then(Value::as_str) {
        return flattened(openapi::document().pointer(&target[1..]).expect("a reference leads somewhere"));
    }
    match object.get("allOf").and_then(Value::as_array) {
        Some(parts) => parts.iter().flat_map(flattened).collect(),
        None => vec![object],
    }
}

fn types(part: &Map<String, Value>) -> Vec<&str> {
    match part.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn matches_text(part: &Map<String, Value>, text: &str, at: &str) -> Result<(), String> {
    if part.get("enum").and_then(Value::as_array).is_some_and(|words| !words.iter().any(|word| word == text))
    {
        return Err(format!("{at}: `{text}` is none of the words"));
    }
    let good = match (part.get("pattern").and_then(Value::as_str), part.get("format").and_then(Value::as_str))
    {
        (Some("^[0-9a-f]{32}$"), _) => text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        (Some(other), _) => panic!("{at}: unknown pattern {other}"),
        (None, Some("date-time")) => {
            chrono::DateTime::parse_from_rfc3339(text).is_ok() && text.ends_with('Z')
        }
        (None, Some("date")) => text.parse::<chrono::NaiveDate>().is_ok(),
        (None, Some(other)) => panic!("{at}: unknown format {other}"),
        (None, None) => true,
    };
    if good { Ok(()) } else { Err(format!("{at}: `{text}` is not as its pattern or format says")) }
}

fn matches_object(
    parts: &[&Map<String, Value>],
    object: &Map<String, Value>,
    at: &str,
) -> Result<(), String> {
    let known: Vec<(&String, &Value)> =
        parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten().collect();
    let others = parts.iter().find_map(|part| part.get("additionalProperties"));
    let is_open = known.is_empty() && others.is_none();
    for (key, value) in object {
        let inner = format!("{at}.{key}");
        match (known.iter().find(|(name, _)| *name == key).map(|(_, schema)| *schema), others) {
            (Some(schema), _) | (None, Some(schema)) => matches(schema, value, &inner)?,
            (None, None) if is_open => {}
            (None, None) => return Err(format!("{inner} is not described")),
        }
    }
    match known.iter().find(|(name, _)| !object.contains_key(*name)) {
        Some((name, _)) => Err(format!("{at}.{name} is described and not there")),
        None => Ok(()),
    }
}
