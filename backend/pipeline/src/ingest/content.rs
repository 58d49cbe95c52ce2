//! A document's observations sorted by what they are, with the sender's hints applied where the document
//! is silent. Refuses to overrule a document by a hint.

use chrono::{DateTime, Utc};
use domain::admission::Admission;
use domain::attestation::Attestation;
use domain::cluster::Cluster;
use domain::coverage::Coverage;
use domain::exposure::Exposure;
use domain::image::{DigestRole, Image};
use domain::intel::IntelFeed;
use domain::network_policy::NetworkPolicy;
use domain::node::Node;
use domain::observation::Observation;
use domain::reference::ImageReference;
use domain::registry::Repository;
use domain::runtime::{Execution, RuntimeEvent};
use domain::sbom::Sbom;
use domain::scan::{Scan, Target};
use domain::signature::Signature;
use domain::vex::VexStatement;
use domain::workload::Workload;

/// What a document says, by kind.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) accounts: Vec<domain::account::Account>,
    pub(super) clusters: Vec<Cluster>,
    pub(super) repositories: Vec<Repository>,
    pub(super) coverage: Vec<Coverage>,
    pub(super) images: Vec<Image>,
    pub(super) scans: Vec<Scan>,
    pub(super) sboms: Vec<Sbom>,
    pub(super) attestations: Vec<Attestation>,
    pub(super) signatures: Vec<Signature>,
    /// Images beside which somebody looked for signatures.
    pub(super) searched: Vec<Image>,
    pub(super) workloads: Vec<Workload>,
    pub(super) nodes: Vec<Node>,
    pub(super) exposures: Vec<Exposure>,
    pub(super) policies: Vec<NetworkPolicy>,
    pub(super) admissions: Vec<Admission>,
    pub(super) statements: Vec<VexStatement>,
    pub(super) events: Vec<RuntimeEvent>,
    pub(super) executions: Vec<Execution>,
    pub(super) feeds: Vec<IntelFeed>,
    /// Whether the same is looked at again and again: then a tag seen where it was writes nothing.
    pub(super) routine: bool,
}

impl Content {
    /// Sorts observations; targets that name no image get the sender's, and nothing is from the future.
    pub(super) fn new(
        observations: Vec<Observation>,
        hint: Option<&ImageReference>,
        now: DateTime<Utc>,
    ) -> Self {
        let past = |stated: Option<DateTime<Utc>>| stated.map(|at| at.min(now));
        let mut content = Self::default();
        for observation in observations {
            match observation {
                Observation::Account(account) => content.accounts.push(account),
                Observation::Cluster(cluster) => content.clusters.push(cluster),
                Observation::Repository(repository) => content.repositories.push(repository),
                Observation::Coverage(coverage) => content.coverage.push(coverage),
                Observation::Image(image) => content.images.push(image),
                Observation::Workload(workload) => content.workloads.push(workload),
                Observation::Node(node) => content.nodes.push(node),
                Observation::Exposure(exposure) => content.exposures.push(exposure),
                Observation::NetworkPolicy(policy) => content.policies.push(policy),
                Observation::Admission(admission) => content.admissions.push(admission),
                Observation::Scan(mut scan) => {
                    scan.target = hinted(scan.target, hint);
                    scan.scanned_at = past(scan.scanned_at);
                    content.scans.push(scan);
                }
                Observation::Sbom(mut sbom) => {
                    sbom.target = hinted(sbom.target, hint);
                    sbom.created_at = past(sbom.created_at);
                    content.sboms.push(sbom);
                }
                Observation::Attestation(mut attestation) => {
                    attestation.target = hinted(attestation.target, hint);
                    attestation.built_at = past(attestation.built_at);
                    content.attestations.push(attestation);
                }
                Observation::Signature(signature) => {
                    content.signatures.push(beside(*signature, hint));
                }
                Observation::Searched(image) => content.searched.push(image),
                Observation::Vex(statement) => content.statements.push(statement),
                Observation::Runtime(mut event) => {
                    event.first_seen = past(event.first_seen);
                    event.last_seen = past(event.last_seen);
                    content.events.push(event);
                }
                Observation::Executed(mut execution) => {
                    execution.last_seen = past(execution.last_seen);
                    content.executions.push(execution);
                }
                Observation::Intel(feed) => content.feeds.push(feed),
            }
        }
        content
    }

    /// The moment the document states, if it states one.
    pub(super) fn stated_at(&self) -> Option<DateTime<Utc>> {
        let scans = self.scans.iter().filter_map(|scan| scan.scanned_at);
        let sboms = self.sboms.iter().filter_map(|sbom| sbom.created_at);
        let statements = self.statements.iter().filter_map(|statement| statement.stated_at);
        let events = self.events.iter().filter_map(|event| event.last_seen);
        let feeds = self.feeds.iter().filter_map(IntelFeed::made_at);
        scans.chain(sboms).chain(statements).chain(events).chain(feeds).max()
    }

    /// What the document speaks of, as one text.
    pub(super) fn target(&self) -> Option<String> {
        let scans = self.scans.iter().map(|scan| &scan.target);
        let sboms = self.sboms.iter().map(|sbom| &sbom.target);
        let attested = self.attestations.iter().map(|attestation| &attestation.target);
        let signed = self.signatures.iter().map(|signature| &signature.target);
        scans.chain(sboms).chain(attested).chain(signed).filter_map(target_text).next()
    }
}

fn target_text(target: &Target) -> Option<String> {
    match target {
        Target::Image(image) => image
            .references
            .first()
            .map(ToString::to_string)
            .or_else(|| image.best_digest().map(ToString::to_string)),
        Target::Other { kind, name } => Some(format!("{kind} {name}")),
        Target::Unstated => None,
    }
}

fn hinted(target: Target, hint: Option<&ImageReference>) -> Target {
    match (target, hint) {
        (Target::Image(mut image), Some(hint)) if image.references.is_empty() => {
            if image.digests.is_empty() {
                return Target::Image(named(hint));
            }
            image.references.push(hint.clone());
            Target::Image(image)
        }
        (Target::Other { .. } | Target::Unstated, Some(hint)) => Target::Image(named(hint)),
        (target, _) => target,
    }
}

/// A signature is of the image beside which it lay, whatever it says that it is of: only so it shows that it is not.
fn beside(mut signature: Signature, hint: Option<&ImageReference>) -> Signature {
    let place = hint.and_then(|hint| Some((hint, hint.digest.clone()?)));
    match place {
        Some((hint, digest)) => {
            signature.signed.beside = Some(digest);
            signature.target = Target::Image(named(hint));
        }
        None => signature.target = hinted(signature.target, hint),
    }
    signature
}

/// An image known by a reference alone.
fn named(reference: &ImageReference) -> Image {
    let mut image = Image { references: vec![reference.clone()], ..Image::default() };
    if let Some(digest) = &reference.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image
}
