//! What Xray says of an issue: its own id, and CVEs with scores and weaknesses. An issue of one CVE is that
//! CVE by another name; one of several (an advisory) is related to each.
//!
//! Refuses to drop an issue without a CVE: it is known by Xray's own id.

use chrono::{DateTime, Utc};
use domain::cvss::CvssScore;
use domain::fix::Fix;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};
use serde::Deserialize;

use super::TOOL;
use crate::json::{Text, nullable};
use crate::untrusted::{link, prose};
use crate::warnings::Warnings;

/// How many CVEs of one issue are read: the largest advisories cover some hundred.
const MOST: usize = 200;

/// A CVE as both of Xray's layouts write it: score and vector in one text, or apart.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Cve<'a> {
    cve: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    cwe: Vec<Text<'a>>,
    cvss_v2: Text<'a>,
    cvss_v3: Text<'a>,
    cvss_v2_score: Text<'a>,
    cvss_v2_vector: Text<'a>,
    cvss_v3_score: Text<'a>,
    cvss_v3_vector: Text<'a>,
}

impl Cve<'_> {
    /// Scores, the newest version first.
    fn scores(&self) -> impl Iterator<Item = CvssScore> {
        let joined = [&self.cvss_v3, &self.cvss_v2].into_iter().filter_map(|text| text.split_once('/'));
        let apart =
            [(&*self.cvss_v3_score, &*self.cvss_v3_vector), (&*self.cvss_v2_score, &*self.cvss_v2_vector)];
        joined.chain(apart).filter(|(_, vector)| !vector.is_empty()).map(|(score, vector)| CvssScore {
            source: TOOL.to_owned(),
            // Vectors of version 2 bear no version by their own specification.
            vector: vector.strip_prefix("CVSS:2.0/").unwrap_or(vector).to_owned(),
            stated: score.parse().ok().filter(|score| (0.0..=10.0).contains(score)),
        })
    }
}

/// An issue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issue<'a> {
    /// Xray's own id: `XRAY-124116`.
    pub id: &'a str,
    pub summary: &'a str,
    pub description: &'a str,
    pub severity: &'a str,
    pub cves: &'a [Cve<'a>],
    pub references: &'a [Text<'a>],
    pub published_at: Option<DateTime<Utc>>,
    pub modified_at: Option<DateTime<Utc>>,
}

impl Issue<'_> {
    /// Its vulnerabilities; none where it names neither a CVE nor itself.
    pub(super) fn records(&self, at: &str, warnings: &mut Warnings) -> Vec<VulnerabilityRecord> {
        let own: Option<VulnerabilityId> = self.id.parse().ok();
        if self.cves.len() > MOST {
            warnings.push(at, format!("only the first {MOST} CVEs of an issue were read"));
        }
        let cves = self.cves.iter().take(MOST);
        let (mut named, mut unnamed) = (Vec::new(), Vec::new());
        for cve in cves {
            match cve.cve.parse::<VulnerabilityId>() {
                Ok(id) => named.push((id, cve)),
                Err(_) => unnamed.push(cve),
            }
        }
        if named.is_empty() {
            let Some(own) = own else { return Vec::new() };
            let mut record = self.record(own);
            unnamed.into_iter().for_each(|cve| rate(&mut record, cve));
            return vec![record];
        }
        if !unnamed.is_empty() {
            warnings.push(at, "scores that belong to no CVE of an issue were passed over");
        }
        let single = named.iter().all(|(id, _)| named.first().is_some_and(|(first, _)| first == id));
        let records = named.into_iter().map(|(id, cve)| {
            let mut record = self.record(id);
            let others = if single { &mut record.aliases } else { &mut record.related };
            others.extend(own.clone().filter(|own| *own != record.id));
            rate(&mut record, cve);
            record
        });
        if single { records.take(1).collect() } else { records.collect() }
    }

    fn record(&self, id: VulnerabilityId) -> VulnerabilityRecord {
        let mut record = VulnerabilityRecord::bare(id);
        let described = Some(self.description).filter(|text| !text.is_empty());
        let summary = Some(self.summary).filter(|text| !text.is_empty());
        record.title = summary.filter(|text| described.is_some_and(|other| other != *text)).map(prose);
        record.description = described.or(summary).map(prose);
        for link in self.references.iter().filter_map(|text| link(text)) {
            if !record.references.contains(&link) {
                record.references.push(link);
            }
        }
        record.published_at = self.published_at;
        record.modified_at = self.modified_at;
        record
    }
}

/// Adds scores and weaknesses.
fn rate(record: &mut VulnerabilityRecord, cve: &Cve<'_>) {
    for score in cve.scores() {
        if !record.cvss.contains(&score) {
            record.cvss.push(score);
        }
    }
    for weakness in cve.cwe.iter().filter(|text| text.starts_with("CWE-")) {
        if !record.weaknesses.iter().any(|known| **known == **weakness) {
            record.weaknesses.push(weakness.to_string());
        }
    }
}

/// The fix in Xray's ranges: `[1.9.4]`, `≥ 1:2.0-3`, `[2.15.0,)`.
pub(crate) fn fix(ranges: &[Text<'_>]) -> Fix {
    let version = |range: &Text<'_>| {
        let bare = range.trim_matches(['[', ']', '(', ')', '≥', '>', '=', ' ']);
        let first = bare.split(',').next().unwrap_or_default().trim();
        (!first.is_empty()).then(|| first.to_owned())
    };
    let mut versions: Vec<String> = Vec::new();
    for version in ranges.iter().filter_map(version) {
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    Fix::in_versions(versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_are_bare_versions() {
        let fix = |range: &'static str| fix(&[Text(range.into())]).versions.join(" ");
        assert_eq!(fix("[1.9.4]"), "1.9.4");
        assert_eq!(fix("≥ 2:1.6.4-3+deb9u1"), "2:1.6.4-3+deb9u1");
        assert_eq!(fix("[2.15.0,)"), "2.15.0");
        assert_eq!(fix("2.11.3"), "2.11.3");
        assert_eq!(fix("[]"), "");
    }
}
