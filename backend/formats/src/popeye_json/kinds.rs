//! Kinds of objects by the names that Popeye gives their sections: the plural of the API, or in old releases the word
//! for one. Refuses to make up the kind of a custom resource.

/// Kinds with their plurals.
const KINDS: [(&str, &str); 28] = [
    ("ClusterRole", "clusterroles"),
    ("ClusterRoleBinding", "clusterrolebindings"),
    ("ConfigMap", "configmaps"),
    ("CronJob", "cronjobs"),
    ("DaemonSet", "daemonsets"),
    ("Deployment", "deployments"),
    ("Endpoints", "endpoints"),
    ("Gateway", "gateways"),
    ("GatewayClass", "gatewayclasses"),
    ("HTTPRoute", "httproutes"),
    ("HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    ("Ingress", "ingresses"),
    ("Job", "jobs"),
    ("Namespace", "namespaces"),
    ("NetworkPolicy", "networkpolicies"),
    ("Node", "nodes"),
    ("PersistentVolume", "persistentvolumes"),
    ("PersistentVolumeClaim", "persistentvolumeclaims"),
    ("Pod", "pods"),
    ("PodDisruptionBudget", "poddisruptionbudgets"),
    ("PodSecurityPolicy", "podsecuritypolicies"),
    ("ReplicaSet", "replicasets"),
    ("Role", "roles"),
    ("RoleBinding", "rolebindings"),
    ("Secret", "secrets"),
    ("Service", "services"),
    ("ServiceAccount", "serviceaccounts"),
    ("StatefulSet", "statefulsets"),
];

/// The kind that a section is about, or its own word where that is no kind of Kubernetes itself.
pub(super) fn of<'s>(gvr: &'s str, title: &'s str) -> &'s str {
    let word = gvr.rsplit('/').next().filter(|word| !word.is_empty()).unwrap_or(title);
    let known = KINDS
        .iter()
        .find(|(kind, plural)| plural.eq_ignore_ascii_case(word) || kind.eq_ignore_ascii_case(word));
    known.map_or(word, |(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn knows_plurals_and_words_for_one() {
        for (gvr, title, expected) in [
            ("apps/v1/deployments", "deployments", "Deployment"),
            ("v1/pods", "", "Pod"),
            ("", "POD", "Pod"),
            ("", "statefulset", "StatefulSet"),
            ("cilium.io/v2/ciliumidentities", "ciliumidentities", "ciliumidentities"),
            ("cluster", "cluster", "cluster"),
            ("", "", ""),
        ] {
            assert_eq!(of(gvr, title), expected, "{gvr} {title}");
        }
    }
}
