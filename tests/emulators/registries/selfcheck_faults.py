"""Checks of what can be ordered to go wrong, of hostile words, and of the log. Refuses to trust an order: each is seen in
an answer."""

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path

from checking import same
from plain import ask, basic
from selfcheck_registry import holds

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


@check
def vendors_throttle_in_their_words(emulator):
    emulator.fault(kind="throttle", retry_after=3)
    for site, target, status in (
        ("oci", "/v2/", 429), ("harbor", "/api/v2.0/projects", 429), ("quay", "/api/v1/user/", 429), ("hub", "/v2/namespaces/library/repositories", 429),
        ("github", "/orgs/shop/packages", 403), ("gitlab", "/api/v4/projects", 429), ("jfrog", "/artifactory/api/repositories", 429), ("hub_auth", "/token", 429),
    ):
        answer = emulator.ask(site, target)
        told = abs(int(answer.headers["x-ratelimit-reset"]) - time.time() - 3) < 3 if site == "github" else answer.headers["retry-after"] == "3"
        same((answer.status, told), (status, True), f"{site} throttled")
    emulator.heal()
    emulator.fault(kind="throttle", site="github", code="secondary", retry_after=7)
    same(emulator.api("github", "/orgs/shop/packages?package_type=container").headers["retry-after"], "7", "GitHub's other limit")


