//! What came of a document: the line that `plimsoll inspect` prints, and what an ingest changed besides.
//! Refuses to hold the document's content.

use std::collections::BTreeSet;

use domain::attestation::Attestation;
use domain::digest::Digest;
use domain::document::{Provenance, Warning};
use domain::id::{DocumentId, ImageId};
use domain::observation::Observation;
use domain::reference::ImageReference;
use domain::scan::Target;
use serde::{Deserialize, Serialize, Serializer};
use store::save::documents::Stored;
use store::save::tags::Key;

/// What a document is and holds, without a database.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Inspection {
    /// File name or address.
    pub file: String,
    /// The format, if one was recognised.
    pub kind: Option<String>,
    /// The tool that made it.
    pub tool: Option<String>,
    /// The tool's version.
    pub tool_version: Option<String>,
    /// The image it speaks of.
    pub target: TargetName,
    /// How much of what it holds.
    pub counts: Counts,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// Why it could not be read.
    pub error: Option<String>,
}

/// The first image that a document speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TargetName {
    /// Its reference.
    pub reference: Option<String>,
    /// Its best digest.
    pub digest: Option<String>,
}

/// How much a document holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Findings listed, before identity.
    pub entries: usize,
    /// Distinct findings.
    pub findings: usize,
    /// Components a bill of materials lists.
    pub components: usize,
    /// Runtime events.
    pub events: usize,
    /// VEX statements.
    pub statements: usize,
    /// Feed records.
    pub records: usize,
    /// Workloads.
    pub workloads: usize,
}

/// What an ingest changed, in findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Opened, for the first time or again.
    pub added: u64,
    /// Closed.
    pub closed: u64,
    /// In the document and open before.
    pub unchanged: u64,
    /// In the document, on a target that is not known.
    pub unresolved: u64,
}

/// What has to be judged anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Images whose findings, components or scans changed, or that run or ran in what changed.
    pub images: Vec<ImageId>,
    /// Clusters whose workloads, nodes, routes or containers' images changed.
    pub clusters: BTreeSet<String>,
    /// Whether a threat feed changed.
    pub intel: bool,
}

/// What came of an ingest.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// What the document is.
    #[serde(flatten)]
    pub inspection: Inspection,
    /// Under which id it is kept; absent if it never got that far.
    #[serde(serialize_with = "as_text")]
    pub document: Option<DocumentId>,
    /// What changed.
    #[serde(flatten)]
    pub changes: Changes,
    /// What has to be judged anew.
    #[serde(skip)]
    pub touched: Touched,
    /// Tags that it showed together with a digest: documents that waited for them can be read.
    #[serde(skip)]
    pub(super) sighted: BTreeSet<Key>,
    /// Documents that have to be read again: words of theirs went with what was taken back of this one.
    #[serde(skip)]
    pub(super) others: BTreeSet<DocumentId>,
    /// Of an archive, what came of each document in it; their changes are counted in its own, and it alone is judged.
    #[serde(skip)]
    pub members: Vec<Outcome>,
}

impl Inspection {
    /// A file that could not even be opened.
    #[must_use]
    pub fn unread(file: &str, error: &str) -> Self {
        Self { file: file.to_owned(), error: Some(error.to_owned()), ..Self::default() }
    }
}

impl Outcome {
    /// What comes of bytes that are here already.
    pub(super) fn unchanged(known: Stored, provenance: &Provenance) -> Self {
        let counts: Counts = serde_json::from_str(&known.counts).unwrap_or_default();
        let target = known.target.map_or_else(TargetName::default, |target| {
            if target.parse::<Digest>().is_ok() {
                TargetName { reference: None, digest: Some(target) }
            } else {
                let image = target.parse::<ImageReference>().is_ok();
                TargetName { reference: Some(target).filter(|_| image), digest: None }
            }
        });
        Self {
            inspection: Inspection {
                file: provenance.name.clone(),
                kind: known.kind,
                tool: known.tool,
                tool_version: known.tool_version,
                target,
                counts,
                warnings: serde_json::from_str(&known.warnings).unwrap_or_default(),
                error: None,
            },
            document: Some(known.id),
            changes: Changes { unchanged: counts.findings as u64, ..Changes::default() },
            ..Self::default()
        }
    }

    /// A file that could not even be opened.
    #[must_use]
    pub fn unread(file: &str, error: &str) -> Self {
        Self { inspection: Inspection::unread(file, error), ..Self::default() }
    }

    /// Why the document could not be read.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.inspection.error.as_deref()
    }

    /// What changed.
    #[must_use]
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// What the document is.
    #[must_use]
    pub fn inspection(&self) -> &Inspection {
        &self.inspection
    }
}

impl Counts {
    /// How much `parsed` holds.
    #[must_use]
    pub fn of(parsed: &formats::Parsed) -> Self {
        let mut counts = Self {
            entries: parsed.entries,
            findings: normalise::identity::distinct_findings(&parsed.observations, parsed.entries),
            components: parsed.listed_components,
            ..Self::default()
        };
        for observation in &parsed.observations {
            match observation {
                Observation::Vex(_) => counts.statements += 1,
                Observation::Workload(_) => counts.workloads += 1,
                Observation::Runtime(_) => counts.events += 1,
                Observation::Intel(feed) => counts.records += feed.len(),
                _ => {}
            }
        }
        counts
    }

    /// These and those.
    pub(super) fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.findings += other.findings;
        self.components += other.components;
        self.events += other.events;
        self.statements += other.statements;
        self.records += other.records;
        self.workloads += other.workloads;
    }

    /// The counts with their names, in the order of the output.
    #[must_use]
    pub fn named(&self) -> [(&'static str, usize); 7] {
        [
            ("entries", self.entries),
            ("findings", self.findings),
            ("components", self.components),
            ("events", self.events),
            ("statements", self.statements),
            ("records", self.records),
            ("workloads", self.workloads),
        ]
    }
}

impl TargetName {
    /// The first image among the targets of `parsed`.
    #[must_use]
    pub fn of(parsed: &formats::Parsed) -> Self {
        let image = parsed.observations.iter().find_map(|observation| match observation {
            Observation::Signature(signature) => match &signature.target {
                Target::Image(image) => Some(image),
                _ => None,
            },
            Observation::Scan(domain::scan::Scan { target: Target::Image(image), .. })
            | Observation::Sbom(domain::sbom::Sbom { target: Target::Image(image), .. })
            | Observation::Attestation(Attestation { target: Target::Image(image), .. })
            | Observation::Image(image) => Some(image),
            _ => None,
        });
        Self {
            reference: image.and_then(|image| image.references.first()).map(ToString::to_string),
            digest: image.and_then(|image| image.best_digest()).map(ToString::to_string),
        }
    }

    /// The reference, or else the digest.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.reference.as_deref().or(self.digest.as_deref())
    }
}

impl Changes {
    /// These and those.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.closed += other.closed;
        self.unchanged += other.unchanged;
        self.unresolved += other.unresolved;
    }
}

impl Touched {
    /// These and those, each image once.
    pub fn add(&mut self, other: Self) {
        self.images.extend(other.images);
        self.images.sort_unstable();
        self.images.dedup();
        self.clusters.extend(other.clusters);
        self.intel |= other.intel;
    }

    /// Whether there is nothing to judge.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.images.is_empty() && self.clusters.is_empty() && !self.intel
    }
}

fn as_text<S: Serializer>(id: &Option<DocumentId>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => serializer.collect_str(id),
        None => serializer.serialize_none(),
    }
}
