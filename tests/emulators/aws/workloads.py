"""What runs in one account and region: ECS services and tasks, EKS clusters, Lambda functions, load balancers,
laid into moto's backends. Refuses images that are not in the region's repositories, but for two public ones."""

import datetime
import hashlib
from types import SimpleNamespace

from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.ec2.models import ec2_backends
from moto.ecr.models import ecr_backends
from moto.ecs.models import Task, ecs_backends
from moto.eks import models as eks
from moto.elbv2.models import elbv2_backends
from moto.iam.models import iam_backends
from moto.moto_api import state_manager

STARTED = datetime.datetime(2026, 11, 18, 7, 30, tzinfo=datetime.timezone.utc)
SIDECAR = "public.ecr.aws/xray/aws-xray-daemon:3.x"
# moto cuts a reference at its first colon, which is in the middle of one by digest.
told_by_moto = LambdaFunction.get_code


def told_of_code(function):
    """What GetFunction tells, with the reference that was resolved to the image's digest."""
    told = told_by_moto(function)
    if "ImageUri" in function.code:
        name = function.code["ImageUri"].partition("@")[0]
        registry, _, path = name.partition("/")
        told["Code"]["ResolvedImageUri"] = f"{registry}/{path.partition(':')[0]}@sha256:{function.code_sha_256}"
    return told


LambdaFunction.get_code = told_of_code
# moto builds a session to look at each role's name, which takes longer than all the rest.
eks.validate_role_arn = lambda arn: None
# moto ends a task when it has been described once; here they run.
state_manager.set_transition("ecs::task", {"progression": "manual", "times": 1_000_000_000})


class Place:
    """One account and region, with what the workloads in it need."""

    def __init__(self, account, region):
        self.account, self.region = account, region
        self.repositories = list(ecr_backends[account][region].repositories.values())
        self.ec2 = ec2_backends[account][region]
        vpc = self.ec2.get_default_vpc()
        self.vpc = vpc.id
        self.subnets = [subnet.id for subnet in self.ec2.describe_subnets() if subnet.vpc_id == vpc.id][:2]
        group = self.ec2.create_security_group("public-web", "Open to the world", vpc.id)
        self.ec2.authorize_security_group_ingress(group.id, "tcp", "80", "80", [{"CidrIp": "0.0.0.0/0"}], vpc_id=vpc.id)
        self.group = group.id
        self.network = {"awsvpcConfiguration": {"subnets": self.subnets, "securityGroups": [self.group], "assignPublicIp": "ENABLED"}}

    def role(self, name):
        return f"arn:aws:iam::{self.account}:role/{name}"

    def tagged(self, number):
        """A reference by tag, and the digest that the tag has: an index where there is one."""
        repository = self.repositories[number % len(self.repositories)]
        image = next(image for image in reversed(repository.images) if "latest" in image.image_tags)
        return repository.uri + ":latest", image.image_digest

    def pinned(self, number):
        """A reference by the digest of one platform's image."""
        repository = self.repositories[number % len(self.repositories)]
        image = next(image for image in repository.images if "layers" in image.image_manifest and "in-toto" not in image.image_manifest)
        return f"{repository.uri}@{image.image_digest}", image.image_digest


def build(account, region):
    """Lays everything that runs; nothing without images to run."""
    place = Place(account, region)
    if not place.repositories or not place.repositories[0].images:
        return
    group = balancers(place)
    containers(place, group)
    clusters(place)
    functions(place)


def balancers(place):
    """An internet-facing and an internal load balancer; answers the target group of the public one."""
    elb = elbv2_backends[place.account][place.region]
    groups = []
    for name, scheme in (("public", "internet-facing"), ("internal", "internal")):
        balancer = elb.create_load_balancer(name, [place.group], place.subnets, scheme=scheme, loadbalancer_type="application", tags=[])
        group = elb.create_target_group(
            f"{name}-web", vpc_id=place.vpc, protocol="HTTP", protocol_version="HTTP1", port="8080", healthcheck_protocol="HTTP",
            healthcheck_port="traffic-port", healthcheck_path="/", healthcheck_interval_seconds=30, healthcheck_timeout_seconds=5,
            healthcheck_enabled=True, healthy_threshold_count="5", unhealthy_threshold_count="2", matcher={"HttpCode": "200"},
            ip_address_type="ipv4", target_type="ip", tags=[],
        )
        forward = [{"Type": "forward", "TargetGroupArn": group.arn, "Order": 1}]
        elb.create_listener(balancer.arn, "HTTP", "80", None, None, forward)
        elb.create_listener(balancer.arn, "HTTP", "8080", None, None, forward)
        elb.register_targets(group.arn, [{"Id": f"172.31.0.{number}", "Port": 8080} for number in (11, 12, 13)])
        groups.append(group)
    return groups[0]


