//! The old export in our words: one scan of an artifact that it does not name. Refuses to name one: whoever
//! hands it in says of what it is.

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target};

use super::wire::{Entry, Export};
use crate::aside::Aside;
use crate::error::clip;
use crate::jfrog::{self, Affected};
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// Why entries that are no vulnerabilities stay out.
const NO_VULNERABILITY: &str = "only Xray's vulnerabilities are read";
const MORE: &str = "the export says that there are more entries than it lists";

/// Maps a whole export.
pub(super) fn export(export: &Export<'_>) -> Parsed {
    let (mut warnings, mut aside) = (Warnings::default(), Aside::default());
    let mut builder = ScanBuilder::new(jfrog::tool(), Target::Unstated);
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    let listed = u64::try_from(export.data.len()).unwrap_or(u64::MAX);
    let more = export.total_count.whole().is_some_and(|total| total > listed);
    builder.scan_mut().partial = more.then(|| MORE.to_owned());
    for (number, one) in export.data.iter().enumerate() {
        let at = format!("data[{number}]");
        if matches!(&*one.issue_type, "" | "security") {
            entry(one, &mut builder, &at, &mut warnings);
        } else {
            aside.put(format!("of the type `{}`", clip(&one.issue_type)), NO_VULNERABILITY, || at);
        }
    }
    aside.tell(&mut warnings);
    Parsed {
        tool: Some(jfrog::tool()),
        entries: export.data.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(builder.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn entry(entry: &Entry<'_>, builder: &mut ScanBuilder, at: &str, warnings: &mut Warnings) {
    let Some(id) = entry.source_comp_id.filled().or_else(|| entry.source_id.filled()) else {
        warnings.skip(at, "an entry without a component was skipped");
        return;
    };
    let affected = Affected {
        id,
        licences: Vec::new(),
        path: None,
        location: None,
        fix: jfrog::fix(&entry.component_versions.fixed_versions),
    };
    let details = &entry.component_versions.more_details;
    let told = jfrog::Issue {
        id: &entry.id,
        summary: &entry.summary,
        description: &details.description,
        severity: &entry.severity,
        cves: &details.cves,
        references: &[],
        published_at: None,
        modified_at: time::parse(&entry.edited),
    };
    jfrog::add(builder, &told, vec![affected], at, warnings);
}
