"""A registry's own door: its challenge and tokens, its catalogue with attributes, and OCI's distribution beside it.
Refuses whoever brings no token for the scope, as a registry does; refuses to write."""

import base64
import bisect
from urllib.parse import quote

import signin
from faults import without
from serving import Answer
from wire import Refusal, Routes, instant, told

NOBODY = "00000000-0000-0000-0000-000000000000"
INDEX = "application/vnd.oci.image.index.v1+json"
ADMIN_PASSWORD = "not-a-secret"
CHANGEABLE = {"deleteEnabled": True, "writeEnabled": True, "readEnabled": True, "listEnabled": True}
REGISTRY = Routes(folded=False)


def unauthorized(message, headers=None):
    return Refusal(401, "UNAUTHORIZED", message, headers)


def missing(code, message, **detail):
    return Refusal(404, code, message, detail=detail or None)


def held(call, emulator):
    """The registry that was called, which must let this address in."""
    found = emulator.estate.registries.get(call.registry)
    if found is None:
        raise missing("NOT_FOUND", f"registry {call.registry} is not found")
    if found.closed:
        raise Refusal(403, "DENIED", "client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.")
    return found


def allowed(call, emulator, scope):
    """The registry, if the token that was brought is good for `type:name:action`."""
    registry = held(call, emulator)
    kind, name, action = scope.split(":")
    challenge = f'Bearer realm="https://{registry.server}/oauth2/token",service="{registry.server}"'
    challenge += f',scope="{scope}"' if name else ""
    said = "authentication required, visit https://aka.ms/acr/authorization for more information."
    token = call.bearer()
    if token is None:
        detail = [{"Type": kind, "Class": "", "Name": name, "Action": action}] if name else None
        raise Refusal(401, "UNAUTHORIZED", said, {"WWW-Authenticate": challenge}, detail=detail)
    claims = emulator.tokens.claims(token)
    if claims is None or claims.get("aud") != registry.server or "access" not in claims or emulator.tokens.expired(claims):
        raise unauthorized(said, {"WWW-Authenticate": challenge + ',error="invalid_token"'})
    call.client = claims.get("sub")
    granted = any(entry["type"] == kind and entry["name"] == name and action in entry["actions"] for entry in claims["access"])
    if name and not granted:
        raise unauthorized(said, {"WWW-Authenticate": challenge + ',error="insufficient_scope"'})
    return registry


def answered(call, emulator, body, headers=None):
    """An answer without the fields that a test took away."""
    return told(without(body, emulator.faults.absent(call)), headers=headers)


def repository_of(registry, name):
    found = registry.repositories.get(name)
    if found is None:
        raise missing("NAME_UNKNOWN", "repository name not known to registry", name=name)
    return found


@REGISTRY.on("POST", "/oauth2/exchange", "exchange")
def exchange(call, emulator):
    """A refresh token of the registry for an access token of the directory."""
    registry = held(call, emulator)
    form = call.form()
    if form.get("grant_type") not in ("access_token", "access_token_refresh_token"):
        raise Refusal(400, "BADREQUEST", "grant_type is not supported")
    if form.get("service") != registry.server:
        raise Refusal(400, "BADREQUEST", f"service {form.get('service')} is not {registry.server}")
    claims = emulator.tokens.claims(form.get("access_token", ""))
    audiences = (*signin.MANAGERS, *signin.REGISTRIES)
    if claims is None or emulator.tokens.expired(claims) or claims.get("aud", "").rstrip("/") not in audiences:
        raise unauthorized("authentication required, visit https://aka.ms/acr/authorization for more information.")
    call.client = claims["appid"]
    made, _ = emulator.tokens.make(
        emulator.tokens.refresh_seconds, iss="Azure Container Registry", aud=registry.server, sub=claims["oid"], grant_type="refresh_token",
        tenant=signin.TENANT, appid=claims["appid"], permissions={"actions": ["read"]}, version="1.0",
    )
    return told({"refresh_token": made})


@REGISTRY.on("POST", "/oauth2/token", "token")
@REGISTRY.on("GET", "/oauth2/token", "token")
def token(call, emulator):
    """An access token for scopes: for a refresh token, for a name and password, or for nobody where all may pull."""
    registry = held(call, emulator)
    given = call.form() if call.method == "POST" else call.query
    refresh, subject = given.get("refresh_token"), None
    kind, _, basic = call.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        user, _, word = base64.b64decode(basic + "=" * (-len(basic) % 4)).decode("utf-8", "replace").partition(":")
        if user == NOBODY:
            refresh = word
        elif registry.admin and (user, word) == (registry.name, ADMIN_PASSWORD):
            subject = user
        elif (user, word) == (signin.CLIENT, signin.SECRET):
            subject = user
    if refresh:
        claims = emulator.tokens.claims(refresh)
        if claims is not None and claims.get("grant_type") == "refresh_token" and claims["aud"] == registry.server and not emulator.tokens.expired(claims):
            subject = claims["sub"]
    elif subject is None and registry.anonymous and kind == "":
        subject = "anonymous"
    if subject is None:
        raise unauthorized("authentication required, visit https://aka.ms/acr/authorization for more information.")
    call.client = subject
    made, _ = emulator.tokens.make(
        emulator.tokens.registry_seconds, iss="Azure Container Registry", aud=registry.server, sub=subject, version="1.0",
        access=[entry for scope in given.get("scope", "").split() if (entry := granted(scope))], grant_type="access_token",
    )
    return told({"access_token": made})


