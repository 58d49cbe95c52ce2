//! Where services of AWS are asked, and how the connector calls them. Refuses to know any of them: the list stands in
//! `mod.rs`.

use super::SERVICES;
use super::client::Ask;
use super::connector::Aws;
use super::partition::Partition;
use crate::service::{self, Vendor};

/// A service, asked account by account and region by region.
pub(super) type Service = service::Service<Aws>;
/// A call that shows whether a permission is granted.
pub(super) type Probe = service::Probe<Aws>;

impl Vendor for Aws {
    type Ask<'a> = Ask<'a>;
    type Places = Regions;
    const SERVICES: &'static [Service] = SERVICES;
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

impl Regions {
    /// Those of some regions in which the service is asked.
    pub(super) fn among(self, regions: &[String]) -> Vec<String> {
        let offered = |among: &[&str]| {
            regions.iter().filter(|region| among.contains(&region.as_str())).cloned().collect()
        };
        match self {
            Self::Every => regions.to_vec(),
            Self::Some(among) => offered(among),
            // Partitions share nothing: what answers for one knows nothing of another.
            Self::Global(home) => {
                let here = |region: &String| Partition::of(region) == Partition::of(home);
                if regions.iter().any(here) { vec![home.to_owned()] } else { Vec::new() }
            }
        }
    }
}
