//! The page about the API: every operation with its parameters, out of the OpenAPI document, and how to
//! call it from a shell. Refuses any other site's viewer.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::openapi;
use crate::State;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::render;

#[derive(Template)]
#[template(path = "api/operations.html")]
struct Page {
    frame: Frame,
    listen: String,
    groups: Vec<Group>,
}

/// The operations of one tag.
struct Group {
    name: String,
    description: String,
    operations: Vec<Operation>,
}

/// One operation, ready to show.
struct Operation {
    method: String,
    path: String,
    /// The operation can be opened in a browser as it stands.
    href: Option<String>,
    summary: String,
    description: String,
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: String,
    place: &'static str,
    description: String,
    values: String,
}

/// The page.
pub(super) async fn show(frame: Frame, state: web::Data<State>) -> Result<HttpResponse, Error> {
    let listen = state.settings.listen.clone();
    render::page(&Page { frame: frame.at(Section::Documents), listen, groups: groups() })
}

fn groups() -> Vec<Group> {
    let tags = openapi::document().get("tags").and_then(Value::as_array).into_iter().flatten();
    tags.map(|tag| {
        let name = text(tag, "name");
        let operations = openapi::paths().flat_map(|(path, item)| operations(path, item, &name)).collect();
        Group { description: text(tag, "description"), name, operations }
    })
    .collect()
}

/// The operations at a path that bear a tag.
fn operations(path: &str, item: &Value, tag: &str) -> Vec<Operation> {
    let of_tag = |operation: &Value| {
        operation
            .get("tags")
            .and_then(Value::as_array)
            .is_some_and(|tags| tags.iter().any(|known| known == tag))
    };
    let methods = item.as_object().into_iter().flatten();
    methods
        .filter(|(_, operation)| of_tag(operation))
        .map(|(method, found)| operation(method, path, found))
        .collect()
}

fn operation(method: &str, path: &str, found: &Value) -> Operation {
    let parameters = found.get("parameters").and_then(Value::as_array).into_iter().flatten();
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        href: (method == "get" && !path.contains('{')).then(|| path.to_owned()),
        summary: text(found, "summary"),
        description: text(found, "description"),
        parameters: parameters.map(parameter).collect(),
    }
}

fn parameter(found: &Value) -> Parameter {
    let values = found.pointer("/schema/enum").and_then(Value::as_array).into_iter().flatten();
    Parameter {
        name: text(found, "name"),
        place: if found.get("in").is_some_and(|place| place == "path") { "in the address" } else { "" },
        description: text(found, "description"),
        values: values.filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}
