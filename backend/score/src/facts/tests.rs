//! Facts in, scores or problems out.

use super::score_json;
use crate::constants::Constants;
use crate::error::Error;

const FACTS: &str = r#"{
  "images": {
    "shop": {"scan_age_days": 1, "findings": [
      {"unit": "openssl", "epss": 0.5, "cold": null, "tier": "none", "attack_vector": "N", "in_use": "loaded", "impact": 1, "vex": null},
      {"unit": "openssl", "epss": 0.4, "cold": null, "tier": "none", "attack_vector": "N", "in_use": "loaded", "impact": 1},
      {"unit": "zlib", "epss": null, "cold": 0.02, "tier": "public", "attack_vector": "L", "in_use": "not_loaded", "impact": 0.5, "vex": null},
      {"unit": "curl", "epss": 0.9, "cold": null, "tier": "exploited", "attack_vector": "N", "in_use": "no_sensor", "impact": 1, "vex": "not_affected"}]},
    "mystery": {"scan_age_days": null, "findings": []},
    "old": {"scan_age_days": 20, "findings": []}
  },
  "workloads": {
    "front": {"images": ["shop", "shop"], "reach": "internet", "nodes": ["n1"], "config_hazard": 1000, "alert_hazard": 0, "escape": [0.9], "sandbox": 1, "criticality": 3},
    "back": {"images": ["mystery"], "reach": "internal", "nodes": ["n1", "n2"], "config_hazard": 0, "alert_hazard": 500, "escape": [], "sandbox": 0.5, "criticality": 1}
  },
  "nodes": {"n1": {"kernel": 0.05}, "n2": {"kernel": 1}},
  "priors": {"internet": 0.4, "restricted": 0.15, "internal": 0.05, "isolated": 0.02, "unknown": 0.2},
  "baseline": 4
}"#;

fn constants() -> Constants {
    Constants::embedded().unwrap()
}

#[test]
fn facts_are_scored() {
    let output = score_json(FACTS, &constants()).unwrap();
    let shop = output.images["shop"].hazard.to_array().map(|hazard| hazard.0);
    assert_eq!(shop, [693_197_182, 162_568_930, 51_343_295, 15_163_639, 287_732_073]);
    assert_eq!(output.images["old"].hazard.to_array()[0].0, 255_412_812);

    let (front, back) = (&output.workloads["front"], &output.workloads["back"]);
    assert_eq!(front.hazard.0, 693_198_182);
    assert_eq!(back.hazard.0, 51_293_294 + 500);
    // Each is endangered by the other on the node they share; back spills κ·s = .025 of its hazard there.
    let spilled = -(1.0 - 0.050_000_475 * 0.025_f64).ln() * 1e9;
    assert!((front.total_hazard.0 as f64 - 693_198_182.0 - spilled).abs() < 2.0, "{}", front.total_hazard.0);
    let ease = 1.0 - 0.1 * 0.95;
    let spilled = -(1.0 - (1.0 - (-0.693_198_182_f64).exp()) * ease).ln() * 1e9;
    assert!((back.total_hazard.0 as f64 - 51_293_794.0 - spilled).abs() < 2.0, "{}", back.total_hazard.0);
    assert!((output.exposure - front.loss - back.loss).abs() < 1e-12);
    let ces = 1000.0 + 250.0 * (output.exposure / 4.0).log10();
    assert!((output.ces - ces).abs() < 1e-9);
}

