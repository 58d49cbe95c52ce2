//! Whether constants make sense: ranges, and the orders that keep a worse fact from lowering the score.
//! Refuses to stop at the first problem.

use domain::cvss::AttackVector;
use domain::exposure::Reach;

use super::{BySeverity, Constants};

/// Every problem, each naming its key; none when the constants can be used.
pub(super) fn problems(constants: &Constants) -> Vec<String> {
    let mut check = Check(Vec::new());
    check.version(&constants.version);
    check.likelihoods(constants);
    check.reach(constants);
    check.weights(constants);
    check.escape(constants);
    check.evidence(constants);
    check.gaps(constants);
    check.scales(constants);
    check.0
}

/// The problems found so far.
struct Check(Vec<String>);

impl Check {
    fn unless(&mut self, good: bool, problem: impl FnOnce() -> String) {
        if !good {
            self.0.push(problem());
        }
    }

    fn probability(&mut self, key: &str, value: f64) {
        self.unless((0.0..=1.0).contains(&value), || format!("{key} is {value}, but must be from 0 to 1"));
    }

    fn positive(&mut self, key: &str, value: f64) {
        self.unless(value.is_finite() && value > 0.0, || format!("{key} is {value}, but must be above 0"));
    }

    /// Names and values that must not rise from one to the next.
    fn falling(&mut self, section: &str, values: &[(&str, f64)]) {
        for pair in values.windows(2) {
            let [(upper, high), (lower, low)] = pair else { continue };
            self.unless(high >= low, || {
                format!("{section}.{lower} is {low}, but must not exceed {section}.{upper}, which is {high}")
            });
        }
    }

    fn probabilities(&mut self, section: &str, values: &[(&str, f64)]) {
        for (name, value) in values {
            self.probability(&format!("{section}.{name}"), *value);
        }
    }

    fn by_severity(&mut self, section: &str, values: &BySeverity) {
        let ordered = [
            ("critical", values.critical),
            ("high", values.high),
            ("medium", values.medium),
            ("low", values.low),
        ];
        self.probabilities(section, &ordered);
        self.falling(section, &ordered);
        self.probability(&format!("{section}.unknown"), values.unknown);
    }

    fn version(&mut self, version: &str) {
        self.unless(version.starts_with("ces-1."), || {
            format!("version is \"{version}\", but this program computes ces-1.x")
        });
    }

    fn likelihoods(&mut self, constants: &Constants) {
        let cap = constants.hazard.probability_cap;
        self.unless(cap > 0.0 && cap < 1.0, || {
            format!("hazard.probability_cap is {cap}, but must lie between 0 and 1")
        });
        let threat = &constants.threat;
        let tiers =
            [("exploited", threat.exploited), ("weaponised", threat.weaponised), ("public", threat.public)];
        self.probabilities("threat", &tiers);
        self.falling("threat", &tiers);
        let cold = &threat.cold;
        self.positive("threat.cold.days", cold.days);
        let cells = [
            ("automatable_total", cold.automatable_total),
            ("automatable_partial", cold.automatable_partial),
            ("manual_total", cold.manual_total),
            ("manual_partial", cold.manual_partial),
            ("unknown", cold.unknown),
        ];
        self.probabilities("threat.cold", &cells);
        let [total, partial, manual_total, manual_partial, _] = cells;
        self.falling("threat.cold", &[total, partial, manual_partial]);
        self.falling("threat.cold", &[total, manual_total, manual_partial]);
    }

    fn reach(&mut self, constants: &Constants) {
        let table = &constants.reach;
        for (name, vector) in [
            ("network", AttackVector::Network),
            ("adjacent", AttackVector::Adjacent),
            ("local", AttackVector::Local),
        ] {
            self.row(&format!("reach.{name}"), |reach| table.row(vector).at(reach));
        }
        self.probability("reach.local_foreign_code", table.local_foreign_code);
    }

    /// Probabilities by reach: internet is never better than another.
    fn row(&mut self, section: &str, share: impl Fn(Reach) -> f64) {
        self.probabilities(section, &Reach::ALL.map(|reach| (reach.as_str(), share(reach))));
        for reach in Reach::ALL {
            self.falling(section, &[("internet", share(Reach::Internet)), (reach.as_str(), share(reach))]);
        }
        let stated = [Reach::Internet, Reach::Restricted, Reach::Internal, Reach::Isolated];
        self.falling(section, &stated.map(|reach| (reach.as_str(), share(reach))));
    }

