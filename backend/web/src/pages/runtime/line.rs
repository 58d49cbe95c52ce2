//! A detection as a line of a list, and the words of its states. Refuses to name a workload that is not in the inventory as
//! if it were.

use store::detections::DetectionRow;

/// A detection, ready to show.
pub(crate) struct Line {
    pub(crate) row: DetectionRow,
    pub(crate) href: String,
}

impl Line {
    pub(crate) fn of(row: DetectionRow) -> Self {
        Self { href: format!("/runtime/{}", row.id), row }
    }

    /// Whether something ran that the image does not hold.
    pub(crate) fn is_drift(&self) -> bool {
        self.row.class == "drift"
    }

    /// The page of the workload, once it is known.
    pub(crate) fn workload_href(&self) -> Option<String> {
        self.row.workload.map(|id| format!("/workloads/{id}"))
    }

    /// The workload as the inventory calls it, or what the sensor says.
    pub(crate) fn subject(&self) -> String {
        let place = &self.row.place;
        let said = [&self.row.workload_name, &place.name, &place.container, &place.image, &place.node];
        said.into_iter().flatten().next().cloned().unwrap_or_else(|| "not named".to_owned())
    }

    /// Cluster and namespace, as far as they are known.
    pub(crate) fn place(&self) -> String {
        let place = &self.row.place;
        let (cluster, namespace) = match &self.row.workload_place {
            Some((cluster, namespace)) => (Some(cluster), Some(namespace)),
            None => (place.cluster.as_ref(), place.namespace.as_ref()),
        };
        let parts: Vec<&str> = [cluster, namespace].into_iter().flatten().map(String::as_str).collect();
        parts.join(" / ")
    }

    /// What became of it: words, tone and meaning.
    pub(crate) fn state(&self) -> (&'static str, &'static str, &'static str) {
        state(&self.row.disposition)
    }
}

/// What became of a detection: words, tone and meaning.
pub(crate) fn state(word: &str) -> (&'static str, &'static str, &'static str) {
    match word {
        "open" => ("open", "bad", "Nobody has said what it was: it counts in the score"),
        "true" => (
            "true, handled",
            "good",
            "It was what it looked like, and was handled; it opens again if it comes back",
        ),
        "benign" => ("benign", "", "It is expected; repeats are counted and stay put away"),
        "duplicate" => ("duplicate", "", "Another detection stands for it"),
        "archived" => ("archived by its sensor", "info", "The sensor, or its users, put it away"),
        _ => ("not known", "unknown", ""),
    }
}
