//! What documents are to the ledger, in words. Refuses to name one of many for all: nobody knows which of them moved
//! the score, so that their number is told.

use domain::reference::ImageReference;

use crate::Outcome;
use crate::judge::Cause;

/// The cause of a judgement that follows these documents; none where there are none.
pub(crate) fn of(outcomes: &[&Outcome]) -> Option<Cause> {
    let (first, others) = outcomes.split_first()?;
    let same = others.iter().all(|other| words(other) == words(first));
    let subject = match others.len() {
        0 => subject(first),
        more => format!("{} documents", more + 1),
    };
    let link = match first.document {
        Some(id) if others.is_empty() => format!("/documents/{id}"),
        Some(_) => "/documents".to_owned(),
        None => String::new(),
    };
    Some(Cause { words: if same { words(first) } else { "taken in" }, subject, link })
}

fn words(outcome: &Outcome) -> &'static str {
    let (touched, inspection) = (&outcome.touched, &outcome.inspection);
    if touched.intel {
        "threat intelligence"
    } else if inspection.counts.statements > 0 {
        "VEX statements"
    } else if !touched.clusters.is_empty() {
        "what runs"
    } else if inspection.counts.components > 0 {
        "components listed"
    } else {
        "scanned"
    }
}

fn subject(outcome: &Outcome) -> String {
    let inspection = &outcome.inspection;
    let target = inspection.target.reference.as_deref().and_then(|text| text.parse::<ImageReference>().ok());
    match (target, &inspection.tool) {
        (Some(image), Some(tool)) => format!("{} by {tool}", image.familiar()),
        (Some(image), None) => image.familiar(),
        _ => inspection.file.clone(),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::DocumentId;

    use super::*;
    use crate::{Inspection, TargetName, Touched};

    fn scan(image: &str) -> Outcome {
        let target = TargetName { reference: Some(image.to_owned()), digest: None };
        let inspection = Inspection { target, tool: Some("Trivy".to_owned()), ..Inspection::default() };
        let mut outcome = Outcome::default();
        (outcome.inspection, outcome.document) = (inspection, Some(DocumentId::derived(&[])));
        outcome
    }

    #[test]
    fn one_document_is_named_and_many_are_counted() {
        let (web, mut feed) = (scan("shop/web:1"), scan("shop/api:1"));
        let one = of(&[&web]).unwrap();
        assert_eq!((one.words, one.subject.as_str()), ("scanned", "shop/web:1 by Trivy"));
        assert!(one.link.starts_with("/documents/"));
        let many = of(&[&web, &web, &web]).unwrap();
        assert_eq!((many.words, many.subject.as_str()), ("scanned", "3 documents"));
        assert_eq!(many.link, "/documents");
        feed.touched = Touched { intel: true, ..Touched::default() };
        assert_eq!(of(&[&web, &feed]).unwrap().words, "taken in");
        assert_eq!(of(&[]), None);
    }
}
