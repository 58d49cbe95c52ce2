#!/usr/bin/env python3
"""Lists everything with Google's own Python clients, over gRPC without TLS and over REST without credentials, and
prints one line of JSON of what each kind has: what a connector must find too. Ends with 1 and a sentence when the
two transports tell different things. Refuses to be given anything but an emulator's REST address.

    python tests/emulators/gcp/check_sdk.py --endpoint http://127.0.0.1:PORT
"""

import argparse
import hashlib
import json
import sys
import urllib.request

import grpc
from google.api_core.exceptions import Forbidden, GoogleAPICallError
from google.auth.credentials import AnonymousCredentials
from google.cloud import artifactregistry_v1, container_v1, resourcemanager_v3, run_v2
from google.cloud.devtools import containeranalysis_v1
from google.protobuf import json_format
from grafeas import grafeas_v1

CLIENTS = {
    "projects": resourcemanager_v3.ProjectsClient, "folders": resourcemanager_v3.FoldersClient, "organizations": resourcemanager_v3.OrganizationsClient,
    "registry": artifactregistry_v1.ArtifactRegistryClient, "services": run_v2.ServicesClient, "revisions": run_v2.RevisionsClient,
    "jobs": run_v2.JobsClient, "executions": run_v2.ExecutionsClient, "worker_pools": run_v2.WorkerPoolsClient,
    "clusters": container_v1.ClusterManagerClient, "grafeas": grafeas_v1.GrafeasClient, "analysis": containeranalysis_v1.ContainerAnalysisClient,
}


def clients(kind, endpoint, target):
    """A client of every service over one transport."""
    host = endpoint.removeprefix("http://")
    channel = grpc.insecure_channel(target) if kind == "grpc" else None
    made = {}
    for name, client in CLIENTS.items():
        transport = client.get_transport_class(kind)
        if kind == "grpc":
            made[name] = client(transport=transport(channel=channel))
        else:
            made[name] = client(transport=transport(host=host, url_scheme="http", credentials=AnonymousCredentials()))
    return made


class Seen:
    """What was seen: kind -> resource name -> a digest over all that was told of it."""

    def __init__(self):
        self.kinds = {}

    def note(self, kind, name, message, **more):
        plain = type(message).pb(message) if hasattr(type(message), "pb") else message
        told = json_format.MessageToJson(plain, sort_keys=True)
        self.kinds.setdefault(kind, {})[name] = {"told": hashlib.sha256(told.encode()).hexdigest(), **more}


def walk(made):
    """Everything that a caller without credentials may list."""
    seen = Seen()
    for organization in made["organizations"].search_organizations():
        seen.note("organizations", organization.name, organization)
        below(made, seen, organization.name)
    for project in made["projects"].search_projects():
        seen.note("projects", project.name, project, id=project.project_id, state=project.state.name)
        if project.state.name != "ACTIVE":
            refused(made, seen, project)
            continue
        registries(made, seen, project.project_id)
        clusters(made, seen, project.project_id)
        analyses(made, seen, project.project_id)
    return seen.kinds


def below(made, seen, parent):
    """Folders and projects below an organisation or a folder."""
    for project in made["projects"].list_projects(request={"parent": parent, "show_deleted": True}):
        seen.note("projects by parent", project.name, project, parent=parent)
    for folder in made["folders"].list_folders(request={"parent": parent}):
        seen.note("folders", folder.name, folder)
        below(made, seen, folder.name)


def refused(made, seen, project):
    """That a project being deleted lets nobody in."""
    try:
        made["clusters"].list_clusters(request={"parent": f"projects/{project.project_id}/locations/-"})
    except Forbidden as problem:
        seen.kinds.setdefault("refused", {})[project.project_id] = {"reason": problem.reason, "about": dict(problem.metadata)}


def registries(made, seen, project):
    """Repositories with all that is in them, and Cloud Run, in each location."""
    registry = made["registry"]
    locations = [one.location_id for one in registry.list_locations({"name": f"projects/{project}"}).locations]
    for location in locations:
        place = f"projects/{project}/locations/{location}"
        for repository in registry.list_repositories(parent=place):
            seen.note("repositories", repository.name, repository, mode=repository.mode.name, cleanup=sorted(repository.cleanup_policies))
            seen.note("repository policies", repository.name, registry.get_iam_policy({"resource": repository.name}))
            for attachment in registry.list_attachments(parent=repository.name):
                seen.note("attachments", attachment.name, attachment)
            if repository.format_.name == "DOCKER":
                images(registry, seen, repository.name)
        workloads(made, seen, place)


