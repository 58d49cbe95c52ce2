"""Docker Hub's API: signing in, repositories of a namespace and their tags with images of each platform. Refuses what is
not shown to whoever asks as if it were not there."""

import math
import time

import paging
import sites
from contents import EPOCH

from wire import Refusal, Routes, instant, told

ROUTES = Routes()


def moment(seconds):
    return instant(seconds, 6)


def asker(call, front):
    """Who asks: by a token of the API, or nobody."""
    token = call.bearer()
    if call.authorization is None:
        return None
    claims = front.tokens.find(token or "", "hub", "api")
    if claims is None:
        raise Refusal(401, "unauthorized", "unauthorized")
    call.client = claims["user"]
    return claims["user"]


def limited(call, front):
    """The headers of the limit, or the refusal of what goes beyond it."""
    limit, left, until = front.limits.call("hub", None)
    headers = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(max(left, 0)), "X-RateLimit-Reset": str(math.ceil(until))}
    if left < 0:
        return throttled(429, {**headers, "Retry-After": str(max(1, math.ceil(until - time.time())))})
    return headers


def throttled(status, headers):
    return told({"detail": "Rate limit exceeded", "error": False}, status, headers)


@ROUTES.on("POST", "/v2/users/login", "login")
def login(call, front):
    given = call.given()
    return told({"token": signed_in(front, given.get("username"), given.get("password"))})


@ROUTES.on("POST", "/v2/auth/token", "login")
def token(call, front):
    given = call.given()
    return told({"access_token": signed_in(front, given.get("identifier"), given.get("secret"))})


def signed_in(front, name, word):
    user = sites.who("hub", name, word)
    if user is None:
        raise Refusal(401, "unauthorized", "Incorrect authentication credentials", detail="Incorrect authentication credentials")
    return front.tokens.make("hub", user, front.tokens.api_seconds, "api")


def not_there():
    return Refusal(404, "not_found", "object not found")


def listed(call, front, rows, row):
    """A page of a list, with the addresses of those around it."""
    number, size = call.number("page", 1), call.number("page_size", 10, 100)
    if number < 1 or size < 1:
        raise Refusal(400, "bad_request", "page must be a positive number")
    shown, following = paging.page(call, front, rows, size, number)
    if number > 1 and not shown:
        raise not_there()
    where = paging.base(call, front)
    return told({
        "count": len(rows), "next": where + call.again(page=following, page_size=size) if following else None,
        "previous": where + call.again(page=number - 1, page_size=size) if number > 1 else None, "results": [row(one) for one in shown],
    })


def held_by(call, front, namespace):
    """The repositories of a namespace that are shown: those without a further slash, as Docker Hub has no others."""
    user = asker(call, front)
    if namespace not in front.estate.namespaces() or not sites.may_name(user, namespace):
        raise not_there()
    return [one for one in front.estate.sorted() if one.namespace == namespace and "/" not in one.rest]


def repository_row(one):
    return {
        "name": one.rest, "namespace": one.namespace, "repository_type": "image", "status": 1, "status_description": "active", "description": one.description,
        "is_private": not one.public, "star_count": one.number % 7, "pull_count": one.pulls, "last_updated": moment(one.pushed) if one.manifests else None,
        "last_modified": moment(one.pushed), "date_registered": moment(EPOCH), "affiliation": "", "media_types": sorted({held.media for held in one.manifests.values()}),
        "content_types": ["image"], "categories": [], "storage_size": sum(held.size for held in one.manifests.values()),
    }


@ROUTES.on("GET", "/v2/user/orgs", "orgs")
def orgs(call, front):
    user = asker(call, front)
    if user is None:
        raise Refusal(401, "unauthorized", "unauthorized")
    rows = [name for name in front.estate.namespaces() if sites.may_name(user, name)]
    return listed(call, front, rows, lambda name: {"id": f"{front.estate.namespaces().index(name):032x}", "orgname": name, "full_name": name, "type": "Organization", "date_joined": moment(EPOCH)})


@ROUTES.on("GET", "/v2/namespaces/{namespace}/repositories", "repositories")
@ROUTES.on("GET", "/v2/repositories/{namespace}", "repositories")
def repositories(call, front, namespace):
    return listed(call, front, held_by(call, front, namespace), repository_row)


def repository_of(call, front, namespace, name):
    found = next((one for one in held_by(call, front, namespace) if one.rest == name), None)
    if found is None:
        raise not_there()
    return found


@ROUTES.on("GET", "/v2/namespaces/{namespace}/repositories/{name}/tags", "tags")
@ROUTES.on("GET", "/v2/repositories/{namespace}/{name}/tags", "tags")
def tags(call, front, namespace, name):
    one = repository_of(call, front, namespace, name)
    names = sorted(one.named(), key=lambda tag: (-one.tags[tag].pushed, tag))
    return listed(call, front, names, lambda tag: tag_row(one, tag))


@ROUTES.on("GET", "/v2/namespaces/{namespace}/repositories/{name}/tags/{tag}", "tag")
@ROUTES.on("GET", "/v2/repositories/{namespace}/{name}/tags/{tag}", "tag")
def tag(call, front, namespace, name, tag):
    one, call.reference = repository_of(call, front, namespace, name), tag
    if tag not in one.tags or front.faults.gone(call, one.tags[tag].digest):
        raise not_there()
    return told(tag_row(one, tag))


@ROUTES.on("GET", "/v2/namespaces/{namespace}/repositories/{name}", "repository")
def repository(call, front, namespace, name):
    return told({**repository_row(repository_of(call, front, namespace, name)), "full_description": "", "permissions": {"read": True, "write": False, "admin": False}})


def image_row(held):
    """The image of one platform; what an index calls unknown is told so."""
    platform = held.platform or {"architecture": "unknown", "os": "unknown"}
    return {
        "architecture": platform["architecture"], "features": "", "variant": platform.get("variant"), "digest": held.digest, "os": platform["os"], "os_features": "",
        "os_version": platform.get("os.version"), "size": held.size, "status": "active" if held.number % 5 else "inactive",
        "last_pulled": moment(held.pushed + 7200) if held.number % 5 else None, "last_pushed": moment(held.pushed),
    }


def tag_row(repository, tag):
    held = repository.tags[tag]
    children = [repository.manifests[digest] for digest in held.children if digest in repository.manifests] if held.kind == "index" and not held.fallback else [held]
    return {
        "creator": 1, "id": repository.number * 10_000 + held.number, "name": tag, "images": [image_row(child) for child in children], "last_updated": moment(held.pushed),
        "last_updater": 1, "last_updater_username": "plimsoll", "repository": repository.number, "full_size": held.size, "v2": True, "tag_status": "active",
        "tag_last_pulled": moment(held.pushed + 7200), "tag_last_pushed": moment(held.pushed), "media_type": held.media,
        "content_type": "image" if held.kind in ("image", "index") else "unrecognized", "digest": held.digest,
    }
