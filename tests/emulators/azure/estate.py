"""What was seeded: a tenant with management groups, subscriptions, resources kept as text, and registries with their
contents. The same plan always gives the same estate. Refuses names of a plan that it does not know."""

import json

import contents
import defender
import signin
import workloads

PLANS = {
    "none": {"subscriptions": 0, "repositories": 0, "workloads": False, "findings": 0},
    "tiny": {"subscriptions": 1, "locations": ["westeurope"], "repositories": 3, "findings": 12},
    "small": {},
    "large": {"images": 100_000, "workloads": 10_000, "findings": 0, "attached": False, "bare": True},
}
SHORT = {"westeurope": "weu", "eastus": "eus", "northeurope": "neu", "germanywestcentral": "gwc"}


class Plan:
    """How large a tenant to build."""

    def __init__(self, order):
        order = {**PLANS[order.pop("plan", "small")], **order} if isinstance(order, dict) else dict(PLANS[order])
        self.subscriptions = order.pop("subscriptions", 3)
        self.locations = order.pop("locations", ["westeurope", "eastus"])
        self.repositories = order.pop("repositories", 60)
        self.versions = order.pop("versions", 2)
        self.architectures = order.pop("architectures", 2)
        # True for one of each temperament in each place, or a number of plain ones in all.
        self.workloads = order.pop("workloads", True)
        # Defender's findings in each place.
        self.findings = order.pop("findings", 120)
        # Whether the newest image of the first repository in each place has its papers beside it.
        self.attached = order.pop("attached", True)
        # Whether to leave out registries that are empty or closed.
        self.bare = order.pop("bare", False)
        # Exactly so many manifests, if it was said how many.
        self.most = order.pop("images", None)
        if order:
            raise ValueError(f"a plan does not know: {', '.join(order)}")
        places = self.subscriptions * len(self.locations)
        if self.most and places * self.repositories:
            self.versions = -(-self.most // (places * sum(map(self.manifests, range(self.repositories))))) + 1

    def platforms(self, number):
        """How many platforms the images of a repository have; every fifth has one and no index."""
        return 1 if number % 5 == 4 else self.architectures

    def manifests(self, number):
        """How many manifests one version of a repository is."""
        return 1 if self.platforms(number) == 1 else 1 + self.platforms(number)


class Resource:
    """One resource of the manager: what lists ask for, and its JSON."""

    __slots__ = ("id", "name", "type", "group", "location", "text")

    def __init__(self, written):
        parts = written["id"].split("/")
        self.id, self.name, self.group = written["id"], written["name"], parts[4].lower()
        self.type = "/".join(parts[6:8]).lower()
        self.location = written.get("location")
        self.text = json.dumps(written, separators=(",", ":"))

    def read(self):
        return json.loads(self.text)


class Estate:
    def __init__(self):
        self.plan, self.subscriptions, self.groups = None, [], {}
        # Resources by subscription and type, and by id in lower case.
        self.resources, self.by_id = {}, {}
        self.registries, self.findings, self.images = {}, {}, 0
        # Images in which Defender found nothing, by subscription.
        self.healthy = {}

    def add(self, written):
        resource = Resource(written)
        subscription = written["id"].split("/")[2]
        self.resources.setdefault((subscription, resource.type), []).append(resource)
        self.by_id[resource.id.lower()] = resource

    def told(self):
        """What a test needs in order to begin."""
        kinds = {}
        for (_, kind), rows in sorted(self.resources.items()):
            kinds[kind] = kinds.get(kind, 0) + len(rows)
        return {
            "tenant": signin.TENANT, "client": signin.CLIENT, "secret": signin.SECRET, "managed_identity": signin.MANAGED,
            "federated": signin.FEDERATED, "subscriptions": self.subscriptions, "locations": self.plan.locations,
            "registries": sorted(self.registries), "resources": kinds, "images": self.images,
            "repositories": sum(len(registry.repositories) for registry in self.registries.values()),
            "findings": sum(map(len, self.findings.values())), "healthy": sum(map(len, self.healthy.values())),
        }


class Place:
    """One subscription and location, with what its workloads run."""

    def __init__(self, estate, number, location):
        subscription = estate.subscriptions[number]
        self.subscription, self.location, self.number = subscription["subscriptionId"], location, number
        self.short = SHORT.get(location, location[:6])
        self.group = f"rg-{self.short}"
        self.registry = None

    def id(self, kind, name):
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group}/providers/{kind}/{name}"

    def identity(self, name):
        return self.id("Microsoft.ManagedIdentity/userAssignedIdentities", name)

    def tagged(self, number):
        """A reference by tag."""
        return f"{self.registry.server}/{self.registry.running(number).name}:latest"

    def pinned(self, number):
        """A reference by the digest of one platform's image."""
        repository = self.registry.running(number)
        image = next(image for image in repository.images if image.architecture)
        return f"{self.registry.server}/{repository.name}@{image.digest}"


def subscription_id(number):
    return f"{number:08d}-0000-4000-8000-{number:012d}"


def build(order):
    """Lays the tenant of a plan."""
    plan, estate = Plan(order), Estate()
    estate.plan = plan
    for number in range(plan.subscriptions):
        identity = subscription_id(number + 1)
        estate.subscriptions.append({"subscriptionId": identity, "displayName": f"workloads-{number + 1}"})
        estate.groups[identity] = []
    places = [Place(estate, number, location) for number in range(plan.subscriptions) for location in plan.locations]
    for place in places:
        estate.groups[place.subscription].append({"name": place.group, "location": place.location})
        lay_registries(estate, place, plan, share(plan, len(places), estate.images))
        if plan.workloads is True and place.registry.named:
            workloads.build(estate, place)
            estate.findings.setdefault(place.subscription, []).extend(defender.findings(place, plan.findings))
            estate.healthy.setdefault(place.subscription, []).extend(defender.healthy(place))
    if plan.workloads is not True and plan.workloads:
        for number in range(plan.workloads):
            estate.add(workloads.plain(places[number % len(places)], number))
    return estate


def share(plan, places, laid):
    """How many manifests a place may have, so that all have as many as was said."""
    return None if plan.most is None else min(-(-plan.most // places), plan.most - laid)


def lay_registries(estate, place, plan, most):
    """The registry that a place runs from, and one that is empty and one that lets nobody in."""
    temperament = ("Premium", "Standard", "Basic")[place.number % 3]
    place.registry = lay_registry(
        estate, place, f"plimsoll{place.number + 1}{place.short}", temperament, admin=place.number % 3 == 1, anonymous=temperament == "Standard",
    )
    estate.images += contents.fill(place.registry, plan, most, plan.attached)
    if plan.bare or place.location != plan.locations[0]:
        return
    lay_registry(estate, place, f"spare{place.number + 1}", "Basic")
    if place.number == 2:
        lay_registry(estate, place, "sealed", "Premium", closed=True)


def lay_registry(estate, place, name, tier, admin=False, anonymous=False, closed=False):
    registry = contents.Registry(name, place, anonymous, admin, closed)
    estate.registries[name] = registry
    estate.add(workloads.registry(place, registry, tier))
    return registry
