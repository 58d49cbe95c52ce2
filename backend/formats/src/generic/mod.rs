//! Findings in a table or a list of one's own, which no tool's format fits: a fixed dictionary of columns (CSV) and keys
//! (JSON). A mapping that is given from outside adds to it or takes its place.
//!
//! Names are compared by their letters and digits alone, in any case: `Fix Version` and `fix_version` are one. Only a title
//! or a vulnerability is needed. What has an id of a vulnerability is one, in the package that is named; all else is a
//! check that failed, unless its class says otherwise.
//!
//! | field | what it is | names |
//! |---|---|---|
//! | `title` | what it is, in one line | title, summary, finding, issue |
//! | `description` | prose | description, details, message |
//! | `severity` | a word | severity, severitylevel, risk, risklevel |
//! | `vulnerability` | ids of the vulnerability, several between commas or blanks | cve, cveid, cves, vulnerability, vulnerabilityid, vulnerabilityids, vulnid, advisory, advisoryid, ghsa, ghsaid, osvid |
//! | `component` | the package | component, componentname, package, packagename, pkgname, library, dependency, module, product, software |
//! | `version` | the installed version | version, componentversion, packageversion, pkgversion, installedversion, currentversion |
//! | `ecosystem` | of what kind the package is: `npm`, `deb` | ecosystem, componenttype, packagetype, packagemanager, language |
//! | `purl` | the package URL, which is worth more than the three above | purl, packageurl, componentpurl |
//! | `distribution` | of the image: `debian 12` | distribution, distro, os, operatingsystem, osname |
//! | `path` | a file | path, filepath, file, packagepath, location |
//! | `line` | a line in it | line, linenumber, startline |
//! | `image` | the image, with or without tag and digest | image, imagename, imageref, imagereference, containerimage, imagerepository, repository |
//! | `tag` | its tag | tag, imagetag |
//! | `digest` | its digest | digest, imagedigest, imagesha, manifestdigest |
//! | `fix_version` | versions with the fix, several between commas | fixversion, fixversions, fixedversion, fixedversions, fixedin, fixedinversion, patchedversion |
//! | `fix_available` | whether there is a fix | fixavailable, fixable, hasfix, patchavailable |
//! | `cvss` | a vector, or a score | cvss, cvssvector, cvssscore, cvssbasescore, cvssv2, cvssv2score, cvssv3, cvssv3score, cvssv4, cvssv4score, vector |
//! | `weakness` | CWE ids or their numbers | cwe, cweid, cwes, weakness |
//! | `epss` | a probability from 0 to 1 | epss, epssscore, epssprobability |
//! | `exploited` | whether it is known to be exploited | knownexploited, kev, cisakev, exploited, exploitavailable, hasexploit |
//! | `reference` | links, several between commas or blanks | reference, references, referenceurl, link, links, primaryurl, advisoryurl |
//! | `place` | where it was seen, for what is no vulnerability | url, endpoint, endpoints, host, hostname, asset, resource, service |
//! | `tool` | who says so | tool, toolname, scanner |
//! | `class` | `vulnerability`, `secret`, `misconfiguration`, `licence`, `malware` | class, category, findingclass, findingtype |
//! | `rule` | the tool's id of what it looks for | rule, ruleid, check, checkid, vulnidfromtool |
//! | `status` | `open`, `fixed`, `ignored` | status, state |
//! | `active` | whether it counts | active |
//! | `false_positive` | whether it is none | falsepositive, falsep |
//! | `suppressed` | whether somebody set it aside | suppressed, ignored, riskaccepted, outofscope |
//! | `reason` | why | reason, suppressionreason, justification |
//! | `duplicate` | whether another finding says the same | duplicate, isduplicate |
//! | `seen_at` | when it was seen | date, scandate, scannedat, lastseen, seenat, detectedat |
//! | `beside` | what is known and not kept | createdat, updatedat, dynamicfinding, epsspercentile, ismitigated, impact, kevdate, laststatusupdate, mitigated, mitigation, numericalseverity, publisheddate, ransomwareused, recommendation, remediation, severityjustification, solution, staticfinding, stepstoreproduce, tags, uniqueidfromtool, verified |
//!
//! Somebody may say of one document what its columns mean ([`read`]), and be shown before what the first rows become
//! ([`outline`], [`preview`]); then no format is asked whether it claims the document.
//!
//! Refuses to be a format, to pass over a name in silence that it does not know, and every document that another format
//! claims.

mod entry;
mod findings;
mod mapped;
mod mapping;
mod outline;
mod rows;
mod subject;
mod words;

pub(crate) use entry::Entry;
pub(crate) use findings::findings;
pub use mapped::{check, preview, read};
pub(crate) use mapping::Meanings;
pub use mapping::{Field, Mapping};
pub use outline::outline;
pub use words::meanings;

use crate::{Error, FORMATS, Head, Parsed, generic_csv, generic_json};

/// Formats that read by the dictionary.
pub const KINDS: [&str; 2] = [generic_csv::KIND, generic_json::KIND];

/// Reads a table by a mapping.
///
/// # Errors
/// When no row has a title or a vulnerability.
pub fn table(document: &[u8], mapping: &Mapping) -> Result<Parsed, Error> {
    generic_csv::read(document, mapping)
}

/// Reads a list by a mapping.
///
/// # Errors
/// When it is no JSON, or no list of objects.
pub fn list(document: &[u8], mapping: &Mapping) -> Result<Parsed, Error> {
    generic_json::read(document, mapping)
}

/// Whether a format claims a document that knows more of it.
pub(crate) fn is_claimed(head: &Head) -> bool {
    let mut others = FORMATS.iter().filter(|format| !KINDS.contains(&format.kind));
    others.any(|format| (format.recognise)(head))
}
