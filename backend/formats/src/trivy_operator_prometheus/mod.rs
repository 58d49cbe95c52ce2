//! What Prometheus answers when it is asked for the samples of the Trivy operator, whose labels repeat its
//! reports: an instant or a range query, as `/api/v1/query` writes them.
//!
//! Refuses samples of others, and sums: those of severities and of checks name nothing that was found.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "trivy-operator-prometheus";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Trivy operator samples in Prometheus",
    docs: "https://aquasecurity.github.io/trivy-operator/latest/tutorials/integrations/metrics/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if !head.is_json_object() || !head.has("data.result") {
        return false;
    }
    let name = head.value("data.result[].metric.__name__");
    name.is_some_and(|name| name.starts_with("trivy_")) || is_empty(head)
}

/// An answer without samples: nothing but this is asked of Prometheus.
fn is_empty(head: &Head) -> bool {
    let bare: String = head.text().split_ascii_whitespace().collect();
    head.is_whole() && head.has("data.resultType") && bare.contains("\"result\":[]")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let answers: Vec<wire::Answer<'_>> = json::documents(document, KIND)?;
    Ok(map::answers(&answers))
}
