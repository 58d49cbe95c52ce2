"""Hand-written answers about what runs: App Runner, Batch, ECS's tasks by service, Lambda's function URLs. Refuses names that are not
there."""

import datetime

from moto.awslambda.models import lambda_backends
from moto.ecr.models import ecr_backends
from moto.ecs.models import ecs_backends

from bodies import answers
from wire import Refusal

MADE = datetime.datetime(2026, 9, 14, 9, tzinfo=datetime.timezone.utc)


def reference(call, number):
    """A tagged reference into a repository of the caller's account and region, or None without one."""
    repositories = list(ecr_backends[call.account][call.region].repositories.values())
    if not repositories:
        return None
    return repositories[number % len(repositories)].uri + ":latest"


def runner(call):
    name = "storefront"
    arn = f"arn:aws:apprunner:{call.region}:{call.account}:service/{name}/8fe1e10304f84fd2b0df550fe98a71fa"
    return {
        "ServiceName": name, "ServiceId": "8fe1e10304f84fd2b0df550fe98a71fa", "ServiceArn": arn,
        "ServiceUrl": f"psbqam834h.{call.region}.awsapprunner.com", "CreatedAt": MADE, "UpdatedAt": MADE, "Status": "RUNNING",
    }


@answers("apprunner", "ListServices", "ServiceSummaryList")
def list_services(call, shim):
    return [runner(call)] if shim.estate.plan.workloads and reference(call, 0) else []


@answers("apprunner", "DescribeService")
def describe_service(call, shim):
    service = runner(call)
    image = reference(call, 0)
    if call.params.get("ServiceArn") != service["ServiceArn"] or image is None or not shim.estate.plan.workloads:
        raise Refusal("ResourceNotFoundException", f"Service with the provided 'ServiceArn' does not exist: {call.params.get('ServiceArn')}")
    return {"Service": {
        **service,
        "SourceConfiguration": {
            "ImageRepository": {
                "ImageIdentifier": image, "ImageRepositoryType": "ECR",
                "ImageConfiguration": {
                    "Port": "8080", "RuntimeEnvironmentVariables": {"LOG_LEVEL": "info"},
                    "RuntimeEnvironmentSecrets": {"DATABASE_URL": f"arn:aws:ssm:{call.region}:{call.account}:parameter/database"},
                },
            },
            "AutoDeploymentsEnabled": True,
            "AuthenticationConfiguration": {"AccessRoleArn": f"arn:aws:iam::{call.account}:role/AppRunnerECRAccessRole"},
        },
        "InstanceConfiguration": {"Cpu": "1024", "Memory": "2048", "InstanceRoleArn": f"arn:aws:iam::{call.account}:role/storefront"},
        "AutoScalingConfigurationSummary": {
            "AutoScalingConfigurationArn": f"arn:aws:apprunner:{call.region}:{call.account}:autoscalingconfiguration/DefaultConfiguration/1/00000000000000000000000000000001",
            "AutoScalingConfigurationName": "DefaultConfiguration", "AutoScalingConfigurationRevision": 1, "Status": "ACTIVE",
        },
        "NetworkConfiguration": {
            "EgressConfiguration": {"EgressType": "DEFAULT"}, "IngressConfiguration": {"IsPubliclyAccessible": True}, "IpAddressType": "IPV4",
        },
    }}


@answers("apprunner", "ListTagsForResource")
def list_tags_of_a_service(call, shim):
    if call.params.get("ResourceArn") != runner(call)["ServiceArn"]:
        raise Refusal("ResourceNotFoundException", f"Resource with the provided 'ResourceArn' does not exist: {call.params.get('ResourceArn')}")
    return {"Tags": [{"Key": "team", "Value": "storefront"}]}


def job_definition(call, number):
    name = f"nightly-{number}"
    return {
        "jobDefinitionName": name, "jobDefinitionArn": f"arn:aws:batch:{call.region}:{call.account}:job-definition/{name}:3",
        "revision": 3, "status": "ACTIVE", "type": "container", "containerOrchestrationType": "ECS",
        "platformCapabilities": ["FARGATE" if number else "EC2"],
        "containerProperties": {
            "image": reference(call, 7 + number), "command": ["run", "--all"], "privileged": number == 0,
            "jobRoleArn": f"arn:aws:iam::{call.account}:role/batch", "environment": [{"name": "MODE", "value": "nightly"}],
            "secrets": [{"name": "TOKEN", "valueFrom": f"arn:aws:secretsmanager:{call.region}:{call.account}:secret:token"}],
            "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
            "volumes": [{"name": "docker", "host": {"sourcePath": "/var/run/docker.sock"}}] if number == 0 else [],
            "mountPoints": [{"sourceVolume": "docker", "containerPath": "/var/run/docker.sock", "readOnly": False}] if number == 0 else [],
        },
    }


