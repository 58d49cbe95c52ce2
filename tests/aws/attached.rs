//! What lies beside images. The emulator hands out no blobs but configs.

use tests::aws::Aws;

use crate::asked::{HERE, Source};

#[test]
fn attestations_are_asked_for_and_their_absence_is_no_failure() {
    let Some((aws, estate)) = Aws::seeded() else { return };
    let source = Source::of(&aws, &estate);
    aws.forget_calls();
    let collected = source.collect(&estate.accounts[0], HERE, "ecr-attached").complete();
    // Six repositories attest, with two versions of two platforms.
    assert_eq!(aws.calls().of("ecr", "GetDownloadUrlForLayer"), 6 * 2 * 2);
    assert_eq!(collected.observations.len(), 0);
}
