"""Harbor's API: projects, repositories, artifacts with what its scanner found and what lies beside them, labels and rules.
Refuses what a robot may not see in Harbor's words: unknown projects with 404, closed ones with 403."""

import json
from urllib.parse import quote, unquote

import findings
import paging
import sites
import tokens
from contents import EPOCH
from serving import Answer
from wire import Refusal, Routes, instant, told

ROUTES = Routes()
REPORT = "application/vnd.security.vulnerability.report; version=1.1"
SCANNER = {"name": "Trivy", "vendor": "Aqua Security", "version": "v0.66.0"}
NEVER = "0001-01-01T00:00:00.000Z"
STATES = {findings.SCANNED: "Success", findings.QUEUED: "Pending", findings.FAILED: "Error"}
KINDS = {"image": "IMAGE", "legacy": "IMAGE", "index": "IMAGE", "chart": "CHART", "attestation": "IMAGE"}
# What projects demand; others demand nothing.
METADATA = {"shop": {"auto_scan": "true", "prevent_vul": "true", "severity": "high"}, "platform": {"auto_scan": "true"}}
ALLOWED = {"shop": ["CVE-2011-3374"]}
IMMUTABLE = {"shop": "1.*"}
LABELS = [
    {"id": 1, "name": "approved", "description": "May run in production", "color": "#00AB9A", "scope": "g", "project_id": 0},
    {"id": 2, "name": "end-of-life", "description": "", "color": "#C92100", "scope": "p", "project_id": 0},
]
ROUTES.on("GET", "/service/token", "token")(tokens.served)
ROUTES.on("POST", "/service/token", "token")(tokens.served)


def moment(seconds):
    return instant(seconds, 3)


def asker(call):
    """Who asks: by name and password, or nobody, who sees what is public."""
    basic = call.basic()
    if basic is None:
        return None
    user = sites.who(call.site, *basic)
    if user is None:
        raise Refusal(401, "UNAUTHORIZED", "unauthorized: unauthorized")
    call.client = basic[0]
    return user


def listed(call, front, rows):
    """A page of rows, with their number and the links to the pages around it."""
    number, size = call.number("page", 1), call.number("page_size", 10)
    if size > 100 or size < 1 or number < 1:
        raise Refusal(422, "UNPROCESSABLE_ENTITY", f"page_size in query should be {'less than or equal to 100' if size > 100 else 'greater than or equal to 1'}")
    shown, following = paging.page(call, front, rows, size, number)
    stray = front.faults.strayed("stray_link", call, front.addresses["stray"]) or ""
    links = [f'<{stray}{call.again(page=number - 1, page_size=size)}>; rel="prev"'] if number > 1 else []
    links += [f'<{stray}{call.again(page=following, page_size=size)}>; rel="next"'] if following else []
    return shown, {"X-Total-Count": str(len(rows)), **({"Link": " , ".join(links)} if links else {})}


def matching(call, rows, name):
    """The rows whose name the query asks for; other queries are refused."""
    wanted, exact = call.query.get("name"), False
    if asked := call.query.get("q"):
        if not asked.startswith("name="):
            raise Refusal(400, "BAD_REQUEST", f"the query {asked} is not supported")
        wanted, exact = asked.removeprefix("name=").removeprefix("~"), not asked.startswith("name=~")
    return [row for row in rows if not wanted or (name(row) == wanted if exact else wanted in name(row))]


@ROUTES.on("GET", "/api/v2.0/systeminfo", "systeminfo")
def system(call, front):
    told_all = {"auth_mode": "db_auth", "self_registration": False, "primary_auth_mode": False, "banner_message": "", "oidc_provider_name": ""}
    if asker(call):
        told_all.update({
            "harbor_version": "v2.13.2-00000000", "registry_url": front.addresses["harbor"].removeprefix("http://"), "external_url": front.addresses["harbor"],
            "project_creation_restriction": "adminonly", "has_ca_root": False, "registry_storage_provider_name": "filesystem", "read_only": False, "notification_enable": True,
        })
    return told(told_all)