def containers(place, group):
    """A cluster with services of several temperaments, and an empty one."""
    ecs = ecs_backends[place.account][place.region]
    ecs.create_cluster("services", cluster_settings=[{"name": "containerInsights", "value": "enabled"}])
    ecs.create_cluster("spare")
    hosts = place.ec2.run_instances(
        "ami-00000000000000ec5", 2, None, [], instance_type="m5.large", is_instance_type_default=False, placement=None,
        region_name=place.region, subnet_id=place.subnets[0], security_group_ids=[place.group], tags={"instance": {"Name": "ecs"}},
    ).instances
    instances = [ecs.register_container_instance("services", host.id).container_instance_arn for host in hosts]
    web, web_digest = place.tagged(0)
    agent, agent_digest = place.tagged(1)
    worker, worker_digest = place.pinned(2)
    secret = f"arn:aws:secretsmanager:{place.region}:{place.account}:secret:database-AbCdEf"
    ecs.register_task_definition(
        "web",
        [
            {"name": "main", "image": web, "essential": True, "user": "10001", "readonlyRootFilesystem": True, "memory": 512,
             "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}],
             "environment": [{"name": "LOG_LEVEL", "value": "info"}], "secrets": [{"name": "DATABASE_URL", "valueFrom": secret}]},
            {"name": "xray", "image": SIDECAR, "essential": False, "memory": 64},
        ],
        network_mode="awsvpc", requires_compatibilities=["FARGATE"], cpu="512", memory="1024", task_role_arn=place.role("web"),
        execution_role_arn=place.role("ecsTaskExecutionRole"), runtime_platform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
    )
    ecs.register_task_definition(
        "agent",
        [{"name": "agent", "image": agent, "essential": True, "privileged": True, "user": "root", "memory": 256,
          "mountPoints": [{"sourceVolume": "docker", "containerPath": "/var/run/docker.sock", "readOnly": False}]}],
        volumes=[{"name": "docker", "host": {"sourcePath": "/var/run/docker.sock"}}], network_mode="host",
        requires_compatibilities=["EC2"], pid_mode="host",
    )
    ecs.register_task_definition(
        "worker",
        [{"name": "worker", "image": worker, "essential": True, "memory": 256,
          "environment": [{"name": "DB_PASSWORD", "value": "correct-horse"}],
          "linuxParameters": {"capabilities": {"add": ["SYS_ADMIN"], "drop": []}}}],
        network_mode="bridge", requires_compatibilities=["EC2"],
    )
    balanced = [{"targetGroupArn": group.arn, "containerName": "main", "containerPort": 8080}]
    web_images = [("main", web, web_digest), ("xray", SIDECAR, "sha256:" + hashlib.sha256(b"xray").hexdigest())]
    papers = [{"key": key, "value": value} for key, value in (("cost-centre", "77"), ("stage", "prod"), ("tier", "1"))]
    serve(place, ecs, "web", "web", 3, "FARGATE", web_images, [None], balanced, papers)
    serve(place, ecs, "agent", "agent", 2, "EC2", [("agent", agent, agent_digest)], instances, None)
    serve(place, ecs, "worker", "worker", 2, "EC2", [("worker", worker, worker_digest)], instances, None)
    # Enough of them that ListServices, whose pages have ten, needs another page.
    for number in range(12):
        serve(place, ecs, f"small-{number:02d}", "worker", 1, "EC2", [("worker", worker, worker_digest)], instances, None)


