//! What an image is and how bad, in one sentence. Refuses praise for what nobody looked at.

use chrono::{DateTime, Utc};
use domain::severity::Severity;
use store::images::ImageRow;

use crate::filters::{grouped, relative};

/// `Runs in 2 workloads (3 containers). 1 critical and 1 high finding, 1 known to be exploited; last scanned 2 days ago.`
pub(super) fn sentence(image: &ImageRow, now: DateTime<Utc>) -> String {
    format!("{} {}", use_of(image), findings(image, now))
}

fn use_of(image: &ImageRow) -> String {
    match (image.running, image.workload_count) {
        (0, 0) => "No workload is known to run it.".to_owned(),
        (0, workloads) => {
            format!("Used by {}, none running now.", counted(workloads, "workload", "workloads"))
        }
        (running, workloads) => format!(
            "Runs in {} ({}).",
            counted(workloads.max(1), "workload", "workloads"),
            counted(running, "container", "containers")
        ),
    }
}

fn findings(image: &ImageRow, now: DateTime<Utc>) -> String {
    let Some(scanned) = image.last_scanned_at else {
        return "Nobody has scanned it: what is in it is not known.".to_owned();
    };
    let told: Vec<String> = Severity::ALL
        .iter()
        .zip(image.severities)
        .filter(|(_, count)| *count > 0)
        .take(2)
        .map(|(severity, count)| format!("{} {}", grouped(&count.to_string()), word(*severity)))
        .collect();
    let total: u64 = image.severities.iter().sum();
    let found = match total {
        0 => "The last scan found nothing open".to_owned(),
        1 => format!("{} finding", told.join(" and ")),
        total => format!("{} among {} open findings", told.join(" and "), grouped(&total.to_string())),
    };
    let exploited = match image.kev {
        0 => String::new(),
        kev => format!(", {} known to be exploited", grouped(&kev.to_string())),
    };
    format!("{found}{exploited}; last scanned {}.", relative(scanned, now))
}

fn word(severity: Severity) -> &'static str {
    if severity == Severity::Unknown { "of unknown severity" } else { severity.as_str() }
}

/// `1 workload`, `2 workloads`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&count.to_string()), if count == 1 { one } else { many })
}
