//! The emulator is what its README says. Refuses to judge the connector.

use tests::cloud::alone;

#[test]
fn the_emulator_keeps_its_promises() {
    let Some(output) = alone("gcp", "selfcheck.py") else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    let last = said.lines().last().unwrap_or_default().to_owned();
    assert!(
        output.status.success() && last.ends_with(", 0 failed"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