def serve(place, ecs, name, family, count, launch, images, instances, balanced, tags=None):
    """A service and its running tasks."""
    network = place.network if launch == "FARGATE" else None
    service = ecs.create_service(
        "services", name, count, family, load_balancers=balanced, launch_type=launch, network_configuration=network,
        scheduling_strategy="DAEMON" if name == "agent" else "REPLICA", tags=tags,
    )
    service.running_count, service.pending_count = count, 0
    for deployment in service.deployments:
        deployment.update({"runningCount": count, "pendingCount": 0, "rolloutState": "COMPLETED"})
    cluster, definition = ecs.clusters["services"], ecs.describe_task_definition(family)
    for number in range(count):
        instance = instances[number % len(instances)]
        task = Task(
            cluster, definition, instance, None, ecs, f"service:{name}", launch_type=launch, started_by=f"ecs-svc/{name}",
            networking_configuration=network, platform_version="1.4.0" if launch == "FARGATE" else None,
        )
        task.started_at = task.created_at = STARTED
        task.connectivity, task.availability_zone = "CONNECTED", place.region + "a"
        task.containers = [container(task, name, reference, digest, number) for name, reference, digest in images]
        ecs.tasks.setdefault("services", {})[task.task_arn] = task


def container(task, name, reference, digest, number):
    """A container as DescribeTasks tells of it."""
    identity = hashlib.md5(f"{task.task_arn} {name}".encode(), usedforsecurity=False).hexdigest()
    return SimpleNamespace(
        container_arn=task.task_arn.replace(":task/", ":container/") + "/" + identity, task_arn=task.task_arn, name=name, image=reference,
        image_digest=digest, runtime_id=identity, last_status="RUNNING", health_status="HEALTHY", cpu="0",
        network_interfaces=[{"attachmentId": identity[:8], "privateIpv4Address": f"172.31.0.{11 + number}"}] if not task.container_instance_arn else [],
    )


def clusters(place):
    """A cluster that the world may reach, and one that it may not."""
    backend = eks.eks_backends[place.account][place.region]
    for name, public in (("shop", True), ("ledger", False)):
        backend.create_cluster(
            name, place.role("eks"),
            {"subnetIds": place.subnets, "securityGroupIds": [place.group], "endpointPublicAccess": public,
             "endpointPrivateAccess": not public, "publicAccessCidrs": ["0.0.0.0/0"] if public else [], "vpcId": place.vpc},
            version="1.34" if public else "1.30", tags={"team": "a"},
        )
        for pool, kind, architecture in (("general", "m7i.large", "x86_64"), ("arm", "m7g.large", "ARM_64")):
            backend.create_nodegroup(
                name, place.role("nodes"), pool, place.subnets, scaling_config={"minSize": 1, "maxSize": 5, "desiredSize": 2},
                instance_types=[kind], ami_type=f"AL2023_{architecture}_STANDARD", version="1.34" if public else "1.30",
                release_version="1.34.1-20261101", labels={"pool": pool},
            )
    backend.create_fargate_profile("jobs", "shop", [{"namespace": "jobs"}], place.role("fargate"), place.subnets)


def functions(place):
    """Functions from images with a URL for all, for some and none; and one without an image."""
    backend = lambda_backends[place.account][place.region]
    iam = iam_backends[place.account]["aws"]
    if "lambda" not in [role.name for role in iam.get_roles()]:
        iam.create_role("lambda", '{"Version": "2012-10-17", "Statement": []}', "/", None, "Runs functions", [], None)
    for number, (name, access) in enumerate((("resize", "NONE"), ("thumbnail", "AWS_IAM"), ("report", None))):
        reference, digest = place.pinned(3 + number)
        function = backend.create_function({
            "FunctionName": name, "PackageType": "Image", "Code": {"ImageUri": reference}, "Role": place.role("lambda"),
            "MemorySize": 512, "Timeout": 30, "Architectures": ["x86_64"], "Environment": {"Variables": {"STAGE": "prod"}},
        })
        # moto makes the digest of the reference: it is the image's.
        function.code_sha_256 = digest.removeprefix("sha256:")
        function.code["ImageUri"] = reference
        if access:
            function.create_url_config({"AuthType": access, "InvokeMode": "BUFFERED"})
        if access == "NONE":
            function.policy.add_statement(
                '{"StatementId": "url", "Principal": "*", "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}'
            )
    backend.create_function({
        "FunctionName": "plain", "Runtime": "python3.13", "Handler": "main.handler", "Role": place.role("lambda"),
        "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="},
    })
