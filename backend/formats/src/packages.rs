//! What bills of materials say of a package: its purl, and the distribution's source package, hidden in
//! file names and qualifiers. Refuses to repeat a version: a source's is kept only where it differs.

use std::str::FromStr;

use domain::component::SourcePackage;
use domain::purl::Purl;
use packageurl::PackageUrl;

use crate::purls::Purls;
use crate::untrusted::LONGEST;
use crate::warnings::Warnings;

/// The purl of a text. What cannot be read is told and passed over; the caller names the package by parts.
pub(crate) fn purl<'b>(
    raw: &'b str,
    purls: &mut Purls<'b>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Purl> {
    if raw.len() > LONGEST {
        warnings.push(at, format!("a purl of {} bytes was passed over", raw.len()));
        return None;
    }
    match purls.parse(raw) {
        Ok(purl) => Some(purl.clone()),
        Err(error) => {
            warnings.push(at, format!("{error} and was passed over"));
            None
        }
    }
}

/// A source package, unless the name is empty; its version only if it is not the binary's.
pub(crate) fn source(name: &str, version: Option<&str>, own: Option<&str>) -> Option<SourcePackage> {
    if name.is_empty() {
        return None;
    }
    let version = version.filter(|version| !version.is_empty() && Some(*version) != own);
    Some(SourcePackage { name: name.to_owned(), version: version.map(str::to_owned) })
}

/// The source package behind a source RPM's file name, `bash-5.1.8-6.el9.src.rpm`.
pub(crate) fn source_rpm(file: &str, own: Option<&str>) -> Option<SourcePackage> {
    let stem = file.strip_suffix(".src.rpm").or_else(|| file.strip_suffix(".nosrc.rpm"))?;
    let (rest, release) = stem.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    let own = own.map(|own| own.split_once(':').map_or(own, |(_, version)| version));
    source(name, Some(&format!("{version}-{release}")), own)
}

/// The source package in a raw purl's `upstream` qualifier: a name, `name@version` or a source RPM.
pub(crate) fn upstream(raw: &str, own: Option<&str>) -> Option<SourcePackage> {
    if !raw.contains("upstream=") {
        return None;
    }
    let purl = PackageUrl::from_str(raw).ok()?;
    let text = purl.qualifiers().get("upstream")?;
    source_rpm(text, own).or_else(|| match text.rsplit_once('@') {
        Some((name, version)) => source(name, Some(version), own),
        None => source(text, None, own),
    })
}

/// Text with its percent escapes resolved, if it has any and they make UTF-8.
pub(crate) fn unescape(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let byte = match (first, tail) {
            (b'%', [high, low, ..]) => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Option<SourcePackage>, expected: Option<(&str, Option<&str>)>) {
        let found = found.map(|source| (source.name, source.version));
        assert_eq!(found, expected.map(|(name, version)| (name.to_owned(), version.map(str::to_owned))));
    }

    #[test]
    fn reads_source_packages() {
        check(
            source_rpm("openssl-libs-3.0.7-18.el9.src.rpm", Some("1:3.0.7-18.el9")),
            Some(("openssl-libs", None)),
        );
        check(source_rpm("glibc-2.34-1.src.rpm", None), Some(("glibc", Some("2.34-1"))));
        check(source_rpm("glibc", None), None);
        check(
            upstream("pkg:deb/debian/libc6@2.31-13?arch=amd64&upstream=glibc", Some("2.31-13")),
            Some(("glibc", None)),
        );
        check(
            upstream("pkg:deb/debian/libgcc-s1@10.2.1-6?upstream=gcc-10%4010.2.1-5", Some("10.2.1-6")),
            Some(("gcc-10", Some("10.2.1-5"))),
        );
        check(
            upstream("pkg:rpm/redhat/libssl@3?upstream=openssl-3.0.7-18.el9.src.rpm", Some("3")),
            Some(("openssl", Some("3.0.7-18.el9"))),
        );
        check(upstream("pkg:npm/a@1", None), None);
    }

    #[test]
    fn resolves_percent_escapes() {
        assert_eq!(unescape("pkg%3Anpm/a%401%zz%").as_deref(), Some("pkg:npm/a@1%zz%"));
        assert_eq!(unescape("plain"), None);
        assert_eq!(unescape("%ff"), None);
    }
}
