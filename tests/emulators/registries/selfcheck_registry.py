"""Checks of the registries: who may ask, pages, manifests that are what they are called, blobs, redirects and referrers.
Refuses to know the vendors' own APIs."""

import json
import re

from checking import same
from plain import ACCEPT, ask, basic

CHECKS = []
REGISTRIES = ("oci", "harbor", "quay", "hub_registry", "ghcr", "gitlab_registry")


def check(function):
    CHECKS.append(function)
    return function


def holds(fact, what):
    if not fact:
        raise AssertionError(what)


@check
def nobody_enters_without_a_token(emulator):
    for site in (*REGISTRIES, "jfrog"):
        answer = emulator.ask(site, "/v2/")
        same((answer.status, answer.code), (401, "UNAUTHORIZED"), f"{site} without a token")
        holds(answer.headers["www-authenticate"].startswith("Bearer realm="), f"{site} has no challenge")
        refused = emulator.ask(site, "/v2/shop/web/tags/list")
        holds('scope="repository:shop/web:pull"' in refused.headers["www-authenticate"], f"{site} names no scope")
        name = "shop-docker-local/web" if site == "jfrog" else "shop/web"
        answer = emulator.registry(site, f"/v2/{name}/tags/list", name)
        same((answer.status, answer.json["name"], {"1.0.0", "latest"} <= set(answer.json["tags"])), (200, name, True), f"tags at {site}")


@check
def what_is_closed_stays_closed(emulator):
    for site, status, code in (("oci", 401, "UNAUTHORIZED"), ("quay", 401, "UNAUTHORIZED"), ("harbor", 401, "UNAUTHORIZED")):
        answer = emulator.manifest("closed/vault", "latest", site)
        same((answer.status, answer.code), (status, code), f"a closed repository at {site}")
        holds('error="insufficient_scope"' in answer.headers["www-authenticate"], "the scope is not called insufficient")
        same(emulator.manifest("closed/vault", "latest", site, account=emulator.account("admin")).status, 200, f"an administrator at {site}")
    same(emulator.token("ghcr", "repository:closed/vault:pull", emulator.account("github")), None, "a token for what is closed")
    same(emulator.manifest("library/debian", "12", account=None).status, 200, "what is public")
    same(emulator.manifest("shop/web", "latest", account=None).status, 401, "what is not")
    same(emulator.manifest("shop/none", "latest").code, "NAME_UNKNOWN", "a repository that is none")
    same(emulator.manifest("shop/web", "none").code, "MANIFEST_UNKNOWN", "a tag that is none")
    answer = emulator.ask("harbor", "/v2/closed/vault/tags/list", Authorization=basic(*emulator.account("harbor")))
    same((answer.status, answer.code), (403, "DENIED"), "Harbor with a name and password")


@check
def tokens_are_given_in_every_way(emulator):
    name, word = emulator.account("oci")
    form = f"grant_type=password&service=registry.example.com&client_id=x&scope=repository:shop/web:pull&username={name}&password={word}&access_type=offline"
    first = emulator.ask("oci", "/token", "POST", form).json
    again = emulator.ask("oci", "/token", "POST", f"grant_type=refresh_token&service=registry.example.com&scope=repository:shop/web:pull&refresh_token={first['refresh_token']}").json
    for token in (first["access_token"], again["access_token"]):
        same(emulator.ask("oci", "/v2/shop/web/tags/list", Authorization=f"Bearer {token}").status, 200, "a token that was posted for")
    same(emulator.ask("oci", "/v2/shop/api/tags/list", Authorization=f"Bearer {first['access_token']}").status, 401, "a token of another repository")
    many = emulator.ask("oci", "/token?service=registry.example.com&scope=repository:shop/web:pull&scope=repository:shop/api:pull%20repository:closed/keys:pull", Authorization=basic(name, word)).json["token"]
    same([emulator.ask("oci", f"/v2/{one}/tags/list", Authorization=f"Bearer {many}").status for one in ("shop/web", "shop/api", "closed/keys")], [200, 200, 401], "a token of many scopes")
    wrong = emulator.ask("oci", "/token?service=registry.example.com", Authorization=basic(name, "wrong"))
    same((wrong.status, wrong.code), (401, "UNAUTHORIZED"), "a wrong password")
    same(emulator.ask("gitlab", "/jwt/auth?service=container_registry", Authorization=basic(name, "wrong")).status, 403, "the same at GitLab")
    same(emulator.ask("quay", "/v2/shop/web/tags/list", Authorization=f"Bearer {many}").status, 401, "a token of another site")
    emulator.set(access_seconds=0)
    holds('error="invalid_token"' in emulator.manifest("shop/web", "latest").headers["www-authenticate"], "an old token is taken")


