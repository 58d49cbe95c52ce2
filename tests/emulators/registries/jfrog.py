"""JFrog's APIs: Artifactory's repositories, its registries by key, a little of its query language, and Xray's summaries.
Refuses queries that it does not understand, never answers them in part."""

import json
import re

import findings
import images
import registry
import sites
import tokens
from serving import Answer
from wire import Refusal, Routes, instant, told

ROUTES = Routes()
DOCKER = "/artifactory/api/docker/{key}/v2"
OTHERS = (("docker-hub-remote", "REMOTE", "Docker"), ("docker", "VIRTUAL", "Docker"), ("maven-releases-local", "LOCAL", "Maven"))
FIELDS = ("repo", "path", "name", "type", "size", "created", "created_by", "modified", "modified_by", "updated", "sha256", "depth", "property")
QUERY = re.compile(r"\s*items\.find\((?P<find>.*?)\)\s*(?:\.include\((?P<include>[^)]*)\)\s*)?(?:\.sort\((?P<sort>[^)]*)\)\s*)?(?:\.offset\((?P<offset>\d+)\)\s*)?(?:\.limit\((?P<limit>\d+)\)\s*)?", re.DOTALL)
SEVERITIES = {"Negligible": "Low"}


def asker(call):
    """Who asks: by a token, a key, or a name and password."""
    basic = call.basic()
    if basic:
        user = sites.who("jfrog", *basic) or sites.who_by("jfrog", basic[1])
    elif word := call.bearer() or call.headers.get("x-jfrog-art-api"):
        user = sites.who_by("jfrog", word)
    else:
        raise Refusal(401, "UNAUTHORIZED", "Authentication is required", {"WWW-Authenticate": 'Basic realm="Artifactory Realm"'})
    if user is None:
        raise Refusal(401, "UNAUTHORIZED", "Bad credentials", {"WWW-Authenticate": 'Basic realm="Artifactory Realm"'})
    call.client = user
    return user


@ROUTES.on("GET", "/artifactory/api/system/ping", "ping")
def ping(call, front):
    return Answer(200, {"Content-Type": "text/plain"}, "OK")


@ROUTES.on("GET", "/artifactory/api/system/version", "version")
def version(call, front):
    asker(call)
    return told({"version": "7.117.5", "revision": "81705900", "addons": ["aql", "docker", "xray"], "license": "none"})


@ROUTES.on("GET", "/artifactory/api/repositories", "repositories")
def repositories(call, front):
    user, address = asker(call), front.addresses["jfrog"]
    keys = [(name + sites.LOCAL, "LOCAL", "Docker") for name in front.estate.namespaces() if sites.may_name(user, name)]
    rows = [
        {"key": key, "description": "", "type": kind, "url": f"{address}/artifactory/{key}", "packageType": package} for key, kind, package in (*keys, *OTHERS)
        if call.query.get("type", kind).lower() == kind.lower() and call.query.get("packageType", package).lower() == package.lower()
    ]
    return told(rows)


@ROUTES.on("GET", "/artifactory/api/repositories/{key}", "repository")
def repository(call, front, key):
    user = asker(call)
    if key.removesuffix(sites.LOCAL) not in front.estate.namespaces() or not sites.may_name(user, key.removesuffix(sites.LOCAL)):
        raise Refusal(400, "BAD_REQUEST", "Bad Request")
    return told({"key": key, "packageType": "docker", "rclass": "local", "description": "", "dockerApiVersion": "V2", "xrayIndex": True, "maxUniqueTags": 0})


def within(function):
    """One of the registry's answers beneath a key, which its names then lack."""

    def answer(call, front, key, name=None, **values):
        if name is None:
            return function(call, front, **values)
        return function(call, front, f"{key}/{name}", **values)

    return answer


ROUTES.on("GET", "/v2/token", "token")(tokens.served)
ROUTES.on("POST", "/v2/token", "token")(tokens.served)
ROUTES.on("GET", DOCKER + "/token", "token")(lambda call, front, key: tokens.served(call, front))
ROUTES.on("GET", DOCKER, "challenge")(within(registry.root))
ROUTES.on("GET", DOCKER + "/{name+}/manifests/{reference}", "manifest")(within(registry.manifest))
ROUTES.on("GET", DOCKER + "/{name+}/blobs/{digest}", "blob")(within(registry.blob))
ROUTES.on("GET", DOCKER + "/{name+}/referrers/{digest}", "referrers")(within(registry.referrers))


