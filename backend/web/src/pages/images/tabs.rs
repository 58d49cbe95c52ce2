//! The evidence about an image, one tab at a time: only what is shown is read. Refuses to hide a tab that
//! is empty: that nothing is known is a fact too.

use actix_web::HttpRequest;
use domain::finding::FindingClass;
use domain::signature::State as Checked;
use store::findings::Filter;
use store::images::{
    self, AttestationRow, BaseRow, DigestRow, DocumentRow, ImageDetail, ListedComponent, PlaceRow, RunRow,
    ScanRow, SignatureRow, TagRow,
};

use super::export::OTHERS;
use super::sentence::counted;
use crate::State;
use crate::charts::Sliver;
use crate::error::Error;
use crate::pages::findings::{self, Line};
use crate::pages::listing::{self, number, page_of, pager, sort_of, text, text_of};
use crate::query::{ListQuery, ListSpec, Pager, Place};
use crate::viewer::CurrentViewer;

/// The tabs in the order shown, by their word in the address.
const TABS: [(&str, &str); 8] = [
    ("findings", "Findings"),
    ("secrets", "Secrets and settings"),
    ("components", "Components"),
    ("runs", "Where it runs"),
    ("tags", "Tags"),
    ("scans", "Scans"),
    ("documents", "Documents"),
    ("about", "About"),
];

/// What the table of components knows.
pub(super) static COMPONENTS: ListSpec = ListSpec {
    path: "/components",
    noun: ("component", "components"),
    text_hint: "name, version or source package",
    columns: &[
        text("name", "Component", ""),
        text("kind", "Type", ""),
        text("source", "Source package", "The package it was built from: one rebuild fixes all of them"),
        number("findings", "Findings", "Open findings in it"),
    ],
    default_sort: "name",
    filters: &[],
};

/// The open tab.
pub(super) enum Tab {
    Findings(Box<Found>),
    Components { list: Box<ListQuery>, pager: Pager, rows: Vec<ListedComponent> },
    Runs(Vec<Run>),
    Tags(Vec<Interval>),
    Scans(Vec<Scanned>),
    Documents { rows: Vec<DocumentRow>, attested: Vec<Attested> },
    About(Box<About>),
}

/// What an image is besides what was found in it.
pub(super) struct About {
    pub(super) rows: Vec<DigestRow>,
    pub(super) places: Vec<PlaceRow>,
    pub(super) signatures: Vec<Signed>,
    /// The image below, by layers.
    pub(super) base: Option<BaseRow>,
    /// Names of components that run what they are told.
    pub(super) shells: Vec<String>,
    /// Names of components that let somebody in.
    pub(super) doors: Vec<String>,
}

/// Packages that bring a shell.
const SHELLS: [&str; 8] = ["ash", "bash", "busybox", "dash", "fish", "ksh", "mksh", "zsh"];
/// Packages that bring an SSH daemon.
const DOORS: [&str; 4] = ["dropbear", "openssh-server", "openssh-server-pam", "tinyssh"];

/// A table of findings with a column a tool.
pub(super) struct Found {
    pub(super) list: ListQuery,
    pub(super) selects: listing::Selects,
    pub(super) pager: Pager,
    pub(super) tools: Vec<String>,
    pub(super) rows: Vec<Line>,
}

/// A container that runs the image.
pub(super) struct Run {
    pub(super) row: RunRow,
    pub(super) sliver: Sliver,
}

/// A tag's time, drawn on the time that the image is known.
pub(super) struct Interval {
    pub(super) row: TagRow,
    pub(super) x: f64,
    pub(super) width: f64,
}

/// A scan with its classes in words.
pub(super) struct Scanned {
    pub(super) row: ScanRow,
    pub(super) covers: String,
}

/// Kinds of claims that name a digest and nothing else.
const SIGNED_REFERENCES: [&str; 2] = ["cosign container image signature", "atomic container signature"];

