//! What a service of AWS is to this connector: its scope, what it must be allowed, how it is asked. Refuses to
//! know any of them: the list stands in `mod.rs`.

use domain::source::{Completeness, Permission};
use futures_util::future::BoxFuture;

use super::client::Ask;
use super::partition::Partition;
use crate::{Failure, Sink};

/// A service, asked account by account and region by region.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    /// Its word in scopes and settings.
    pub(super) name: &'static str,
    /// Where it is asked.
    pub(super) regions: Regions,
    /// What asking it takes; an action stands with one service only, even if several need it.
    pub(super) permissions: &'static [Permission],
    /// Hands what it shows to the sink.
    pub(super) collect: for<'a> fn(&'a Ask<'a>, &'a Sink) -> BoxFuture<'a, Result<Completeness, Failure>>,
    /// Calls that show whether its permissions are granted.
    pub(super) probes: &'static [Probe],
}

/// A call that shows whether a permission is granted, changing nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    /// The permission.
    pub(super) action: &'static str,
    /// The call. Any answer but a denial shows that it is granted: what it asks for need not exist.
    pub(super) attempt: for<'a> fn(&'a Ask<'a>) -> BoxFuture<'a, Result<(), Failure>>,
}

/// Where a service is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Regions {
    /// In every region of the settings or of the account.
    Every,
    /// In these only, where the settings or the account have them.
    Some(&'static [&'static str]),
    /// In this one for the whole world, whatever regions the settings name.
    Global(&'static str),
}

impl Service {
    /// In which of these regions it is asked.
    pub(super) fn regions_among(&self, regions: &[String]) -> Vec<String> {
        let offered = |among: &[&str]| {
            regions.iter().filter(|region| among.contains(&region.as_str())).cloned().collect()
        };
        match self.regions {
            Regions::Every => regions.to_vec(),
            Regions::Some(among) => offered(among),
            // Partitions share nothing: what answers for one knows nothing of another.
            Regions::Global(home) => {
                let here = |region: &String| Partition::of(region) == Partition::of(home);
                if regions.iter().any(here) { vec![home.to_owned()] } else { Vec::new() }
            }
        }
    }
}

/// How many permissions these services and the plan take together.
pub(super) const fn count(plan: &[Permission], services: &[Service]) -> usize {
    let (mut sum, mut at) = (plan.len(), 0);
    while at < services.len() {
        sum += services[at].permissions.len();
        at += 1;
    }
    sum
}

/// The permissions of the plan and of these services in one list.
pub(super) const fn joined<const N: usize>(plan: &[Permission], services: &[Service]) -> [Permission; N] {
    let mut all = [Permission { action: "", why: "" }; N];
    let (mut filled, mut at) = (0, 0);
    while at < plan.len() {
        all[filled] = plan[at];
        (filled, at) = (filled + 1, at + 1);
    }
    let mut service = 0;
    while service < services.len() {
        at = 0;
        while at < services[service].permissions.len() {
            all[filled] = services[service].permissions[at];
            (filled, at) = (filled + 1, at + 1);
        }
        service += 1;
    }
    all
}
