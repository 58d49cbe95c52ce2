"""What Cloud Run runs in a project: services of several temperaments with their revisions, jobs, worker pools.
Refuses images that are not in the project's repositories, but for one public one."""

import hashlib

from google.cloud.run_v2 import types as wrapped
from google.iam.v1 import policy_pb2
from google.protobuf import json_format

STARTED = "2026-11-18T07:30:00Z"
SIDECAR = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:1.2.0"
SECRET = {"name": "DATABASE_URL", "valueSource": {"secretKeyRef": {"secret": "database-url", "version": "latest"}}}
READY = {"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": STARTED}


def identity(name):
    """A UUID from a name."""
    found = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return "-".join((found[:8], found[8:12], found[12:16], found[16:20], found[20:]))


class Place:
    """One project and location, with the images that can run there."""

    def __init__(self, project, location):
        self.project, self.location = project, location
        self.base = f"projects/{project.id}/locations/{location}"
        self.images = [
            (repository, image) for repository in project.repositories.values() if repository.location == location and repository.id.startswith("images-")
            for image in repository.images() if "latest" in image.tags
        ]

    def tagged(self, number):
        """A reference by tag, and the same as Cloud Run resolves it: by the digest that the tag has."""
        repository, image = self.images[number % len(self.images)]
        name = f"{repository.host}/{repository.project}/{repository.id}/{image.package}"
        return f"{name}:latest", f"{name}@{image.digest}"

    def account(self, name):
        return f"{name}@{self.project.id}.iam.gserviceaccount.com"

    def compute(self):
        return f"{self.project.number}-compute@developer.gserviceaccount.com"

    def common(self, name):
        return {
            "name": name, "uid": identity(name), "generation": "3", "observedGeneration": "3", "createTime": "2026-06-01T09:00:00Z", "updateTime": STARTED,
            "creator": "deploy@example.com", "lastModifier": "deploy@example.com", "client": "gcloud", "clientVersion": "545.0.0",
            "launchStage": "GA", "terminalCondition": READY, "etag": f'"{identity(name)[:12]}"',
        }


def build(estate, project):
    """Everything that runs; nothing without images to run."""
    for location in estate.plan.locations:
        place = Place(project, location)
        if place.images:
            services(place)
            jobs(place)
            worker_pools(place)


def services(place):
    """Open to all, to the network only, behind a load balancer, without a check of the invoker, and gone astray."""
    web, web_digest = place.tagged(0)
    _, admin = place.tagged(1)
    edge, edge_digest = place.tagged(2)
    serve(place, "web", "INGRESS_TRAFFIC_ALL", [
        {"name": "web", "image": web, "ports": [{"name": "http1", "containerPort": 8080}],
         "env": [{"name": "LOG_LEVEL", "value": "info"}, SECRET], "resources": {"limits": {"cpu": "1", "memory": "512Mi"}, "cpuIdle": True}},
        {"name": "metrics", "image": SIDECAR},
    ], [web_digest, SIDECAR.partition(":")[0] + "@sha256:" + hashlib.sha256(b"sidecar").hexdigest()], place.account("web"), "allUsers", split=True)
    serve(place, "admin", "INGRESS_TRAFFIC_INTERNAL_ONLY", [{"name": "admin", "image": admin, "ports": [{"containerPort": 8080}]}], [admin],
          place.compute(), None)
    serve(place, "edge", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", [{"name": "edge", "image": edge}], [edge_digest], place.account("edge"),
          "allAuthenticatedUsers", binaryAuthorization={"useDefault": True}, defaultUriDisabled=True)
    plain = [{"name": "DB_PASSWORD", "value": "correct-horse"}]
    serve(place, "open", "INGRESS_TRAFFIC_ALL", [{"name": "open", "image": web, "env": plain}], [web_digest], place.compute(), None, invokerIamDisabled=True)
    failed = {**READY, "state": "CONDITION_FAILED", "reason": "CONTAINER_MISSING", "message": "Image not found."}
    serve(place, "broken", "INGRESS_TRAFFIC_ALL", [{"name": "broken", "image": edge}], [edge_digest], place.compute(),
          "user:somebody@example.com", terminalCondition=failed)


def serve(place, name, ingress, containers, resolved, account, invoker, split=False, **more):
    """A service, its revisions and its policy. A split one sends a tenth to the newest revision."""
    full = f"{place.base}/services/{name}"
    revisions = [f"{name}-0000{number}-{identity(full)[:3]}" for number in (2, 3)]
    template = {"serviceAccount": account, "containers": containers, "timeout": "300s", "maxInstanceRequestConcurrency": 80,
                "scaling": {"maxInstanceCount": 20}, "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2"}
    if ingress != "INGRESS_TRAFFIC_ALL":
        template["vpcAccess"] = {"egress": "PRIVATE_RANGES_ONLY", "networkInterfaces": [{"network": "default", "subnetwork": "default"}]}
    latest = {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}
    by_revision = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
    traffic = [
        {"type": by_revision, "revision": revisions[0], "percent": 90}, {"type": by_revision, "revision": revisions[1], "percent": 10, "tag": "canary"},
    ] if split else [latest]
    url = f"https://{name}-{place.project.number}.{place.location}.run.app"
    told = {
        **place.common(full), "ingress": ingress, "template": template, "traffic": traffic, "labels": {"team": "a"},
        "latestReadyRevision": f"{full}/revisions/{revisions[1]}", "latestCreatedRevision": f"{full}/revisions/{revisions[1]}",
        "trafficStatuses": [{**one, "revision": one.get("revision", revisions[1])} for one in traffic], "uri": url, "urls": [url], **more,
    }
    lay(place, "services", wrapped.Service, told)
    for number, revision in enumerate(revisions):
        running = [{**container, "image": image} for container, image in zip(containers, resolved)]
        lay(place, "revisions", wrapped.Revision, {
            **common_of_revision(place, f"{full}/revisions/{revision}", number + 2), "service": name, "containers": running, "serviceAccount": account,
            "timeout": "300s", "maxInstanceRequestConcurrency": 80, "scaling": {"maxInstanceCount": 20},
            "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
        })
    if invoker:
        policy = policy_pb2.Policy(version=1, etag=b"BwYC")
        policy.bindings.add(role="roles/run.invoker", members=[invoker])
        place.project.policies[full] = policy


