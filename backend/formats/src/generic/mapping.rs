//! The dictionary of columns and keys, as data. Refuses to give one name two meanings.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use domain::mapping::plain;
use serde::{Deserialize, Serialize};

/// What a column or key may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What it is, in one line.
    Title,
    /// Prose.
    Description,
    /// A word.
    Severity,
    /// Ids of the vulnerability, several between commas or blanks.
    Vulnerability,
    /// The package.
    Component,
    /// The installed version.
    Version,
    /// Of what kind the package is: `npm`, `deb`.
    Ecosystem,
    /// The package URL, which is worth more than the three above.
    Purl,
    /// Of the image: `debian 12`.
    Distribution,
    /// A file.
    Path,
    /// A line in it.
    Line,
    /// The image, with or without tag and digest.
    Image,
    /// Its tag.
    Tag,
    /// Its digest.
    Digest,
    /// Versions with the fix, several between commas.
    FixVersion,
    /// Whether there is a fix.
    FixAvailable,
    /// A vector, or a score.
    Cvss,
    /// CWE ids or their numbers.
    Weakness,
    /// A probability from 0 to 1.
    Epss,
    /// Whether it is known to be exploited.
    Exploited,
    /// Links, several between commas or blanks.
    Reference,
    /// Where it was seen, for what is no vulnerability.
    Place,
    /// Who says so.
    Tool,
    /// `vulnerability`, `secret`, `misconfiguration`, `licence`, `malware`.
    Class,
    /// The tool's id of what it looks for.
    Rule,
    /// `open`, `fixed`, `ignored`.
    Status,
    /// Whether it counts.
    Active,
    /// Whether it is none.
    FalsePositive,
    /// Whether somebody set it aside.
    Suppressed,
    /// Why.
    Reason,
    /// Whether another finding says the same.
    Duplicate,
    /// When it was seen.
    SeenAt,
    /// What is known and not kept.
    Beside,
}

/// Every field with its names, in letters and digits alone.
const DICTIONARY: &[(Field, &[&str])] = &[
    (Field::Title, &["title", "summary", "finding", "issue"]),
    (Field::Description, &["description", "details", "message"]),
    (Field::Severity, &["severity", "severitylevel", "risk", "risklevel"]),
    (
        Field::Vulnerability,
        &[
            "cve",
            "cveid",
            "cves",
            "vulnerability",
            "vulnerabilityid",
            "vulnerabilityids",
            "vulnid",
            "advisory",
            "advisoryid",
            "ghsa",
            "ghsaid",
            "osvid",
        ],
    ),
    (
        Field::Component,
        &[
            "component",
            "componentname",
            "package",
            "packagename",
            "pkgname",
            "library",
            "dependency",
            "module",
            "product",
            "software",
        ],
    ),
    (
        Field::Version,
        &[
            "version",
            "componentversion",
            "packageversion",
            "pkgversion",
            "installedversion",
            "currentversion",
        ],
    ),
    (Field::Ecosystem, &["ecosystem", "componenttype", "packagetype", "packagemanager", "language"]),
    (Field::Purl, &["purl", "packageurl", "componentpurl"]),
    (Field::Distribution, &["distribution", "distro", "os", "operatingsystem", "osname"]),
    (Field::Path, &["path", "filepath", "file", "packagepath", "location"]),
    (Field::Line, &["line", "linenumber", "startline"]),
    (
        Field::Image,
        &[
            "image",
            "imagename",
            "imageref",
            "imagereference",
            "containerimage",
            "imagerepository",
            "repository",
        ],
    ),
    (Field::Tag, &["tag", "imagetag"]),
    (Field::Digest, &["digest", "imagedigest", "imagesha", "manifestdigest"]),
    (
        Field::FixVersion,
        &[
            "fixversion",
            "fixversions",
            "fixedversion",
            "fixedversions",
            "fixedin",
            "fixedinversion",
            "patchedversion",
        ],
    ),
    (Field::FixAvailable, &["fixavailable", "fixable", "hasfix", "patchavailable"]),
    (
        Field::Cvss,
        &[
            "cvss",
            "cvssvector",
            "cvssscore",
            "cvssbasescore",
            "cvssv2",
            "cvssv2score",
            "cvssv3",
            "cvssv3score",
            "cvssv4",
            "cvssv4score",
            "vector",
        ],
    ),
    (Field::Weakness, &["cwe", "cweid", "cwes", "weakness"]),
    (Field::Epss, &["epss", "epssscore", "epssprobability"]),
    (Field::Exploited, &["knownexploited", "kev", "cisakev", "exploited", "exploitavailable", "hasexploit"]),
    (
        Field::Reference,
        &["reference", "references", "referenceurl", "link", "links", "primaryurl", "advisoryurl"],
    ),
    (Field::Place, &["url", "endpoint", "endpoints", "host", "hostname", "asset", "resource", "service"]),
    (Field::Tool, &["tool", "toolname", "scanner"]),
    (Field::Class, &["class", "category", "findingclass", "findingtype"]),
    (Field::Rule, &["rule", "ruleid", "check", "checkid", "vulnidfromtool"]),
    (Field::Status, &["status", "state"]),
    (Field::Active, &["active"]),
    (Field::FalsePositive, &["falsepositive", "falsep"]),
    (Field::Suppressed, &["suppressed", "ignored", "riskaccepted", "outofscope"]),
    (Field::Reason, &["reason", "suppressionreason", "justification"]),
    (Field::Duplicate, &["duplicate", "isduplicate"]),
    (Field::SeenAt, &["date", "scandate", "scannedat", "lastseen", "seenat", "detectedat"]),
    (
        Field::Beside,
        &[
            "createdat",
            "updatedat",
            "dynamicfinding",
            "epsspercentile",
            "ismitigated",
            "impact",
            "kevdate",
            "laststatusupdate",
            "mitigated",
            "mitigation",
            "numericalseverity",
            "publisheddate",
            "ransomwareused",
            "recommendation",
            "remediation",
            "severityjustification",
            "solution",
            "staticfinding",
            "stepstoreproduce",
            "tags",
            "uniqueidfromtool",
            "verified",
        ],
    ),
];

