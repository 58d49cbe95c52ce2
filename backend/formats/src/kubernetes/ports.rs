//! Ports of containers, services and policies. Refuses a port that is no port: none is made up for it.

use domain::port::{ContainerPort, Port, TCP, Target};

use super::wire;
use super::wire_network::ServicePort;
use crate::json::{Number, Text};

/// A port by number; zero is none.
pub(super) fn number(number: Number) -> Option<u16> {
    number.whole().and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0)
}

/// A port by number or name; an empty text is none.
pub(super) fn port(text: &Text<'_>) -> Option<Port> {
    let text = text.filled()?;
    match text.parse() {
        Ok(0) => None,
        Ok(number) => Some(Port::Number(number)),
        // What is no port of any pod must not be taken for a name.
        Err(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => None,
        Err(_) => Some(Port::Name(text.to_owned())),
    }
}

/// What is spoken at it.
pub(super) fn protocol(text: &Text<'_>) -> String {
    text.filled().unwrap_or(TCP).to_owned()
}

/// A port that a container says it listens at.
pub(super) fn listens(told: &wire::ContainerPort<'_>) -> Option<ContainerPort> {
    Some(ContainerPort {
        name: told.name.filled().map(str::to_owned),
        number: number(told.container_port)?,
        protocol: protocol(&told.protocol),
        host: number(told.host_port),
    })
}

/// Where a port of a service leads: without a target, to the same number.
pub(super) fn target(told: &ServicePort<'_>) -> Option<Target> {
    let port = match told.target_port.filled() {
        None | Some("0") => Port::Number(number(told.port)?),
        Some(_) => port(&told.target_port)?,
    };
    Some(Target { protocol: protocol(&told.protocol), port })
}
