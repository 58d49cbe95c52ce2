//! Scans on images: what a tool says now against what it said before, class by class, and only where
//! nothing newer is known. Refuses to load anything for a scan whose content was the same last time.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use domain::component::Component;
use domain::finding::FindingClass;
use domain::id::{DocumentId, FindingId, ImageId};
use domain::scan::Scan;
use normalise::aliases::AliasGroups;
use normalise::difference::{Difference, difference};
use normalise::merge::{Attribution as Said, effective};
use normalise::report::{self, Incoming};
use store::Tx;
use store::save::findings::{self as rows, Attribution, New, State};
use store::save::{components, images, scans};

use super::words;
use super::{Changes, moment};
use crate::Error;

/// Why findings close when a report no longer has them.
pub(super) const NO_LONGER_REPORTED: &str = "no_longer_reported";

/// What several scans of one document by one tool say of one image, as one scan.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) image: ImageId,
    pub(super) scan: Cow<'a, Scan>,
    /// When it was made.
    pub(super) at: i64,
    /// How many distinct findings it holds.
    pub(super) count: u64,
    fingerprint: [u8; 32],
}

/// A report with what it may change.
#[derive(Debug)]
pub(super) struct Due<'a> {
    pub(super) report: &'a Report<'a>,
    /// Classes in which it is the newest word of its tool.
    classes: Vec<FindingClass>,
}

/// One report for each image and tool.
pub(super) fn reports<'a>(
    scans: &'a [Scan],
    images: &[Option<ImageId>],
    groups: &AliasGroups,
    mapping: u32,
    at: i64,
) -> Vec<Report<'a>> {
    let mut order: Vec<(ImageId, &str)> = Vec::new();
    let mut joined: HashMap<(ImageId, &str), Cow<'a, Scan>> = HashMap::new();
    for (scan, image) in scans.iter().zip(images) {
        let Some(image) = image else { continue };
        let key = (*image, scan.tool.name.as_str());
        match joined.get_mut(&key) {
            Some(first) => report::join(first.to_mut(), scan),
            None => {
                order.push(key);
                joined.insert(key, Cow::Borrowed(scan));
            }
        }
    }
    order
        .into_iter()
        .filter_map(|key| Some((key.0, joined.remove(&key)?)))
        .map(|(image, scan)| {
            let (fingerprint, count) = report::fingerprint(&scan, groups, mapping);
            Report { image, at: moment(scan.scanned_at, at), count: count as u64, fingerprint, scan }
        })
        .collect()
}

/// Records the scan. Tells what is due, which is nothing for an old or an equal one.
pub(super) async fn record<'a>(
    tx: &Tx,
    report: &'a Report<'_>,
    document: DocumentId,
) -> Result<Option<Due<'a>>, Error> {
    let (image, scan) = (report.image, &report.scan);
    let own = scans::id(document, image, &scan.tool.name);
    let covers = report::classes_text(&scan.covers);
    let known = scans::current(tx, image, &scan.tool.name).await?;
    // Parts of the whole, such as single findings sent as events, do not make each other history.
    let hides = |other: &scans::Scan| !(other.partial && scan.partial.is_some());
    let newer: BTreeSet<FindingClass> = known
        .iter()
        .filter(|other| other.scanned_at > report.at && other.id != own && hides(other))
        .flat_map(|other| report::classes_of(&other.covers))
        .collect();
    let classes: Vec<FindingClass> = scan.covers.difference(&newer).copied().collect();
    let history = classes.is_empty() && !newer.is_empty();
    let equal = newer.is_empty()
        && known
            .iter()
            .rev()
            .find(|other| report::classes_of(&other.covers).iter().any(|class| scan.covers.contains(class)))
            .is_some_and(|last| last.fingerprint == report.fingerprint && last.covers == covers);
    let replaced: Vec<scans::ScanId> = known
        .iter()
        .filter(|other| other.id != own && other.scanned_at <= report.at && scan.partial.is_none())
        .filter(|other| report::classes_of(&other.covers).iter().all(|class| scan.covers.contains(class)))
        .map(|other| other.id)
        .collect();
    scans::supersede(tx, &replaced).await?;
    let new = scans::New {
        scan: scans::Scan {
            id: own,
            document,
            scanned_at: report.at,
            covers,
            fingerprint: report.fingerprint.to_vec(),
            partial: scan.partial.is_some(),
        },
        image,
        tool: &scan.tool.name,
        tool_version: scan.tool.version.as_deref(),
        database_at: scan.database_at.map(|at| at.timestamp_millis()),
        partial: scan.partial.as_deref(),
        finding_count: i64::try_from(scan.findings.len()).unwrap_or(i64::MAX),
        superseded: history,
    };
    scans::save(tx, &new).await?;
    // A part of a scan, or one that looked for secrets alone, leaves the image as unassessed as it was.
    if scan.partial.is_none() && scan.covers.contains(&FindingClass::Vulnerability) {
        images::scanned(tx, image, report.at).await?;
    }
    Ok((!history && !equal).then_some(Due { report, classes }))
}

