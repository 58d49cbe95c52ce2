"""What exists: projects and what lies in them, in memory. Refuses nothing; `seed` fills it and the answers read it."""

from replies import Row


class Project:
    """One project and everything in it, by resource name."""

    def __init__(self, identity, number, parent, state):
        self.id, self.number, self.parent, self.state = identity, number, parent, state
        self.row = None
        self.repositories, self.notes, self.occurrences = {}, {}, {}
        # Of Cloud Run: kind -> location -> name -> row.
        self.run = {kind: {} for kind in ("services", "revisions", "jobs", "executions", "workerPools")}
        # Cluster name -> message, node pools inside.
        self.clusters = {}
        # Resource name -> IAM policy, where there is one.
        self.policies = {}

    def lay(self, kind, location, message):
        self.run[kind].setdefault(location, {})[message.name] = Row(message)


class Image:
    """One manifest: what it is and how to write it again."""

    __slots__ = ("package", "digest", "media", "recipe", "tags", "size", "uploaded", "children", "subject", "version")

    def __init__(self, package, digest, media, recipe, tags, size, uploaded, children=(), subject=None, version=0):
        self.package, self.digest, self.media, self.recipe, self.tags = package, digest, media, recipe, tags
        self.size, self.uploaded, self.children, self.subject, self.version = size, uploaded, children, subject, version


class Repository:
    """One repository of Artifact Registry."""

    def __init__(self, name, message):
        self.name, self.row = name, Row(message)
        _, self.project, _, self.location, _, self.id = name.split("/")
        # Package -> images, in the order of their upload.
        self.packages = {}
        # What ListDockerImages tells.
        self.rows = []
        self.attachments = []
        # Digest -> bytes, of what is not written again from a recipe.
        self.blobs = {}

    @property
    def host(self):
        return f"{self.location}-docker.pkg.dev"

    def uri(self, package, digest):
        return f"{self.host}/{self.project}/{self.id}/{package}@{digest}"

    def images(self):
        for images in self.packages.values():
            yield from images


class Estate:
    """All projects, folders and the organisation."""

    def __init__(self):
        self.projects, self.numbers, self.folders, self.organizations = {}, {}, {}, {}
        self.locations = []
        self.images = 0
        self.plan = None

    def add(self, project):
        self.projects[project.id] = project
        self.numbers[project.number] = project.id

    def project(self, name):
        """A project by id or number, or None."""
        return self.projects.get(self.numbers.get(name, name))

    def told(self):
        services = [names for project in self.projects.values() for names in project.run["services"].values()]
        return {
            "organization": next(iter(self.organizations), None), "folders": list(self.folders),
            "projects": [{"id": one.id, "number": one.number, "state": one.state} for one in self.projects.values()],
            "locations": self.locations, "docker_images": self.images, "services": sum(map(len, services)),
        }
