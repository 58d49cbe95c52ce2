"""What was seeded: repositories that every site shows in its own way. The same plan always gives the same estate. Refuses
names of a plan that it does not know."""

import findings
import hard
import hostile
import images
import papers
from contents import Repository, config_of, image, index, labels_of, written
from images import DOCKER, OCI

PLANS = {
    "none": {"usual": False, "hard": False},
    "tiny": {"hard": False},
    "small": {},
    "hostile": {"hostile": True},
    # 20,000 manifests: indexes over two platforms, and a fifth without.
    "large": {"usual": False, "hard": False, "repositories": 200, "manifests": 20_000},
}
SHOP = ("web", "api", "worker", "cart", "mail", "search")


class Plan:
    """How large an estate to build."""

    def __init__(self, order):
        order = {**PLANS[order.get("plan", "small")], **{name: value for name, value in order.items() if name != "plan"}} if isinstance(order, dict) else dict(PLANS[order])
        # The shop with its papers, and those that are hard to read.
        self.usual = order.pop("usual", True)
        self.hard = order.pop("hard", True)
        self.hostile = order.pop("hostile", False)
        # Plain repositories besides, tags of each, platforms of each tag, and at most so many manifests.
        self.repositories = order.pop("repositories", 0)
        self.tags = order.pop("tags", 2)
        self.architectures = order.pop("architectures", 2)
        self.most = order.pop("manifests", None)
        if order:
            raise ValueError(f"a plan does not know: {', '.join(order)}")
        if self.most and self.repositories:
            made = sum(1 if number % 5 == 4 or self.architectures == 1 else 1 + self.architectures for number in range(self.repositories))
            self.tags = -(-self.most // made) + 1


class Estate:
    def __init__(self):
        self.repositories, self.papers, self.seconds = {}, [], 0.0
        # What was worked out from them, as with repositories.
        self.kept = {}
        # What each address of the emulator is, and who may ask; the front tells.
        self.addresses, self.accounts = {}, {}

    def add(self, name, description=""):
        one = Repository(name, description or f"The {name.rpartition('/')[2]} of {name.partition('/')[0]}.")
        one.number, one.pulls = len(self.repositories) + 1, len(self.repositories) * 1013 % 9973
        self.repositories[name] = one
        return one

    def sorted(self):
        return [self.repositories[name] for name in sorted(self.repositories)]

    def namespaces(self):
        return sorted({one.namespace for one in self.repositories.values()})

    def told(self):
        """What a test needs in order to begin."""
        scans = {}
        for repository in self.repositories.values():
            for one in repository.manifests.values():
                if one.kind == "image":
                    state, rows = findings.of(one)
                    scans[state] = scans.get(state, 0) + 1
                    scans["findings"] = scans.get("findings", 0) + len(rows)
        return {
            "addresses": self.addresses, "accounts": self.accounts, "repositories": sorted(self.repositories), "hidden": "closed", "public": "library",
            "manifests": sum(len(one.manifests) for one in self.repositories.values()), "tags": sum(len(one.named(False)) for one in self.repositories.values()),
            "scans": scans, "papers": self.papers, "seconds": round(self.seconds, 3),
        }


def build(order):
    """Lays the estate of a plan."""
    plan, estate = Plan(order), Estate()
    if plan.usual:
        usual(estate)
    if plan.hard:
        hard.lay(estate)
    if plan.hostile:
        hostile.lay(estate)
    if plan.repositories:
        plain(estate, plan)
    for repository in estate.repositories.values():
        papers.fall_back(repository)
    return estate


def usual(estate):
    """A shop that is built upon a base of its own: by several platforms, signed in every way, and with papers."""
    base = estate.add("platform/base")
    under = {one: f"debian 12 {one}" for one in ("amd64", "arm64")}
    first = [image(base, platform=f"linux/{one}", layers=(words,), version="12.8", settings={"User": ""}) for one, words in under.items()]
    told = index(base, first, ["12", "12.8"])
    on_base = {"org.opencontainers.image.base.name": "registry.example.com/platform/base:12", "org.opencontainers.image.base.digest": told.digest}
    for number, name in enumerate(SHOP):
        repository = estate.add(f"shop/{name}")
        for day, version in enumerate(("1.0.0", "1.1.0")):
            tags = [version, *(["latest"] if day else [])]
            if number % 3 == 1:
                newest = image(repository, tags, types=DOCKER, version=version, day=day, labels=on_base)
                continue
            children = [
                image(repository, platform=one, version=version, day=day, annotations=on_base, labels={"org.example.team": "shop"})
                for one in ("linux/amd64", "linux/arm64/v8")
            ]
            entries = hard.attestations(repository, children) if number == 0 else None
            newest = index(repository, children, tags, day=day, annotations=on_base, entries=entries)
        attach(estate, name, newest)
    deep = estate.add("platform/deep/path/of/names/service")
    image(deep, ["1.0.0", "latest"], annotations=on_base)
    for name in ("vault", "keys"):
        image(estate.add(f"closed/{name}"), ["latest"])
    debian = estate.add("library/debian", "A public one.")
    image(debian, ["12", "latest"], layers=(under["amd64"],), version="12.8", settings={"User": ""})


def attach(estate, name, newest):
    """Each of the shop's images has papers of one kind."""
    # The image of one platform that is signed beside its index.
    child = newest.repository.manifests[newest.children[0]] if newest.children else newest
    if name == "web":
        papers.sign_by_tag(estate, newest, "valid")
        papers.sign_by_tag(estate, child, "valid")
        papers.attest_by_tag(estate, newest, "valid")
        papers.bill_by_tag(estate, newest)
    if name == "api":
        papers.sign_by_tag(estate, newest, "another key")
        papers.attest_by_tag(estate, newest, "another key")
        papers.attest_by_bundle(estate, newest, "another key")
    if name == "worker":
        papers.sign_by_subject(estate, newest, "valid")
        papers.attest_by_bundle(estate, newest, "valid")
        papers.describe(estate, newest)
        papers.suspect(estate, child)
    if name == "cart":
        papers.sign_by_tag(estate, newest, "another digest")
        papers.sign_by_subject(estate, newest, "another digest")
        papers.attest_by_tag(estate, newest, "another digest")
    if name == "mail":
        papers.sign_by_tag(estate, newest, "broken")
        papers.sign_by_subject(estate, newest, "broken")
        papers.attest_by_tag(estate, newest, "broken")
    if name == "search":
        # One that does not hold beside one that does: the image is signed.
        papers.sign_by_tag(estate, newest, "another key", "valid")
        papers.sign_by_bundle(estate, child, "valid")


def plain(estate, plan):
    """Many repositories of small images whose layers nobody can pull."""
    left, kinds = plan.most or 1 << 60, (OCI, DOCKER)
    held = [estate.add(f"team-{'abcde'[number % 5]}/service-{number:04d}") for number in range(plan.repositories)]
    for day in range(plan.tags):
        for number, repository in enumerate(held):
            if left <= 0:
                return
            left -= version(repository, kinds[number % 2], day, 1 if number % 5 == 4 else plan.architectures, left)


def version(repository, types, day, platforms, most):
    """One tag, and `latest`: an index over images of several platforms, or an image; answers how many manifests."""
    made = [small(repository, types, day, name) for name in images.ARCHITECTURES[: min(platforms, most)]]
    newest = made[0]
    if platforms > 1 and len(made) < most:
        newest = index(repository, made, types=types, day=day)
        made.append(newest)
    else:
        # None may be left that no tag leads to, where the number ends before the index.
        repository.tags.update({f"1.{day}.0-{one.platform['architecture']}": one for one in made[1:]})
    repository.tags[f"1.{day}.0"] = repository.tags["latest"] = newest
    return len(made)


def small(repository, types, day, architecture):
    """An image without layers to pull, and made quickly."""
    platform, created = {"architecture": architecture, "os": "linux"}, f"2026-10-{day % 28 + 1:02d}T00:00:00Z"
    settings = {"User": "" if day % 3 == 0 else "10001", "Entrypoint": ["/app/serve"], "Labels": labels_of(repository.name, f"1.{day}.0")}
    config = config_of(platform, (f"debian 12 {architecture}",), settings, created, [{"created": created, "created_by": "COPY /app /app # buildkit"}], None)
    repository.keep(config)
    text = written({
        "schemaVersion": 2, "mediaType": types["manifest"], "config": {"mediaType": types["config"], "size": len(config), "digest": images.sha256(config)},
        "layers": [{"mediaType": types["layer"], "size": 28_230_000, "digest": images.sha256("layer debian 12 " + architecture)},
                   {"mediaType": types["layer"], "size": 1_000_000 + day, "digest": images.sha256(f"layer {repository.name} {day}")}],
    })
    return repository.lay(text, types["manifest"], kind="image", platform=platform, config=images.sha256(config), size=29_230_000 + day, version=day)