@check
def registries_open_as_they_are_set(emulator):
    emulator.set(auth="anonymous")
    same((emulator.ask("oci", "/v2/shop/web/tags/list").status, emulator.ask("oci", "/v2/closed/keys/tags/list").code), (200, "DENIED"), "a registry for all")
    emulator.set(auth={"oci": "basic"})
    refused = emulator.ask("oci", "/v2/")
    same((refused.status, refused.headers["www-authenticate"]), (401, 'Basic realm="registry.example.com"'), "a registry by password")
    account = basic(*emulator.account("oci"))
    same([emulator.ask("oci", f"/v2/{one}/tags/list", Authorization=account).status for one in ("shop/web", "closed/keys")], [200, 403], "a password")
    same(emulator.ask("quay", "/v2/").headers["www-authenticate"][:6], "Bearer", "the others")


def catalogue(emulator, site, account, query=""):
    token = emulator.token(site, "registry:catalog:*", account)
    return emulator.ask(site, "/v2/_catalog" + query, Authorization=f"Bearer {token}")


@check
def catalogues_are_those_of_vendors(emulator):
    told, visible = emulator.told["repositories"], [name for name in emulator.told["repositories"] if not name.startswith("closed/")]
    same(catalogue(emulator, "oci", emulator.account("oci")).json["repositories"], told, "a catalogue")
    same(catalogue(emulator, "quay", emulator.account("quay")).json["repositories"], visible, "Quay's")
    for site, vendor in (("harbor", "harbor"), ("gitlab_registry", "gitlab")):
        same([catalogue(emulator, site, account).status for account in (emulator.account(vendor), emulator.account("admin"))], [401, 200], f"{site}'s")
    for site, vendor in (("hub_registry", "hub"), ("ghcr", "github")):
        answer = catalogue(emulator, site, emulator.account(vendor)) if site == "hub_registry" else emulator.registry(site, "/v2/_catalog", "shop/web")
        same(answer.status, 401, f"{site}'s")
    emulator.set(catalog={"oci": "absent"})
    same(catalogue(emulator, "oci", emulator.account("oci")).status, 404, "no catalogue")


@check
def pages_end_and_are_whole(emulator):
    for site in ("oci", "quay"):
        token = emulator.token(site, "registry:catalog:*", emulator.account(site))
        whole = emulator.ask(site, "/v2/_catalog?n=1000", Authorization=f"Bearer {token}").json["repositories"]
        same(emulator.pages(site, "/v2/_catalog?n=3", lambda answer: answer.json["repositories"], Authorization=f"Bearer {token}"), whole, f"pages of {site}")
        token = emulator.token(site, "repository:platform/many-tags:pull", emulator.account(site))
        tags = emulator.pages(site, "/v2/platform/many-tags/tags/list?n=40", lambda answer: answer.json["tags"], Authorization=f"Bearer {token}")
        same((len(tags), len(set(tags)), tags == sorted(tags)), (151, 151, True), f"tags of {site}")
    token = emulator.token("oci", "registry:catalog:*", emulator.account("oci"))
    ask_for = lambda query: emulator.ask("oci", f"/v2/_catalog{query}", Authorization=f"Bearer {token}")  # noqa: E731
    same((ask_for("?n=0").json["repositories"], ask_for("?n=-1").code, ask_for("?n=x").code), ([], "PAGINATION_NUMBER_INVALID", "PAGINATION_NUMBER_INVALID"), "sizes that are none")
    same(ask_for("?n=2&last=shop/cart").json["repositories"], ["shop/mail", "shop/search"], "after a name")
    emulator.set(page_cap=5, links="absolute")
    answer = ask_for("?n=100")
    same((len(answer.json["repositories"]), answer.link().startswith(emulator.addresses["oci"])), (5, True), "fewer than were asked for")