@ROUTES.on("GET", DOCKER + "/_catalog", "catalog")
def catalog(call, front, key):
    """The names of one key, without it."""
    user = tokens.allowed(call, front)
    names = sorted(one.rest for one in front.estate.repositories.values() if one.namespace + sites.LOCAL == key and sites.may(user, one))
    if key.removesuffix(sites.LOCAL) not in front.estate.namespaces():
        raise Refusal(404, "NAME_UNKNOWN", f"repository {key} not found")
    shown, headers = registry.page(call, front, names, 100)
    return told({"repositories": shown}, headers=headers)


@ROUTES.on("GET", DOCKER + "/{name+}/tags/list", "tags")
def tags(call, front, key, name):
    answer = registry.tag_list(call, front, f"{key}/{name}")
    return told({**json.loads(answer.body), "name": name}, headers={name: value for name, value in answer.headers.items() if name == "Link"})


def files(front, user):
    """What Artifactory keeps of manifests that somebody may read, listed once."""
    if user not in front.estate.kept:
        front.estate.kept[user] = list(listed(front, user))
    return front.estate.kept[user]


def listed(front, user):
    """One file for each tag, and for each platform of an index."""
    for one in front.estate.sorted():
        if not sites.may(user, one):
            continue
        key, children = one.namespace + sites.LOCAL, one.children()
        named = [(tag, one.tags[tag]) for tag in one.named(False)] + [(digest, held) for digest, held in one.manifests.items() if digest in children and not held.fallback]
        for folder, held in named:
            yield {
                "repo": key, "path": f"{one.rest}/{folder}", "name": "list.manifest.json" if held.kind == "index" else "manifest.json", "type": "file", "size": len(held.body),
                "created": instant(held.pushed, 3), "created_by": "ci", "modified": instant(held.pushed, 3), "modified_by": "ci", "updated": instant(held.pushed, 3),
                "sha256": images.sha256(held.body)[7:], "depth": one.rest.count("/") + 3,
                "properties": [{"key": "docker.repoName", "value": one.rest}, {"key": "docker.manifest", "value": folder}, {"key": "docker.manifest.digest", "value": held.digest},
                               {"key": "docker.manifest.type", "value": held.media}, {"key": "sha256", "value": images.sha256(held.body)[7:]}],
            }


def meant(row, wanted):
    """Whether a row is what a criterion asks for; a criterion that is not understood is refused."""
    for field, value in wanted.items():
        if field in ("$and", "$or"):
            if not (all if field == "$and" else any)([meant(row, one) for one in value]):
                return False
            continue
        if field not in row or field == "properties":
            raise ValueError(field)
        how, word = next(iter(value.items())) if isinstance(value, dict) else ("$eq", value)
        if how == "$match":
            held = re.fullmatch(".*".join(map(re.escape, word.split("*"))), str(row[field])) is not None
        elif how in ("$gt", "$lt"):
            held = str(row[field]) > str(word) if how == "$gt" else str(row[field]) < str(word)
        elif how in ("$eq", "$ne"):
            held = (row[field] == word) == (how == "$eq") or word == "any"
        else:
            raise ValueError(how)
        if not held:
            return False
    return True


@ROUTES.on("POST", "/artifactory/api/search/aql", "aql")
def aql(call, front):
    user, text = asker(call), call.body.decode("utf-8", "replace")
    found = QUERY.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        wanted = json.loads(found["find"])
        include = json.loads(f"[{found['include']}]") if found["include"] else ["repo", "path", "name", "type", "size", "created", "created_by", "modified", "modified_by", "updated"]
        order = json.loads(found["sort"]) if found["sort"] else {"$asc": ["path"]}
        if not set(include) <= set(FIELDS) or len(order) != 1 or not set(order) <= {"$asc", "$desc"}:
            raise ValueError(text)
        rows = [row for row in files(front, user) if meant(row, wanted)]
        (way, fields), = order.items()
        rows.sort(key=lambda row: tuple(str(row[field]) for field in fields), reverse=way == "$desc")
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal(400, "BAD_REQUEST", f"Failed to parse query: {text[:200]}, it looks like there is syntax error near the following sub-query: {text[:200]}") from None
    start, limit = int(found["offset"] or 0), int(found["limit"]) if found["limit"] else None
    start = 0 if front.faults.repeats(call) else start
    shown = rows[start : start + front.pages.size(limit or len(rows) or 1)]
    kept = ["properties" if field == "property" else field for field in include]
    span = {"start_pos": start, "end_pos": start + len(shown), "total": len(shown), **({"limit": limit} if limit else {})}
    return told({"results": [{field: row[field] for field in kept} for row in shown], "range": span})


