//! Hand-written answers are held against botocore's models. Refuses a single problem.

use tests::aws::Aws;
use tests::cloud::Cloud;

#[test]
fn every_answer_written_by_hand_passes_botocores_models() {
    let Some(aws) = Aws::start() else { return };
    let output = aws.run("check_bodies.py", &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(" answers checked, 0 problems"), "{said}");
}
