"""GitLab's API: groups, projects, registry repositories and their tags, and the report that a pipeline's scan left. Refuses
what is not shown to whoever asks as if it were not there."""

import math

import findings
import images
import paging
import sites
import tokens
from contents import EPOCH
from serving import Answer
from wire import Refusal, Routes, instant, told

ROUTES = Routes()
ROUTES.on("GET", "/jwt/auth", "token")(tokens.served)
ROUTES.on("POST", "/jwt/auth", "token")(tokens.served)
REPORT, JOB = "gl-container-scanning-report.json", "container_scanning"
SEVERITIES = {"Negligible": "Info"}


def moment(seconds):
    return instant(seconds, 3)


def asker(call):
    word = call.headers.get("private-token") or call.bearer()
    if word is None:
        return None
    user = sites.who_by("gitlab", word)
    if user is None:
        raise Refusal(401, "Unauthorized", "401 Unauthorized")
    call.client = user
    return user


def limited(call, front):
    """The headers of the limit, or the refusal of what goes beyond it, in plain text."""
    if call.path.startswith("/jwt/"):
        return {}
    limit, left, until = front.limits.call("gitlab", call.headers.get("private-token"))
    headers = {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(max(left, 0)), "RateLimit-Reset": str(math.ceil(until)), "RateLimit-Name": "throttle_authenticated_api"}
    return Answer(429, {**headers, "Content-Type": "text/plain", "Retry-After": "1"}, "Retry later\n") if left < 0 else headers


def missing(what):
    return Refusal(404, "Not found", f"404 {what} Not Found")


