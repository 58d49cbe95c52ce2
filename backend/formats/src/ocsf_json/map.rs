//! Findings in our words: Prowler's as every document of Prowler's tells them, vulnerabilities of images as one scan for
//! each image and product, and a count of everything else.
//!
//! Refuses to close by other findings than Prowler's: they come one by one, and none says that these are all.

use domain::scan::Tool;

use super::wire;
use crate::Parsed;
use crate::aside::Aside;
use crate::aws::{Listing, place};
use crate::error::clip;
use crate::ocsf::{self, Finding, Resource};
use crate::prowler::{self, Mapper};
use crate::scans::Scans;
use crate::warnings::Warnings;

const ONE_BY_ONE: &str = "findings are listed one by one, and nothing says whether these are all";

/// Maps a list of findings.
pub(super) fn findings(listing: &Listing<Finding<'_>>) -> Parsed {
    let mut others = Others::default();
    let (mut prowler, mut of_prowler) = (Mapper::default(), false);
    for (number, finding) in listing.findings.iter().enumerate() {
        let at = || place(number);
        if wire::is_of_prowler(finding) {
            of_prowler = true;
            add(&mut prowler, finding, &at);
        } else {
            others.add(finding, &at);
        }
    }
    let others = others.build(listing.partial.unwrap_or(ONE_BY_ONE));
    if of_prowler { join(prowler.build(listing.partial), others) } else { others }
}

/// Adds a finding of Prowler's.
fn add(mapper: &mut Mapper, finding: &Finding<'_>, at: &dyn Fn() -> String) {
    let nothing = Resource::default();
    let resource = finding.resources.first().unwrap_or(&nothing);
    let data = wire::data(resource.data);
    let provider = &*finding.cloud.provider;
    let trivy = wire::trivy(data.metadata).filter(|_| matches!(provider, "image" | "iac"));
    let found = prowler::Finding {
        provider,
        account: &finding.cloud.account.uid,
        region: &finding.cloud.region,
        check: &finding.metadata.event_code,
        title: &finding.finding_info.title,
        status: &finding.status_code,
        sentence: finding.status_detail.filled().unwrap_or(&finding.message),
        severity: &finding.severity,
        muted: finding.status.eq_ignore_ascii_case("suppressed"),
        service: &resource.group.name,
        kind: &resource.kind,
        resource: &resource.uid,
        name: &resource.name,
        details: &data.details,
        categories: "",
        at: ocsf::seen_at(finding),
        found: trivy.as_ref().and_then(|trivy| trivy.found()),
    };
    mapper.version(&finding.metadata.product.version);
    mapper.add(&found, at);
}

/// Findings of other products.
#[derive(Debug, Default)]
struct Others {
    tool: Option<Tool>,
    scans: Scans,
    aside: Aside,
    warnings: Warnings,
    entries: usize,
}

impl Others {
    fn add(&mut self, finding: &Finding<'_>, at: &dyn Fn() -> String) {
        if ocsf::passed(finding) {
            return;
        }
        self.entries += 1;
        let tool = ocsf::product(finding);
        if !ocsf::add_finding(finding, &tool, &mut self.scans, at, &mut self.warnings) {
            self.aside.no_image(format!("of {}", clip(&tool.name)), at);
        }
        self.tool.get_or_insert(tool);
    }

    fn build(mut self, partial: &str) -> Parsed {
        self.aside.tell(&mut self.warnings);
        Parsed {
            tool: self.tool,
            entries: self.entries,
            listed_components: 0,
            observations: self.scans.build(Some(partial)),
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

fn join(mut first: Parsed, second: Parsed) -> Parsed {
    first.entries += second.entries;
    first.skipped += second.skipped;
    first.observations.extend(second.observations);
    first.warnings.extend(second.warnings);
    first
}
