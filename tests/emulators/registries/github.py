"""GitHub's API of container packages: those of an organisation or a user, and their versions, each a manifest. Refuses what
is not shown to whoever asks as if it were not there."""

import math
import time
from urllib.parse import quote

import paging
import sites
from contents import EPOCH
from wire import Refusal, Routes, instant, told

ROUTES = Routes()
VERSIONS = ("2022-11-28", "2026-03-10")


def moment(seconds):
    return instant(int(seconds), 0)


def asker(call):
    if call.authorization is None:
        raise Refusal(401, "unauthorized", "Requires authentication")
    basic = call.basic()
    user = sites.who_by("github", basic[1] if basic else call.bearer() or "")
    if user is None:
        raise Refusal(401, "unauthorized", "Bad credentials")
    call.client = user
    return user


def limited(call, front):
    """The headers of the limit, and the refusal of what goes beyond it, which is 403."""
    version = call.headers.get("x-github-api-version", VERSIONS[0])
    if version not in VERSIONS:
        raise Refusal(400, "version", f"The API version {version} is not supported.")
    limit, left, until = front.limits.call("github", call.headers.get("authorization"))
    headers = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(max(left, 0)), "X-RateLimit-Used": str(limit - max(left, 0)),
               "X-RateLimit-Reset": str(math.ceil(until)), "X-RateLimit-Resource": "core", "X-GitHub-Api-Version-Selected": version, "X-GitHub-Request-Id": "0000:0000:0:0:0"}
    return exceeded(headers) if left < 0 else headers


def exceeded(headers, status=403):
    return told({"message": "API rate limit exceeded for user ID 1.", "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"}, status, headers)


def throttled(order, headers):
    """The first limit, which tells when it ends; or with `"code": "secondary"` the other, which may tell how long to wait."""
    if order.get("code") == "secondary":
        text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        return told({"message": text, "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}, order.get("status", 403), headers)
    reset = math.ceil(time.time() + order.get("retry_after", 60))
    return exceeded({"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset), "X-RateLimit-Resource": "core"}, order.get("status", 403))


def not_there():
    return Refusal(404, "not_found", "Not Found")


def listed(call, front, rows, row):
    """A page of a list, with links to those around it."""
    number, size = max(1, call.number("page", 1)), max(1, call.number("per_page", 30, 100))
    shown, following = paging.page(call, front, rows, size, number)
    where, last = paging.base(call, front), -(-len(rows) // front.pages.size(size))
    link = lambda page, name: f'<{where}{call.again(page=page, per_page=size)}>; rel="{name}"'  # noqa: E731
    links = [link(number - 1, "prev")] if number > 1 else []
    links += [link(following, "next"), link(last, "last")] if following else []
    links += [link(1, "first")] if number > 1 else []
    return told([row(one) for one in shown], headers={"Link": ", ".join(links)} if links else {})


def held_by(call, front, owner):
    user = asker(call)
    if owner not in front.estate.namespaces() or not sites.may_name(user, owner):
        raise not_there()
    return [one for one in front.estate.sorted() if one.namespace == owner]


def package_row(call, front, one):
    address, owner = front.addresses["github"], one.namespace
    project = {"id": one.number, "node_id": "", "name": one.rest.partition("/")[0], "full_name": f"{owner}/{one.rest.partition('/')[0]}", "private": not one.public,
               "html_url": f"https://github.com/{owner}/{one.rest.partition('/')[0]}"}
    row = {
        "id": one.number, "name": one.rest, "package_type": "container", "owner": {"login": owner, "id": 1, "type": "Organization", "url": f"{address}/orgs/{owner}"},
        "version_count": len(rows_of(one)), "visibility": "public" if one.public else "private", "url": f"{address}/orgs/{owner}/packages/container/{quote(one.rest, safe='')}",
        "created_at": moment(EPOCH), "updated_at": moment(one.pushed), "html_url": f"https://github.com/orgs/{owner}/packages/container/package/{quote(one.rest, safe='')}",
    }
    # A package need not belong to a repository of sources.
    return {**row, "repository": project} if one.number % 4 else row


def packages(call, front, owner):
    rows = held_by(call, front, owner)
    kind = call.query.get("package_type")
    if kind is None:
        raise Refusal(400, "package_type", "Invalid argument: package_type is required.")
    rows = [one for one in rows if kind == "container" and call.query.get("visibility") in (None, "public" if one.public else "private")]
    return listed(call, front, rows, lambda one: package_row(call, front, one))


@ROUTES.on("GET", "/orgs/{owner}/packages", "packages")
def of_organisation(call, front, owner):
    return packages(call, front, owner)


@ROUTES.on("GET", "/users/{owner}/packages", "packages")
def of_user(call, front, owner):
    return packages(call, front, owner)


def package_of(call, front, owner, name):
    found = next((one for one in held_by(call, front, owner) if one.rest == name), None)
    if found is None:
        raise Refusal(404, "not_found", "Package not found.")
    return found


def rows_of(one):
    return sorted(one.manifests.values(), key=lambda held: -held.pushed)


def version_row(front, one, held):
    address = f"{front.addresses['github']}/orgs/{one.namespace}/packages/container/{quote(one.rest, safe='')}"
    number = one.number * 10_000 + held.number
    return {
        "id": number, "name": held.digest, "url": f"{address}/versions/{number}", "package_html_url": f"https://github.com/orgs/{one.namespace}/packages/container/package/{quote(one.rest, safe='')}",
        "created_at": moment(held.pushed), "updated_at": moment(held.pushed + 60), "html_url": f"https://github.com/orgs/{one.namespace}/packages/container/{quote(one.rest, safe='')}/{number}",
        "metadata": {"package_type": "container", "container": {"tags": sorted(held.tags())}},
    }


for owners in ("orgs", "users"):

    @ROUTES.on("GET", f"/{owners}/{{owner}}/packages/container/{{name}}", "package")
    def package(call, front, owner, name):
        return told(package_row(call, front, package_of(call, front, owner, name)))

    @ROUTES.on("GET", f"/{owners}/{{owner}}/packages/container/{{name}}/versions", "versions")
    def versions(call, front, owner, name):
        one = package_of(call, front, owner, name)
        if call.query.get("state", "active") == "deleted":
            raise Refusal(403, "forbidden", "You need at least read:packages and delete:packages scope to list deleted versions.")
        return listed(call, front, rows_of(one), lambda held: version_row(front, one, held))

    @ROUTES.on("GET", f"/{owners}/{{owner}}/packages/container/{{name}}/versions/{{number}}", "version")
    def version(call, front, owner, name, number):
        one = package_of(call, front, owner, name)
        held = next((held for held in one.manifests.values() if str(one.number * 10_000 + held.number) == number), None)
        if held is None or front.faults.gone(call, held.digest):
            raise Refusal(404, "not_found", "Package version not found.")
        return told(version_row(front, one, held))


@ROUTES.on("GET", "/user/orgs", "orgs")
def organisations(call, front):
    user = asker(call)
    rows = [name for name in front.estate.namespaces() if sites.may_name(user, name)]
    return listed(call, front, rows, lambda name: {"login": name, "id": front.estate.namespaces().index(name) + 1, "url": f"{front.addresses['github']}/orgs/{name}"})