/// Writes what a report changes.
pub(super) async fn save(
    tx: &Tx,
    due: &Due<'_>,
    groups: &AliasGroups,
    document: DocumentId,
) -> Result<Changes, Error> {
    let Report { image, scan, at, .. } = due.report;
    let (image, at, tool) = (*image, *at, scan.tool.name.as_str());
    let table: HashMap<_, _> =
        scan.components.iter().map(|component| (Component::id(component), component)).collect();
    components::save(tx, &table).await?;
    let mut incoming = report::findings(scan, image, groups);
    let all = incoming.len() as u64;
    incoming.retain(|_, finding| due.classes.contains(&finding.key.class()));
    let words: Vec<&'static str> = due.classes.iter().map(|class| class.as_str()).collect();
    let states: HashMap<FindingId, State> =
        rows::states(tx, image, &words).await?.into_iter().map(|state| (state.id, state)).collect();
    let said = if states.is_empty() { Vec::new() } else { rows::attributions(tx, image).await? };
    let mut mine: HashMap<FindingId, &Attribution> = HashMap::new();
    let mut others: HashMap<FindingId, Vec<Said>> = HashMap::new();
    for attribution in said.iter().filter(|attribution| states.contains_key(&attribution.finding)) {
        if attribution.tool == tool {
            mine.insert(attribution.finding, attribution);
        } else {
            others.entry(attribution.finding).or_default().push(words::heard(attribution));
        }
    }
    let complete = scan.partial.is_none();
    let difference = difference(&mine, &incoming, complete, |row, now| words::same(row, &now.attribution));
    let mut spoken: Vec<Attribution> = difference
        .added
        .iter()
        .chain(&difference.changed)
        .filter_map(|id| Some(words::row(*id, tool, &incoming.get(id)?.attribution)))
        .collect();
    spoken.sort_unstable_by_key(|row| row.finding);
    let standing = standing(&difference, &incoming, &others, &states, at);
    rows::insert(tx, image, &standing.new, at).await?;
    rows::update(tx, image, &standing.changed).await?;
    rows::attribute(tx, image, &spoken, document, at).await?;
    rows::withdraw(tx, image, tool, &difference.gone).await?;
    rows::close(tx, image, &standing.closed, NO_LONGER_REPORTED, at).await?;
    let added = standing.new.len() as u64 + standing.reopened;
    Ok(Changes {
        added,
        closed: standing.closed.len() as u64,
        unchanged: all.saturating_sub(added),
        unresolved: 0,
    })
}

/// What a difference means for the rows that lists show.
struct Standing<'a> {
    new: Vec<New<'a>>,
    changed: Vec<State>,
    closed: Vec<FindingId>,
    reopened: u64,
}

fn standing<'a>(
    difference: &Difference<FindingId>,
    incoming: &'a HashMap<FindingId, Incoming<'a>>,
    others: &HashMap<FindingId, Vec<Said>>,
    states: &HashMap<FindingId, State>,
    at: i64,
) -> Standing<'a> {
    let mut standing = Standing { new: vec![], changed: vec![], closed: vec![], reopened: 0 };
    for id in difference.added.iter().chain(&difference.changed).chain(&difference.gone) {
        let now = incoming.get(id);
        let voices = others.get(id).into_iter().flatten().chain(now.map(|finding| &finding.attribution));
        match (effective(voices), states.get(id), now) {
            (None, Some(_), _) => standing.closed.push(*id),
            (Some(word), Some(before), _) => {
                if let Some(after) = words::restated(before, &word, Some(at)) {
                    standing.reopened += u64::from(!before.open);
                    standing.changed.push(after);
                }
            }
            (Some(word), None, Some(finding)) => {
                standing.new.push(new(finding, words::stated(*id, &word, at)));
            }
            (_, None, _) => {}
        }
    }
    standing.new.sort_unstable_by_key(|new| new.state.id);
    standing
}

fn new<'a>(finding: &'a Incoming<'a>, state: State) -> New<'a> {
    let stored = finding.key.stored();
    New {
        state,
        class: finding.key.class().as_str(),
        component: finding.component,
        vulnerability: match finding.key {
            normalise::identity::FindingKey::Vulnerability { vulnerability, .. } => Some(vulnerability),
            _ => None,
        },
        subject: stored.subject,
        path: stored.path,
        resource: stored.resource,
        line: stored.line.and_then(|line| i64::try_from(line).ok()),
        title: finding.title,
    }
}
