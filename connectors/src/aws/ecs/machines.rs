//! Machines that joined a cluster, as nodes. Refuses to guess a kernel: the agent does not tell it.

use aws_sdk_ecs::types::ContainerInstance;
use domain::exposure::Reach;
use domain::node::Node;

use crate::aws::ec2::Network;
use crate::aws::place::{Place, last_part};

/// The name of a machine: of the EC2 instance, or the id under which another machine joined.
pub(super) fn name(machine: &ContainerInstance) -> String {
    let joined = || last_part(machine.container_instance_arn().unwrap_or_default());
    machine.ec2_instance_id().filter(|id| !id.is_empty()).unwrap_or_else(joined).to_owned()
}

/// A machine of a cluster. `network` is absent where interfaces were not read; then no address is known.
pub(super) fn node(
    place: &Place,
    cluster: &str,
    machine: &ContainerInstance,
    network: Option<&Network>,
) -> Node {
    let version = machine.version_info();
    let docker = version.and_then(|version| version.docker_version());
    let docker = docker.map(|docker| docker.trim_start_matches("DockerVersion:").trim());
    let agent = version.and_then(|version| version.agent_version()).filter(|version| !version.is_empty());
    let open = machine.ec2_instance_id().and_then(|id| network?.instance(id));
    Node {
        cluster: Some(place.cluster("ecs", cluster)),
        name: name(machine),
        account: Some(place.account.clone()),
        region: Some(place.region.clone()),
        os_image: system(machine),
        kernel: None,
        runtime: docker.filter(|docker| !docker.is_empty()).map(|docker| format!("docker://{docker}")),
        kubelet: agent.map(|agent| format!("ecs-agent {agent}")),
        // An address that only an allow-list reaches is not on the internet.
        public_address: open.is_some_and(|(reach, _)| matches!(reach, Reach::Internet | Reach::Unknown)),
        images: Vec::new(),
    }
}

/// The system as its attributes tell it: `Linux AMAZON_LINUX_2023 ami-0abc`.
fn system(machine: &ContainerInstance) -> Option<String> {
    let attribute = |name: &str| {
        let found = machine.attributes().iter().find(|attribute| attribute.name() == name);
        found.and_then(|attribute| attribute.value()).filter(|value| !value.is_empty())
    };
    let kind = attribute("ecs.os-type").map(|kind| match kind {
        "linux" => "Linux",
        "windows" => "Windows",
        other => other,
    });
    let parts: Vec<&str> =
        [kind, attribute("ecs.os-family").filter(|family| *family != "LINUX"), attribute("ecs.ami-id")]
            .into_iter()
            .flatten()
            .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