/// The names of each field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(BTreeMap<Field, Vec<String>>);

impl Default for Mapping {
    /// The dictionary.
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        Self(DICTIONARY.iter().map(|(field, known)| (*field, names(known))).collect())
    }
}

impl Mapping {
    /// A mapping without names.
    #[must_use]
    pub fn empty() -> Self {
        Self(BTreeMap::new())
    }

    /// Gives a name this meaning, and takes every other from it.
    pub fn set(&mut self, name: &str, field: Field) {
        for names in self.0.values_mut() {
            names.retain(|known| plain(known) != plain(name));
        }
        self.0.entry(field).or_default().push(name.to_owned());
    }

    /// What a name means, if anything.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Field> {
        self.meanings().of(name)
    }

    /// The same for many names.
    pub(crate) fn meanings(&self) -> Meanings {
        // Of a name with two meanings the first counts.
        let names =
            self.0.iter().rev().flat_map(|(field, names)| names.iter().map(|name| (plain(name), *field)));
        Meanings(names.filter(|(name, _)| !name.is_empty()).collect())
    }
}

/// What names mean, by their letters and digits.
#[derive(Debug)]
pub(crate) struct Meanings(HashMap<String, Field>);

impl Meanings {
    /// What a name means, if anything.
    pub(crate) fn of(&self, name: &str) -> Option<Field> {
        self.0.get(&plain(name)).copied()
    }

    /// Those of the dictionary, made once.
    pub(crate) fn of_dictionary() -> &'static Self {
        static MADE: LazyLock<Meanings> = LazyLock::new(|| Mapping::default().meanings());
        &MADE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_letters_and_digits() {
        let mapping = Mapping::default();
        for name in ["fix_version", " Fix Version", "FIX-VERSION", "fixVersion"] {
            assert_eq!(mapping.field(name), Some(Field::FixVersion), "{name}");
        }
        assert_eq!((mapping.field("ours"), mapping.field(" _")), (None, None));
    }

    #[test]
    fn no_name_has_two_meanings() {
        let mut names: Vec<&str> = DICTIONARY.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        assert!(names.iter().all(|name| plain(name) == *name));
        let listed = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), listed);
    }

    #[test]
    fn a_mapping_is_data() {
        let mut mapping = Mapping::default();
        mapping.set("Product", Field::Image);
        assert_eq!(mapping.field("product"), Some(Field::Image));
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(serde_json::from_str::<Mapping>(&text).unwrap(), mapping);
        let own: Mapping = serde_json::from_str(r#"{"title":["What"],"severity":["How bad"]}"#).unwrap();
        assert_eq!((own.field("how-bad"), own.field("title")), (Some(Field::Severity), None));
        assert_eq!(Mapping::empty().field("title"), None);
    }
}