@check
def answers_break(emulator):
    token = emulator.token("oci", "repository:shop/web:pull", emulator.account("oci"))
    fetch = lambda: emulator.ask("oci", "/v2/shop/web/manifests/latest", Authorization=f"Bearer {token}")  # noqa: E731
    whole = fetch()
    for status, order in ((500, {"kind": "error"}), (503, {"kind": "error", "status": 503, "code": "UNAVAILABLE"}), (403, {"kind": "deny"}), (401, {"kind": "deny", "code": "UNAUTHORIZED"})):
        emulator.fault(**order, first=1)
        same((fetch().status, fetch().status), (status, 200), f"{order}, once")
    emulator.fault(kind="garbage", first=1)
    same(fetch().body[:15], b"<!DOCTYPE html>", "garbage")
    emulator.fault(kind="truncated", first=1)
    same(fetch().body, whole.body[: len(whole.body) // 2], "half of it, as if it were all")
    emulator.heal()
    for kind, problem in (("cut", http.client.IncompleteRead), ("reset", (ConnectionError, http.client.HTTPException))):
        emulator.fault(kind=kind, first=1)
        try:
            fetch()
            raise AssertionError(f"{kind}: the answer came whole")
        except problem:
            same(fetch().body, whole.body, f"after {kind}")
    emulator.fault(kind="slow", seconds=1, first=1)
    began = time.monotonic()
    same((fetch().body, time.monotonic() - began > 0.8), (whole.body, True), "slowly")
    emulator.fault(kind="timeout", seconds=0.5, operation="manifest", first=1)
    began = time.monotonic()
    same((fetch().status, time.monotonic() - began > 0.4), (200, True), "late")


@check
def tokens_end_in_the_middle(emulator):
    token = emulator.token("oci", "repository:shop/web:pull", emulator.account("oci"))
    fetch = lambda token=token: emulator.ask("oci", "/v2/shop/web/tags/list", Authorization=f"Bearer {token}")  # noqa: E731
    number = emulator.fault(kind="expire", site="oci", operation="tags", after=2, first=1)
    same([fetch().status for _ in range(4)], [200, 200, 401, 401], "a token that ends")
    same(emulator.hits(number), 1, "how often")
    again = emulator.token("oci", "repository:shop/web:pull", emulator.account("oci"))
    same(fetch(again).status, 200, "a new one")
    emulator.order("POST", "/_expire")
    same(fetch(again).status, 401, "all of them")


@check
def one_repository_fails_alone(emulator):
    emulator.fault(kind="deny", repository="shop/api")
    same([emulator.manifest(name, "latest").status for name in ("shop/web", "shop/api")], [200, 403], "one repository")
    emulator.heal()
    digest = emulator.manifest("shop/api", "latest").headers["docker-content-digest"]
    emulator.fault(kind="vanish", repository="shop/api", digest=digest)
    same((emulator.manifest("shop/api", "latest").code, emulator.manifest("shop/api", "1.0.0").status), ("MANIFEST_UNKNOWN", 200), "listed, and gone")
    holds("latest" in emulator.registry("oci", "/v2/shop/api/tags/list", "shop/api").json["tags"], "it is not listed")
    same(emulator.api("harbor", f"/api/v2.0/projects/shop/repositories/api/artifacts/{digest}").status, 404, "Harbor's")
    same(emulator.api("quay", f"/api/v1/repository/shop/api/manifest/{digest}/security").status, 404, "Quay's")
    same(emulator.api("hub", "/v2/namespaces/shop/repositories/api/tags/latest").status, 404, "Docker Hub's")


@check
def one_repository_fails_at_every_site(emulator):
    number = emulator.api("gitlab", "/api/v4/projects/shop%2Fapi/registry/repositories").json[0]["id"]
    places = {
        "harbor": "/api/v2.0/projects/shop/repositories/{}/artifacts", "quay": "/api/v1/repository/shop/{}/tag/", "hub": "/v2/namespaces/shop/repositories/{}/tags",
        "github": "/orgs/shop/packages/container/{}/versions", "jfrog": "/artifactory/api/docker/shop-docker-local/v2/{}/tags/list", "gitlab": "/api/v4/projects/shop%2F{}/registry/repositories",
    }
    emulator.fault(kind="deny", repository="shop/api")
    for site, path in places.items():
        same([emulator.api(site, path.format(name)).status for name in ("api", "web")], [403, 200], f"one repository at {site}")
    same(emulator.api("gitlab", f"/api/v4/projects/shop%2Fapi/registry/repositories/{number}/tags").json, {"message": "403 Forbidden"}, "GitLab's words")
    same({call["repository"] for call in emulator.calls(code="DENIED")} | {call["repository"] for call in emulator.calls(status=403)}, {"shop/api"}, "what the log calls it")


@check
def digests_lie(emulator):
    emulator.fault(kind="wrong_digest", repository="shop/api", operation="manifest")
    answer = emulator.manifest("shop/api", "latest")
    holds(answer.digest != answer.headers["docker-content-digest"], "the bytes are those of the digest")
    emulator.heal()
    emulator.fault(kind="wrong_digest", operation="manifest", header=True)
    other = emulator.manifest("shop/api", "latest")
    same((other.digest, other.headers["docker-content-digest"] != other.digest), (answer.headers["docker-content-digest"], True), "the header")
    emulator.heal()
    config = other.json["config"]["digest"]
    emulator.fault(kind="wrong_digest", operation="blob")
    for site in ("oci", "quay"):
        where = emulator.blob("shop/api", config, site)
        same((where if where.status == 200 else ask("", "GET", where.headers["location"])).digest != config, True, f"a blob of {site}")


@check
def links_lead_astray(emulator):
    emulator.fault(kind="stray_link")
    token = emulator.token("oci", "registry:catalog:*", emulator.account("oci"))
    stray = emulator.addresses["stray"]
    links = [
        emulator.ask("oci", "/v2/_catalog?n=2", Authorization=f"Bearer {token}").link(), emulator.api("harbor", "/api/v2.0/projects?page_size=1").link(),
        emulator.api("hub", "/v2/namespaces/shop/repositories?page_size=1").json["next"], emulator.api("github", "/orgs/shop/packages?package_type=container&per_page=1").link(),
        emulator.api("gitlab", "/api/v4/projects?per_page=1").link(),
    ]
    holds(all(link.startswith(stray) for link in links), f"links lead to {links}")
    emulator.ask("stray", "/v2/_catalog")
    ask("", "GET", links[0], Authorization="Bearer leaked")
    same([call["authorization"] for call in emulator.calls(site="stray")], [None, "Bearer"], "what the log says of those who follow")
    emulator.heal()
    emulator.fault(kind="stray_realm", address="http://127.0.0.1:9")
    holds('realm="http://127.0.0.1:9/token"' in emulator.ask("oci", "/v2/").headers["www-authenticate"], "the challenge leads home")


@check
def links_repeat_themselves(emulator):
    token = emulator.token("oci", "registry:catalog:*", emulator.account("oci"))
    emulator.fault(kind="repeat_token")
    same(len(emulator.pages("oci", "/v2/_catalog?n=3", lambda answer: answer.json["repositories"], 20, Authorization=f"Bearer {token}")), 60, "a catalogue without end")
    answers = {"quay": lambda: emulator.api("quay", "/api/v1/repository?namespace=shop").json["next_page"], "hub": lambda: emulator.api("hub", "/v2/namespaces/shop/repositories?page=9").json["next"],
               "github": lambda: emulator.api("github", "/orgs/shop/packages?package_type=container&page=9").link(), "harbor": lambda: emulator.api("harbor", "/api/v2.0/projects?page=9").link(),
               "gitlab": lambda: emulator.api("gitlab", "/api/v4/projects?page=9").link()}
    for site, answer in answers.items():
        holds(answer(), f"the list of {site} ends")


@check
def hostile_words_arrive(emulator):
    emulator.seed("hostile")
    token = emulator.token("oci", "registry:catalog:*", emulator.account("oci"))
    names = emulator.ask("oci", "/v2/_catalog?n=1000", Authorization=f"Bearer {token}").json["repositories"]
    holds(any("../" in name for name in names) and any("<script>" in name for name in names) and any(len(name) > 1000 for name in names), "names are harmless")
    tags = emulator.registry("oci", "/v2/hostile/words/tags/list", "hostile/words").json["tags"]
    same({"<b>bold</b>", "../up", "new\nline", "t" * 1000} <= set(tags), True, "tags")
    manifest = emulator.manifest("hostile/words", "latest")
    config = emulator.blob("hostile/words", manifest.json["config"]["digest"]).json
    same((config["config"]["Labels"]["controls"][:5], len(config["config"]["Labels"]["long"])), ("bell\x07", 20_000), "labels")
    same(emulator.manifest("hostile/words", "<b>bold</b>").digest, manifest.digest, "a tag that is markup")
    same(emulator.manifest("hostile/<script>alert(1)</script>", "latest").status, 200, "a name that is markup")
    for site, target in (("harbor", "/api/v2.0/projects/hostile/repositories?page_size=100"), ("quay", "/api/v1/repository?namespace=hostile"), ("hub", "/v2/namespaces/hostile/repositories"),
                         ("github", "/orgs/hostile/packages?package_type=container"), ("gitlab", "/api/v4/groups/hostile/registry/repositories")):
        same(emulator.api(site, target).status, 200, f"hostile names at {site}")
    artifacts = emulator.api("harbor", "/api/v2.0/projects/hostile/repositories/words/artifacts?with_tag=true")
    same((artifacts.status, len(artifacts.json)), (200, 2), "hostile artifacts")
    same(emulator.ask("oci", "/v2/hostile/../../etc/passwd/manifests/latest", Authorization=f"Bearer {token}").status, 401, "a path that leads out")


@check
def calls_are_told(emulator):
    emulator.order("DELETE", "/_calls")
    emulator.ask("oci", "/v2/", Authorization=basic("somebody", "secret"))
    emulator.manifest("shop/web", "latest", method="HEAD")
    emulator.ask("gitlab", "/api/v4/projects", PRIVATE_TOKEN="wrong")
    told = [(call["site"], call["method"], call["operation"], call["authorization"], call["status"]) for call in emulator.calls()]
    same(told, [
        ("oci", "GET", "challenge", "Basic", 401), ("oci", "GET", "challenge", None, 401), ("oci", "GET", "token", "Basic", 200), ("oci", "HEAD", "manifest", "Bearer", 200),
        ("gitlab", "GET", "projects", "private-token", 401),
    ], "the log")
    same("secret" in json.dumps(emulator.calls()), False, "a secret in the log")
    head = emulator.calls(method="HEAD")[0]
    same((head["path"], head["repository"], head["reference"], head["client"]), ("/v2/shop/web/manifests/latest", "shop/web", "latest", "reader"), "a call")
    same(next(row for row in emulator.order("GET", "/_calls")["calls"] if row["operation"] == "manifest")["count"], 1, "counts")


@check
def nothing_breaks_inside(emulator):
    """No answer of the small estate is the emulator's own failure, and strange requests are refused."""
    for site in emulator.addresses:
        for target in ("/", "/v2/%2e%2e/manifests/x", "/v2/_catalog?n=99999999999999999999", "/api/v2.0/projects?page=x", "/api/v1/repository?namespace=%00", "/%zz", "/v2/a/manifests/" + "b" * 3000):
            answer = emulator.ask(site, target)
            holds(answer.status != 501, f"{site} broke at {target}: {answer.body[:200]}")


@check
def the_loop_walks_everything(emulator):
    emulator.seed({"plan": "none", "repositories": 40, "manifests": 400})
    command = [sys.executable, str(Path(__file__).with_name("list_loop.py")), "--endpoint", emulator.control, "--threads", "2"]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    same((told["manifests"], told["repositories"], set(told) >= {"seconds", "threads"}), (400, 40, True), "the loop")