def granted(scope):
    """What a reader gets of a scope: never more than to read."""
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    readable = {"registry": ("*",), "repository": ("pull", "metadata_read")}.get(kind, ())
    wanted = [action for action in readable if action in actions.split(",") or "*" in actions.split(",")]
    return {"type": kind, "name": name, "actions": wanted} if wanted else None


def page(call, emulator, names, usual, most):
    """The names after `last`, at most `n`, and the link to those that follow."""
    try:
        size = int(call.query.get("n") or usual)
    except ValueError:
        raise Refusal(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested") from None
    if size < 1 or size > most:
        raise Refusal(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested", detail={"n": size})
    cap = emulator.pages.page_cap
    start, repeats = 0, emulator.faults.repeats(call)
    if (last := call.query.get("last")) and not repeats:
        start = bisect.bisect_right(names, last) if is_sorted(call) else place_after(names, last)
    end = start + min(size, cap or size)
    shown = names[start:end]
    if not repeats and end >= len(names) or not shown:
        return shown, {}
    order = f"&orderby={quote(call.query['orderby'])}" if "orderby" in call.query else ""
    link = f"{emulator.faults.strayed(call) or ''}{call.prefix}{quote(call.path)}?last={quote(shown[-1], safe='')}&n={size}{order}"
    return shown, {"Link": f'<{link}>; rel="next"'}


def is_sorted(call):
    return not call.query.get("orderby", "").startswith("time")


def place_after(names, last):
    return names.index(last) + 1 if last in names else len(names)


def in_order(call, repository, names, pushed):
    """Names as `orderby` asks: by name, or by when they were pushed."""
    order = call.query.get("orderby", "")
    if order in ("", "none"):
        return names
    if order not in ("timeasc", "timedesc"):
        raise Refusal(400, "INVALID_ORDERBY", f"orderby {order} is not supported")
    return sorted(names, key=pushed, reverse=order == "timedesc")


@REGISTRY.on("GET", "/acr/v1/_catalog", "catalog")
@REGISTRY.on("GET", "/v2/_catalog", "catalog")
def catalog(call, emulator):
    registry = allowed(call, emulator, "registry:catalog:*")
    shown, headers = page(call, emulator, registry.named, 100, 1000)
    # A registry without repositories says so with null.
    return answered(call, emulator, {"repositories": shown or None}, headers=headers)


@REGISTRY.on("GET", "/acr/v1/{name+}/_tags", "tags.list")
def tags(call, emulator, name):
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:metadata_read")
    repository = repository_of(registry, name)
    names = sorted(tag for tag, image in repository.by_tag.items() if call.query.get("digest") in (None, image.digest))
    names = in_order(call, repository, names, lambda tag: repository.by_tag[tag].pushed)
    shown, headers = page(call, emulator, names, 100, 1000)
    return answered(call, emulator, {"registry": registry.server, "imageName": name, "tags": [tag_row(repository, tag) for tag in shown]}, headers=headers)


def tag_row(repository, tag):
    image = repository.by_tag[tag]
    return {
        "name": tag, "digest": image.digest, "createdTime": instant(image.pushed), "lastUpdateTime": instant(image.pushed),
        "signed": False, "changeableAttributes": dict(CHANGEABLE),
    }


@REGISTRY.on("GET", "/acr/v1/{name+}/_tags/{tag}", "tags.get")
def one_tag(call, emulator, name, tag):
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:metadata_read")
    repository = repository_of(registry, name)
    if tag not in repository.by_tag:
        raise missing("TAG_UNKNOWN", "the specified tag does not exist", name=tag)
    return answered(call, emulator, {"registry": registry.server, "imageName": name, "tag": tag_row(repository, tag)})


@REGISTRY.on("GET", "/acr/v1/{name+}/_manifests", "manifests.list")
def manifests(call, emulator, name):
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:metadata_read")
    repository = repository_of(registry, name)
    digests = in_order(call, repository, repository.digests(), lambda digest: repository.by_digest[digest].pushed)
    shown, headers = page(call, emulator, digests, 100, 1000)
    rows = [manifest_row(repository.by_digest[digest]) for digest in shown]
    return answered(call, emulator, {"registry": registry.server, "imageName": name, "manifests": rows}, headers=headers)


def manifest_row(image):
    """The attributes of one manifest; those of an index name no platform."""
    row = {"digest": image.digest, "imageSize": image.size, "createdTime": instant(image.pushed), "lastUpdateTime": instant(image.pushed)}
    if image.architecture:
        row.update({"architecture": image.architecture, "os": "linux"})
    row["mediaType"] = image.media
    if image.config:
        row["configMediaType"] = image.config
    if image.tags:
        row["tags"] = list(image.tags)
    return {**row, "changeableAttributes": dict(CHANGEABLE)}


@REGISTRY.on("GET", "/acr/v1/{name+}/_manifests/{digest}", "manifests.attributes")
def one_manifest(call, emulator, name, digest):
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:metadata_read")
    image = there(call, emulator, repository_of(registry, name), digest)
    row = manifest_row(image)
    if image.children:
        row["references"] = [{"digest": child.digest, "architecture": child.architecture, "os": "linux"} for child in image.children]
    return answered(call, emulator, {"registry": registry.server, "imageName": name, "manifest": row})


@REGISTRY.on("GET", "/acr/v1/{name+}", "repositories.get")
def attributes(call, emulator, name):
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:metadata_read")
    repository = repository_of(registry, name)
    return answered(call, emulator, {
        "registry": registry.server, "imageName": name, "createdTime": instant(repository.images[0].pushed if repository.images else repository.pushed),
        "lastUpdateTime": instant(repository.pushed), "manifestCount": len(repository.by_digest), "tagCount": len(repository.by_tag),
        "changeableAttributes": {**CHANGEABLE, "teleportEnabled": False},
    })


def there(call, emulator, repository, reference):
    """An image that is there, or the registry's word that it is not."""
    image = repository.find(reference)
    if image is None or image.digest in emulator.faults.vanished(call, repository.digests()):
        raise missing("MANIFEST_UNKNOWN", f"manifest {'sha256' if ':' in reference else 'tagged'} by \"{reference}\" is not found", name=repository.name, revision=reference)
    return image


@REGISTRY.on("GET", "/v2", "challenge")
def challenge(call, emulator):
    allowed(call, emulator, "registry::*")
    return Answer(200, {"Docker-Distribution-Api-Version": "registry/2.0", "Content-Type": "application/json"}, "{}")


@REGISTRY.on("GET", "/v2/{name+}/tags/list", "tags.names")
def tag_names(call, emulator, name):
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:pull")
    shown, headers = page(call, emulator, sorted(repository_of(registry, name).by_tag), 100, 1000)
    return answered(call, emulator, {"name": name, "tags": shown or None}, headers=headers)


@REGISTRY.on("GET", "/v2/{name+}/manifests/{reference}", "manifests.get")
def manifest(call, emulator, name, reference):
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:pull")
    image = there(call, emulator, repository_of(registry, name), reference)
    taken = [part.partition(";")[0].strip() for part in call.headers.get("accept", "*/*").split(",")]
    if not {image.media, "*/*", "application/*"} & set(taken):
        raise missing("MANIFEST_UNKNOWN", f"{'OCI index' if image.media == INDEX else 'manifest'} found, but accept header does not support {image.media}")
    return Answer(200, {
        "Content-Type": image.media, "Docker-Content-Digest": image.digest, "ETag": f'"{image.digest}"',
        "Docker-Distribution-Api-Version": "registry/2.0", "X-Content-Type-Options": "nosniff",
    }, image.text())


@REGISTRY.on("GET", "/v2/{name+}/blobs/{digest}", "blobs.get")
def blob(call, emulator, name, digest):
    """A blob; real registries answer 307 to a storage account, which `"redirect": true` among the settings shows."""
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:pull")
    found = repository_of(registry, name).blob(digest)
    if found is None:
        raise missing("BLOB_UNKNOWN", "blob unknown to registry", digest=digest)
    if emulator.redirect:
        return Answer(307, {"Location": f"{emulator.address}/_blobs/{registry.name}/{name}/{digest}"})
    headers = {"Content-Type": "application/octet-stream", "Docker-Content-Digest": digest}
    first, _, last = call.headers.get("range", "").removeprefix("bytes=").partition("-")
    if first.isdigit():
        data = found.encode()
        end = min(int(last or len(data)), len(data) - 1)
        headers["Content-Range"] = f"bytes {first}-{end}/{len(data)}"
        return Answer(206, headers, data[int(first) : end + 1])
    return Answer(200, headers, found)


@REGISTRY.on("GET", "/v2/{name+}/referrers/{digest}", "referrers.list")
def referrers(call, emulator, name, digest):
    """What has this digest for its subject, as OCI's index."""
    call.repository = name
    registry = allowed(call, emulator, f"repository:{name}:pull")
    rows = [
        {"mediaType": image.media, "size": image.length, "digest": image.digest, "artifactType": image.artifact}
        for image in repository_of(registry, name).images if image.subject == digest
    ]
    wanted, headers = call.query.get("artifactType"), {"Content-Type": INDEX}
    if wanted:
        rows = [row for row in rows if row["artifactType"] == wanted]
        headers["OCI-Filters-Applied"] = "artifactType"
    places = {row["digest"]: row for row in rows}
    shown, link = page(call, emulator, sorted(places), 100, 1000)
    return told({"schemaVersion": 2, "mediaType": INDEX, "manifests": [places[digest] for digest in shown]}, headers={**headers, **link})