def project_row(front, number, name, user):
    held = [one for one in front.estate.repositories.values() if one.namespace == name]
    metadata = {"public": "true" if name == "library" else "false", "auto_scan": "false", "enable_content_trust": "false", "prevent_vul": "false",
                "reuse_sys_cve_allowlist": "false" if name in ALLOWED else "true", "severity": "none", **METADATA.get(name, {})}
    allowlist = {"id": number, "project_id": number, "items": [{"cve_id": one} for one in ALLOWED.get(name, ())], "creation_time": NEVER, "update_time": NEVER}
    return {
        "project_id": number, "owner_id": 1, "name": name, "owner_name": "admin", "creation_time": moment(EPOCH), "update_time": moment(EPOCH), "deleted": False,
        "togglable": True, "repo_count": len(held), "chart_count": 0, "current_user_role_id": 0 if user is None else 5, "current_user_role_ids": [5] if user else None,
        "metadata": metadata, "cve_allowlist": allowlist,
    }


@ROUTES.on("GET", "/api/v2.0/projects", "projects")
def projects(call, front):
    user = asker(call)
    names = [(number, name) for number, name in enumerate(front.estate.namespaces(), 1) if sites.may_name(user, name)]
    if wanted := call.query.get("public"):
        names = [(number, name) for number, name in names if (name == "library") == (wanted == "true")]
    shown, headers = listed(call, front, matching(call, names, lambda row: row[1]))
    return told([project_row(front, number, name, user) for number, name in shown], headers=headers)


def project_of(call, front, named):
    """(number, name) of a project by its name or number, which whoever asks must be allowed to see."""
    user, names = asker(call), front.estate.namespaces()
    name = unquote(named)
    if name not in names and name.isdigit() and int(name) - 1 in range(len(names)):
        name = names[int(name) - 1]
    if name not in names:
        raise Refusal(404, "NOT_FOUND", f"project {name} not found") if user else Refusal(401, "UNAUTHORIZED", "unauthorized: unauthorized")
    if not sites.may_name(user, name):
        raise Refusal(403, "FORBIDDEN", "forbidden: forbidden") if user else Refusal(401, "UNAUTHORIZED", "unauthorized: unauthorized")
    return names.index(name) + 1, name


@ROUTES.on("GET", "/api/v2.0/projects/{project}", "project")
def project(call, front, project):
    return told(project_row(front, *project_of(call, front, project), asker(call)))


@ROUTES.on("GET", "/api/v2.0/projects/{project}/immutabletagrules", "immutable")
def immutable(call, front, project):
    number, name = project_of(call, front, project)
    rules = [{
        "id": number, "priority": 0, "disabled": False, "action": "immutable", "template": "immutable_template", "params": {},
        "tag_selectors": [{"kind": "doublestar", "decoration": "matches", "pattern": IMMUTABLE[name], "extras": ""}],
        "scope_selectors": {"repository": [{"kind": "doublestar", "decoration": "repoMatches", "pattern": "**", "extras": ""}]},
    }] if name in IMMUTABLE else []
    shown, headers = listed(call, front, rules)
    return told(shown, headers=headers)


@ROUTES.on("GET", "/api/v2.0/labels", "labels")
def labels(call, front):
    if asker(call) is None:
        raise Refusal(401, "UNAUTHORIZED", "unauthorized: unauthorized")
    wanted = call.query.get("scope", "g")
    rows = [{**row, "creation_time": moment(EPOCH), "update_time": moment(EPOCH)} for row in LABELS if row["scope"] == wanted]
    if wanted == "p":
        rows = [{**row, "project_id": call.number("project_id", 1)} for row in rows]
    shown, headers = listed(call, front, rows)
    return told(shown, headers=headers)


def repository_row(front, one):
    number = front.estate.namespaces().index(one.namespace) + 1
    return {
        "id": one.number, "project_id": number, "name": one.name, "description": one.description, "artifact_count": len(top(one)), "pull_count": one.pulls,
        "creation_time": moment(EPOCH), "update_time": moment(one.pushed),
    }


@ROUTES.on("GET", "/api/v2.0/repositories", "repositories.all")
def all_repositories(call, front):
    user = asker(call)
    rows = [one for one in front.estate.sorted() if sites.may(user, one)]
    shown, headers = listed(call, front, matching(call, rows, lambda one: one.name))
    return told([repository_row(front, one) for one in shown], headers=headers)


@ROUTES.on("GET", "/api/v2.0/projects/{project}/repositories", "repositories")
def repositories(call, front, project):
    _, name = project_of(call, front, project)
    rows = [one for one in front.estate.sorted() if one.namespace == name]
    shown, headers = listed(call, front, matching(call, rows, lambda one: one.name))
    return told([repository_row(front, one) for one in shown], headers=headers)


