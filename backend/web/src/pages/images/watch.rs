//! Which tools watch an image and where they saw it run, in words. Refuses to take a tool's silence for a
//! word: what it did not say is shown as not told.

use chrono::{DateTime, Utc};
use store::images::CoverageRow;

use super::sentence::counted;
use crate::filters::relative;

/// A tool's word on an image, ready to show.
pub(crate) struct Watch {
    pub(crate) row: CoverageRow,
}

impl Watch {
    /// Whether the tool watches the image: words and tone.
    pub(crate) fn state(&self) -> (&'static str, &'static str) {
        match self.row.watched {
            Some(true) => ("watched", "good"),
            Some(false) => ("not watched", "warn"),
            None => ("not told", "unknown"),
        }
    }

    /// The tool's reason as people write words: `scan eligibility expired`.
    pub(crate) fn reason(&self) -> String {
        self.row.reason.replace('_', " ").to_lowercase()
    }

    /// Where the tool saw the image run; nothing where it does not look for that.
    pub(crate) fn in_use(&self, now: &DateTime<Utc>) -> Option<String> {
        let count = self.row.in_use_count?;
        let last = self.row.in_use_last_at.map(|at| relative(at, *now));
        Some(match (count, last) {
            (0, None) => "counts no running container of it".to_owned(),
            (0, Some(last)) => format!("counts no running container of it now, and last saw one {last}"),
            (count, None) => format!("counts {} of it", running(count)),
            (count, Some(last)) => format!("counts {} of it, last seen {last}", running(count)),
        })
    }
}

fn running(count: u64) -> String {
    counted(count, "running container", "running containers")
}

/// What is said at the top of the page of each tool that does not watch the image.
pub(super) fn gaps(watches: &[Watch]) -> Vec<String> {
    let gap = |watch: &Watch| {
        let because =
            if watch.row.reason.is_empty() { String::new() } else { format!(": {}", watch.reason()) };
        format!("{} does not watch this image{because}.", watch.row.tool)
    };
    watches.iter().filter(|watch| watch.row.watched == Some(false)).map(gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(watched: Option<bool>, reason: &str, in_use: Option<u64>, last: Option<&str>) -> Watch {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        Watch {
            row: CoverageRow {
                tool: "aws-inspector".to_owned(),
                place: "registry.example/shop/api".to_owned(),
                watched,
                reason: reason.to_owned(),
                last_scanned_at: None,
                in_use_count: in_use,
                in_use_last_at: last.map(moment),
                since: moment("2026-11-20T10:00:00Z"),
            },
        }
    }

    #[test]
    fn a_tools_reason_is_said_in_words() {
        let watches = [
            watch(Some(false), "SCAN_ELIGIBILITY_EXPIRED", None, None),
            watch(Some(true), "SUCCESSFUL", None, None),
            watch(None, "", Some(2), None),
            watch(Some(false), "", None, None),
        ];
        assert_eq!(
            gaps(&watches),
            [
                "aws-inspector does not watch this image: scan eligibility expired.",
                "aws-inspector does not watch this image."
            ]
        );
        assert_eq!(watches[2].state(), ("not told", "unknown"));
    }

    #[test]
    fn what_runs_is_told_with_its_moment() {
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        for (count, last, words) in [
            (None, None, None),
            (Some(0), None, Some("counts no running container of it")),
            (
                Some(0),
                Some("2026-11-21T10:00:00Z"),
                Some("counts no running container of it now, and last saw one 2 days ago"),
            ),
            (Some(1), None, Some("counts 1 running container of it")),
            (
                Some(3),
                Some("2026-11-21T10:00:00Z"),
                Some("counts 3 running containers of it, last seen 2 days ago"),
            ),
        ] {
            assert_eq!(watch(None, "", count, last).in_use(&now).as_deref(), words);
        }
    }
}
