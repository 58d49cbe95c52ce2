//! Clusters of a cloud: what a source of Kubernetes can be told of the cloud that runs them, which is what a source of
//! that cloud can be told of its sign-in and of where it looks. Refuses what belongs to another cloud.

#[cfg(test)]
#[path = "cloud_tests.rs"]
mod tests;

use domain::source::{Field, Problem, Values, validate};

use crate::door::Cloud;
use crate::fields::{address, choice, list, many, one, problem};
use crate::{Descriptor, aws, azure, fields, gcp};

/// Which cloud.
const WHICH: &str = "clusters_of";
/// Clusters that are not entered.
const LEFT: &str = "leave_out_clusters";
/// The address of an emulator or a proxy.
const ENDPOINT: &str = "endpoint";
/// Where it looks: two clouds call it so.
const LOCATIONS: &str = "locations";
/// What a flag says that is not set.
const OFF: &str = "false";

/// A cloud whose clusters are entered.
struct Known {
    /// Its connector.
    connector: Descriptor,
    /// Fields of its own that are told here as well.
    own: &'static [&'static str],
    /// Builds what finds its clusters.
    build: fn(&Values) -> Built,
    /// The same with what opens an emulator.
    #[cfg(feature = "test-support")]
    build_with_key: fn(&Values, &serde_json::Value) -> Built,
}

/// What finds the clusters of a cloud, or every problem of what it is told.
type Built = Result<Box<dyn Cloud>, Vec<Problem>>;

/// Every cloud whose clusters are entered, alphabetical.
const CLOUDS: &[Known] = &[
    Known {
        connector: aws::DESCRIPTOR,
        own: &[
            "accounts",
            "organisation",
            "role",
            "external_id",
            "session_name",
            "regions",
            "profile",
            ENDPOINT,
        ],
        build: aws::cloud,
        #[cfg(feature = "test-support")]
        build_with_key: aws::cloud_with_key,
    },
    Known {
        connector: azure::DESCRIPTOR,
        own: &[
            "subscriptions",
            "management_group",
            LOCATIONS,
            "credential",
            "tenant",
            "client",
            "cloud",
            "authority",
            ENDPOINT,
        ],
        build: azure::cloud,
        #[cfg(feature = "test-support")]
        build_with_key: azure::cloud_with_key,
    },
    Known {
        connector: gcp::DESCRIPTOR,
        own: &["projects", "parents", LOCATIONS, "quota_project", ENDPOINT],
        build: gcp::cloud,
        #[cfg(feature = "test-support")]
        build_with_key: gcp::cloud_with_key,
    },
];

/// The words of these clouds.
const WORDS: &[&str] = &[aws::KIND, azure::KIND, gcp::KIND];
const AWS: &[Field] = aws::DESCRIPTOR.about.fields;
const AZURE: &[Field] = azure::DESCRIPTOR.about.fields;
const GCP: &[Field] = gcp::DESCRIPTOR.about.fields;

/// The fields of clouds, in the order of the form.
pub(super) const FIELDS: &[Field] = &[
    choice(
        WHICH,
        "Clusters of",
        "The cloud whose clusters are found and entered, instead of contexts of a kubeconfig; what follows belongs to it.",
        WORDS,
    ),
    of(AWS, "accounts", "AWS: accounts"),
    of(AWS, "organisation", "AWS: whole organisation"),
    of(AWS, "role", "AWS: role"),
    of(AWS, "external_id", "AWS: external id"),
    of(AWS, "session_name", "AWS: session name"),
    of(AWS, "regions", "AWS: regions"),
    of(AWS, "profile", "AWS: profile"),
    of(AZURE, "subscriptions", "Azure: subscriptions"),
    of(AZURE, "management_group", "Azure: management group"),
    of(AZURE, "credential", "Azure: credential"),
    of(AZURE, "tenant", "Azure: tenant"),
    of(AZURE, "client", "Azure: client"),
    of(AZURE, "cloud", "Azure: which copy"),
    of(AZURE, "authority", "Azure: authority"),
    of(GCP, "projects", "Google Cloud: projects"),
    of(GCP, "parents", "Google Cloud: folders and organisations"),
    of(GCP, "quota_project", "Google Cloud: quota project"),
    list(
        LOCATIONS,
        "Locations of the cloud",
        "Locations of Azure or Google Cloud, one a line. Empty: every location.",
        location,
    ),
    fields::text(
        ENDPOINT,
        "Endpoint of the cloud",
        "Address that answers for every service of the cloud: an emulator or a proxy.",
        address,
    ),
    list(
        LEFT,
        "Clusters to leave out",
        "Clusters of the cloud that are not entered, one a line, by their names or as they are shown: `web (eks 1111… \
         eu-west-1)`.",
        cluster,
    ),
];

