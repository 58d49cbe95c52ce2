//! Syft's JSON, as far as it is used, over all schema versions: locations and licences were strings once,
//! the source was a `target` before it was `metadata`. Files and relationships are skipped.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::{Number, Text, nullable};

/// The document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Document<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) artifacts: Vec<Artifact<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) source: Source<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) distro: Distro<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) descriptor: Descriptor<'a>,
}

/// A package.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Artifact<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) purl: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) locations: Vec<OneOf<'a, Location<'a>>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) licenses: Vec<OneOf<'a, Licence<'a>>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) metadata: Metadata<'a>,
}

/// Where a package was found.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Location<'a> {
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
}

/// A licence.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Licence<'a> {
    #[serde(borrow)]
    pub(super) value: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) spdx_expression: Option<Text<'a>>,
}

/// What the package manager says. Its shape depends on the package manager, and the same key may hold a
/// string in one and an object in another.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) source: Loose<'a>,
    #[serde(borrow)]
    pub(super) source_version: Loose<'a>,
    #[serde(borrow)]
    pub(super) source_rpm: Loose<'a>,
    #[serde(borrow)]
    pub(super) origin_package: Loose<'a>,
}

/// What was catalogued.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Source<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    /// Before schema 7; a path for directories and files.
    #[serde(borrow)]
    pub(super) target: Option<OneOf<'a, SourceMetadata<'a>>>,
    #[serde(borrow)]
    pub(super) metadata: Option<OneOf<'a, SourceMetadata<'a>>>,
}

/// The image, or the path.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SourceMetadata<'a> {
    #[serde(borrow)]
    pub(super) user_input: Option<Text<'a>>,
    #[serde(borrow, rename = "imageID")]
    pub(super) image_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) manifest_digest: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) repo_digests: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) tags: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) layers: Vec<Layer<'a>>,
    pub(super) image_size: Option<Number>,
    #[serde(borrow)]
    pub(super) architecture: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) os: Option<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) labels: BTreeMap<String, String>,
    #[serde(borrow)]
    pub(super) path: Option<Text<'a>>,
}

/// A layer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Layer<'a> {
    #[serde(borrow)]
    pub(super) digest: Option<Text<'a>>,
}

/// The distribution: `name` and `version` in schema 1, fields of `os-release` since.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Distro<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow, rename = "versionID")]
    pub(super) version_id: Option<Text<'a>>,
}

/// The tool.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Descriptor<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) timestamp: Loose<'a>,
}

/// A string, or an object that says more.
#[derive(Debug)]
pub(super) enum OneOf<'a, T> {
    Text(Text<'a>),
    Object(T),
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for OneOf<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOfVisitor(PhantomData))
    }
}

struct OneOfVisitor<'a, T>(PhantomData<(&'a (), T)>);

impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for OneOfVisitor<'a, T> {
    type Value = OneOf<'a, T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or an object")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(OneOf::Text(Text(text.into())))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(OneOf::Text(Text(text.to_owned().into())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(OneOf::Object)
    }
}

/// A string where there is one; anything else is skipped.
#[derive(Debug, Default)]
pub(super) struct Loose<'a>(Text<'a>);

impl Loose<'_> {
    /// The text, unless there is none.
    pub(super) fn filled(&self) -> Option<&str> {
        self.0.filled()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose(Text(text.into())))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose(Text(text.to_owned().into())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Loose::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Loose::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Loose::default())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::default())
    }
}
