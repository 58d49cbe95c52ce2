//! What is listed of a cluster, and where its API has it. Refuses secrets and everything that holds one.

/// Objects on a page: half of what the server's own tools ask for, since many lists are read side by side.
const ROWS: usize = 250;
/// Reports on a page: some have a megabyte each.
const FEW: usize = 50;

/// A kind of objects, which lives as long as its name is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'n> {
    /// The permission, as a role words it: `pods: list`.
    pub(super) action: &'static str,
    /// Where its API stands, the newest first: `apis/batch/v1`.
    pub(super) groups: &'static [&'static str],
    /// Its name in paths.
    pub(super) plural: &'n str,
    /// Whether its objects stand in namespaces.
    pub(super) namespaced: bool,
    /// Whether it is left alone where settings name namespaces.
    pub(super) of_all: bool,
    /// The kind of its objects, where pods of others hang below them.
    pub(super) between: Option<&'static str>,
    /// Objects on a page.
    pub(super) rows: usize,
    /// What its lists are asked besides, as a query goes on.
    pub(super) besides: &'static str,
    /// What its objects are, where they are reports of other tools.
    pub(super) report: Option<Report>,
}

/// A report that another tool keeps in the cluster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    /// Its kind, which objects of a list need not tell.
    pub(super) kind: &'static str,
    /// What people call it.
    pub(super) called: &'static str,
}

impl<'n> Resource<'n> {
    /// One of Kubernetes' own, in namespaces.
    pub(super) const fn of(action: &'static str, groups: &'static [&'static str], plural: &'n str) -> Self {
        Self {
            action,
            groups,
            plural,
            namespaced: true,
            of_all: false,
            between: None,
            rows: ROWS,
            besides: "",
            report: None,
        }
    }

    /// One that stands above namespaces.
    pub(super) const fn above(self) -> Self {
        Self { namespaced: false, ..self }
    }

    /// One that is told of all namespaces or not at all.
    pub(super) const fn of_all(self) -> Self {
        Self { of_all: true, ..self.above() }
    }

    /// One whose objects stand between pods and what people know, of this kind.
    pub(super) const fn between(self, kind: &'static str) -> Self {
        Self { between: Some(kind), ..self }
    }

    /// One whose objects are reports of this kind, and called so.
    pub(super) const fn report(self, kind: &'static str, called: &'static str) -> Self {
        Self { rows: FEW, report: Some(Report { kind, called }), ..self }
    }

    /// One whose lists are asked this besides, as a query goes on.
    pub(super) const fn besides(self, besides: &'static str) -> Self {
        Self { besides, ..self }
    }

    /// The paths of its lists: one, or one a namespace, or none.
    pub(super) fn paths(&self, group: &str, namespaces: &[String]) -> Vec<String> {
        if self.of_all && !namespaces.is_empty() {
            return Vec::new();
        }
        if !self.namespaced || namespaces.is_empty() {
            return vec![format!("/{group}/{}", self.plural)];
        }
        let below = |namespace: &String| format!("/{group}/namespaces/{namespace}/{}", self.plural);
        namespaces.iter().map(below).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Resource;

    #[test]
    fn lists_are_of_all_namespaces_or_of_those_that_are_named() {
        let pods = Resource::of("pods: list", &["api/v1"], "pods");
        let named = ["a", "b"].map(str::to_owned);
        assert_eq!(pods.paths("api/v1", &[]), ["/api/v1/pods"]);
        assert_eq!(pods.paths("api/v1", &named), ["/api/v1/namespaces/a/pods", "/api/v1/namespaces/b/pods"]);
        assert_eq!(pods.above().paths("api/v1", &named), ["/api/v1/pods"]);
        assert_eq!(pods.of_all().paths("api/v1", &named), [] as [&str; 0]);
    }
}
