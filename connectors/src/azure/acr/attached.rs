//! What lies beside images, in every registry. Refuses to stop at one that cannot be read.

use domain::source::Completeness;

use super::door::Door;
use super::{each, images, registries};
use crate::azure::KIND;
use crate::azure::ask::Ask;
use crate::missing::Missing;
use crate::oci::{Manifests, Named, Papers};
use crate::{Failure, Memory, Sink};

/// See the module.
///
/// # Errors
/// When the registries cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    for registry in registries::all(ask).await? {
        let door = &Door::new(ask, &registry)?;
        let told = async {
            let repositories = door.repositories().await?;
            let memory = &*ask.caller.context.memory;
            let one = |named| Box::pin(async move { repository(door, &named, memory, sink).await }) as _;
            each(ask, repositories, one).await
        };
        if let Some(more) = missing.without(told.await)? {
            missing.join(more);
        }
    }
    Ok(missing.completeness())
}

async fn repository(
    door: &Door<'_>,
    named: &Named,
    memory: &dyn Memory,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let mut all = Manifests::default();
    images::add(&mut all, door.manifests(named).await?);
    Papers { door, named, source: KIND, memory, sink }.hand_on(&all).await
}