/// What an attestation says.
pub(super) struct Attested(pub(super) AttestationRow);

impl Attested {
    /// Who built it from what, and that nobody checked who says so.
    pub(super) fn words(&self) -> String {
        let Self(row) = self;
        if SIGNED_REFERENCES.contains(&row.predicate.as_str()) {
            return "the claim that a signature is on; the signature is not checked".to_owned();
        }
        let builder = row.builder.as_ref().map(|builder| format!("built by {builder}"));
        let source = row.source.as_ref().map(|source| format!("from {source}"));
        let built: Vec<String> = builder.into_iter().chain(source).collect();
        let built = if built.is_empty() { "no builder named".to_owned() } else { built.join(" ") };
        match row.signatures {
            0 => format!("{built}; not signed"),
            count => format!("{built}; {}, not checked", counted(count, "signature", "signatures")),
        }
    }
}

/// A signature as it was checked.
pub(super) struct Signed {
    pub(super) row: SignatureRow,
    /// Whether it is on an index that lists the image.
    pub(super) through: bool,
}

impl Signed {
    /// The tone of its badge.
    pub(super) fn tone(&self) -> &'static str {
        match self.row.state {
            Checked::Verified => "good",
            Checked::Invalid => "bad",
            Checked::Unverified => "plain",
        }
    }
}

/// A tab as a link: label, address, how much it holds, whether it is open.
pub(super) type Link = (&'static str, String, Option<u64>, bool);

/// The tab that an address asks for; an unknown one is the first.
pub(super) fn word(request: &HttpRequest) -> &'static str {
    let asked = request.query_string().split('&').find_map(|pair| pair.strip_prefix("tab="));
    TABS.iter().find(|(known, _)| asked == Some(known)).map_or("findings", |(known, _)| known)
}

/// The tabs as links.
pub(super) fn links(detail: &ImageDetail, open: &str) -> Vec<Link> {
    let counts = detail.counts;
    let count = |word: &str| match word {
        "findings" => Some(counts.findings),
        "secrets" => Some(counts.others),
        "components" => Some(counts.components),
        "runs" => Some(counts.runs),
        "tags" => Some(counts.tags),
        "scans" => Some(counts.scans),
        "documents" => Some(counts.documents),
        _ => None,
    };
    let link = |(word, label): &(&'static str, &'static str)| {
        (*label, format!("/images/{}?tab={word}", detail.image.id), count(word), *word == open)
    };
    TABS.iter().map(link).collect()
}

/// Reads what the open tab shows.
pub(super) async fn read(
    state: &State,
    viewer: &CurrentViewer,
    detail: &ImageDetail,
    word: &'static str,
    scans: Vec<ScanRow>,
    request: &HttpRequest,
) -> Result<Tab, Error> {
    let (store, id) = (&state.store, detail.image.id);
    Ok(match word {
        "components" => components(state, viewer, detail, request).await?,
        "runs" => {
            let run = |row: RunRow| Run { sliver: Sliver::new(row.score, 100), row };
            Tab::Runs(images::runs(store, viewer, id).await?.into_iter().map(run).collect())
        }
        "tags" => Tab::Tags(intervals(images::tags(store, viewer, id).await?)),
        "scans" => Tab::Scans(scans.into_iter().map(Scanned::of).collect()),
        "documents" => Tab::Documents {
            rows: images::documents(store, viewer, id).await?,
            attested: images::attestations(store, viewer, id).await?.into_iter().map(Attested).collect(),
        },
        "about" => Tab::About(Box::new(about(state, viewer, detail).await?)),
        word => found(state, viewer, detail, word, &scans, request).await?,
    })
}