@check
def manifests_are_what_they_are_called(emulator):
    for name in emulator.told["repositories"]:
        if name.startswith("closed/"):
            continue
        token = emulator.token("oci", f"repository:{name}:pull", emulator.account("oci"))
        fetch = lambda what, method="GET": emulator.ask("oci", f"/v2/{name}/{what}", method, Authorization=f"Bearer {token}", Accept=ACCEPT)  # noqa: E731,B023
        for tag in (fetch("tags/list").json["tags"] or [])[:12]:
            answer, head = fetch(f"manifests/{tag}"), fetch(f"manifests/{tag}", "HEAD")
            told = answer.headers["docker-content-digest"]
            same((head.status, head.headers["docker-content-digest"], head.headers["content-length"], head.body), (200, told, str(len(answer.body)), b""), f"HEAD of {name}:{tag}")
            same(fetch(f"manifests/{told}").body, answer.body, f"{name}@{told}")
            false = name in ("team-a/loop", "team-a/legacy") and tag in ("latest", "1.0") or (name, tag) == ("team-a/corrupt", "manifest")
            same(answer.digest == told, not false, f"the digest of {name}:{tag}")
            if not false and answer.headers["content-type"].endswith("manifest.v1+json") and name != "team-a/corrupt":
                blobs(fetch, json.loads(answer.body), f"{name}:{tag}")
    same(emulator.manifest("team-a/untagged", "latest").code, "MANIFEST_UNKNOWN", "a repository without tags")
    same(emulator.registry("oci", "/v2/team-a/untagged/tags/list", "team-a/untagged").json["tags"], None, "its tags")


def blobs(fetch, manifest, what):
    """The config and layers of a manifest are those that it names."""
    for told in (manifest["config"], *manifest["layers"]):
        if "urls" in told:
            continue
        answer = fetch(f"blobs/{told['digest']}")
        if answer.status == 404 and what.startswith("team-a/foreign"):
            continue
        same((answer.status, answer.digest, len(answer.body)), (200, told["digest"], told["size"]), f"a blob of {what}")


@check
def hard_ones_are_hard(emulator):
    loop = emulator.manifest("team-a/loop", "latest")
    same(loop.json["manifests"][0]["digest"], loop.headers["docker-content-digest"], "an index that refers to itself")
    same(loop.json["manifests"][0]["size"], len(loop.body), "and knows its size")
    one, depth = emulator.manifest("team-a/nested", "deep"), 0
    while "manifests" in one.json:
        one, depth = emulator.manifest("team-a/nested", one.json["manifests"][0]["digest"]), depth + 1
    same(depth, 12, "how deep the nested one is")
    same(emulator.manifest("team-a/legacy", "1.0").json["schemaVersion"], 1, "the legacy one")
    holds(len(emulator.manifest("team-a/huge", "manifest").body) > 4 << 20, "the huge one is not")
    config = emulator.manifest("team-a/corrupt", "config").json["config"]["digest"]
    holds(emulator.blob("team-a/corrupt", config).digest != config, "the corrupted config is whole")
    same(emulator.manifest("team-a/foreign", "thing").headers["content-type"], "application/vnd.example.thing+json", "a kind that nobody knows")
    shared = [emulator.manifest("shop/web", emulator.manifest("shop/web", "latest").json["manifests"][0]["digest"]), emulator.manifest("platform/base", emulator.manifest("platform/base", "12").json["manifests"][0]["digest"])]
    same(shared[0].json["layers"][0], shared[1].json["layers"][0], "the layer of the base")
    same(shared[0].json["annotations"]["org.opencontainers.image.base.digest"], emulator.manifest("platform/base", "12").headers["docker-content-digest"], "the base that is named")


@check
def types_are_negotiated(emulator):
    one = "application/vnd.oci.image.manifest.v1+json"
    same(emulator.manifest("shop/web", "latest", Accept=one).code, "MANIFEST_UNKNOWN", "an index for somebody who takes none")
    same(emulator.manifest("shop/web", "latest", Accept=one, method="HEAD").status, 404, "the same by HEAD")
    etag = emulator.manifest("shop/web", "latest").headers["etag"]
    same(emulator.manifest("shop/web", "latest", If_None_Match=etag).status, 304, "a manifest that is known")
    two = "application/vnd.docker.distribution.manifest.v2+json"
    same(emulator.manifest("team-a/foreign", "systems", Accept=two).headers["content-type"], "application/vnd.docker.distribution.manifest.list.v2+json", "a list without the usual platform")


