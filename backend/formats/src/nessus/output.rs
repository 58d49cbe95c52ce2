//! What plugins print, line by line: `Label : value`. Refuses prose, and images whose name has neither tag nor digest.

use domain::image::DigestRole;

use crate::images::{self, ImageBuilder};

/// How many lines of an output are read.
const LINES: usize = 10_000;
/// Labels of the name of an image, and of the digest of its configuration.
const NAMES: [&str; 4] = ["container image", "docker image", "image", "image name"];
const IDS: [&str; 2] = ["docker image id", "image id"];

/// A package of a distribution in an output.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Installed<'o> {
    pub name: &'o str,
    pub version: &'o str,
    /// The first version that is not vulnerable; empty where none is told.
    pub fixed: &'o str,
}

/// The image that an output tells of.
pub(super) fn image(output: &str) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    for (label, value) in pairs(output) {
        let is = |known: &&str| label.eq_ignore_ascii_case(known);
        if NAMES.iter().any(is) {
            let exact =
                images::reference(value).is_some_and(|name| name.tag.is_some() || name.digest.is_some());
            if exact {
                image.reference(value);
            }
        } else if IDS.iter().any(is) {
            image.digest(DigestRole::Config, value);
        }
    }
    image
}

/// The packages that an output tells of.
pub(super) fn installed(output: &str) -> Vec<Installed<'_>> {
    let mut found: Vec<Installed<'_>> = Vec::new();
    for (label, value) in pairs(output) {
        match label.to_ascii_lowercase().as_str() {
            "remote package installed" => found.extend(rpm(value)),
            "installed package" | "- installed package" => found.extend(deb(value)),
            "should be" => fix(&mut found, rpm(value)),
            "fixed package" => fix(&mut found, deb(value)),
            _ => {}
        }
    }
    found
}

/// The version that fixes the last package.
fn fix<'o>(found: &mut [Installed<'o>], stated: Option<Installed<'o>>) {
    if let (Some(last), Some(stated)) = (found.last_mut(), stated)
        && last.name == stated.name
    {
        last.fixed = stated.version;
    }
}

/// `kernel-tools-4.14.314-237.533.amzn2`
fn rpm(text: &str) -> Option<Installed<'_>> {
    let (front, _) = text.rsplit_once('-')?;
    let (name, _) = front.rsplit_once('-')?;
    package(name, text.get(name.len() + 1..)?)
}

/// `libdemo1_1.0-1+deb12u1`
fn deb(text: &str) -> Option<Installed<'_>> {
    let (name, version) = text.split_once('_')?;
    package(name, version)
}

fn package<'o>(name: &'o str, version: &'o str) -> Option<Installed<'o>> {
    let told = !name.is_empty() && !version.is_empty() && !name.contains(char::is_whitespace);
    told.then_some(Installed { name, version, fixed: "" })
}

fn pairs(output: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = output.lines().take(LINES);
    lines
        .filter_map(|line| line.split_once(" : ").or_else(|| line.split_once(": ")))
        .map(|(label, value)| (label.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_packages_of_both_families() {
        let output = "\nRemote package installed : demo-libs-1.0-1.amzn2\nShould be                : demo-libs-1.0-2.amzn2\n\n  - Installed package : libdemo1_1.0-1\n    Fixed package     : libdemo1_1.0-2\nShould be : other-1-2\n";
        let package = |name, version, fixed| Installed { name, version, fixed };
        assert_eq!(
            installed(output),
            [package("demo-libs", "1.0-1.amzn2", "1.0-2.amzn2"), package("libdemo1", "1.0-1", "1.0-2")]
        );
        assert!(installed("Remote package installed : demo\nNothing else").is_empty());
    }

    #[test]
    fn an_image_has_a_tag_or_a_digest() {
        assert!(!image("  Image : registry.example.com/shop/api:1.4.0").is_empty());
        assert!(!image(&format!("Image ID: sha256:{}", "a".repeat(64))).is_empty());
        assert!(image("Image : api\nThe image : it is old").is_empty());
    }
}
