//! What documents of Sysdig have in common: how packages are named, what is said of exploits, use and accepted
//! risks. Refuses to be a format.

use domain::component::Component;
use domain::finding::{ReportedFinding, Verdict};
use domain::scan::Tool;

use crate::platforms::Platform;
use crate::purls;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;

const IN_USE: &str = "in use where the image runs";
const NOT_IN_USE: &str = "not in use where the image runs";

/// Sysdig Secure, whichever of its programs wrote the document; only the scanner states a version.
pub(crate) fn tool(version: Option<&str>) -> Tool {
    Tool { name: "sysdig".to_owned(), version: version.map(str::to_owned) }
}

/// A package as a document names it; what it does not tell is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package<'p> {
    /// `os`, `python`, `golang`.
    pub kind: &'p str,
    pub name: &'p str,
    pub version: &'p str,
    pub path: &'p str,
}

/// The component of a package.
pub(crate) fn component(
    package: Package<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<Component> {
    let version = Some(package.version).filter(|version| !version.is_empty());
    let of_system = package.kind.trim().eq_ignore_ascii_case("os");
    let purl = match platform.filter(|_| of_system) {
        Some(platform) => purls::from_parts(platform.kind, Some(platform.namespace), package.name, version)?,
        None => {
            let word = purls::ecosystem_of_word(package.kind).filter(|_| !of_system);
            let ecosystem = word.or_else(|| purls::ecosystem_of_name(package.name));
            if ecosystem.is_none() && !package.name.is_empty() {
                warnings.push(at(), "nothing tells the ecosystem of a package, so it is known by name alone");
            }
            purls::from_name(ecosystem.unwrap_or("generic"), package.name, version)?
        }
    };
    let mut component = Component::from_purl(purl);
    component.name = bounded(package.name, "name of a package", warnings);
    component.version = version.map(str::to_owned);
    // All packages of a distribution stand in the one file of its database.
    if !package.path.is_empty() && !of_system {
        component.paths.push(bounded(package.path, "path of a package", warnings));
    }
    Some(component)
}

/// Says of a finding whether its package runs, by the profile's word; nothing where there is none.
pub(crate) fn tell_use(finding: &mut ReportedFinding, running: &str) {
    finding.used = match running {
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    };
    finding.in_use = finding.used.map(|used| if used { IN_USE } else { NOT_IN_USE }.to_owned());
}

/// Takes back that packages do not run. Where none of an image does, it was not profiled or does not run itself, and
/// `false` is what Sysdig writes for want of knowledge.
pub(crate) fn take_back_unused(findings: &mut [ReportedFinding]) {
    for finding in findings.iter_mut().filter(|finding| finding.used == Some(false)) {
        (finding.used, finding.in_use) = (None, None);
    }
}

/// What somebody accepted in Sysdig is set aside there.
pub(crate) fn accepted(reason: &str) -> Verdict {
    let why = if reason.is_empty() { String::new() } else { format!(": {}", prose(reason)) };
    Verdict::Suppressed(format!("risk accepted in Sysdig{why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: &str, name: &str, platform: Option<&Platform>, expected: &str, told: usize) {
        let mut warnings = Warnings::default();
        let package = Package { kind, name, version: "1.0", path: "/srv/a" };
        let component = component(package, platform, &String::new, &mut warnings).unwrap();
        assert_eq!((component.purl.as_str(), warnings.into_vec().len()), (expected, told));
    }

    #[test]
    fn packages_are_those_of_their_ecosystems() {
        let debian = Platform::of_words("debian 12.9");
        check("OS", "tar", debian.as_ref(), "pkg:deb/debian/tar@1.0", 0);
        check("os", "tar", None, "pkg:generic/tar@1.0", 1);
        check("golang", "example.org/left", debian.as_ref(), "pkg:golang/example.org/left@1.0", 0);
        check("java", "org.demo:left", debian.as_ref(), "pkg:maven/org.demo/left@1.0", 0);
        check("mystery", "left", debian.as_ref(), "pkg:generic/left@1.0", 1);
    }
}