@check
def blobs_are_redirected_without_the_secret(emulator):
    config = emulator.manifest("shop/api", "latest").json["config"]["digest"]
    whole = emulator.blob("shop/api", config)
    part = emulator.blob("shop/api", config, Range="bytes=2-5")
    same((part.status, part.body, part.headers["content-range"]), (206, whole.body[2:6], f"bytes 2-5/{len(whole.body)}"), "a part")
    same((whole.status, emulator.blob("shop/api", config, "harbor").status), (200, 200), "registries that hold blobs themselves")
    for site in ("quay", "hub_registry", "ghcr", "gitlab_registry"):
        answer = emulator.blob("shop/api", config, site)
        where = answer.headers["location"]
        same((answer.status, where.startswith(emulator.addresses["storage"])), (307, True), f"a redirect of {site}")
        same(ask("", "GET", where).body, whole.body, "what lies there")
        same(ask("", "GET", where, Authorization="Bearer leaked").status, 400, "a secret that leaks")
        same(ask("", "GET", where.partition("?")[0]).status, 403, "an address that is not signed")
    same([call["authorization"] for call in emulator.calls(site="storage", status=400)], ["Bearer"] * 4, "what the log says of it")


@check
def referrers_are_told(emulator):
    subject = emulator.manifest("shop/worker", "latest").headers["docker-content-digest"]
    path = f"/v2/shop/worker/referrers/{subject}"
    rows = emulator.registry("oci", path, "shop/worker")
    same((rows.headers["content-type"], len(rows.json["manifests"])), ("application/vnd.oci.image.index.v1+json", 6), "what refers to it")
    for row in rows.json["manifests"]:
        paper = emulator.manifest("shop/worker", row["digest"])
        same((paper.digest, len(paper.body), paper.json["subject"]["digest"]), (row["digest"], row["size"], subject), "a referrer")
        kind = paper.json.get("artifactType") or paper.json["config"]["mediaType"]
        same((row["artifactType"], row.get("annotations")), (kind, paper.json.get("annotations")), "what is told of it")
    one = emulator.registry("oci", path + "?artifactType=application/spdx%2Bjson", "shop/worker")
    same((len(one.json["manifests"]), one.headers["oci-filters-applied"]), (1, "artifactType"), "those of one type")
    token = emulator.token("oci", "repository:shop/worker:pull", emulator.account("oci"))
    emulator.set(page_cap=2)
    same(emulator.pages("oci", path, lambda answer: answer.json["manifests"], Authorization=f"Bearer {token}"), rows.json["manifests"], "pages of referrers")
    emulator.set(page_cap=None, referrers="unfiltered")
    every = emulator.registry("oci", path + "?artifactType=application/spdx%2Bjson", "shop/worker")
    same((len(every.json["manifests"]), "oci-filters-applied" in every.headers), (6, False), "a registry that does not filter")
    emulator.set(referrers={"oci": False})
    same(emulator.registry("oci", path, "shop/worker").status, 404, "a registry that knows none")
    fallen = emulator.manifest("shop/worker", subject.replace(":", "-"))
    same(fallen.json["manifests"], rows.json["manifests"], "the tag that stands in")
    holds(subject.replace(":", "-") in emulator.registry("oci", "/v2/shop/worker/tags/list", "shop/worker").json["tags"], "the tag is not listed")
    emulator.set(referrers=None)
    same(emulator.registry("oci", "/v2/shop/web/referrers/sha256:" + "0" * 64, "shop/web").json["manifests"], [], "referrers of what is not there")


@check
def docker_hub_counts_pulls(emulator):
    emulator.set(pull_limit=3)
    left = lambda answer: re.match(r"(\d+);w=21600", answer.headers["ratelimit-remaining"])[1]  # noqa: E731
    same(left(emulator.manifest("shop/web", "latest", "hub_registry", method="HEAD")), "3", "a look")
    same([left(emulator.manifest("shop/web", "latest", "hub_registry")) for _ in range(3)], ["2", "1", "0"], "pulls")
    answer = emulator.manifest("shop/web", "latest", "hub_registry")
    same((answer.status, answer.code, left(answer)), (429, "TOOMANYREQUESTS", "0"), "one too many")
    head = emulator.manifest("shop/web", "latest", "hub_registry", method="HEAD")
    same((head.status, head.headers["ratelimit-limit"], "docker-ratelimit-source" in head.headers), (200, "3;w=21600", True), "a look when there are none left")
    same(emulator.manifest("library/debian", "12", "hub_registry", account=None).headers["docker-ratelimit-source"], "127.0.0.1", "somebody else")