def repository_of(call, front, project, repository):
    """A repository, whose name is encoded twice where it holds slashes."""
    _, name = project_of(call, front, project)
    found = front.estate.repositories.get(f"{name}/{unquote(repository)}")
    if found is None:
        raise Refusal(404, "NOT_FOUND", f"repository {name}/{unquote(repository)} not found")
    return found


def accessory(one):
    """(type, digest of the subject) of what lies beside an artifact, or None."""
    tag = next((tag for tag in one.tags() if tag.startswith("sha256-") and tag.endswith(".sig")), None)
    if tag:
        return "signature.cosign", tag[:-4].replace("-", ":", 1)
    if one.subject is None:
        return None
    named = {"application/vnd.dev.cosign.artifact.sig.v1+json": "signature.cosign", "application/vnd.cncf.notary.signature": "signature.notation"}
    return named.get(one.artifact, "subject.accessory"), one.subject


def top(repository):
    """Artifacts that stand by themselves, the newest first: not platforms of an index, nor what lies beside others."""

    def rows():
        children = repository.children()
        found = [one for one in repository.manifests.values() if not one.fallback and not accessory(one) and (one.digest not in children or one.tags())]
        return sorted(found, key=lambda one: -one.pushed)

    return repository.kept_as("top", rows)


def accessory_row(repository, one, kind, subject):
    return {
        "id": one.number + 1, "artifact_id": number_of(one), "subject_artifact_id": number_of(subject), "subject_artifact_digest": subject.digest,
        "subject_artifact_repo": repository.name, "size": one.size, "digest": one.digest, "type": kind, "icon": "", "creation_time": moment(one.pushed),
    }


def accessories(repository, subject):
    found = repository.kept_as("accessories", lambda: [(one, *told_of) for one in repository.manifests.values() if not one.fallback and (told_of := accessory(one))])
    return [accessory_row(repository, one, kind, subject) for one, kind, about in found if about == subject.digest]


def number_of(one):
    return one.repository.number * 10_000 + one.number


def overview(one):
    """What the scanner says of an artifact in a list; nothing of one that it was not shown."""
    state, rows = findings.of(one)
    if state == findings.UNSUPPORTED:
        return None
    counts = {}
    for row in rows:
        counts[row.severity] = counts.get(row.severity, 0) + 1
    told_of = {"report_id": f"00000000-0000-4000-8000-{number_of(one):012d}", "scan_status": STATES[state], "severity": severity(rows), "duration": 12,
               "summary": {"total": len(rows), "fixable": sum(1 for row in rows if row.fixed), "summary": counts},
               "start_time": moment(one.pushed + 60), "end_time": moment(one.pushed + 72), "complete_percent": 100, "scanner": SCANNER}
    if state != findings.SCANNED:
        del told_of["summary"]
    return {REPORT: told_of}


def severity(rows):
    return findings.worst(rows) if rows else "None"


def artifact_row(call, front, one):
    """An artifact with what was asked for beside it."""
    asked = lambda name, usual="false": call.query.get(name, usual) in ("true", "1")  # noqa: E731
    repository, number = one.repository, number_of(one)
    href = f"/api/v2.0/projects/{repository.namespace}/repositories/{quote(quote(repository.rest, safe=''), safe='')}/artifacts/{one.digest}"
    kind, children = KINDS.get(one.kind, "UNKNOWN"), [repository.manifests.get(digest) for digest in one.children]
    row = {
        "id": number, "type": kind, "media_type": media_of(one), "manifest_media_type": one.media, "artifact_type": media_of(one), "project_id": front.estate.namespaces().index(repository.namespace) + 1,
        "repository_id": repository.number, "repository_name": repository.name, "digest": one.digest, "size": one.size, "icon": "", "push_time": moment(one.pushed),
        "pull_time": moment(one.pushed + 3600) if one.number % 2 else NEVER, "annotations": one.annotations or None, "extra_attrs": extra(one), "labels": None, "tags": None,
        "references": [
            {"parent_id": number, "child_id": number_of(child), "child_digest": child.digest, "urls": None,
             "platform": {"architecture": (child.platform or {}).get("architecture", ""), "os": (child.platform or {}).get("os", ""), "OsFeatures": None,
                          **({"variant": child.platform["variant"]} if child.platform and "variant" in child.platform else {})}}
            for child in children if child
        ] or None,
        "addition_links": {"vulnerabilities": {"absolute": False, "href": href + "/additions/vulnerabilities"}} if kind == "IMAGE" else {}, "accessories": None,
    }
    if asked("with_tag", "true"):
        fixed = IMMUTABLE.get(repository.namespace)
        row["tags"] = [
            {"id": number * 100 + place, "artifact_id": number, "repository_id": repository.number, "name": tag, "push_time": moment(one.pushed), "pull_time": NEVER,
             "immutable": bool(asked("with_immutable_status") and fixed and tag.startswith(fixed.rstrip("*"))), "signed": False}
            for place, tag in enumerate(sorted(one.tags()))
        ] or None
    if asked("with_label") and repository.namespace == "shop" and "latest" in one.tags():
        row["labels"] = [LABELS[0]]
    if asked("with_scan_overview") and (found := overview(one)):
        row["scan_overview"] = found
    if asked("with_accessory"):
        row["accessories"] = accessories(repository, one) or None
    return row