def by_name(front, user):
    """The same files by their paths and by their checksums."""
    kept = front.estate.kept
    if ("names", user) not in kept:
        rows = files(front, user)
        kept["names", user] = {f"default/{row['repo']}/{row['path']}/{row['name']}": row for row in rows} | {row["sha256"]: row for row in rows}
    return kept["names", user]


@ROUTES.on("POST", "/xray/api/v1/summary/artifact", "xray")
@ROUTES.on("POST", "/xray/api/v2/summary/artifact", "xray")
def summary(call, front):
    """What Xray knows of artefacts by path (`default/KEY/IMAGE/TAG/manifest.json`) or by checksum."""
    user, asked = asker(call), call.given()
    paths, checksums = asked.get("paths") or [], asked.get("checksums") or []
    if not paths and not checksums:
        raise Refusal(400, "BAD_REQUEST", "At least one path or checksum must be provided")
    known, found, errors = by_name(front, user), [], []
    for identifier, row in [(one, known.get(one)) for one in (*paths, *checksums)]:
        told_of = row and artefact(front, row)
        if told_of:
            found.append(told_of)
        else:
            errors.append({"identifier": identifier, "error": "Artifact doesn't exist or not indexed/cached in Xray"})
    return told({"artifacts": found, **({"errors": errors} if errors else {})})


def artefact(front, row):
    """One artefact with its issues and licences, or None for what Xray did not index."""
    name = f"{row['repo'].removesuffix(sites.LOCAL)}/{next(one['value'] for one in row['properties'] if one['key'] == 'docker.repoName')}"
    held = front.estate.repositories[name].manifests[next(one["value"] for one in row["properties"] if one["key"] == "docker.manifest.digest")]
    state, rows = findings.of(held)
    if state in (findings.QUEUED, findings.FAILED):
        return None
    path = f"default/{row['repo']}/{row['path']}/"
    general = {"name": row["path"].replace("/", ":"), "component_id": f"{name.partition('/')[2]}:{row['path'].rpartition('/')[2]}", "pkg_type": "Docker", "path": path + row["name"], "sha256": row["sha256"]}
    licences = {}
    for one in rows:
        licences.setdefault(one.licence, []).append(component(one))
    told_of = [{"name": name, "full_name": name, "more_info_url": [f"https://spdx.org/licenses/{name}.html"], "components": held_by} for name, held_by in licences.items()]
    return {"general": general, "issues": [issue(path, one) for one in rows], "licenses": told_of, "operational_risks": []}


def component(one):
    kinds = {"deb": "deb://debian:bookworm:", "maven": "gav://", "pypi": "pypi://", "golang": "go://", "npm": "npm://"}
    return f"{kinds[one.kind]}{one.package}:{one.version}"


def issue(path, one):
    cve = {"cve": one.name, **({"cwe": [one.weakness]} if one.weakness else {}), **({"cvss_v3": f"{one.score}/{one.vector}"} if one.vector else {})}
    return {
        "issue_id": f"XRAY-{100_000 + findings.TABLE.index(one)}", "summary": one.description, "description": one.description, "issue_type": "security", "severity": SEVERITIES.get(one.severity, one.severity),
        "provider": "JFrog", "cves": [cve] if one.name.startswith("CVE") else [], "created": "2026-09-09T00:00:00.937Z",
        "impact_path": [f"{path}sha256__{images.sha256(one.package)[7:]}.tar.gz/{one.package}:{one.version}"],
        "components": [{"component_id": component(one), "fixed_versions": [f"[{one.fixed}]"] if one.fixed else []}], "component_physical_paths": [],
    }
