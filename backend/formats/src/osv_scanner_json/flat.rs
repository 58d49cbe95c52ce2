//! What the scanner holds in memory and its library writes: a row for each vulnerability of each package. Refuses rows
//! that are of licences alone.

use super::wire::{Flat, Found, Listed, Package, Report};

/// The rows as a report: those of one package follow one another.
pub(super) fn report(rows: Vec<Flat<'_>>) -> Report<'_> {
    let mut report = Report::default();
    for row in rows {
        let known = report.results.last().is_some_and(|found| found.source.path == row.source.path);
        if !known {
            report.results.push(Found { source: row.source, packages: Vec::new() });
        }
        let Some(found) = report.results.last_mut() else { continue };
        let known = found.packages.last().is_some_and(|listed| is_same(&listed.package, &row.package));
        if !known {
            let licenses = row.licenses;
            found.packages.push(Listed { package: row.package, licenses, ..Listed::default() });
        }
        let Some(listed) = found.packages.last_mut() else { continue };
        if row.vulnerability.id.filled().is_some() {
            listed.vulnerabilities.push(row.vulnerability);
            listed.groups.push(row.group_info);
        }
    }
    report
}

fn is_same(package: &Package<'_>, other: &Package<'_>) -> bool {
    package.name == other.name && package.version == other.version && package.ecosystem == other.ecosystem
}
