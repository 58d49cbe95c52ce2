//! Judges signatures that were not judged by the keys and identities of today: new ones, and all once settings changed.
//! Refuses to look at the others.

use policy::trust::Trust;
use store::Store;
use store::save::signatures::{self, Judged, Unjudged};

use crate::Error;

/// Signatures in memory and in one transaction at one time.
const TOGETHER: u32 = 500;

/// Sums up on every image how it stands.
pub(super) async fn settle(store: &Store) -> Result<(), Error> {
    let tx = store.begin().await?;
    signatures::settle_all(&tx).await?;
    Ok(tx.commit().await?)
}

/// Judges what has to be, piece by piece.
pub(super) async fn judge(store: &Store, trust: &Trust) -> Result<(), Error> {
    loop {
        let unjudged = signatures::unjudged(store, trust.mark(), TOGETHER).await?;
        if unjudged.is_empty() {
            return Ok(());
        }
        let judged: Vec<Judged> = unjudged.into_iter().map(|one| verdict(one, trust)).collect();
        let tx = store.begin().await?;
        signatures::judged(&tx, trust.mark(), &judged).await?;
        tx.commit().await?;
    }
}

fn verdict(unjudged: Unjudged, trust: &Trust) -> Judged {
    let Unjudged { id, subject, signed } = unjudged;
    let verdict = trust.judge(&signed.unwrap_or_default());
    Judged { id, subject, state: verdict.state, sentence: verdict.sentence }
}
