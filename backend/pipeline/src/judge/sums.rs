//! What a cluster adds to the estate, exactly, so that the whole is a sum of stored parts and an event costs
//! what it touches. Refuses to round: losses are kept to the last bit.

use std::collections::BTreeMap;

use score::Loss;
use score::slices::{Slice, Slices};
use score::workload::WorkloadScore;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::save::sums;

use crate::Error;

/// Slices in the order in which days keep them.
pub(super) const ORDER: [Slice; 5] =
    [Slice::Known, Slice::Configuration, Slice::SharedKernel, Slice::Runtime, Slice::Gap];

/// The sums of a cluster, or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sums {
    exposure: Exact,
    slices: [Exact; 5],
    at_stake: Exact,
    /// Workloads.
    pub(super) workloads: i64,
    /// Running containers: one digest in one workload.
    pub(super) running: i64,
    /// Of these, at each stage of the exposure gap.
    pub(super) stages: [i64; 6],
    /// Running containers with a finding in the KEV catalogue.
    pub(super) kev_running: i64,
}

/// A loss as text, because JSON has no numbers of its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Exact(Loss);

impl Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.weight())
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(|weight| Self(Loss::from_weight(weight))).map_err(serde::de::Error::custom)
    }
}

impl Sums {
    /// Counts a workload in.
    pub(super) fn add_workload(&mut self, score: &WorkloadScore, criticality: f64) {
        let loss = score.exact_loss();
        let slices = Slices::of(loss, &score.parts);
        self.exposure.0 = self.exposure.0 + loss;
        for (sum, slice) in self.slices.iter_mut().zip(ORDER) {
            sum.0 = sum.0 + slices.at(slice);
        }
        self.at_stake.0 = self.at_stake.0 + Loss::from_f64(criticality);
        self.workloads += 1;
    }

    /// E.
    pub(super) fn exposure(&self) -> f64 {
        self.exposure.0.as_f64()
    }

    /// The parts of E.
    pub(super) fn slices(&self) -> [f64; 5] {
        self.slices.map(|slice| slice.0.as_f64())
    }

    /// Σ of the weights of criticality.
    pub(super) fn at_stake(&self) -> f64 {
        self.at_stake.0.as_f64()
    }

    fn add(&mut self, other: &Self) {
        self.exposure.0 = self.exposure.0 + other.exposure.0;
        self.at_stake.0 = self.at_stake.0 + other.at_stake.0;
        for (sum, part) in self.slices.iter_mut().zip(other.slices) {
            sum.0 = sum.0 + part.0;
        }
        for (sum, part) in self.stages.iter_mut().zip(other.stages) {
            *sum += part;
        }
        self.workloads += other.workloads;
        self.running += other.running;
        self.kev_running += other.kev_running;
    }
}

/// Replaces the sums of clusters; one without workloads is taken out.
pub(super) async fn put(tx: &Tx, clusters: &BTreeMap<&str, Sums>) -> Result<(), Error> {
    let text = |sums: &Sums| (sums.workloads > 0).then(|| serde_json::to_string(sums).unwrap_or_default());
    let rows: Vec<_> = clusters.iter().map(|(cluster, sums)| (*cluster, text(sums))).collect();
    Ok(sums::put(tx, &rows).await?)
}

/// The sum over all clusters.
pub(super) async fn total(tx: &Tx) -> Result<Sums, Error> {
    let mut total = Sums::default();
    for (cluster, text) in sums::all(tx).await? {
        let part: Sums = serde_json::from_str(&text).map_err(|_| Error::Sums(cluster))?;
        total.add(&part);
    }
    Ok(total)
}

/// The clusters that have sums.
pub(super) async fn clusters(tx: &Tx) -> Result<Vec<String>, Error> {
    Ok(sums::all(tx).await?.into_iter().map(|(cluster, _)| cluster).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_survive_their_storage_to_the_last_bit() {
        let sums = Sums {
            exposure: Exact(Loss::from_f64(0.1)),
            slices: [0.1, 0.2, 1e-20, 3e9, 0.0].map(|loss| Exact(Loss::from_f64(loss))),
            at_stake: Exact(Loss::from_f64(3.3)),
            workloads: 2,
            running: 3,
            stages: [1, 0, 0, 0, 1, 1],
            kev_running: 1,
        };
        let text = serde_json::to_string(&sums).unwrap();
        assert_eq!(serde_json::from_str::<Sums>(&text).unwrap(), sums);
    }
}
