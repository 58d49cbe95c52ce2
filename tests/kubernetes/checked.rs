//! The emulator is held against the official client, and against itself. Refuses a single problem.

use std::process::Output;

use tests::cloud::alone;

#[track_caller]
fn said(output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn the_official_client_reads_every_object_whole() {
    let Some(output) = alone("kubernetes", "check_sdk.py") else { return };
    said(&output);
}

#[test]
fn it_pages_forgets_refuses_and_breaks_as_told() {
    let Some(output) = alone("kubernetes", "selfcheck.py") else { return };
    said(&output);
}
