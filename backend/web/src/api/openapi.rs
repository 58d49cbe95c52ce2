//! The OpenAPI 3.1 document, made from the handlers and from the list specifications that also read the
//! addresses. Refuses to be written by hand: what is not in code is not described.

use std::sync::LazyLock;

use actix_web::dev::ResourceDef;
use actix_web::http::header;
use actix_web::{App, HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use super::{findings, list};
use crate::error::{Error, Problem};
use crate::pages::{documents, images, runtime, sources, vulnerabilities, workloads};
use crate::query::ListSpec;

/// Lists and what their addresses may say.
const LISTS: [(&str, &ListSpec); 10] = [
    ("/api/v1/documents", &documents::SPEC),
    ("/api/v1/images", &images::SPEC),
    ("/api/v1/images/{digest}/findings", &findings::IMAGE_SPEC),
    ("/api/v1/workloads", &workloads::SPEC),
    ("/api/v1/vulnerabilities", &vulnerabilities::SPEC),
    ("/api/v1/findings", &findings::SPEC),
    ("/api/v1/detections", &runtime::SPEC),
    ("/api/v1/sensor-coverage", &runtime::COVERAGE),
    ("/api/v1/sources/{name}/scopes", &sources::SPEC),
    ("/api/v1/sources/{name}/runs/{id}/scopes", &sources::RUN_SPEC),
];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Plimsoll",
        description = "What is known about an estate of container images and workloads, and how exposed it is. \
            Lists page by `cursor`: follow `next` until it is null. Times are RFC 3339 in UTC, ids are \
            32 hexadecimal digits, fields that are not known are null. Every error is problem+json (RFC 9457) \
            with a sentence in `detail` and a way out in `way_out`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "documents", description = "What scanners, clusters and feeds said, as it was sent."),
        (name = "images", description = "Images by the digest of their manifest, and what was found in them."),
        (name = "workloads", description = "What runs, how it can be reached, and how exposed it is."),
        (name = "vulnerabilities", description = "Vulnerabilities with their aliases, and where they are."),
        (name = "findings", description = "One fact on one image, whoever reported it."),
        (name = "runtime", description = "What sensors saw at run time, what was decided of it, and which nodes are watched."),
        (name = "overview", description = "The estate in numbers."),
        (name = "sources", description = "What connectors ask, how it went, and asking now."),
        (name = "observations", description = "What connectors saw elsewhere, pushed under a token of the source.")
    ),
    components(schemas(Problem))
)]
struct Base;

static DOCUMENT: LazyLock<Value> = LazyLock::new(build);

/// The document.
pub(super) fn document() -> &'static Value {
    &DOCUMENT
}

/// The document over HTTP.
pub(super) async fn serve() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(document())
}

/// The answer under the API where no operation is: another method's address says so.
pub(super) async fn nowhere(request: HttpRequest) -> Result<HttpResponse, Error> {
    let known = paths().any(|(path, _)| ResourceDef::new(path.as_str()).is_match(request.path()));
    Err(if known { Error::Method } else { Error::NotFound("operation at this address".to_owned()) })
}

/// Paths with their operations.
pub(super) fn paths() -> impl Iterator<Item = (&'static String, &'static Value)> {
    document().get("paths").and_then(Value::as_object).into_iter().flatten()
}

fn build() -> Value {
    let (_, api) =
        App::new().into_utoipa_app().openapi(Base::openapi()).configure(super::services).split_for_parts();
    let mut document = serde_json::to_value(api).unwrap_or_default();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return document };
    for (path, item) in paths {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            complete(path, operation);
        }
    }
    document
}

/// Adds what every operation shares: the parameters of its list and the form of its errors.
fn complete(path: &str, operation: &mut Value) {
    let Some(operation) = operation.as_object_mut() else { return };
    let is_read = !operation.contains_key("requestBody");
    if let Some((_, spec)) = LISTS.iter().find(|(list, _)| *list == path && is_read) {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.extend(list::parameters(spec));
        }
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        responses.insert(
            "default".to_owned(),
            json!({
                "description": "The request was refused or failed; `status` and `detail` say why.",
                "content": { "application/problem+json": { "schema": schema } },
            }),
        );
    }
}
