//! One account and region, and the names of what runs there. Refuses names that two accounts or two regions
//! could share: clusters of the same name must not become one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::account::Account;

pub(super) use crate::reading::reference;
use crate::tags::TagRules;

/// Where something was observed, and how its tags are read.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The account.
    pub(super) account: Account,
    /// The region.
    pub(super) region: String,
    /// What tags mean.
    pub(super) rules: TagRules,
}

impl Place {
    /// The name by which everything else calls a cluster of one product here:
    /// `prod (ecs 111122223333 eu-west-1)`. The short name comes first, since people read that.
    pub(super) fn cluster(&self, product: &str, name: &str) -> String {
        format!("{name} ({product} {} {})", self.account.id, self.region)
    }

    /// The name of what stands for a cluster where the product has none: `lambda (111122223333 eu-west-1)`.
    pub(super) fn product(&self, product: &str) -> String {
        format!("{product} ({} {})", self.account.id, self.region)
    }
}

/// The last part of an ARN or of a path in one: `arn:aws:ecs:…:cluster/prod` is `prod`.
pub(super) fn last_part(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

/// A moment as AWS tells it.
pub(super) fn moment(time: &aws_smithy_types::DateTime) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.secs(), time.subsec_nanos())
}

/// Tags in lists of key and value, in order.
pub(super) fn tags<'t>(
    pairs: impl IntoIterator<Item = (Option<&'t str>, Option<&'t str>)>,
) -> BTreeMap<String, String> {
    let named = pairs.into_iter().filter_map(|(key, value)| Some((key?, value.unwrap_or_default())));
    named.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The invented place of every test.
    pub(in crate::aws) fn place() -> Place {
        Place {
            account: Account { provider: "aws".to_owned(), id: "111122223333".to_owned(), name: None },
            region: "eu-west-1".to_owned(),
            rules: TagRules::default(),
        }
    }

    #[test]
    fn names_tell_accounts_and_regions_apart() {
        assert_eq!(place().cluster("ecs", "prod"), "prod (ecs 111122223333 eu-west-1)");
        assert_eq!(place().product("lambda"), "lambda (111122223333 eu-west-1)");
    }

    #[test]
    fn the_last_part_of_an_arn() {
        assert_eq!(last_part("arn:aws:ecs:eu-west-1:111122223333:cluster/prod"), "prod");
        assert_eq!(last_part("arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7"), "7");
        assert_eq!(last_part("prod"), "prod");
    }
}