def media_of(one):
    return one.media if one.kind == "index" else "application/vnd.oci.image.config.v1+json" if one.kind == "image" else "application/vnd.unknown.config.v1+json"


def extra(one):
    """What Harbor takes from a config."""
    if one.kind != "image" or one.config not in one.repository.blobs:
        return {}
    try:
        read = json.loads(one.repository.blobs[one.config])
    except ValueError:
        return {}
    return {"architecture": read.get("architecture"), "os": read.get("os"), "created": read.get("created"), "author": read.get("author", ""), "config": read.get("config")}


@ROUTES.on("GET", "/api/v2.0/projects/{project}/repositories/{repository}", "repository")
def repository(call, front, project, repository):
    return told(repository_row(front, repository_of(call, front, project, repository)))


@ROUTES.on("GET", "/api/v2.0/projects/{project}/repositories/{repository}/artifacts", "artifacts")
def artifacts(call, front, project, repository):
    held = repository_of(call, front, project, repository)
    if "q" in call.query:
        raise Refusal(400, "BAD_REQUEST", f"the query {call.query['q']} is not supported")
    shown, headers = listed(call, front, top(held))
    return told([artifact_row(call, front, one) for one in shown], headers=headers)


def artifact_of(call, front, project, repository, reference):
    held = repository_of(call, front, project, repository)
    one, call.reference = held.find(unquote(reference), False), reference
    if one is None or front.faults.gone(call, one.digest):
        raise Refusal(404, "NOT_FOUND", f"artifact {held.name}@{reference} not found")
    return one


ARTIFACT = "/api/v2.0/projects/{project}/repositories/{repository}/artifacts/{reference}"


@ROUTES.on("GET", ARTIFACT, "artifact")
def artifact(call, front, project, repository, reference):
    return told(artifact_row(call, front, artifact_of(call, front, project, repository, reference)))


@ROUTES.on("GET", ARTIFACT + "/accessories", "accessories")
def beside(call, front, project, repository, reference):
    one = artifact_of(call, front, project, repository, reference)
    shown, headers = listed(call, front, accessories(one.repository, one))
    return told(shown, headers=headers)


@ROUTES.on("GET", ARTIFACT + "/additions/vulnerabilities", "vulnerabilities")
def vulnerabilities(call, front, project, repository, reference):
    """The whole report, or an empty object of what was not scanned yet."""
    one = artifact_of(call, front, project, repository, reference)
    if KINDS.get(one.kind) != "IMAGE":
        raise Refusal(400, "BAD_REQUEST", f"addition vulnerabilities isn't supported for {KINDS.get(one.kind, 'UNKNOWN')}(manifest version 2)")
    state, rows = findings.of(one)
    if state != findings.SCANNED or REPORT not in call.headers.get("x-accept-vulnerabilities", REPORT):
        return told({})
    report = {"generated_at": moment(one.pushed + 72), "scanner": SCANNER, "severity": severity(rows), "vulnerabilities": [finding(row, one) for row in rows]}
    return Answer(200, {"Content-Type": "application/json; charset=utf-8"}, json.dumps({REPORT: report}))


def finding(row, one):
    """A vulnerability in the words of Harbor's own report."""
    return {
        "id": row.name, "package": row.package, "version": row.version, "fix_version": row.fixed, "severity": row.severity, "description": row.description,
        "links": [row.link], "artifact_digests": [one.digest], "preferred_cvss": {"score_v3": row.score or None, "score_v2": None, "vector_v3": row.vector, "vector_v2": ""},
        "cwe_ids": [row.weakness] if row.weakness else [], "vendor_attributes": {"CVSS": {"nvd": {"V3Score": row.score, "V3Vector": row.vector}}} if row.vector else {},
    }
