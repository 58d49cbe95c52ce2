//! Keeps the bytes of an answer as the vendor sent them, for documents that `formats` reads. Refuses to
//! rebuild a document from what was parsed: what the SDK does not know would be lost.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A page of findings, unread.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Page<'a> {
    #[serde(alias = "findings", rename = "Findings", borrow)]
    findings: Vec<&'a RawValue>,
}

/// Catches the body of the last answer of a call it is given to.
#[derive(Clone, Debug, Default)]
pub(super) struct Capture {
    body: Arc<Mutex<Vec<u8>>>,
}

impl Capture {
    /// The body of the last answer.
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.body.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The findings of the last answer as a document of their own: each as it came, always in the same order and
    /// without the page's token, so that the same findings are the same document. Nothing where there are none.
    ///
    /// # Errors
    /// When the answer is no list of findings.
    pub(super) fn findings(&self) -> Result<Option<Vec<u8>>, serde_json::Error> {
        let body = self.take();
        let page: Page<'_> = serde_json::from_slice(&body)?;
        let mut findings: Vec<&str> = page.findings.iter().map(|finding| finding.get()).collect();
        findings.sort_unstable();
        let document = || format!("{{\"Findings\":[{}]}}", findings.join(",")).into_bytes();
        Ok((!findings.is_empty()).then(document))
    }
}

impl Intercept for Capture {
    fn name(&self) -> &'static str {
        "capture"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(bytes) = context.response().body().bytes() {
            *self.body.lock().unwrap_or_else(PoisonError::into_inner) = bytes.to_vec();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Option<&str>) {
        let capture = Capture { body: Arc::new(Mutex::new(body.as_bytes().to_vec())) };
        let document = capture.findings().unwrap().map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(document.as_deref(), expected);
    }

    #[test]
    fn findings_keep_their_bytes_and_lose_the_token() {
        check(
            r#"{"NextToken": "x", "Findings": [{"Id": "b",  "New": 1e2}, {"Id": "a"}]}"#,
            Some(r#"{"Findings":[{"Id": "a"},{"Id": "b",  "New": 1e2}]}"#),
        );
        check(r#"{"findings": [{"id": "a"}]}"#, Some(r#"{"Findings":[{"id": "a"}]}"#));
        check(r#"{"findings": []}"#, None);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let capture = Capture { body: Arc::new(Mutex::new(b"<html>".to_vec())) };
        assert!(capture.findings().is_err());
    }
}