async fn about(state: &State, viewer: &CurrentViewer, detail: &ImageDetail) -> Result<About, Error> {
    let (store, id) = (&state.store, detail.image.id);
    let rows = images::digests(store, viewer, id).await?;
    let index = |row: &SignatureRow| rows.iter().any(|own| own.digest == row.subject && own.role == "index");
    let signed = |row: SignatureRow| Signed { through: index(&row), row };
    let signatures = images::signatures(store, viewer, id).await?.into_iter().map(signed).collect();
    Ok(About {
        signatures,
        rows,
        places: images::places(store, viewer, id).await?,
        base: images::base(store, viewer, &detail.layers).await?,
        shells: images::components_named(store, viewer, id, &SHELLS).await?,
        doors: images::components_named(store, viewer, id, &DOORS).await?,
    })
}

async fn found(
    state: &State,
    viewer: &CurrentViewer,
    detail: &ImageDetail,
    word: &'static str,
    scans: &[ScanRow],
    request: &HttpRequest,
) -> Result<Tab, Error> {
    let (id, others) = (detail.image.id, word == "secrets");
    let file = if others { "others" } else { "findings" };
    let place = Place {
        path: format!("/images/{id}"),
        export: format!("/images/{id}/{file}"),
        fixed: vec![("tab", word)],
        size: findings::SIZE,
    };
    let list = ListQuery::parse_at(&findings::SPEC, place, request.query_string())?;
    let classes = if others { OTHERS.to_vec() } else { vec![FindingClass::Vulnerability] };
    let filter = Filter { image: Some(id), classes, ..findings::filter_of(&list)? };
    let listed =
        store::findings::list(&state.store, viewer, &filter, &sort_of(&list), &page_of(&list)?).await?;
    let tools = findings::tools(scans, &listed.rows);
    let pager = pager(&list, &listed);
    let rows = listed.rows.into_iter().map(|row| Line::of(row, &tools, scans)).collect();
    Ok(Tab::Findings(Box::new(Found { list, selects: listing::Selects::none(), pager, tools, rows })))
}

async fn components(
    state: &State,
    viewer: &CurrentViewer,
    detail: &ImageDetail,
    request: &HttpRequest,
) -> Result<Tab, Error> {
    let id = detail.image.id;
    let place = Place {
        path: format!("/images/{id}"),
        export: format!("/images/{id}/components"),
        fixed: vec![("tab", "components")],
        size: 50,
    };
    let list = ListQuery::parse_at(&COMPONENTS, place, request.query_string())?;
    let text = text_of(&list);
    let listed =
        images::components(&state.store, viewer, id, text.as_deref(), &sort_of(&list), &page_of(&list)?)
            .await?;
    Ok(Tab::Components { pager: pager(&list, &listed), rows: listed.rows, list: Box::new(list) })
}

/// The tags on one axis, from the first observation to the last.
fn intervals(tags: Vec<TagRow>) -> Vec<Interval> {
    let first = tags.iter().map(|tag| tag.first_seen_at).min();
    let last = tags.iter().map(|tag| tag.last_seen_at.max(tag.ended_at.unwrap_or(tag.last_seen_at))).max();
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let whole = (last - first).num_seconds().max(1) as f64;
    let at = |moment: chrono::DateTime<chrono::Utc>| (moment - first).num_seconds() as f64 / whole * 100.0;
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    tags.into_iter()
        .map(|row| {
            let (from, to) = (at(row.first_seen_at), at(row.ended_at.unwrap_or(row.last_seen_at)));
            let width = (to - from).max(1.0);
            Interval { x: tenth(from.min(100.0 - width)), width: tenth(width), row }
        })
        .collect()
}

impl Scanned {
    fn of(row: ScanRow) -> Self {
        let classes = FindingClass::ALL.iter().filter(|class| row.covers.contains(class.as_str()));
        let words: Vec<&str> = classes
            .map(|class| match class {
                FindingClass::Vulnerability => "vulnerabilities",
                FindingClass::Secret => "secrets",
                FindingClass::Misconfiguration => "settings",
                FindingClass::Licence => "licences",
                FindingClass::Malware => "malware",
            })
            .collect();
        Self { covers: words.join(", "), row }
    }
}
