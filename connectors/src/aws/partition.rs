//! Partitions: separate copies of AWS that share no accounts, told apart by the names of their regions.
//! Refuses to guess a region that nobody named beyond the home of its partition.

/// A copy of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    /// Its word in ARNs.
    pub(super) name: &'static str,
    /// The region that answers for the whole of it: accounts, organisations, credentials.
    pub(super) home: &'static str,
    /// The end of its hosts' names.
    pub(super) suffix: &'static str,
    prefix: &'static str,
}

const COMMERCIAL: Partition =
    Partition { name: "aws", home: "us-east-1", suffix: "amazonaws.com", prefix: "" };

/// The others, by the beginning of their regions' names.
const OTHERS: [Partition; 6] = [
    Partition { name: "aws-cn", home: "cn-northwest-1", suffix: "amazonaws.com.cn", prefix: "cn-" },
    Partition { name: "aws-us-gov", home: "us-gov-west-1", suffix: "amazonaws.com", prefix: "us-gov-" },
    Partition { name: "aws-eusc", home: "eusc-de-east-1", suffix: "amazonaws.eu", prefix: "eusc-" },
    Partition { name: "aws-iso", home: "us-iso-east-1", suffix: "c2s.ic.gov", prefix: "us-iso-" },
    Partition { name: "aws-iso-b", home: "us-isob-east-1", suffix: "sc2s.sgov.gov", prefix: "us-isob-" },
    Partition { name: "aws-iso-e", home: "eu-isoe-west-1", suffix: "cloud.adc-e.uk", prefix: "eu-isoe-" },
];

impl Partition {
    /// The partition a region belongs to.
    pub(super) fn of(region: &str) -> Self {
        OTHERS.into_iter().find(|other| region.starts_with(other.prefix)).unwrap_or(COMMERCIAL)
    }
}

#[cfg(test)]
mod tests {
    use super::Partition;

    #[test]
    fn regions_tell_their_partition() {
        for (region, name) in [
            ("eu-west-1", "aws"),
            ("us-gov-east-1", "aws-us-gov"),
            ("cn-north-1", "aws-cn"),
            ("eusc-de-east-1", "aws-eusc"),
            ("us-isob-east-1", "aws-iso-b"),
        ] {
            assert_eq!(Partition::of(region).name, name, "{region}");
        }
    }
}
