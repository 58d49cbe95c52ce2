//! On what a task runs. Refuses to call a task isolated on the word of its definition alone: one that runs
//! tells it itself.

use aws_sdk_ecs::types::{
    CapacityProviderStrategyItem, Compatibility, LaunchType, Service, Task, TaskDefinition,
};

/// On what a task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Launch {
    /// A micro virtual machine of its own, run by AWS.
    Fargate,
    /// A machine with other tasks beside it, in the account or elsewhere.
    Machine,
    /// Such a machine with Windows.
    Windows,
}

impl Launch {
    /// On what a running task runs.
    pub(super) fn of_task(task: &Task, definition: Option<&TaskDefinition>) -> Self {
        let word = task.launch_type().map(LaunchType::as_str);
        Self::decide(word, task.capacity_provider_name(), task.platform_family(), definition)
    }

    /// On what the tasks of a service are to run.
    pub(super) fn of_service(service: &Service, definition: Option<&TaskDefinition>) -> Self {
        let word = service.launch_type().map(LaunchType::as_str);
        let provider = service.capacity_provider_strategy().first();
        let provider = provider.map(CapacityProviderStrategyItem::capacity_provider);
        Self::decide(word, provider, service.platform_family(), definition)
    }

    /// The runtime class by which the score knows a second kernel.
    pub(super) fn runtime_class(self) -> Option<&'static str> {
        (self == Self::Fargate).then_some("fargate-microvm")
    }

    fn decide(
        word: Option<&str>,
        provider: Option<&str>,
        family: Option<&str>,
        definition: Option<&TaskDefinition>,
    ) -> Self {
        let fargate = match (word, provider) {
            (Some(word), _) => word == "FARGATE",
            (None, Some(provider)) => provider.starts_with("FARGATE"),
            (None, None) => definition
                .is_some_and(|definition| definition.requires_compatibilities() == [Compatibility::Fargate]),
        };
        let platform =
            definition.and_then(|definition| definition.runtime_platform()?.operating_system_family());
        let windows = [family, platform.map(|family| family.as_str())]
            .into_iter()
            .flatten()
            .any(|family| family.to_ascii_lowercase().starts_with("windows"));
        match (fargate, windows) {
            (true, _) => Self::Fargate,
            (false, true) => Self::Windows,
            (false, false) => Self::Machine,
        }
    }
}
