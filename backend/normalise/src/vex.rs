//! Which findings a VEX statement speaks of. A product must be named by digest, by repository with tag,
//! or be the very package of the finding.
//!
//! Refuses to stretch a statement: an image without digest or tag, a bare name, a CPE or an IRI matches
//! nothing, because a wrong "not affected" hides a hole.

use domain::purl::Purl;

/// A stored statement on one product and one component in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The product as written.
    pub product: String,
    /// A digest that names the product, or empty.
    pub product_digest: String,
    /// A component inside the product as written, or empty for all of it.
    pub component: String,
    /// When it was made; the latest that matches wins.
    pub stated_at: i64,
    /// The status word.
    pub status: String,
}

/// What a statement is held against: a finding with its image.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Every digest that leads to the image.
    pub digests: &'a [String],
    /// `registry/repository:tag` of every tag the image has or had.
    pub tagged: &'a [String],
    /// The finding's component.
    pub purl: &'a str,
}

/// The status that statements give a finding: that of the latest that matches.
#[must_use]
pub fn status<'a>(statements: &'a [Statement], candidate: &Candidate<'_>) -> Option<&'a str> {
    statements
        .iter()
        .filter(|statement| matches(statement, candidate))
        .max_by_key(|statement| (statement.stated_at, &statement.status))
        .map(|statement| statement.status.as_str())
}

/// Whether a statement speaks of a finding.
#[must_use]
pub fn matches(statement: &Statement, candidate: &Candidate<'_>) -> bool {
    if names_image(statement, candidate) {
        return statement.component.is_empty() || names_package(&statement.component, candidate.purl, false);
    }
    statement.product_digest.is_empty()
        && statement.component.is_empty()
        && names_package(&statement.product, candidate.purl, true)
}

fn names_image(statement: &Statement, candidate: &Candidate<'_>) -> bool {
    if !statement.product_digest.is_empty() {
        return candidate.digests.contains(&statement.product_digest);
    }
    image_name(&statement.product).is_some_and(|name| candidate.tagged.contains(&name))
}

/// `registry/repository:tag` of a purl such as `pkg:oci/api?repository_url=ghcr.io/acme/api&tag=v1`.
fn image_name(product: &str) -> Option<String> {
    let rest = product.strip_prefix("pkg:oci/")?;
    let (_, qualifiers) = rest.split_once('?')?;
    let qualifiers = qualifiers.split('#').next()?;
    let value = |name: &str| {
        qualifiers
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| decoded(value))
    };
    let reference = format!("{}:{}", value("repository_url")?, value("tag")?);
    let reference: domain::reference::ImageReference = reference.parse().ok()?;
    Some(reference.to_string())
}

/// Whether a purl names the component: exactly, or without a version where that is allowed.
fn names_package(text: &str, purl: &str, exactly: bool) -> bool {
    let Ok(named) = text.parse::<Purl>() else { return false };
    if named.as_str() == purl {
        return named.version().is_some() || !exactly;
    }
    !exactly
        && named.version().is_none()
        && purl.parse::<Purl>().is_ok_and(|purl| {
            (purl.kind(), purl.namespace(), purl.name()) == (named.kind(), named.namespace(), named.name())
        })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(product: &str, digest: &str, component: &str, expected: bool) {
        let statement = Statement {
            product: product.to_owned(),
            product_digest: digest.to_owned(),
            component: component.to_owned(),
            stated_at: 0,
            status: "not_affected".to_owned(),
        };
        let candidate = Candidate {
            digests: &["sha256:aa".to_owned()],
            tagged: &["ghcr.io/acme/api:v1".to_owned()],
            purl: "pkg:golang/golang.org/x/net@0.1.0",
        };
        assert_eq!(matches(&statement, &candidate), expected);
    }

    #[test]
    fn an_image_by_digest_or_tag() {
        check("pkg:oci/api@sha256%3Aaa", "sha256:aa", "", true);
        check("pkg:oci/api@sha256%3Abb", "sha256:bb", "", false);
        check("pkg:oci/api?repository_url=ghcr.io%2Facme%2Fapi&tag=v1", "", "", true);
        check("pkg:oci/api?repository_url=ghcr.io/acme/api&tag=v2", "", "", false);
        check("pkg:oci/api?repository_url=ghcr.io/acme/api", "", "", false);
        check("ghcr.io/acme/api", "", "", false);
    }

    #[test]
    fn a_component_inside_it() {
        check("pkg:oci/api", "sha256:aa", "pkg:golang/golang.org/x/net@v0.1.0", true);
        check("pkg:oci/api", "sha256:aa", "pkg:golang/golang.org/x/net", true);
        check("pkg:oci/api", "sha256:aa", "pkg:golang/golang.org/x/net@v0.2.0", false);
        check("pkg:oci/api", "sha256:aa", "cpe:/a:x:y", false);
    }

    #[test]
    fn a_package_by_its_own_version_only() {
        check("pkg:golang/golang.org/x/net@v0.1.0", "", "", true);
        check("pkg:golang/golang.org/x/net", "", "", false);
        check("pkg:golang/example.org/app@v1", "", "pkg:golang/golang.org/x/net", false);
    }

    #[test]
    fn the_latest_statement_wins() {
        let statement = |stated_at, status: &str| Statement {
            product: String::new(),
            product_digest: "sha256:aa".to_owned(),
            component: String::new(),
            stated_at,
            status: status.to_owned(),
        };
        let statements = [statement(2, "affected"), statement(1, "not_affected")];
        let candidate = Candidate { digests: &["sha256:aa".to_owned()], tagged: &[], purl: "" };
        assert_eq!(status(&statements, &candidate), Some("affected"));
    }
}
