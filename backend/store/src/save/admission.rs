//! What decides of admission to clusters. Refuses to compare it with what runs.

use domain::id::ObjectId;

use crate::bulk::{self, Given, Type};
use crate::upsert::Upsert;
use crate::{Error, Tx};

/// Something that decides of admission.
#[derive(Clone, Debug)]
pub struct Admission {
    /// Its id.
    pub id: ObjectId,
    /// Cluster.
    pub cluster: String,
    /// Kind of the object.
    pub kind: String,
    /// Its name, after its namespace where it has one.
    pub name: String,
    /// Who decides.
    pub engine: String,
    /// Effect word.
    pub effect: &'static str,
    /// What it looks at, in words.
    pub scope: String,
}

/// Adds or updates what decides of admission. Distinct by cluster, kind and name.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_admissions(tx: &Tx, admissions: &[Admission], at: i64) -> Result<(), Error> {
    let mut given = Given::new(ADMISSION);
    for admission in admissions {
        given.push([
            bulk::id(admission.id),
            admission.cluster.as_str().into(),
            admission.kind.as_str().into(),
            admission.name.as_str().into(),
            admission.engine.as_str().into(),
            admission.effect.into(),
            admission.scope.as_str().into(),
        ]);
    }
    ADMISSIONS.put(tx, given, at).await?;
    Ok(())
}

const ADMISSION: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("cluster", Type::Text),
    ("kind", Type::Text),
    ("name", Type::Text),
    ("engine", Type::Text),
    ("effect", Type::Text),
    ("scope", Type::Text),
];

const ADMISSIONS: Upsert = Upsert {
    table: "admission_policies",
    key: "cluster, kind, name",
    columns: ADMISSION,
    kept: &[],
    first_at: None,
    last_at: "last_seen_at",
    gone_at: "retired_at",
    ordered: true,
};