/// The cloud of some settings, with what it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    kind: &'static str,
    /// As a source of that cloud takes it.
    values: Values,
    /// Clusters that are not entered.
    left_out: Vec<String>,
}

impl Told {
    /// Reads values that passed [`validate`].
    ///
    /// # Errors
    /// When something is told of another cloud, or of none, or not as this one takes it.
    pub(super) fn read(values: &Values) -> Result<Option<Self>, Vec<Problem>> {
        let which = one(values, WHICH);
        let known = known(which.as_deref().unwrap_or_default());
        let own = known.map(|known| known.own).unwrap_or_default();
        let foreign = FIELDS.iter().map(|field| field.name).filter(|name| {
            let here = *name == WHICH || own.contains(name) || (known.is_some() && *name == LEFT);
            !here && many(values, name).iter().any(|value| value != OFF)
        });
        let why = match &which {
            Some(which) => format!("is nothing that clusters of {which} are found by: empty it"),
            None => format!("is told of a cloud: name that in `{WHICH}`, or empty it"),
        };
        let mut problems: Vec<Problem> = foreign.map(|name| problem(name, why.clone())).collect();
        let Some(known) = known else {
            return if problems.is_empty() { Ok(None) } else { Err(problems) };
        };
        let mut values = values.clone();
        let left_out = many(&values, LEFT);
        values.retain(|name, _| own.contains(&name.as_str()));
        if let Err(more) = validate(known.connector.about.fields, &values) {
            problems.extend(more);
        } else if let Err(more) = (known.build)(&values) {
            problems.extend(more);
        }
        let kind = known.connector.about.kind;
        if problems.is_empty() { Ok(Some(Self { kind, values, left_out })) } else { Err(problems) }
    }

    /// What finds its clusters.
    ///
    /// # Errors
    /// When what it is told contradicts itself.
    pub(super) fn cloud(&self) -> Built {
        self.known().and_then(|known| (known.build)(&self.values))
    }

    /// The same, with what opens an emulator instead of what the environment offers.
    ///
    /// # Errors
    /// As [`Told::cloud`].
    #[cfg(feature = "test-support")]
    pub(super) fn cloud_with_key(&self, key: &serde_json::Value) -> Built {
        self.known().and_then(|known| (known.build_with_key)(&self.values, key))
    }

    fn known(&self) -> Result<&'static Known, Vec<Problem>> {
        known(self.kind).ok_or_else(|| vec![problem(WHICH, "is not known")])
    }

    /// Whether a cluster of this name is entered.
    pub(super) fn wants(&self, name: &str) -> bool {
        let short = name.split(" (").next().unwrap_or(name);
        self.left_out.iter().all(|left| left != name && left != short)
    }
}

fn known(kind: &str) -> Option<&'static Known> {
    CLOUDS.iter().find(|known| known.connector.about.kind == kind)
}

/// A field of a cloud's source under this title. One that is not there does not compile.
const fn of(all: &[Field], name: &str, title: &'static str) -> Field {
    let mut at = 0;
    while !same(all[at].name.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    Field { title, ..all[at] }
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// As any of the clouds writes one; the cloud's own rule follows.
fn location(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    fields::expect(text.len() <= 40 && text.bytes().all(allowed), text, "a location")
}

fn cluster(text: &str) -> Result<(), String> {
    let right = text.len() <= 300 && !text.chars().any(char::is_control);
    fields::expect(right, text, "the name of a cluster")
}
