//! Encrypted connections and the kubeconfig: who is trusted, and what is said of what cannot be used. Refuses the
//! database.

use serde_json::json;
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::kubernetes::Kubernetes;

#[test]
fn the_authority_that_the_kubeconfig_names_is_trusted_and_no_other() {
    let Some((cloud, estate)) = Kubernetes::seeded(&json!("tiny")) else { return };
    let here = &estate.clusters[0].name;
    let _ = cloud.open_tls();
    cloud.write_kubeconfig("/_kubeconfig");
    let told = std::fs::read_to_string(cloud.kubeconfig()).unwrap();
    assert!(told.contains("server: https://"), "{told}");
    let seen = Source::with(&cloud, &estate, &[]).collect(here, "", "nodes").complete();
    assert!(seen.observations.len() > 1);
    let stranger = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let other = told.lines().map(|line| match line.trim().strip_prefix("certificate-authority-data:") {
        Some(_) => format!("    certificate-authority-data: {}", encoded(&stranger.cert.pem())),
        None => line.to_owned(),
    });
    std::fs::write(cloud.kubeconfig(), other.collect::<Vec<_>>().join("\n")).unwrap();
    let refused = Source::with(&cloud, &estate, &[]).collect(here, "", "nodes");
    let reason = refused.reason();
    assert!(reason.contains("its certificate is not trusted"), "{reason}");
    assert!(reason.contains("who signed it in `certificate-authority-data`"), "{reason}");
}

fn encoded(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn a_kubeconfig_that_cannot_be_used_is_told_in_a_sentence() {
    let Some((cloud, estate)) = Kubernetes::seeded(&json!("tiny")) else { return };
    let told = std::fs::read_to_string(cloud.kubeconfig()).unwrap();
    let refused = |contents: &str, contexts: &[&str]| {
        std::fs::write(cloud.kubeconfig(), contents).unwrap();
        Source::with(&cloud, &estate, &[("contexts", contexts)]).plan().unwrap_err()
    };
    let sentence = refused("apiVersion: [", &[]);
    assert!(sentence.contains("the kubeconfig could not be read") && !sentence.contains('\n'), "{sentence}");
    let sentence = refused(&told, &["elsewhere"]);
    assert!(sentence.contains("the kubeconfig has no context `elsewhere`"), "{sentence}");
    let sentence = refused(&told.replace("current-context: ", "# "), &[]);
    assert!(sentence.contains("no current context; name some in `contexts`"), "{sentence}");
    std::fs::write(cloud.kubeconfig(), &told).unwrap();
    let here = estate.clusters[0].name.as_str();
    let plan = Source::with(&cloud, &estate, &[("contexts", &[here, "elsewhere"])]).plan().unwrap();
    assert_eq!(plan.scopes.len(), 6, "the cluster that can be spoken to is");
    assert!(!plan.completeness.is_complete(), "and the other is told");
}
