"""An organisation laid into moto's backends in this process, which is a thousand times faster than through
its API. The same plan always gives the same estate. Refuses names of a plan that it does not know."""

import datetime

from moto.ecr.models import Image, ecr_backends

import artefacts
import images
import workloads

MANAGEMENT_KEY, MANAGEMENT_SECRET = "AKIAPLIMSOLLMANAGED1", "not-a-secret"
ROLE, EXTERNAL_ID = "PlimsollReader", "plimsoll"
PLANS = {
    "none": {"repositories": 0, "workloads": False, "findings": 0},
    "tiny": {"accounts": 1, "regions": ["eu-central-1"], "repositories": 3, "versions": 2},
    "small": {},
    "large": {"images": 100_000, "workloads": False, "findings": 0, "moto_lists": True},
}
EPOCH = int(datetime.datetime(2026, 10, 1, tzinfo=datetime.timezone.utc).timestamp())


class Plan:
    """How large an organisation to build."""

    def __init__(self, order):
        order = {**PLANS[order.pop("plan", "small")], **order} if isinstance(order, dict) else dict(PLANS[order])
        self.accounts = order.pop("accounts", 3)
        self.regions = order.pop("regions", ["eu-central-1", "us-east-1"])
        self.repositories = order.pop("repositories", 60)
        self.versions = order.pop("versions", 2)
        self.architectures = order.pop("architectures", 2)
        self.workloads = order.pop("workloads", True)
        # Inspector findings for each account and region.
        self.findings = order.pop("findings", 120)
        # Whether the newest image of the first repository in each place has its papers beside it.
        self.attached = order.pop("attached", False)
        # Whether moto itself lists repositories and images, whole and at its own pace.
        self.moto_lists = order.pop("moto_lists", False)
        wanted = order.pop("images", None)
        if order:
            raise ValueError(f"a plan does not know: {', '.join(order)}")
        places = self.accounts * len(self.regions)
        if wanted and places * self.repositories:
            self.versions = -(-wanted // (places * sum(map(self.manifests, range(self.repositories)))))
        # Exactly so many manifests, if it was said how many.
        self.most = wanted

    def manifests(self, number):
        """How many manifests one version of a repository is."""
        if number % 5 == 4 or self.architectures == 1:
            return 1
        return 1 + self.architectures * (2 if self.attests(number) else 1)

    def attests(self, number):
        """Whether the images of a repository come with their provenance, as buildkit makes them."""
        return number % 10 == 1


class Estate:
    """What was seeded, as far as the shim answers from it."""

    def __init__(self):
        self.management, self.accounts, self.keys, self.roles = None, [], {}, {}
        self.regions, self.plan = [], None
        # The bytes of configs by digest, and how many manifests there are.
        self.blobs, self.images = {}, 0

    def told(self):
        """What a test needs in order to begin."""
        return {
            "management": self.management, "accounts": self.accounts, "regions": self.regions,
            "access_key": MANAGEMENT_KEY, "secret_key": MANAGEMENT_SECRET, "role": ROLE, "external_id": EXTERNAL_ID,
            "repositories": len(self.accounts) * len(self.regions) * self.plan.repositories, "images": self.images,
        }


def account_id(number):
    """111111111111 and so on to nine, then 100000000010 and so on."""
    return str(number) * 12 if number < 10 else str(100_000_000_000 + number)


def build(order):
    """Lays the organisation of a plan; moto must be empty."""
    plan, estate = Plan(order), Estate()
    estate.plan, estate.regions = plan, list(plan.regions)
    for number in range(1, plan.accounts + 1):
        number_text = account_id(number)
        name = "management" if number == 1 else f"workloads-{number}"
        estate.accounts.append({"id": number_text, "name": name, "email": f"{name}@example.com"})
        estate.roles[f"arn:aws:iam::{number_text}:role/{ROLE}"] = EXTERNAL_ID
    estate.management = estate.accounts[0]["id"]
    estate.keys[MANAGEMENT_KEY] = estate.management
    for account in estate.accounts:
        for region in plan.regions:
            for number in range(plan.repositories):
                fill(estate, account["id"], region, number)
            if plan.attached:
                attach(estate, account["id"], region)
            if plan.workloads:
                workloads.build(account["id"], region)
    return estate


def fill(estate, account, region, number):
    """One repository with its versions."""
    backend = ecr_backends[account][region]
    name = f"team-{'abcde'[number % 5]}/service-{number:03d}" if number % 6 else f"service-{number:03d}"
    repository = backend.create_repository(
        repository_name=name, registry_id=None, encryption_config=None,
        image_scan_config={"scanOnPush": number % 2 == 0},
        image_tag_mutability="IMMUTABLE" if number % 4 == 0 else "MUTABLE", tags=[],
    )
    repository.created_at = datetime.datetime(2026, 1, 1 + number % 28, tzinfo=datetime.timezone.utc)
    types = images.OCI if number % 2 else images.DOCKER
    plan, full = estate.plan, f"{account}/{region}/{name}"
    for version in range(plan.versions):
        left = plan.most - estate.images if plan.most else plan.manifests(number)
        if left <= 0:
            return
        tags = [f"1.{version}.0"] + (["latest"] if version == plan.versions - 1 else [])
        if plan.manifests(number) == 1 or left < plan.manifests(number):
            push(estate, repository, types, full, version, images.ARCHITECTURES[0], tags)
        else:
            push_index(estate, repository, types, full, version, tags, attested=plan.attests(number))


def attach(estate, account, region):
    """The papers of the newest image of the first repository: of one platform, where there are several."""
    repository = next(iter(ecr_backends[account][region].repositories.values()))
    image = next(image for image in reversed(repository.images) if "layers" in image.image_manifest)
    for text, config, subject, tags, blobs in artefacts.beside(image.image_digest, repository.name):
        size = sum(map(len, blobs.values()))
        laid = lay(estate, repository, text, images.OCI["manifest"], artefacts.EMPTY, size, estate.plan.versions, tags, config)
        laid.subject = subject
        estate.blobs.update(blobs)


def push(estate, repository, types, full, version, architecture, tags):
    """One platform's image."""
    text, made, size = images.manifest(types, full, version, architecture)
    return lay(estate, repository, text, types["manifest"], made, size, version, tags, types["config"])


def push_index(estate, repository, types, full, version, tags, attested):
    """The images of all platforms, untagged, and the index that holds the tags."""
    children, largest = [], 0
    for architecture in images.ARCHITECTURES[: estate.plan.architectures]:
        child = push(estate, repository, types, full, version, architecture, [])
        size = len(child.image_manifest)
        children.append((child.image_digest, size, types["manifest"], architecture, None))
        largest = max(largest, child.pull_size)
        if attested:
            statement = artefacts.statement(child.image_digest, full)
            estate.blobs[images.sha256(statement)] = statement
            text, made, pull = images.attestation(child.image_digest, statement)
            proof = lay(estate, repository, text, images.OCI["manifest"], made, pull, version, [], images.OCI["config"])
            children.append((proof.image_digest, len(text), images.OCI["manifest"], None, child.image_digest))
    lay(estate, repository, images.index(types, children), types["index"], None, largest, version, tags, None)


def lay(estate, repository, text, media, made, size, version, tags, artifact):
    """A manifest into a repository, without a search for an equal one."""
    image = Image(repository.account_id, tags[-1] if tags else None, text, repository.name, media, images.sha256(text))
    image.image_tags = list(tags)
    image.image_pushed_at = EPOCH + version * 86_400 + len(repository.images)
    image.pull_size, image.artifact = size, artifact
    if version % 2:
        image.pulled_at = image.image_pushed_at + 3600
    repository.images.append(image)
    if made is not None:
        estate.blobs[images.sha256(made)] = made
    estate.images += 1
    return image
