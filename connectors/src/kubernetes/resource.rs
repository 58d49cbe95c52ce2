//! What is listed of a cluster, and where its API has it. Refuses secrets and everything that holds one.

/// A kind of objects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource {
    /// The permission, as a role words it: `pods: list`.
    pub(super) action: &'static str,
    /// Where its API stands, the newest first: `apis/batch/v1`.
    pub(super) groups: &'static [&'static str],
    /// Its name in paths.
    pub(super) plural: &'static str,
    /// Whether its objects stand in namespaces.
    pub(super) namespaced: bool,
    /// The kind of its objects, where pods of others hang below them.
    pub(super) between: Option<&'static str>,
}

impl Resource {
    /// One of Kubernetes' own, in namespaces.
    pub(super) const fn of(
        action: &'static str,
        groups: &'static [&'static str],
        plural: &'static str,
    ) -> Self {
        Self { action, groups, plural, namespaced: true, between: None }
    }

    /// One that stands above namespaces.
    pub(super) const fn above(self) -> Self {
        Self { namespaced: false, ..self }
    }

    /// One whose objects stand between pods and what people know, of this kind.
    pub(super) const fn between(self, kind: &'static str) -> Self {
        Self { between: Some(kind), ..self }
    }

    /// The paths of its lists: one, or one a namespace.
    pub(super) fn paths(&self, group: &str, namespaces: &[String]) -> Vec<String> {
        if !self.namespaced || namespaces.is_empty() {
            return vec![format!("/{group}/{}", self.plural)];
        }
        let below = |namespace: &String| format!("/{group}/namespaces/{namespace}/{}", self.plural);
        namespaces.iter().map(below).collect()
    }
}
