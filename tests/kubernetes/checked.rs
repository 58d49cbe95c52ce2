//! The emulator is held against the official client, and against itself. Refuses a single problem.

use tests::cloud::alone;

#[test]
fn the_official_client_reads_every_object_whole() {
    let Some(output) = alone("kubernetes", "check_sdk.py") else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn it_pages_forgets_refuses_and_breaks_as_told() {
    let Some(output) = alone("kubernetes", "selfcheck.py") else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
