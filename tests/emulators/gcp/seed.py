"""An organisation laid into memory: folders, projects, registries, workloads and what scanners said. The same plan
always gives the same estate. Refuses names of a plan that it does not know."""

import seed_analysis
import seed_container
import seed_registry
import seed_run
from estate import Estate, Project
from google.cloud.resourcemanager_v3 import types as wrapped
from google.protobuf import json_format
from replies import Row

PLANS = {
    "none": {"projects": 0, "repositories": 0, "workloads": False, "findings": 0},
    "tiny": {"projects": 1, "locations": ["europe-west1"], "repositories": 1, "packages": 3},
    "small": {},
    "large": {"images": 100_000, "workloads": 10_000, "repositories": 10, "findings": 0},
}
ORGANIZATION, FOLDERS = "organizations/123456789012", ("folders/210000000001", "folders/210000000002")
NAMES = ("plimsoll-shop", "plimsoll-ledger", "plimsoll-lab")


class Plan:
    """How large an organisation to build."""

    def __init__(self, order):
        order = {**PLANS[order.pop("plan", "small")], **order} if isinstance(order, dict) else dict(PLANS[order])
        self.projects = order.pop("projects", 3)
        self.locations = order.pop("locations", ["europe-west1", "us-central1"])
        # Repositories of Docker images in each project and location, and packages in each of them.
        self.repositories = order.pop("repositories", 5)
        self.packages = order.pop("packages", 6)
        self.versions = order.pop("versions", 2)
        self.architectures = order.pop("architectures", 2)
        # True for Cloud Run, clusters, and repositories of other formats, modes and of the former registry; or a number of
        # plain Cloud Run services in all.
        self.workloads = order.pop("workloads", True)
        # Vulnerability occurrences for each project.
        self.findings = order.pop("findings", 120)
        # Whether the newest image of the first package in each place has its papers beside it.
        self.attached = order.pop("attached", False)
        # Exactly so many images in all, if it is said how many.
        self.images = order.pop("images", None)
        if order:
            raise ValueError(f"a plan does not know: {', '.join(order)}")
        each = sum(self.manifests(number) for number in range(self.repositories * self.packages))
        if self.images and each:
            self.versions = -(-self.images // (self.projects * len(self.locations) * each))

    def manifests(self, number):
        """How many manifests one version of a package is."""
        if number % 5 == 4 or self.architectures == 1:
            return 1
        return 1 + self.architectures * (2 if self.attests(number) else 1)

    def attests(self, number):
        """Whether the images of a package come with their provenance, as buildkit makes them."""
        return number % 10 == 1


def build(order):
    """Builds an organisation by the plan."""
    estate = Estate()
    plan = estate.plan = Plan(order)
    if plan.projects == 0:
        return estate
    above(estate)
    # Multi-regions hold what the former registry left; nothing is in asia-east1.
    estate.locations = [*plan.locations, "asia-east1", "europe", "us"]
    for number in range(plan.projects):
        name = NAMES[number] if number < len(NAMES) else f"plimsoll-{number:03d}"
        project = lay_project(estate, name, number, "ACTIVE")
        seed_registry.build(estate, project, number)
        if plan.workloads is True:
            seed_run.build(estate, project)
            seed_container.build(estate, project)
        if plan.findings:
            seed_analysis.build(estate, project)
    if plan.workloads is not True and plan.workloads:
        seed_run.many(estate, plan.workloads)
    lay_project(estate, "plimsoll-retired", plan.projects, "DELETE_REQUESTED")
    return estate


def above(estate):
    """The organisation and its folders: one in the other."""
    estate.organizations[ORGANIZATION] = row(wrapped.Organization, {
        "name": ORGANIZATION, "displayName": "example.com", "directoryCustomerId": "C01abcdef", "state": "ACTIVE",
        "createTime": "2024-01-08T09:00:00Z", "updateTime": "2024-01-08T09:00:00Z", "etag": "organization",
    })
    for name, parent, title in ((FOLDERS[0], ORGANIZATION, "products"), (FOLDERS[1], FOLDERS[0], "laboratory")):
        estate.folders[name] = row(wrapped.Folder, {
            "name": name, "parent": parent, "displayName": title, "state": "ACTIVE", "createTime": "2024-01-09T09:00:00Z",
            "updateTime": "2024-01-09T09:00:00Z", "etag": title,
        })


def lay_project(estate, name, number, state):
    """One project: the first in the outer folder, the third in the inner one, the others in the organisation."""
    parent = {0: FOLDERS[0], 2: FOLDERS[1]}.get(number, ORGANIZATION)
    project = Project(name, str(310_000_000_000 + number * 1_000_003), parent, state)
    told = {
        "name": f"projects/{project.number}", "parent": parent, "projectId": name, "state": state, "displayName": name.replace("-", " ").title(),
        "createTime": "2024-02-01T08:00:00Z", "updateTime": "2026-09-01T08:00:00Z", "etag": name,
        "labels": {"stage": "prod" if number == 0 else "test", "cost-centre": str(70 + number)},
    }
    if state != "ACTIVE":
        told["deleteTime"] = "2026-11-10T08:00:00Z"
    project.row = row(wrapped.Project, told)
    estate.add(project)
    return project


def row(kind, told):
    return Row(json_format.ParseDict(told, kind.pb()()))
