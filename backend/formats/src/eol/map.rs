//! Products with their releases as lifecycles. Refuses to say whether a release with a day has ended: there is
//! no clock here.

use chrono::NaiveDate;
use domain::intel::{IntelFeed, Lifecycle, Release};
use domain::observation::Observation;
use serde_json::Value;

use super::wire::{self, Document};
use crate::error::clip;
use crate::json::Text;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// All products of a document as one feed.
pub(super) fn document(document: &Document<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut products = Vec::new();
    for (index, product) in document.result.0.iter().enumerate() {
        let place = format!("result[{index}]");
        let listed = product.releases.iter().map(|release| (release.name.filled(), release));
        let listed = listed.map(|(name, release)| (name.unwrap_or(&release.cycle), release));
        products.push(lifecycle(product.name.filled(), listed, &place, &mut warnings));
    }
    if !document.releases.is_empty() {
        let listed = document.releases.iter().map(|(name, release)| (&**name, release));
        products.push(lifecycle(None, listed, "releases", &mut warnings));
    }
    products.retain(|product| !product.releases.is_empty());
    if products.is_empty() {
        warnings.push("", "the document lists no releases");
    }
    if products.iter().any(|product| product.product.is_none()) {
        warnings.push("", "the document does not name the product of its releases");
    }
    let made_at = time::parse(&document.generated_at);
    let feed = (!products.is_empty()).then_some(IntelFeed::Lifecycles { made_at, products });
    Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

/// What a list of so many products says, which is nothing of their releases.
pub(super) fn products(count: usize) -> Parsed {
    let mut warnings = Warnings::default();
    let message = format!(
        "the document names {count} products and none of their releases: submit the answer on each product that is \
         used, or on all with their releases (`api/v1/products/full`)"
    );
    warnings.push("", message);
    Parsed { warnings: warnings.into_vec(), ..Parsed::default() }
}

fn lifecycle<'b, 'a: 'b>(
    product: Option<&str>,
    listed: impl Iterator<Item = (&'b str, &'b wire::Release<'a>)>,
    place: &str,
    warnings: &mut Warnings,
) -> Lifecycle {
    let product = product.map(|name| bounded(name, place, warnings));
    let mut releases = Vec::new();
    for (index, (name, wire)) in listed.enumerate() {
        let at = format!("{place}[{index}]");
        if name.is_empty() {
            warnings.push(at, "a release without a name was left out");
            continue;
        }
        releases.push(release(name, wire, &at, warnings));
    }
    Lifecycle { product, releases }
}

fn release(name: &str, wire: &wire::Release<'_>, at: &str, warnings: &mut Warnings) -> Release {
    let (ends_on, ended) = end(&wire.eol, at, warnings);
    let (stated_on, _) = end(&wire.eol_from, at, warnings);
    let (_, stated) = end(&wire.is_eol, at, warnings);
    let extended = [&wire.eoes_from, &wire.eoes, &wire.extended_support];
    let latest = wire.latest.as_str().or_else(|| wire.latest.get("name").and_then(Value::as_str));
    Release {
        name: bounded(name, at, warnings),
        released_on: time::date(&wire.release_date),
        ends_on: stated_on.or(ends_on),
        ended: stated.or(ended),
        extended_until: extended.into_iter().find_map(|text| time::date(text)),
        latest: latest.map(|version| bounded(version, at, warnings)),
    }
}

/// A day, or whether it has come.
fn end(text: &Text<'_>, at: &str, warnings: &mut Warnings) -> (Option<NaiveDate>, Option<bool>) {
    match text.filled() {
        None => (None, None),
        Some("true") => (None, Some(true)),
        Some("false") => (None, Some(false)),
        Some(text) => {
            let day = time::date(text);
            if day.is_none() {
                warnings.push(at, format!("`{}` is neither a day nor true nor false", clip(text)));
            }
            (day, None)
        }
    }
}
