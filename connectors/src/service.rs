//! What a service of a vendor is to its connector: its scope, what it must be allowed, how it is asked. Refuses to know
//! any of them: each vendor's list stands in its `mod.rs`.

use domain::source::{Completeness, Permission, Scope, Trial};
use futures_util::future::BoxFuture;

use crate::{Failure, Sink};

/// A vendor, whose services are asked one place at a time.
pub(crate) trait Vendor: Sized + 'static {
    /// One place, ready to be asked.
    type Ask<'a>: Sync + 'a;
    /// Where a service is asked.
    type Places: Copy + 'static;
    /// Every service, alphabetical.
    const SERVICES: &'static [Service<Self>];
}

/// A service, asked place by place.
pub(crate) struct Service<V: Vendor> {
    /// Its word in scopes and settings.
    pub(crate) name: &'static str,
    /// Where it is asked.
    pub(crate) places: V::Places,
    /// What asking it takes; an action stands with one service only, even if several need it.
    pub(crate) permissions: &'static [Permission],
    /// Hands what it shows to the sink.
    pub(crate) collect: Collect<V>,
    /// Calls that show whether its permissions are granted.
    pub(crate) probes: &'static [Probe<V>],
}

/// How a service is asked.
type Collect<V> =
    for<'a> fn(&'a <V as Vendor>::Ask<'a>, &'a Sink) -> BoxFuture<'a, Result<Completeness, Failure>>;

/// A call that shows whether a permission is granted, changing nothing.
pub(crate) struct Probe<V: Vendor> {
    /// The permission.
    pub(crate) action: &'static str,
    /// The call. Any answer but a denial shows that it is granted: what it asks for need not exist.
    pub(crate) attempt: for<'a> fn(&'a V::Ask<'a>) -> BoxFuture<'a, Result<(), Failure>>,
}

impl<V: Vendor> Service<V> {
    /// The service of a scope.
    ///
    /// # Errors
    /// When there is none of its name.
    pub(crate) fn of(scope: &Scope) -> Result<&'static Self, Failure> {
        let mut services = V::SERVICES.iter();
        services.find(|service| service.name == scope.service).ok_or_else(|| Failure::Unreadable {
            action: "the plan".to_owned(),
            scope: scope.clone(),
            detail: "no such service; it may be left over from another version".to_owned(),
        })
    }

    /// Those that are not left out.
    pub(crate) fn wanted(left_out: &[String]) -> impl Iterator<Item = &'static Self> {
        V::SERVICES.iter().filter(move |service| left_out.iter().all(|name| name != service.name))
    }

    /// Tries its permissions.
    pub(crate) async fn tried<'a>(&'static self, scope: &Scope, ask: &'a V::Ask<'a>) -> Vec<Trial> {
        let mut trials = Vec::new();
        for Probe { action, attempt } in self.probes {
            let refusal = match attempt(ask).await {
                Ok(()) | Err(Failure::Vendor { .. }) => None,
                Err(failure) => Some(failure.to_string()),
            };
            trials.push(Trial { action: (*action).to_owned(), scope: scope.clone(), refusal });
        }
        trials
    }
}

/// The names of services, for whoever names another.
pub(crate) fn names<V: Vendor>() -> Vec<&'static str> {
    V::SERVICES.iter().map(|service| service.name).collect()
}

/// Every service but one: what is left out where only that one is asked.
pub(crate) fn all_but<V: Vendor>(service: &str) -> Vec<String> {
    names::<V>().into_iter().filter(|name| *name != service).map(str::to_owned).collect()
}

/// How many permissions these services and the plan take together.
pub(crate) const fn count<V: Vendor>(plan: &[Permission], services: &[Service<V>]) -> usize {
    let (mut sum, mut at) = (plan.len(), 0);
    while at < services.len() {
        sum += services[at].permissions.len();
        at += 1;
    }
    sum
}

/// The permissions of the plan and of these services in one list.
pub(crate) const fn joined<const N: usize, V: Vendor>(
    plan: &[Permission],
    services: &[Service<V>],
) -> [Permission; N] {
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
