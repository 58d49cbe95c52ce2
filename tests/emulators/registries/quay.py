"""Quay's API: repositories of a namespace, their tags, what its scanner found in a manifest, and organisations. Refuses
lists of everything, as Quay does, and speaks of what it is not shown as of what is not there."""

from email.utils import formatdate

import findings
import sites
import tokens
from contents import EPOCH
from wire import Refusal, Routes, told

ROUTES = Routes()
PAGE = 100
ROUTES.on("GET", "/v2/auth", "token")(tokens.served)
ROUTES.on("POST", "/v2/auth", "token")(tokens.served)


def asker(call):
    """Who asks: by an application's token, or nobody, who sees what is public."""
    if call.authorization is None:
        return None
    user = sites.who_by(call.site, call.bearer() or "")
    if user is None:
        raise Refusal(401, "invalid_token", "Invalid bearer token")
    call.client = user
    return user


def truthy(call, name):
    return call.query.get(name, "").lower() in ("true", "1", "yes", "y", "t")


def repository_of(call, front, name):
    user, found = asker(call), front.estate.repositories.get(name)
    if not sites.may_name(user, name):
        raise Refusal(403, "insufficient_scope", "Unauthorized") if user else Refusal(401, "invalid_token", "Requires authentication")
    if found is None:
        raise Refusal(404, "not_found", "Not Found")
    return found


def row_of(call, one):
    row = {"namespace": one.namespace, "name": one.rest, "description": one.description, "is_public": one.public, "kind": "image", "state": "NORMAL", "is_starred": False,
           "quota_report": {"quota_bytes": sum(held.size for held in one.manifests.values()), "configured_quota": None, "running": None, "queued": None}}
    if truthy(call, "last_modified"):
        row["last_modified"] = int(one.pushed) if one.manifests else None
    if truthy(call, "popularity"):
        row["popularity"] = float(one.pulls)
    return row


@ROUTES.on("GET", "/api/v1/repository", "repositories")
def repositories(call, front):
    user, namespace = asker(call), call.query.get("namespace")
    if not (namespace or truthy(call, "starred") or truthy(call, "public")):
        raise Refusal(400, "invalid_request", "namespace, starred or public are required for this API call")
    rows = lambda: [  # noqa: E731
        one for one in front.estate.sorted()
        if sites.may(user, one) and namespace in (None, one.namespace) and (namespace or one.public) and (truthy(call, "public") or user or not one.public)
    ]
    subject = ("repositories", namespace, call.query.get("public"), user)
    found = front.pages.cut(subject, rows, call.query.get("next_page"), PAGE, front.faults.repeats(call))
    if found is None:
        raise Refusal(400, "invalid_request", "Invalid page token")
    shown, token = found
    return told({"repositories": [row_of(call, one) for one in shown], **({"next_page": token} if token else {})})


@ROUTES.on("GET", "/api/v1/repository/{name+}/tag/", "tags")
def tags(call, front, name):
    """Tags, the newest first, and those that are no more unless only active ones are asked for."""
    repository = repository_of(call, front, name)
    rows = [tag_row(repository, tag) for tag in repository.named(not front.choice("quay", "referrers"))]
    if not truthy(call, "onlyActiveTags") and repository.namespace == "shop" and rows:
        ended = {**rows[0], "name": "rc", "start_ts": EPOCH - 86_400, "end_ts": EPOCH, "last_modified": formatdate(EPOCH - 86_400), "expiration": formatdate(EPOCH)}
        rows.append(ended)
    if wanted := call.query.get("specificTag"):
        rows = [row for row in rows if row["name"] == wanted]
    if asked := call.query.get("filter_tag_name"):
        how, _, word = asked.partition(":")
        if how not in ("like", "eq"):
            raise Refusal(400, "invalid_request", "Unsupported syntax for filter_tag_name")
        rows = [row for row in rows if (word in row["name"] if how == "like" else word == row["name"])]
    rows.sort(key=lambda row: (-row["start_ts"], row["name"]))
    number, size = max(1, call.number("page", 1)), front.pages.size(max(1, call.number("limit", 50, 100)))
    repeats, start = front.faults.repeats(call), (number - 1) * size
    start = 0 if repeats else start
    return told({"tags": rows[start : start + size], "page": number, "has_additional": repeats or start + size < len(rows)})


def tag_row(repository, tag):
    one = repository.tags[tag]
    return {
        "name": tag, "reversion": False, "start_ts": int(one.pushed), "manifest_digest": one.digest, "is_manifest_list": one.kind == "index", "size": one.size,
        "last_modified": formatdate(one.pushed),
    }


