//! `plimsoll score`: plain facts, with every key checked.

use serde_json::{Value, json};
use tests::run::{Ended, run, run_with_input};

fn facts() -> Value {
    json!({
        "images": { "api": { "scan_age_days": 1, "findings": [{
            "unit": "openssl", "epss": 0.4, "cold": null, "tier": "public", "attack_vector": "N",
            "in_use": "no_sensor", "impact": 0.8, "vex": null,
        }] } },
        "workloads": { "shop/api": {
            "images": ["api"], "reach": "internet", "nodes": ["node-1"], "config_hazard": 0,
            "alert_hazard": 0, "escape": [], "sandbox": 1.0, "criticality": 1.0,
        } },
        "nodes": { "node-1": { "kernel": 0.1 } },
        "priors": { "internet": 0.2, "restricted": 0.1, "internal": 0.05, "isolated": 0.01, "unknown": 0.2 },
        "baseline": 10.0,
    })
}

fn score(facts: &Value) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("facts.json"), facts.to_string()).unwrap();
    run(folder.path(), ["score", "facts.json", "--json"])
}

#[test]
fn facts_are_scored() {
    let scored = score(&facts()).expect(0).line();
    assert!(scored["exposure"].as_f64().unwrap() > 0.0, "{scored}");
    let ces = scored["ces"].as_f64().unwrap();
    assert!((0.0..=1000.0).contains(&ces), "{scored}");
    let workload = &scored["workloads"]["shop/api"];
    assert!(workload["hazard"].as_i64().unwrap() > 0, "{scored}");
    assert!(workload["total_hazard"].as_i64().unwrap() >= workload["hazard"].as_i64().unwrap(), "{scored}");
    for key in ["loss", "score"] {
        assert!(workload[key].is_number(), "{key} of {scored}");
    }
    let hazards = scored["images"]["api"]["hazard"].as_object().unwrap();
    let mut reaches: Vec<&str> = hazards.keys().map(String::as_str).collect();
    reaches.sort_unstable();
    assert_eq!(reaches, ["internal", "internet", "isolated", "restricted", "unknown"]);
    assert!(hazards.values().all(Value::is_i64), "hazards are whole nano-units: {scored}");
}

#[test]
fn standard_input_is_scored() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run_with_input(folder.path(), ["score", "-"], facts().to_string().as_bytes()).expect(0);
    assert_eq!(ended.line(), score(&facts()).line());
}

#[track_caller]
fn check_refused(change: impl Fn(&mut Value), words: &[&str]) {
    let mut facts = facts();
    change(&mut facts);
    let ended = score(&facts).expect(2);
    for word in words {
        assert!(ended.err.contains(word), "`{word}` is not in: {}", ended.err);
    }
    assert!(ended.out.is_empty(), "nothing is scored: {}", ended.out);
}

#[test]
fn what_is_not_known_is_named() {
    check_refused(|facts| facts["anchor"] = json!(1), &["anchor"]);
    check_refused(|facts| facts["images"]["api"]["rust"] = json!(1), &["rust", "images"]);
    check_refused(|facts| facts["images"]["api"]["findings"][0]["barnacle"] = json!(1), &["barnacle"]);
    check_refused(|facts| facts["workloads"]["shop/api"]["reach"] = json!("moon"), &["moon"]);
    check_refused(|facts| facts["workloads"]["shop/api"]["images"] = json!(["ghost"]), &["ghost"]);
    check_refused(|facts| facts["priors"]["internet"] = json!(1.5), &["priors.internet"]);
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), ["score", "absent.json"]).expect(2);
    assert!(ended.err.contains("absent.json"), "{}", ended.err);
}
