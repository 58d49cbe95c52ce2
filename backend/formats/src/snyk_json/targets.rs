//! What Snyk tested: an image by the name that it was asked for, or a directory. Results of one target are
//! parts of one scan, so that the second does not close what the first found.
//!
//! Refuses to take the path of an archive for the name of an image.

use std::collections::HashMap;

use domain::image::{DigestRole, Image, Platform};
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::Project;
use crate::images::reference;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// How Snyk names the project of an image.
const OF_IMAGE: &str = "docker-image|";

/// Who speaks of images, also where Snyk writes SARIF.
const CONTAINER: &str = "snyk container";
/// Who speaks of directories.
const OPEN_SOURCE: &str = "snyk open source";

/// The scans so far, by the paths of their results.
#[derive(Debug, Default)]
pub(super) struct Targets {
    scans: Vec<ScanBuilder>,
    known: HashMap<String, usize>,
}

impl Targets {
    /// Takes in an image, so that results with its path are told to be of it.
    pub(super) fn image(&mut self, project: &Project<'_>, at: &str, warnings: &mut Warnings) {
        let name = asked(project).unwrap_or_else(|| key(project).to_owned());
        let index = match self.known.get(&name) {
            Some(&index) => index,
            None => {
                self.scans.push(scan(CONTAINER, image(project, &name, at, warnings)));
                self.scans.len() - 1
            }
        };
        let paths = project.applications.iter().map(|application| application.path.to_string());
        for path in [name, key(project).to_owned()].into_iter().chain(paths) {
            self.known.entry(path).or_insert(index);
        }
    }

    /// The scan that a result is a part of.
    pub(super) fn of(
        &mut self,
        project: &Project<'_>,
        at: &str,
        warnings: &mut Warnings,
    ) -> Option<&mut ScanBuilder> {
        let path = key(project);
        let index = match self.known.get(path) {
            Some(&index) => index,
            None => {
                let target = match path {
                    "" => Target::Unstated,
                    path => Target::Other { kind: "directory".to_owned(), name: bounded(path, at, warnings) },
                };
                self.scans.push(scan(OPEN_SOURCE, target));
                self.known.insert(path.to_owned(), self.scans.len() - 1);
                self.scans.len() - 1
            }
        };
        self.scans.get_mut(index)
    }

    /// All of them, in the order in which their targets first appeared.
    pub(super) fn build(self) -> Vec<ScanBuilder> {
        self.scans
    }
}

fn scan(tool: &str, target: Target) -> ScanBuilder {
    ScanBuilder::new(Tool { name: tool.to_owned(), version: None }, target)
}

/// Whether a result is of an image as such, and not of an application in one.
pub(super) fn is_image(project: &Project<'_>) -> bool {
    project.docker.is_some()
        || !project.applications.is_empty()
        || project.project_name.starts_with(OF_IMAGE)
        || matches!(&*project.package_manager, "apk" | "deb" | "linux" | "rpm")
}

/// What results of one target share.
fn key<'p>(project: &'p Project<'_>) -> &'p str {
    project.path.filled().unwrap_or(&project.project_name)
}

/// The name that Snyk was asked for. The path holds it with its tag, and the project's name once more behind
/// it: `shop/api:1.4/api`.
fn asked(project: &Project<'_>) -> Option<String> {
    let name = project.project_name.strip_prefix(OF_IMAGE).filter(|name| !name.is_empty())?;
    let version = match project.path.filled() {
        Some(path) => path.strip_prefix(name)?.split('/').next().unwrap_or_default(),
        None => "",
    };
    Some(format!("{name}{version}"))
}

fn image(project: &Project<'_>, name: &str, at: &str, warnings: &mut Warnings) -> Target {
    let Some(reference) = reference(name) else {
        if name.is_empty() {
            return Target::Unstated;
        }
        let kind = if name.contains(".tar") { "archive" } else { "image" };
        return Target::Other { kind: kind.to_owned(), name: bounded(name, at, warnings) };
    };
    let mut image = Image { platform: platform(&project.platform), ..Image::default() };
    if let Some(digest) = &reference.digest {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    image.references.push(reference.with_default_tag());
    Target::Image(image)
}

/// `linux/arm64/v8`.
fn platform(text: &str) -> Option<Platform> {
    let mut parts = text.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
    Some(Platform { os: parts.next()?, architecture: parts.next()?, variant: parts.next() })
}