def manifest_of(call, front, name, digest):
    repository, call.reference = repository_of(call, front, name), digest
    one = repository.manifests.get(digest)
    if one is None or front.faults.gone(call, digest):
        raise Refusal(404, "not_found", "Not Found")
    return one


@ROUTES.on("GET", "/api/v1/repository/{name+}/manifest/{digest}/security", "security")
def security(call, front, name, digest):
    """What Clair found; nothing where it did not look, and only the packages unless vulnerabilities are asked for."""
    one = manifest_of(call, front, name, digest)
    state, rows = findings.of(one)
    if state != findings.SCANNED:
        return told({"status": state, "data": None})
    if truthy(call, "vulnerabilities"):
        features = [feature(one, row) for row in rows]
    else:
        features = [{**feature(one, row), "Vulnerabilities": []} for row in rows]
    features.append({"Name": "base-files", "VersionFormat": "", "NamespaceName": "", "AddedBy": layer_of(one), "Version": "12.4", "Vulnerabilities": [], "BaseScores": [], "CVEIds": []})
    layer = {"Name": digest, "ParentName": "", "NamespaceName": "", "IndexedByVersion": 4, "Features": features}
    return told({"status": state, "data": {"Layer": layer}})


def layer_of(one):
    return one.config or one.digest


def feature(one, row):
    """A package with what is wrong with it, in Quay's words."""
    metadata = {"UpdatedBy": "debian/updater" if row.kind == "deb" else "osv", "RepoName": "", "RepoLink": None, "DistroName": "Debian GNU/Linux" if row.kind == "deb" else "",
                "DistroVersion": "12 (bookworm)" if row.kind == "deb" else "", "NVD": {"CVSSv3": {"Vectors": row.vector, "Score": row.score or None}}}
    trouble = {"Severity": row.severity, "NamespaceName": metadata["UpdatedBy"], "Link": row.link, "FixedBy": row.fixed, "Description": row.description, "Name": row.name, "Metadata": metadata}
    return {"Name": row.package, "VersionFormat": "", "NamespaceName": "", "AddedBy": layer_of(one), "Version": row.version, "Vulnerabilities": [trouble],
            "BaseScores": [row.score] if row.score else [], "CVEIds": [row.name] if row.name.startswith("CVE") else []}


@ROUTES.on("GET", "/api/v1/repository/{name+}/manifest/{digest}", "manifest.api")
def manifest(call, front, name, digest):
    one = manifest_of(call, front, name, digest)
    return told({"digest": digest, "is_manifest_list": one.kind == "index", "manifest_data": one.body.decode("utf-8", "replace"), "config_media_type": None,
                 "layers": None, "layers_compressed_size": one.size})


@ROUTES.on("GET", "/api/v1/organization/{name}", "organization")
def organization(call, front, name):
    user = asker(call)
    if name not in front.estate.namespaces() or name == sites.HIDDEN and user != "admin":
        raise Refusal(404, "not_found", "Not Found")
    return told({"name": name, "email": "", "avatar": {"name": name, "kind": "org"}, "is_admin": user == "admin", "is_member": bool(user), "teams": {}, "ordered_teams": [],
                 "invoice_email": False, "tag_expiration_s": 1_209_600, "is_free_account": True, "quotas": []})


@ROUTES.on("GET", "/api/v1/user/", "user")
def user(call, front):
    who = asker(call)
    if who is None:
        raise Refusal(401, "invalid_token", "Requires authentication")
    names = [name for name in front.estate.namespaces() if sites.may_name(who, name)]
    return told({"username": "plimsoll", "anonymous": False, "verified": True, "organizations": [{"name": name, "can_create_repo": False, "public": False, "is_org_admin": False} for name in names]})


@ROUTES.on("GET", "/api/v1/repository/{name+}", "repository")
def repository(call, front, name):
    one = repository_of(call, front, name)
    found = {tag: {"name": tag, "size": one.tags[tag].size, "last_modified": formatdate(one.tags[tag].pushed), "manifest_digest": one.tags[tag].digest} for tag in one.named(False)[:500]}
    told_of = {**row_of(call, one), "is_organization": True, "tag_expiration_s": 1_209_600, "status_token": "", "can_write": False, "can_admin": False}
    return told({**told_of, **({"tags": found} if call.query.get("includeTags", "true") == "true" else {})})
