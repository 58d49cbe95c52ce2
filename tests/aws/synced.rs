//! AWS under the sync engine. Refuses to look at what the connector answered: `asked` does.

use tests::aws::Aws;

/// An AWS, a database and a source that was synced whole once.
pub(crate) type World = tests::synced::World<Aws>;

/// Services that most faults do not need, and that cost many calls.
pub(crate) const BESIDES: [&str; 7] =
    ["apprunner", "batch", "ecr-attached", "ecr-findings", "guardduty", "inspector", "securityhub"];
