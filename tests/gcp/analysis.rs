//! What Google's scanner says, handed on as it came. Refuses to look at the database.

use serde_json::json;
use tests::gcp::Gcp;

use crate::asked::{SHOP, Source};

#[test]
fn occurrences_are_handed_on_by_image() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let source = Source::of(&gcp, &estate);
    let found = source.collect(SHOP, "", "artifact-analysis").complete();
    assert!(found.documents.len() > 10);
    for (bytes, provenance) in &found.documents {
        let digest = provenance.image.as_ref().unwrap().digest.as_ref().unwrap().to_string();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(&digest), "{}", provenance.name);
        assert_eq!(provenance.source, "gcp");
    }
    let again = source.collect(SHOP, "", "artifact-analysis").complete();
    let bytes = |documents: &[(Vec<u8>, domain::document::Provenance)]| {
        documents.iter().map(|(bytes, _)| bytes.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bytes(&again.documents), bytes(&found.documents), "the same again is the same document");
}

#[test]
fn findings_that_were_not_read_whole_are_not_handed_on() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    gcp.set(&json!({"page_cap": 20}));
    let _ = gcp.fault(&json!({"kind": "deny", "method": "ListOccurrences", "after": 4}));
    let found = Source::of(&gcp, &estate).collect(SHOP, "", "artifact-analysis");
    assert!(found.failure().contains("`containeranalysis.occurrences.list` was denied"), "{found:?}");
    assert!(found.documents.is_empty(), "half of an image's findings would close the other half");
}