def common_of_revision(place, name, generation):
    return {
        "name": name, "uid": identity(name), "generation": "1", "observedGeneration": "1", "createTime": f"2026-11-1{generation}T07:30:00Z",
        "updateTime": STARTED, "launchStage": "GA", "creator": "deploy@example.com", "conditions": [READY],
        "logUri": "https://console.cloud.google.com/logs/viewer?project=" + place.project.id,
    }


def jobs(place):
    """One that ran, one that failed with a secret in plain sight, one that never ran."""
    image, digest = place.tagged(3)
    went, failed = {"succeededCount": 1}, {"failedCount": 1}
    for name, plain, counts in (("nightly", False, [went, went]), ("report", True, [failed]), ("never", False, [])):
        full = f"{place.base}/jobs/{name}"
        env = [{"name": "API_TOKEN", "value": "hunter2"}] if plain else [SECRET]
        task = {"containers": [{"name": name, "image": image, "env": env}], "serviceAccount": place.account(name), "maxRetries": 3, "timeout": "600s"}
        told = {**place.common(full), "template": {"taskCount": 1, "parallelism": 1, "template": task}, "executionCount": len(counts)}
        if counts:
            told["latestCreatedExecution"] = {"name": f"{name}-{len(counts) - 1}", "createTime": STARTED}
        lay(place, "jobs", wrapped.Job, told)
        for number, count in enumerate(counts):
            run = f"{full}/executions/{name}-{number}"
            ran = {**task, "containers": [{**task["containers"][0], "image": digest}]}
            lay(place, "executions", wrapped.Execution, {
                "name": run, "uid": identity(run), "generation": "1", "createTime": f"2026-11-1{number}T01:00:00Z",
                "startTime": f"2026-11-1{number}T01:00:05Z",
                "completionTime": f"2026-11-1{number}T01:05:00Z", "job": name, "taskCount": 1, "parallelism": 1, "template": ran, "launchStage": "GA",
                "conditions": [{**READY, "type": "Completed"}], **count,
            })


def worker_pools(place):
    """One that pulls work and is reached by nobody."""
    image, digest = place.tagged(4)
    full = f"{place.base}/workerPools/consumer"
    revision = "consumer-00001-abc"
    container = {"name": "consumer", "image": image, "env": [SECRET]}
    lay(place, "workerPools", wrapped.WorkerPool, {
        **place.common(full), "template": {"serviceAccount": place.account("consumer"), "containers": [container]}, "scaling": {"manualInstanceCount": 2},
        "latestReadyRevision": f"{full}/revisions/{revision}", "latestCreatedRevision": f"{full}/revisions/{revision}",
        "instanceSplitStatuses": [{"type": "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST", "revision": revision, "percent": 100}],
    })
    lay(place, "revisions", wrapped.Revision, {
        **common_of_revision(place, f"{full}/revisions/{revision}", 1), "containers": [{**container, "image": digest}],
        "serviceAccount": place.account("consumer"),
    })


def lay(place, kind, message, told):
    place.project.lay(kind, place.location, json_format.ParseDict(told, message.pb()()))


def many(estate, wanted):
    """So many services over all places, each like the next but for its name and image."""
    places = [Place(project, location) for project in estate.projects.values() for location in estate.plan.locations]
    for number in range(wanted):
        place = places[number % len(places)]
        image, full = f"{SIDECAR.partition(':')[0]}:1.0.{number}", f"{place.base}/services/service-{number:06d}"
        pinned = SIDECAR.partition(":")[0] + "@sha256:" + hashlib.sha256(image.encode()).hexdigest()
        if place.images:
            image, pinned = place.tagged(number // len(places))
        revision = f"{full}/revisions/service-{number:06d}-00001-abc"
        lay(place, "services", wrapped.Service, {
            **place.common(full), "ingress": "INGRESS_TRAFFIC_ALL" if number % 3 else "INGRESS_TRAFFIC_INTERNAL_ONLY",
            "template": {"serviceAccount": place.compute(), "containers": [{"name": "main", "image": image, "ports": [{"containerPort": 8080}]}]},
            "traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}], "latestReadyRevision": revision,
            "latestCreatedRevision": revision, "uri": f"https://service-{number:06d}-{place.project.number}.{place.location}.run.app",
        })
        lay(place, "revisions", wrapped.Revision, {
            **common_of_revision(place, revision, 1), "service": f"service-{number:06d}", "containers": [{"name": "main", "image": pinned}],
        })
