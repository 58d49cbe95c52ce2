//! OSV-Scanner's report in our words: one scan of all sources together. Refuses to name an image: the
//! report tells its layers and not its name.

use std::collections::HashMap;

use domain::component::{Component, SourcePackage};
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::Image;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Group, Listed, Report};
use crate::error::clip;
use crate::osv::{self, Record};
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, purls, severity};

/// Maps a whole report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: "osv-scanner".to_owned(), version: None };
    let mut builder = ScanBuilder::new(tool.clone(), target(report, &mut warnings));
    builder.scan_mut().covers.insert(FindingClass::Vulnerability);
    for (number, found) in report.results.iter().enumerate() {
        for (place, listed) in found.packages.iter().enumerate() {
            let at = format!("results[{number}].packages[{place}]");
            package(listed, &found.source.path, &mut builder, &at, &mut warnings);
        }
    }
    let listed = report.results.iter().flat_map(|found| &found.packages);
    Parsed {
        tool: Some(tool),
        entries: listed.map(|listed| listed.vulnerabilities.len()).sum(),
        listed_components: 0,
        observations: vec![Observation::Scan(builder.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// The image; else the one source; else the folder that all sources lie in.
fn target(report: &Report<'_>, warnings: &mut Warnings) -> Target {
    if let Some(image) = &report.image_metadata {
        return Target::Image(Image {
            distribution: Platform::of_os(&image.os).map(|platform| platform.distribution),
            layers: image
                .layer_metadata
                .iter()
                .filter_map(|layer| layer.diff_id.filled())
                .map(str::to_owned)
                .collect(),
            ..Image::default()
        });
    }
    let Some(first) = report.results.first().map(|found| &found.source) else { return Target::Unstated };
    let mut common = &*first.path;
    for found in &report.results {
        while !found.source.path.starts_with(common) {
            common = common.trim_end_matches('/').rsplit_once('/').map_or("", |(front, _)| front);
        }
    }
    let kind = if common == &*first.path { first.kind.filled().unwrap_or("source") } else { "directory" };
    match common {
        "" => Target::Unstated,
        name => Target::Other { kind: kind.to_owned(), name: bounded(name, "results", warnings) },
    }
}

fn package(listed: &Listed<'_>, path: &str, builder: &mut ScanBuilder, at: &str, warnings: &mut Warnings) {
    if listed.vulnerabilities.is_empty() {
        return;
    }
    let Some(component) = component(listed, path, at, warnings) else {
        warnings.skip_all(listed.vulnerabilities.len(), at, "a package without a name was skipped");
        return;
    };
    let component = builder.component(component);
    let groups: HashMap<&str, &Group<'_>> =
        listed.groups.iter().flat_map(|group| group.ids.iter().map(move |id| (&**id, group))).collect();
    let words: HashMap<&str, &str> = listed
        .vulnerabilities
        .iter()
        .filter_map(|record| Some((first_id(&groups, &record.id), record.severity_word()?)))
        .collect();
    for (number, record) in listed.vulnerabilities.iter().enumerate() {
        let Some(known) = record.record() else {
            warnings
                .skip(format!("{at}.vulnerabilities[{number}]"), "a record without a usable id was skipped");
            continue;
        };
        let vulnerability = builder.vulnerability(known);
        let subject = Subject::Vulnerability { component, vulnerability };
        // A group is one vulnerability: the word of one of its records is that of all.
        let of_group = || words.get(first_id(&groups, &record.id)).copied();
        let word = record.severity_word().or_else(of_group).unwrap_or_default();
        let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
        finding.fix = record.fix(&listed.package.name);
        finding.location = Some(bounded(path, at, warnings)).filter(|path| !path.is_empty());
        let called = groups.get(&*record.id).and_then(|group| called(group, record));
        finding.in_use = called.map(|called| if called { "called" } else { "not called" }.to_owned());
        finding.used = called.filter(|called| *called);
        builder.finding(finding);
    }
}

fn component(listed: &Listed<'_>, path: &str, at: &str, warnings: &mut Warnings) -> Option<Component> {
    let package = &listed.package;
    let name = package.os_package_name.filled().or_else(|| package.name.filled())?;
    let version = package.version.filled();
    let purl = osv::purl(&package.ecosystem, name, version).or_else(|| {
        let ecosystem = clip(&package.ecosystem);
        warnings.push(at, format!("packages of the ecosystem `{ecosystem}` are known by name alone"));
        purls::from_parts("generic", None, name, version)
    })?;
    let mut component = Component::from_purl(purl);
    component.name = bounded(name, at, warnings);
    component.version = version.map(str::to_owned);
    if package.os_package_name.filled().is_some() {
        component.source =
            package.name.filled().map(|name| SourcePackage { name: name.to_owned(), version: None });
    }
    component.licences = listed.licenses.iter().filter_map(|text| text.filled()).map(str::to_owned).collect();
    component.paths = Some(bounded(path, at, warnings)).into_iter().filter(|path| !path.is_empty()).collect();
    Some(component)
}

/// The id that leads the group of a record, or the record's own.
fn first_id<'g>(groups: &HashMap<&str, &'g Group<'_>>, id: &'g str) -> &'g str {
    groups.get(id).and_then(|group| group.ids.first()).map_or(id, |first| &**first)
}

/// What the analysis of calls says of a record.
fn called(group: &Group<'_>, record: &Record<'_>) -> Option<bool> {
    let (_, analysis) = group.experimental_analysis.iter().find(|(id, _)| **id == *record.id)?;
    analysis.called
}