#[test]
fn the_printed_shape_is_the_contract() {
    let output = score_json(
        r#"{"images":{"a":{"scan_age_days":0,"findings":[]}},"nodes":{},
            "workloads":{"w":{"images":["a"],"reach":"unknown","nodes":[],"config_hazard":693147181,
            "alert_hazard":0,"escape":[],"sandbox":1,"criticality":3}},
            "priors":{"internet":0,"restricted":0,"internal":0,"isolated":0,"unknown":0},"baseline":1e9}"#,
        &constants(),
    );
    let printed = serde_json::to_string(&output.unwrap()).unwrap();
    let (before, rest) = printed.split_once("\"loss\":").unwrap();
    let (_, after) = rest.split_once("},\"images\"").unwrap();
    assert!(before.starts_with(r#"{"exposure":1.5"#), "{before}");
    assert!(
        before.ends_with(r#""workloads":{"w":{"hazard":693147181,"total_hazard":693147181,"#),
        "{before}"
    );
    assert_eq!(
        after,
        r#":{"a":{"hazard":{"internet":0,"restricted":0,"internal":0,"isolated":0,"unknown":0},"score":0.0}}}"#
    );
}

#[test]
fn an_empty_estate_is_scored() {
    let text = r#"{"images":{},"workloads":{},"nodes":{},"baseline":1,
        "priors":{"internet":0,"restricted":0,"internal":0,"isolated":0,"unknown":0}}"#;
    let output = score_json(text, &constants()).unwrap();
    assert_eq!(
        serde_json::to_string(&output).unwrap(),
        r#"{"exposure":0.0,"ces":0.0,"workloads":{},"images":{}}"#
    );
}

#[test]
fn unreadable_facts_are_named() {
    for (old, new, path, word) in [
        ("\"sandbox\": 1,", "\"sandbx\": 1,", "workloads.front.sandbx", "unknown field `sandbx`"),
        ("\"impact\": 1,", "", "images.shop.findings[0]", "missing field `impact`"),
        ("\"loaded\"", "\"maybe\"", "images.shop.findings[0].in_use", "unknown variant `maybe`"),
        (
            "\"tier\": \"none\"",
            "\"tier\": \"high\"",
            "images.shop.findings[0].tier",
            "unknown variant `high`",
        ),
        (
            "\"reach\": \"internal\"",
            "\"reach\": \"public\"",
            "workloads.back.reach",
            "unknown variant `public`",
        ),
        ("\"not_affected\"", "\"fixed\"", "images.shop.findings[3].vex", "unknown variant `fixed`"),
        (
            "\"config_hazard\": 1000",
            "\"config_hazard\": 0.5",
            "workloads.front.config_hazard",
            "expected i64",
        ),
        ("\"baseline\": 4", "\"baseline\": 4, \"extra\": 1", "extra", "unknown field `extra`"),
        ("\"n2\"", "\"n1\"", "", ""),
        ("\"old\"", "\"shop\"", "images", "`shop` is given twice"),
    ] {
        let text = FACTS.replacen(old, new, 1);
        assert_ne!(text, FACTS, "{old}");
        match score_json(&text, &constants()) {
            Err(Error::FactsSyntax { path: found, message }) => {
                assert!(found == path && message.contains(word), "{new}: `{found}`: {message}");
            }
            other => assert!(path.is_empty() && other.is_ok(), "{new}: {other:?}"),
        }
    }
    assert!(matches!(score_json(&format!("{FACTS} {{"), &constants()), Err(Error::FactsSyntax { .. })));
}

#[test]
fn every_problem_at_once() {
    let text = [
        ("\"epss\": 0.5", "\"epss\": 1.5"),
        ("\"scan_age_days\": 20", "\"scan_age_days\": -1"),
        ("[\"mystery\"]", "[\"mystery\", \"ghost\"]"),
        ("[\"n1\", \"n2\"]", "[\"n1\", \"n9\"]"),
        ("\"config_hazard\": 1000", "\"config_hazard\": -1"),
        ("\"escape\": [0.9]", "\"escape\": [0.9, 2]"),
        ("\"sandbox\": 0.5", "\"sandbox\": -0.5"),
        ("\"criticality\": 3", "\"criticality\": -3"),
        ("\"kernel\": 1}", "\"kernel\": 1.01}"),
        ("\"isolated\": 0.02", "\"isolated\": 2"),
        ("\"baseline\": 4", "\"baseline\": 0"),
    ]
    .iter()
    .fold(FACTS.to_owned(), |text, (old, new)| text.replacen(old, new, 1));
    let Err(Error::Facts(problems)) = score_json(&text, &constants()) else {
        panic!("expected problems");
    };
    assert_eq!(
        problems,
        [
            "images.old.scan_age_days is -1, but must not be negative",
            "images.shop.findings[0].epss is 1.5, but must be from 0 to 1",
            "workloads.back.images[1] is \"ghost\", but images has no such id",
            "workloads.back.nodes[1] is \"n9\", but nodes has no such id",
            "workloads.back.sandbox is -0.5, but must be from 0 to 1",
            "workloads.front.config_hazard is -1, but must not be negative",
            "workloads.front.escape[1] is 2, but must be from 0 to 1",
            "workloads.front.criticality is -3, but must be from 0 to 1000",
            "nodes.n2.kernel is 1.01, but must be from 0 to 1",
            "priors.isolated is 2, but must be from 0 to 1",
            "baseline is 0, but must be above 0",
        ]
    );
}
