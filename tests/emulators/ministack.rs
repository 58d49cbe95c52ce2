//! What ministack answers where it is used. Refuses to look at the rest of it.

use tests::ministack::Ministack;

#[test]
fn it_listens_on_the_loopback_interface_and_knows_inspector() {
    let Some(ministack) = Ministack::start() else { return };
    assert!(ministack.address.starts_with("http://127.0.0.1:"), "{}", ministack.address);
    let answered = ministack.ask("inspector2", "POST", "/coverage/list");
    assert!(answered["coveredResources"].is_array(), "{answered}");
}