    fn weights(&mut self, constants: &Constants) {
        let in_use = &constants.in_use;
        let seen =
            [("loaded", in_use.loaded), ("no_sensor", in_use.no_sensor), ("not_loaded", in_use.not_loaded)];
        self.probabilities("in_use", &seen);
        self.falling("in_use", &seen);
        self.positive("in_use.sensor_days", in_use.sensor_days);
        self.by_severity("impact", &constants.impact);
        let criticality = &constants.criticality;
        let classes = [
            ("critical", criticality.critical),
            ("standard", criticality.standard),
            ("low", criticality.low),
        ];
        for (name, value) in classes {
            self.positive(&format!("criticality.{name}"), value);
        }
        self.falling("criticality", &classes);
    }

    fn escape(&mut self, constants: &Constants) {
        let escape = &constants.escape;
        self.probabilities(
            "escape",
            &[
                ("privileged", escape.privileged),
                ("host_control", escape.host_control),
                ("kernel_capability", escape.kernel_capability),
                ("process_trace", escape.process_trace),
                ("host_network", escape.host_network),
                ("root_without_seccomp", escape.root_without_seccomp),
                ("default", escape.default),
            ],
        );
        let sandbox = &constants.sandbox;
        let barriers = [
            ("default", sandbox.default),
            ("restricted", sandbox.restricted),
            ("user_namespace", sandbox.user_namespace),
            ("second_kernel", sandbox.second_kernel),
        ];
        self.probabilities("sandbox", &barriers);
        self.falling("sandbox", &barriers);
        for word in &sandbox.second_kernel_runtimes {
            self.unless(!word.is_empty() && *word == word.to_lowercase(), || {
                format!("sandbox.second_kernel_runtimes has \"{word}\", but must hold words in lower case")
            });
        }
        self.probability("kernel.unknown", constants.kernel.unknown);
    }

    fn evidence(&mut self, constants: &Constants) {
        let configuration = &constants.configuration;
        self.by_severity("configuration", &configuration.by_severity());
        self.probability("configuration.open_administration", configuration.open_administration);
        let secret = &constants.secret;
        let secrets = [("verified", secret.verified), ("unverified", secret.unverified)];
        self.probabilities("secret", &secrets);
        self.falling("secret", &secrets);
        self.probability("secret.malware", secret.malware);
        self.by_severity("alert", &constants.alert);
    }

    fn gaps(&mut self, constants: &Constants) {
        let staleness = &constants.staleness;
        let (mut days, mut share) = (0.0, 0.0);
        for (index, step) in staleness.steps.iter().enumerate() {
            let key = format!("staleness.steps[{index}]");
            self.probability(&format!("{key}.share"), step.share);
            self.unless(step.days > days, || format!("{key}.days is {}, but must exceed {days}", step.days));
            self.unless(step.share >= share, || {
                format!("{key}.share is {}, but must not be below {share}", step.share)
            });
            (days, share) = (step.days, step.share);
        }
        self.probability("staleness.beyond", staleness.beyond);
        self.unless(staleness.beyond >= share, || {
            format!("staleness.beyond is {}, but must not be below {share}", staleness.beyond)
        });
        let prior = &constants.prior;
        self.unless((1..=100).contains(&prior.percentile), || {
            format!("prior.percentile is {}, but must be from 1 to 100", prior.percentile)
        });
        self.unless(prior.minimum_images > 0, || {
            "prior.minimum_images is 0, but must be at least 1".to_owned()
        });
        self.row("prior.floor", |reach| prior.floor.at(reach));
    }

    fn scales(&mut self, constants: &Constants) {
        let scale = &constants.scale;
        self.positive("scale.top", scale.top);
        self.positive("scale.points_per_decade", scale.points_per_decade);
        self.positive("scale.exposure_top", scale.exposure_top);
        self.positive("scale.exposure_points_per_decade", scale.exposure_points_per_decade);
        let bands = &constants.bands;
        let ordered = 0 < bands.moderate && bands.moderate < bands.high && bands.high < bands.severe;
        self.unless(ordered && f64::from(bands.severe) <= scale.exposure_top, || {
            format!(
                "bands are {}, {} and {}, but must rise from above 0 to {} at most",
                bands.moderate, bands.high, bands.severe, scale.exposure_top
            )
        });
    }
}