def listed(call, front, rows, row, key=None):
    """A page by number; or, where it is asked for and there is a key, those after the last one seen."""
    size = max(1, call.number("per_page", 20, 100))
    if call.query.get("pagination") == "keyset" and key:
        return after(call, front, rows, row, key, size)
    number = max(1, call.number("page", 1))
    shown, following = paging.page(call, front, rows, size, number)
    where, last = paging.base(call, front), max(1, -(-len(rows) // front.pages.size(size)))
    pages = [("prev", number - 1 if number > 1 else None), ("next", following), ("first", 1), ("last", last)]
    links = [f'<{where}{call.again(page=page, per_page=size)}>; rel="{name}"' for name, page in pages if page]
    return told([row(one) for one in shown], headers={
        "X-Page": str(number), "X-Per-Page": str(size), "X-Next-Page": str(following or ""), "X-Prev-Page": str(number - 1 if number > 1 else ""), "X-Total": str(len(rows)),
        "X-Total-Pages": str(last), "Link": ", ".join(links),
    })


def after(call, front, rows, row, key, size):
    """A page by the key of the last one, which the link to the next tells."""
    member, read = key
    rows, size, last = sorted(rows, key=read), front.pages.size(size), call.query.get(member)
    if last is not None and not front.faults.repeats(call):
        rows = [one for one in rows if read(one) > type(read(one))(last)]
    shown, more = rows[:size], len(rows) > size or front.faults.repeats(call) and rows
    following = call.again(**{member: read(shown[-1]), "per_page": size}) if more else None
    return told([row(one) for one in shown], headers={"Link": f'<{paging.base(call, front)}{following}>; rel="next"'} if following else {})


def projects_of(front):
    """Projects by their path: the first two parts of what lies in their registry."""
    if "projects" not in front.estate.kept:
        found = {}
        for one in front.estate.sorted():
            found.setdefault(f"{one.namespace}/{one.rest.partition('/')[0]}", []).append(one)
        front.estate.kept["projects"] = {path: (number, path, held) for number, (path, held) in enumerate(found.items(), 101)}
    return front.estate.kept["projects"]


def meant(front, values):
    """The repository that a path is about, or else the project."""
    if "number" in values:
        return next((one.name for one in front.estate.repositories.values() if str(one.number) == values["number"]), None)
    named = values.get("project")
    return next((path for number, path, _ in projects_of(front).values() if named in (path, str(number))), named) if named else None


def project_of(call, front, named):
    user, found = asker(call), projects_of(front)
    one = found.get(named) or next((row for row in found.values() if str(row[0]) == named), None)
    if one is None or not sites.may_name(user, one[1]):
        raise missing("Project")
    return one


def group_of(call, front, named):
    """(number, name) of a group."""
    user, names = asker(call), front.estate.namespaces()
    if user is None:
        raise Refusal(401, "Unauthorized", "401 Unauthorized")
    name = names[int(named) - 11] if named.isdigit() and int(named) - 11 in range(len(names)) else named
    if name not in names or not sites.may_name(user, name):
        raise missing("Group")
    return names.index(name) + 11, name


def group_row(number, name):
    return {"id": number, "name": name, "path": name, "full_path": name, "full_name": name, "visibility": "public" if name == "library" else "private", "parent_id": None, "archived": False}


def project_row(front, one):
    number, path, held = one
    namespace, _, name = path.partition("/")
    public = held[0].public
    return {
        "id": number, "name": name, "path": name, "path_with_namespace": path, "name_with_namespace": path, "description": held[0].description, "visibility": "public" if public else "private",
        "archived": False, "default_branch": "main", "web_url": f"{front.addresses['gitlab']}/{path}", "container_registry_enabled": True, "container_registry_access_level": "enabled",
        "container_registry_image_prefix": f"{host(front)}/{path}", "namespace": group_row(front.estate.namespaces().index(namespace) + 11, namespace), "last_activity_at": moment(held[0].pushed),
    }


def host(front):
    return front.addresses["gitlab_registry"].removeprefix("http://")


@ROUTES.on("GET", "/api/v4/version", "version")
def version(call, front):
    if asker(call) is None:
        raise Refusal(401, "Unauthorized", "401 Unauthorized")
    return told({"version": "18.5.1-ee", "revision": "00000000000", "enterprise": True})


@ROUTES.on("GET", "/api/v4/groups", "groups")
def groups(call, front):
    user = asker(call)
    rows = [(number, name) for number, name in enumerate(front.estate.namespaces(), 11) if sites.may_name(user, name)]
    return listed(call, front, rows, lambda row: group_row(*row), ("id_after", lambda row: row[0]))


@ROUTES.on("GET", "/api/v4/projects", "projects")
def projects(call, front):
    user = asker(call)
    rows = [one for one in projects_of(front).values() if sites.may_name(user, one[1])]
    return listed(call, front, rows, lambda one: project_row(front, one), ("id_after", lambda one: one[0]))


@ROUTES.on("GET", "/api/v4/groups/{group}/projects", "projects")
def group_projects(call, front, group):
    _, name = group_of(call, front, group)
    return listed(call, front, [one for one in projects_of(front).values() if one[1].startswith(name + "/")], lambda one: project_row(front, one))


@ROUTES.on("GET", "/api/v4/projects/{project}", "project")
def project(call, front, project):
    return told(project_row(front, project_of(call, front, project)))


def repository_row(call, front, one):
    project = projects_of(front)[f"{one.namespace}/{one.rest.partition('/')[0]}"]
    row = {
        "id": one.number, "name": one.rest.partition("/")[2], "path": one.name, "project_id": project[0], "location": f"{host(front)}/{one.name}", "created_at": moment(EPOCH),
        "cleanup_policy_started_at": None, "status": None,
    }
    if call.query.get("tags_count") in ("true", "1"):
        row["tags_count"] = len(one.named())
    if call.query.get("tags") in ("true", "1"):
        row["tags"] = [tag_row(front, one, tag) for tag in one.named()]
    return row


def tag_row(front, one, tag):
    return {"name": tag, "path": f"{one.name}:{tag}", "location": f"{host(front)}/{one.name}:{tag}"}


@ROUTES.on("GET", "/api/v4/groups/{group}/registry/repositories", "repositories")
def of_group(call, front, group):
    _, name = group_of(call, front, group)
    if {"tags", "tags_count"} & set(call.query):
        raise Refusal(400, "bad_request", "tags and tags_count are told of projects only")
    return listed(call, front, [one for one in front.estate.sorted() if one.namespace == name], lambda one: repository_row(call, front, one))


@ROUTES.on("GET", "/api/v4/projects/{project}/registry/repositories", "repositories")
def of_project(call, front, project):
    return listed(call, front, project_of(call, front, project)[2], lambda one: repository_row(call, front, one))


@ROUTES.on("GET", "/api/v4/registry/repositories/{number}", "repository")
def repository(call, front, number):
    user = asker(call)
    one = next((one for one in front.estate.repositories.values() if str(one.number) == number and sites.may(user, one)), None)
    if one is None:
        raise missing("Repository")
    return told({**repository_row(call, front, one), **({"size": sum(held.size for held in one.manifests.values())} if call.query.get("size") == "true" else {})})


def repository_of(call, front, project, number):
    found = next((one for one in project_of(call, front, project)[2] if str(one.number) == number), None)
    if found is None:
        raise missing("Repository")
    return found


@ROUTES.on("GET", "/api/v4/projects/{project}/registry/repositories/{number}/tags", "tags")
def tags(call, front, project, number):
    one = repository_of(call, front, project, number)
    return listed(call, front, one.named(), lambda tag: tag_row(front, one, tag), ("last", lambda tag: tag))


@ROUTES.on("GET", "/api/v4/projects/{project}/registry/repositories/{number}/tags/{tag}", "tag")
def tag(call, front, project, number, tag):
    """One tag; the size and moment of what is no image of one platform are not known."""
    one, call.reference = repository_of(call, front, project, number), tag
    held = one.tags.get(tag)
    if held is None or front.faults.gone(call, held.digest):
        raise missing("Tag")
    single = held.kind == "image"
    config = (held.config or images.sha256(held.body)).removeprefix("sha256:")
    return told({
        **tag_row(front, one, tag), "revision": config if single else "", "short_revision": config[:9] if single else "", "digest": held.digest,
        "created_at": instant(held.pushed, 3, "+00:00") if single else None, "total_size": held.size if single else None,
    })


@ROUTES.on("GET", "/api/v4/projects/{project}/jobs/artifacts/{reference}/raw/{file+}", "report")
def artefact(call, front, project, reference, file):
    """The report of the last scan on a branch; every third project scans nothing."""
    number, path, held = project_of(call, front, project)
    if "job" not in call.query:
        raise Refusal(400, "bad_request", "job is missing")
    newest = next((one.tags["latest"] for one in held if "latest" in one.tags), None)
    if (file, call.query["job"], reference) != (REPORT, JOB, "main") or number % 3 == 0 or newest is None:
        raise missing("File")
    if newest.children and newest.children[0] in newest.repository.manifests:
        newest = newest.repository.manifests[newest.children[0]]
    return told(report(front, newest))


def report(front, one):
    """What the analyser writes, in the schema of its fifteenth version."""
    image, (_, rows) = f"{host(front)}/{one.repository.name}:latest", findings.of(one)
    scanner = {"id": "trivy", "name": "Trivy", "url": "https://github.com/aquasecurity/trivy/", "vendor": {"name": "GitLab"}, "version": "0.66.0"}
    return {
        "version": "15.2.1", "vulnerabilities": [vulnerability(image, row) for row in rows], "remediations": [],
        "scan": {"scanner": scanner, "analyzer": {**scanner, "id": "gcs", "name": "GitLab Container Scanning", "version": "8.5.0"}, "type": "container_scanning",
                 "start_time": instant(int(one.pushed) + 60, 0, ""), "end_time": instant(int(one.pushed) + 75, 0, ""), "status": "success"},
    }


def vulnerability(image, row):
    kind = "cve" if row.name.startswith("CVE") else "ghsa"
    return {
        "id": images.sha256(image + row.name + row.package)[7:47], "name": row.name, "description": row.description, "severity": SEVERITIES.get(row.severity, row.severity),
        "solution": f"Upgrade {row.package} from {row.version} to {row.fixed}" if row.fixed else "No solution provided",
        "location": {"dependency": {"package": {"name": row.package}, "version": row.version}, "operating_system": "debian 12.8", "image": image, "default_branch_image": image},
        "identifiers": [{"type": kind, "name": row.name, "value": row.name, "url": row.link}], "links": [{"url": row.link}],
        **({"cvss_vectors": [{"vendor": "NVD", "vector": row.vector}]} if row.vector else {}),
    }