def has_batch(call, shim):
    return shim.estate.plan.workloads and reference(call, 0) is not None


@answers("batch", "DescribeJobDefinitions", "jobDefinitions")
def job_definitions(call, shim):
    found = [job_definition(call, number) for number in range(3)] if has_batch(call, shim) else []
    wanted = call.params.get("status")
    return [entry for entry in found if not wanted or entry["status"] == wanted]


@answers("batch", "DescribeJobQueues", "jobQueues")
def job_queues(call, shim):
    if not has_batch(call, shim):
        return []
    arn = f"arn:aws:batch:{call.region}:{call.account}"
    return [{
        "jobQueueName": "night", "jobQueueArn": f"{arn}:job-queue/night", "state": "ENABLED", "status": "VALID", "priority": 1,
        "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": f"{arn}:compute-environment/night"}],
    }]


@answers("batch", "ListJobs", "jobSummaryList")
def list_jobs(call, shim):
    if not has_batch(call, shim) or call.params.get("jobStatus", "RUNNING") != "RUNNING":
        return []
    return [job_summary(call, number) for number in range(3)]


def job_summary(call, number):
    identity = f"{number:08d}-1111-4111-8111-111111111111"
    return {
        "jobId": identity, "jobArn": f"arn:aws:batch:{call.region}:{call.account}:job/{identity}", "jobName": f"nightly-{number}",
        "createdAt": int(MADE.timestamp() * 1000), "startedAt": int(MADE.timestamp() * 1000) + 60_000, "status": "RUNNING",
        "jobDefinition": job_definition(call, number)["jobDefinitionArn"],
    }


@answers("batch", "DescribeJobs")
def describe_jobs(call, shim):
    found = []
    for number in range(3) if has_batch(call, shim) else ():
        summary = job_summary(call, number)
        if summary["jobId"] in call.params.get("jobs", []):
            properties = job_definition(call, number)["containerProperties"]
            container = {name: properties[name] for name in ("image", "command", "privileged", "environment", "secrets", "jobRoleArn")}
            found.append({**summary, "jobQueue": f"arn:aws:batch:{call.region}:{call.account}:job-queue/night", "container": container})
    return {"jobs": found}


@answers("lambda", "ListFunctionUrlConfigs", "FunctionUrlConfigs")
def function_urls(call, shim):
    name = call.params.get("FunctionName", "").split(":")[-1]
    known = {function.function_name: function for function in lambda_backends[call.account][call.region].list_functions()}
    if name not in known:
        raise Refusal(
            "ResourceNotFoundException", f"Function not found: arn:aws:lambda:{call.region}:{call.account}:function:{name}", 404,
            fields={"Type": "User"},
        )
    urls = known[name].url_config
    return [{name: value for name, value in urls.to_dict().items() if value is not None}] if urls else []


@answers("ecs", "ListTasks", "taskArns")
def list_tasks(call, shim):
    """moto does not filter by service, and takes a cluster for every cluster whose name holds its name."""
    backend, params = ecs_backends[call.account][call.region], call.params
    cluster = params.get("cluster", "default").split("/")[-1]
    if cluster not in backend.clusters:
        raise Refusal("ClusterNotFoundException", "Cluster not found.")
    read = {
        "serviceName": lambda task: task.group.removeprefix("service:"),
        "family": lambda task: task.task_definition_arn.split("/")[-1].split(":")[0],
        "containerInstance": lambda task: (task.container_instance_arn or "").split("/")[-1],
        "startedBy": lambda task: task.started_by,
        "desiredStatus": lambda task: task.desired_status,
        "launchType": lambda task: task.launch_type,
    }
    wanted = {"desiredStatus": "RUNNING", **{name: value for name, value in params.items() if name in read}}
    tasks = backend.tasks.get(cluster, {}).values()
    return [task.task_arn for task in tasks
            if all(read[name](task) == value.split("/")[-1] or read[name](task) == value for name, value in wanted.items())]


@answers("eks", "DescribeClusterVersions", "clusterVersions")
def cluster_versions(call, shim):
    """Three versions, each in another state of support. `includeAll` changes nothing: all are told."""
    def version(number, standard, extended, state):
        return {
            "clusterVersion": number, "clusterType": "eks", "defaultVersion": number == "1.34",
            "releaseDate": standard - datetime.timedelta(days=426), "endOfStandardSupportDate": standard,
            "endOfExtendedSupportDate": extended, "versionStatus": state,
        }

    def day(year, month, number):
        return datetime.datetime(year, month, number, tzinfo=datetime.timezone.utc)

    return [
        version("1.34", day(2026, 12, 2), day(2027, 12, 2), "STANDARD_SUPPORT"),
        version("1.32", day(2026, 3, 23), day(2027, 3, 23), "EXTENDED_SUPPORT"),
        version("1.30", day(2025, 7, 23), day(2026, 7, 23), "UNSUPPORTED"),
    ]
