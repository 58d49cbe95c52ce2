"""OCI's distribution as each vendor speaks it: the challenge, the catalogue, tags, manifests, blobs and referrers. Refuses
to write, and whoever may not read."""

import base64
import bisect
from urllib.parse import quote

import sites
import tokens
from contents import descriptor
from images import DOCKER, OCI
from serving import Answer
from wire import Refusal, Routes, told

REGISTRY = Routes()
VERSION = {"Docker-Distribution-Api-Version": "registry/2.0"}
OCI_KINDS = (OCI["index"], OCI["manifest"])


def missing(code, message, **detail):
    return Refusal(404, code, message, detail=detail or None)


def invalid_number():
    return Refusal(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested")


def repository_of(call, front, name):
    """The repository of a name as this site writes it, which whoever asks must be allowed to read."""
    call.repository = sites.real(call.site, name)
    call.user = tokens.allowed(call, front, "repository", name)
    found = front.estate.repositories.get(sites.real(call.site, name))
    if found is None:
        raise missing("NAME_UNKNOWN", "repository name not known to registry", name=name)
    return found


def page(call, front, names, usual):
    """The names after the last one seen, at most `n`, and the link to those that follow."""
    try:
        size = int(call.query.get("n") or usual)
    except ValueError:
        raise invalid_number() from None
    if size < 0:
        raise invalid_number()
    member, last = sites.MANNERS[call.site].paging, None
    if seen := call.query.get(member):
        last = base64.urlsafe_b64decode(seen + "==").decode("utf-8", "replace") if member == "next_page" else seen
    repeats = front.faults.repeats(call)
    start = bisect.bisect_right(names, last) if last is not None and not repeats else 0
    end = start + min(size, front.pages.page_cap or size)
    shown = names[start:end]
    if not shown or not repeats and end >= len(names):
        return shown, {}
    following = base64.urlsafe_b64encode(shown[-1].encode()).decode().rstrip("=") if member == "next_page" else shown[-1]
    return shown, {"Link": linked(call, front, f"{call.path}?{member}={quote(following, safe='')}&n={size}")}


def linked(call, front, path):
    """A link to another page: relative, absolute, or wherever a test wants it to lead."""
    stray = front.faults.strayed("stray_link", call, front.addresses["stray"])
    start = stray or (front.addresses[call.site] if front.choices.links == "absolute" else "")
    return f'<{start}{path}>; rel="next"'


@REGISTRY.on("GET", "/v2", "challenge")
def root(call, front):
    tokens.allowed(call, front)
    return Answer(200, {"Content-Type": "application/json"}, "{}")


@REGISTRY.on("GET", "/v2/_catalog", "catalog")
def catalog(call, front):
    how = front.choice(call.site, "catalog")
    if how == "absent":
        raise missing("NAME_UNKNOWN", "no such address")
    if how == "denied":
        tokens.allowed(call, front)
        header = tokens.challenge(call, front, "registry:catalog:*", "insufficient_scope")
        raise Refusal(401, "UNAUTHORIZED", tokens.UNAUTHORIZED, header, detail=[{"Type": "registry", "Class": "", "Name": "catalog", "Action": "*"}])
    user = tokens.allowed(call, front, "registry", "catalog", "*")
    if how == "admin" and user != "admin":
        raise Refusal(401, "UNAUTHORIZED", "unauthorized to list catalog", tokens.challenge(call, front, "registry:catalog:*"))
    names = [sites.shown(call.site, one) for one in front.estate.sorted() if how == "on" or sites.may(user, one)]
    shown, headers = page(call, front, sorted(names), 100)
    return told({"repositories": shown}, headers=headers)


@REGISTRY.on("GET", "/v2/{name+}/tags/list", "tags")
def tag_list(call, front, name):
    repository = repository_of(call, front, name)
    shown, headers = page(call, front, repository.named(not front.choice(call.site, "referrers")), 1 << 30 if call.site != "quay" else 50)
    # A repository without tags says so with null.
    return told({"name": name, "tags": shown or None}, headers=headers)


def there(call, front, repository, reference):
    """A manifest that is there, or the registry's word that it is not."""
    call.reference = reference
    one = repository.find(reference, not front.choice(call.site, "referrers"))
    if one is None or front.faults.gone(call, one.digest):
        raise missing("MANIFEST_UNKNOWN", "manifest unknown", Name=repository.name, Tag=reference)
    return one


def negotiated(call, repository, one, reference):
    """What is sent to somebody who takes these types: an old client gets the usual platform's image of Docker's lists,
    and nothing of OCI's."""
    taken = {part.partition(";")[0].strip() for part in call.headers.get("accept", "*/*").split(",")}
    if {one.media, "*/*", "application/*"} & taken:
        return one
    if one.media == DOCKER["index"] and ":" not in reference:
        children = (repository.manifests.get(child) for child in one.children)
        usual = next((child for child in children if child and child.platform == {"architecture": "amd64", "os": "linux"}), None)
        if usual:
            return usual
    if one.media in OCI_KINDS:
        raise missing("MANIFEST_UNKNOWN", f"OCI {'index' if one.media == OCI['index'] else 'manifest'} found, but accept header does not support it")
    return one


@REGISTRY.on("GET", "/v2/{name+}/manifests/{reference}", "manifest")
def manifest(call, front, name, reference):
    repository = repository_of(call, front, name)
    limited = pulled(call, front)
    one = negotiated(call, repository, there(call, front, repository, reference), reference)
    headers = {"Content-Type": one.media, "Docker-Content-Digest": one.digest, "ETag": f'"{one.digest}"', **limited}
    if call.headers.get("if-none-match") == f'"{one.digest}"':
        return Answer(304, headers)
    body, forged = one.body, front.faults.forged(call, one.digest)
    if forged == "header":
        headers["Docker-Content-Digest"] = "sha256:" + one.digest[:6:-1]
    elif forged:
        body += b"\n"
    return Answer(200, headers, body)


def pulled(call, front):
    """The headers of Docker Hub's limit: what is fetched counts, what is only looked at does not."""
    if call.site != "hub_registry":
        return {}
    found = front.limits.pull(call.user, call.method == "GET")
    if found is None:
        return {}
    limit, left = found
    headers = {
        "ratelimit-limit": f"{limit};w={front.limits.pull_window}", "ratelimit-remaining": f"{max(left, 0)};w={front.limits.pull_window}",
        "docker-ratelimit-source": "127.0.0.1" if call.user is None else "00000000-0000-4000-8000-000000000001",
    }
    if left < 0:
        whose = "unauthenticated" if call.user is None else "authenticated"
        message = f"You have reached your {whose} pull rate limit. https://www.docker.com/increase-rate-limit"
        raise Refusal(429, "TOOMANYREQUESTS", message, headers)
    return headers


@REGISTRY.on("GET", "/v2/{name+}/blobs/{digest}", "blob")
def blob(call, front, name, digest):
    repository, call.reference = repository_of(call, front, name), digest
    found = repository.blobs.get(digest)
    if found is None or front.faults.gone(call, digest):
        raise missing("BLOB_UNKNOWN", "blob unknown to registry", digest=digest)
    if front.choice(call.site, "redirect"):
        token = front.tokens.make("storage", digest, 60, "blob")
        return Answer(307, {"Location": f"{front.addresses['storage']}/{quote(repository.name)}/{digest}?X-Signature={token}"})
    if front.faults.forged(call, digest):
        found = found[:-1] + bytes([found[-1] ^ 1]) if found else b"\n"
    return ranged(call, found, {"Docker-Content-Digest": digest, "ETag": f'"{digest}"', "Accept-Ranges": "bytes"})


def ranged(call, found, headers):
    """Bytes, or the part of them that was asked for."""
    headers = {"Content-Type": "application/octet-stream", **headers}
    first, _, last = call.headers.get("range", "").removeprefix("bytes=").partition("-")
    if not first.isdigit():
        return Answer(200, headers, found)
    start, end = int(first), min(int(last) if last.isdigit() else len(found) - 1, len(found) - 1)
    if start > end:
        return Answer(416, {**headers, "Content-Range": f"bytes */{len(found)}"})
    return Answer(206, {**headers, "Content-Range": f"bytes {start}-{end}/{len(found)}"}, found[start : end + 1])


@REGISTRY.on("GET", "/v2/{name+}/referrers/{digest}", "referrers")
def referrers(call, front, name, digest):
    repository, call.reference = repository_of(call, front, name), digest
    how, wanted = front.choice(call.site, "referrers"), call.query.get("artifactType")
    if not how:
        raise missing("NOT_FOUND", "404 page not found")
    rows = [one for one in repository.about(digest) if how == "unfiltered" or wanted in (None, one.artifact)]
    size = front.pages.size(max(1, call.number("n", 1 << 30)))
    start, repeats = call.number("last", 0), front.faults.repeats(call)
    start = 0 if repeats else start
    text = {"schemaVersion": 2, "mediaType": OCI["index"], "manifests": [descriptor(one) for one in rows[start : start + size]]}
    headers = {"OCI-Filters-Applied": "artifactType"} if wanted and how != "unfiltered" else {}
    if start + size < len(rows) or repeats and rows:
        headers["Link"] = linked(call, front, call.again(last=start + size))
    return told(text, headers={**headers, "Content-Type": OCI["index"]})


def stored(call, front):
    """What lies behind a redirect: an address that is signed, and takes no other secret."""
    if call.authorization:
        text = "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"
        return Answer(400, {"Content-Type": "application/xml"}, text)
    name, _, digest = call.path.strip("/").rpartition("/")
    claims = front.tokens.find(call.query.get("X-Signature", ""), "storage", "blob")
    repository = next((one for one in front.estate.repositories.values() if quote(one.name) == name), None)
    if claims is None or claims["user"] != digest or repository is None or digest not in repository.blobs:
        return Answer(403, {"Content-Type": "application/xml"}, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")
    call.operation, call.repository, call.reference = "blob", repository.name, digest
    found = repository.blobs[digest]
    if front.faults.forged(call, digest):
        found = found[:-1] + b"\n"
    return ranged(call, found, {"ETag": f'"{digest}"', "Accept-Ranges": "bytes"})
