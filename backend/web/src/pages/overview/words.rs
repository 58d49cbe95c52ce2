//! What the stored kinds of fixes are called by people, and where they lead. Refuses to hide a kind it does
//! not know: it is shown as stored.

use store::overview::NextFix;

use crate::filters::grouped;
use crate::pages::images;

/// What a fix is and how much it closes.
pub(super) fn fix(kind: &str, findings: u64) -> String {
    let what = match kind {
        "package" => "update the package",
        "base" => "rebuild on a newer base",
        "scan" => "scan it: nobody has",
        other => other,
    };
    match findings {
        0 => what.to_owned(),
        1 => format!("{what} · 1 finding"),
        many => format!("{what} · {} findings", grouped(&many.to_string())),
    }
}

/// Where a fix leads: to its own page, or to the images that hold what it changes.
pub(super) fn fix_href(fix: &NextFix) -> String {
    match fix.link.as_str() {
        "" => images::with_package(&fix.name, &fix.from_version),
        page => page.to_owned(),
    }
}

/// The heading over the worst workloads.
pub(super) fn worst_title(workloads: u64) -> String {
    match workloads {
        0 | 1 => "Worst workloads".to_owned(),
        many => format!("Worst of {} workloads", grouped(&many.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_for_people() {
        assert_eq!(fix("move", 1), "move · 1 finding");
        assert_eq!(fix("scan", 0), "scan it: nobody has");
        assert_eq!(fix("package", 1200).replace('\u{202f}', "_"), "update the package · 1_200 findings");
    }
}