def images(registry, seen, repository):
    for image in registry.list_docker_images(request={"parent": repository, "page_size": 1000}):
        seen.note("docker images", image.uri, image, tags=sorted(image.tags), children=[one.digest for one in image.image_manifests])
    for package in registry.list_packages(parent=repository):
        seen.note("packages", package.name, package)
        for version in registry.list_versions(request={"parent": package.name, "view": "FULL"}):
            seen.note("versions", version.name, version)
        for tag in registry.list_tags(request={"parent": package.name}):
            seen.note("tags", tag.name, tag)


def workloads(made, seen, place):
    for service in made["services"].list_services(parent=place):
        seen.note("services", service.name, service, images=[one.image for one in service.template.containers], ingress=service.ingress.name)
        policy = made["services"].get_iam_policy({"resource": service.name})
        seen.note("service policies", service.name, policy, members=[member for binding in policy.bindings for member in binding.members])
    for revision in made["revisions"].list_revisions(parent=place + "/services/-"):
        seen.note("revisions", revision.name, revision, images=[one.image for one in revision.containers])
    for job in made["jobs"].list_jobs(parent=place):
        seen.note("jobs", job.name, job)
    for execution in made["executions"].list_executions(parent=place + "/jobs/-"):
        seen.note("executions", execution.name, execution)
    for pool in made["worker_pools"].list_worker_pools(parent=place):
        seen.note("worker pools", pool.name, pool)
        for revision in made["revisions"].list_revisions(parent=pool.name):
            seen.note("revisions", revision.name, revision, images=[one.image for one in revision.containers])


def clusters(made, seen, project):
    for cluster in made["clusters"].list_clusters(request={"parent": f"projects/{project}/locations/-"}).clusters:
        name = f"projects/{project}/locations/{cluster.location}/clusters/{cluster.name}"
        seen.note(
            "clusters", name, cluster, version=cluster.current_master_version, channel=cluster.release_channel.channel.name,
            autopilot=cluster.autopilot.enabled, private_nodes=cluster.private_cluster_config.enable_private_nodes,
        )
        for pool in made["clusters"].list_node_pools(request={"parent": name}).node_pools:
            sandbox = pool.config.sandbox_config.type_.name if "sandbox_config" in pool.config else None
            seen.note(
                "node pools", f"{name}/nodePools/{pool.name}", pool, version=pool.version, image=pool.config.image_type,
                machine=pool.config.machine_type, zones=list(pool.locations), sandbox=sandbox,
            )


def analyses(made, seen, project):
    for kind in ("VULNERABILITY", "DISCOVERY", "SBOM_REFERENCE", "ATTESTATION"):
        for occurrence in made["grafeas"].list_occurrences(request={"parent": f"projects/{project}", "filter": f'kind="{kind}"', "page_size": 1000}):
            seen.note(f"occurrences {kind}", occurrence.name, occurrence, about=occurrence.resource_uri, note=occurrence.note_name)
    for owner in (project, "goog-vulnz"):
        for note in made["grafeas"].list_notes(request={"parent": f"projects/{owner}"}):
            seen.note("notes", note.name, note)
    summary = made["analysis"].get_vulnerability_occurrences_summary(request={"parent": f"projects/{project}"})
    seen.note("summaries", project, summary, total=sum(one.total_count for one in summary.counts))


def differences(one, other):
    """A sentence for each thing that the transports tell differently."""
    for kind in sorted({*one, *other}):
        left, right = one.get(kind, {}), other.get(kind, {})
        for name in sorted({*left, *right}):
            if left.get(name) != right.get(name):
                how = "only gRPC tells" if name not in right else "only REST tells" if name not in left else "gRPC and REST tell different things"
                yield f"{kind}: {how} of {name}"


def main():
    parser = argparse.ArgumentParser(description="List with Google's clients.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--names", action="store_true", help="print every name, not only counts and digests")
    given = parser.parse_args()
    with urllib.request.urlopen(given.endpoint + "/_estate") as answer:
        target = json.load(answer)["grpc"]
    try:
        told = {kind: walk(clients(kind, given.endpoint, target)) for kind in ("grpc", "rest")}
    except GoogleAPICallError as problem:
        sys.exit(f"Google's client was refused: {problem}")
    found = list(differences(told["grpc"], told["rest"]))
    if found:
        sys.exit(f"The transports differ in {len(found)} places. The first: {found[0]}")
    kinds = {kind: {"count": len(rows), "names": hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()} for kind, rows in told["grpc"].items()}
    if given.names:
        kinds = {kind: {**kinds[kind], "rows": rows} for kind, rows in told["grpc"].items()}
    print(json.dumps(kinds, sort_keys=True))


if __name__ == "__main__":
    main()
