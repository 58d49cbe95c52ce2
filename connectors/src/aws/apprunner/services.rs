//! App Runner services made from images. Refuses a digest: App Runner tells only the reference it was given.

use std::collections::BTreeMap;

use aws_sdk_apprunner::types::{Service, ServiceStatus};
use domain::exposure::{Exposure, Landing, Reach};
use domain::workload::{Container, ContainerSecurity, Isolation, Workload};

use crate::aws::place::{Place, last_part, reference};

/// A service as a workload; nothing where it is built from source code.
pub(super) fn workload(
    place: &Place,
    service: &Service,
    tags: &BTreeMap<String, String>,
) -> Option<Workload> {
    let source = service.source_configuration()?.image_repository()?;
    let mut labels = tags.clone();
    labels.insert("aws:apprunner:serviceName".to_owned(), service.service_name().to_owned());
    let role = service.instance_configuration().and_then(|instance| instance.instance_role_arn());
    let secrets = source.image_configuration().and_then(|image| image.runtime_environment_secrets());
    let mut secrets: Vec<String> =
        secrets.map(|secrets| secrets.keys().cloned().collect()).unwrap_or_default();
    secrets.sort();
    let image = source.image_identifier().to_owned();
    let container = Container {
        name: service.service_name().to_owned(),
        reference: reference(&image),
        image,
        digest: None,
        running: u32::from(runs(service.status())),
        init: false,
        security: ContainerSecurity { secret_variables: secrets, ..ContainerSecurity::default() },
        instances: Vec::new(),
    };
    Some(Workload {
        cluster: Some(place.product("apprunner")),
        account: Some(place.account.clone()),
        region: Some(place.region.clone()),
        namespace: "services".to_owned(),
        kind: "AppRunnerService".to_owned(),
        name: service.service_name().to_owned(),
        owner: place.rules.owner(&labels),
        environment: place.rules.environment(&labels),
        criticality: place.rules.criticality(&labels),
        labels,
        replicas: None,
        nodes: Vec::new(),
        containers: vec![container],
        isolation: Isolation {
            runtime_class: Some("apprunner-microvm".to_owned()),
            service_account: role.map(last_part).map(str::to_owned),
            ..Isolation::default()
        },
        observed_running: true,
    })
}

/// The route to a service.
pub(super) fn route(place: &Place, service: &Service) -> Exposure {
    let ingress = service.network_configuration().and_then(|network| network.ingress_configuration());
    let (reach, evidence) = match ingress.map(|ingress| ingress.is_publicly_accessible()) {
        Some(true) => {
            let address = service.service_url().unwrap_or_default();
            (Reach::Internet, format!("publicly accessible {address}").trim_end().to_owned())
        }
        Some(false) => (Reach::Internal, "only through endpoints in a virtual network".to_owned()),
        None => (Reach::Unknown, "App Runner does not say whether it is publicly accessible".to_owned()),
    };
    Exposure {
        cluster: Some(place.product("apprunner")),
        namespace: "services".to_owned(),
        kind: "AppRunner".to_owned(),
        name: service.service_name().to_owned(),
        reach,
        selector: BTreeMap::from([(
            "aws:apprunner:serviceName".to_owned(),
            service.service_name().to_owned(),
        )]),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    }
}

fn runs(status: &ServiceStatus) -> bool {
    matches!(status, ServiceStatus::Running | ServiceStatus::OperationInProgress)
}

#[cfg(test)]
mod tests {
    use aws_sdk_apprunner::types::{
        CodeRepository, ImageConfiguration, ImageRepository, ImageRepositoryType, IngressConfiguration,
        NetworkConfiguration, SourceCodeVersion, SourceCodeVersionType, SourceConfiguration,
    };
    use aws_smithy_types::DateTime;

    use super::*;
    use crate::aws::place::tests::place;

    fn service(status: ServiceStatus, public: Option<bool>) -> Service {
        let configuration = ImageConfiguration::builder()
            .runtime_environment_secrets("TOKEN", "arn:aws:ssm:eu-west-1:111122223333:parameter/token")
            .build();
        let image = ImageRepository::builder()
            .image_identifier("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7")
            .image_repository_type(ImageRepositoryType::Ecr)
            .image_configuration(configuration)
            .build()
            .unwrap();
        let ingress =
            public.map(|public| IngressConfiguration::builder().is_publicly_accessible(public).build());
        Service::builder()
            .service_name("shop")
            .service_id("1")
            .service_arn("arn:aws:apprunner:eu-west-1:111122223333:service/shop/1")
            .service_url("abc.eu-west-1.awsapprunner.com")
            .created_at(DateTime::from_secs(0))
            .updated_at(DateTime::from_secs(0))
            .status(status)
            .source_configuration(SourceConfiguration::builder().image_repository(image).build())
            .network_configuration(NetworkConfiguration::builder().set_ingress_configuration(ingress).build())
            .build()
            .unwrap()
    }

    #[test]
    fn a_running_service_with_its_secrets() {
        let tags = BTreeMap::from([("team".to_owned(), "shop".to_owned())]);
        let found = workload(&place(), &service(ServiceStatus::Running, Some(true)), &tags).unwrap();
        let container = &found.containers[0];
        assert_eq!((container.running, container.digest.as_ref()), (1, None));
        assert_eq!(container.security.secret_variables, ["TOKEN"]);
        assert_eq!(found.owner.as_deref(), Some("shop"));
        let paused = workload(&place(), &service(ServiceStatus::Paused, None), &tags).unwrap();
        assert_eq!(paused.containers[0].running, 0);
    }

    #[test]
    fn a_service_from_source_code_holds_no_image_of_ones_own() {
        let version =
            SourceCodeVersion::builder().r#type(SourceCodeVersionType::Branch).value("main").build().unwrap();
        let code = CodeRepository::builder()
            .repository_url("https://example.com/shop")
            .source_code_version(version)
            .build()
            .unwrap();
        let mut built = service(ServiceStatus::Running, None);
        built.source_configuration = Some(SourceConfiguration::builder().code_repository(code).build());
        assert_eq!(workload(&place(), &built, &BTreeMap::new()), None);
    }

    #[test]
    fn reach_is_as_stated() {
        for (public, reach, evidence) in [
            (Some(true), Reach::Internet, "publicly accessible abc.eu-west-1.awsapprunner.com"),
            (Some(false), Reach::Internal, "only through endpoints in a virtual network"),
            (None, Reach::Unknown, "App Runner does not say whether it is publicly accessible"),
        ] {
            let found = route(&place(), &service(ServiceStatus::Running, public));
            assert_eq!((found.reach, found.evidence.as_str()), (reach, evidence));
        }
    }
}
