#!/usr/bin/env python3
"""Asks an emulator of its own by plain HTTP for each way to sign in, each kind of list page by page, and each fault
that can be ordered, and ends with 1 and the reason where an answer is not what the README says. Refuses to stop at the
first reason.

    python tests/emulators/azure/selfcheck.py
"""

import hashlib
import http.client
import json
import sys
import time
import traceback

import server  # noqa: F401  (finds what all emulators share)
from checking import same, started
from plain import Emulator, quoted, unsigned

REGISTRIES, VERSION = "/providers/Microsoft.ContainerRegistry/registries", "2025-11-01"
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def holds(fact, what):
    if not fact:
        raise AssertionError(what)


@check
def the_directory_knows_its_clients(azure):
    answer = azure.sign_in()
    same((answer.status, answer.json["token_type"], answer.json["expires_in"]), (200, "Bearer", 3599), "a token for a secret")
    for fields, status, code, number in (
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215), ({"client_id": "unknown"}, 400, "unauthorized_client", 700016),
        ({"scope": "https://management.azure.com/read"}, 400, "invalid_scope", 1002012), ({"scope": "https://example.com/.default"}, 400, "invalid_resource", 500011),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003), ({"grant_type": "refresh_token", "refresh_token": "none"}, 400, "invalid_grant", 700082),
    ):
        refused = azure.sign_in(**fields)
        same((refused.status, refused.code, refused.json["error_codes"]), (status, code, [number]), f"sign-in with {fields}")
    same(azure.form("/unknown.example.com/oauth2/v2.0/token", {}).json["error_codes"], [90002], "an unknown tenant")
    again = azure.sign_in(scope="https://management.azure.com/.default offline_access").json["refresh_token"]
    same(azure.sign_in(grant_type="refresh_token", refresh_token=again).status, 200, "a token for a refresh token")


@check
def the_directory_takes_assertions(azure):
    trusted, kind = azure.told["federated"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    same(azure.sign_in(client_secret="", client_assertion_type=kind, client_assertion=unsigned(**trusted)).status, 200, "a trusted assertion")
    other = unsigned(**{**trusted, "sub": "system:serviceaccount:other:other"})
    same(azure.sign_in(client_assertion_type=kind, client_assertion=other).json["error_codes"], [700213], "an assertion of somebody else")
    same(azure.sign_in(client_assertion_type=kind, client_assertion=unsigned(**trusted, exp=1)).json["error_codes"], [700024], "an old assertion")
    azure.set(skew_seconds=7200)
    same(azure.sign_in(client_assertion_type=kind, client_assertion=unsigned(**trusted)).json["error_codes"], [700024], "an assertion by a clock that is two hours behind")


@check
def discovery_and_managed_identities_answer(azure):
    told = azure.ask("GET", f"/{azure.told['tenant']}/v2.0/.well-known/openid-configuration").json
    same(told["token_endpoint"], f"http://{azure.address}/{azure.told['tenant']}/oauth2/v2.0/token", "the token endpoint")
    holds(azure.ask("GET", "/common/discovery/instance?api-version=1.1").json["metadata"], "no instance")
    path = f"/metadata/identity/oauth2/token?api-version=2018-02-01&resource={quoted('https://management.azure.com/')}"
    same(azure.ask("GET", path).status, 400, "the metadata service without its header")
    answer = azure.ask("GET", path, Metadata="true").json
    same(sorted(answer), sorted(("access_token", "client_id", "expires_in", "expires_on", "ext_expires_in", "not_before", "resource", "token_type")), "what it tells")
    same(azure.ask("GET", "/subscriptions?api-version=2022-12-01", Authorization=f"Bearer {answer['access_token']}").status, 200, "its token")


@check
def the_manager_knows_tokens(azure):
    ask = lambda **headers: azure.ask("GET", "/subscriptions?api-version=2022-12-01", **headers)  # noqa: E731
    same((ask().status, ask().code), (401, "AuthenticationFailed"), "no token")
    same(ask(Authorization="Bearer nonsense").code, "InvalidAuthenticationToken", "nonsense")
    registry = azure.sign_in("https://containerregistry.azure.net/.default").json["access_token"]
    same(ask(Authorization=f"Bearer {registry}").code, "InvalidAuthenticationTokenAudience", "a token for registries")
    azure.set(access_seconds=1)
    short = azure.sign_in().json["access_token"]
    same(ask(Authorization=f"Bearer {short}").status, 200, "a short token in time")
    time.sleep(1.1)
    late = ask(Authorization=f"Bearer {short}")
    same((late.status, late.code), (401, "ExpiredAuthenticationToken"), "a short token too late")
    holds("authorization_uri" in late.headers["www-authenticate"], "an expired token without a challenge")
    azure.set(access_seconds=3599)
    azure.manager("/subscriptions", fresh=True)
    azure.ask("POST", "/_expire")
    same(azure.manager("/subscriptions").code, "ExpiredAuthenticationToken", "a token after all were ended")
    same(azure.manager("/subscriptions", fresh=True).status, 200, "a fresh one")


@check
def versions_are_asked_for(azure):
    azure.manager("/subscriptions")
    bearer = {"Authorization": f"Bearer {azure.token}"}
    same(azure.ask("GET", "/subscriptions", **bearer).code, "MissingApiVersionParameter", "no version")
    same(azure.manager("/subscriptions", "1999-01-01").code, "InvalidApiVersionParameter", "an unknown version")
    same(azure.manager(f"/subscriptions/{azure.subscription}{REGISTRIES}", "1999-01-01").code, "NoRegisteredProviderFound", "an unknown version of a provider")
    same(azure.manager("/subscriptions/99999999-0000-4000-8000-000000000009/resourceGroups").code, "SubscriptionNotFound", "an unknown subscription")
    same(azure.manager(f"/subscriptions/{azure.subscription}/resourceGroups/none{REGISTRIES}", VERSION).code, "ResourceGroupNotFound", "an unknown group")
    same(azure.manager(f"/subscriptions/{azure.subscription}/resourceGroups/rg-weu{REGISTRIES}/none", VERSION).code, "ResourceNotFound", "an unknown registry")
    secret = azure.manager(f"/subscriptions/{azure.subscription}/resourceGroups/rg-weu{REGISTRIES}/spare1/listCredentials", VERSION, "POST")
    same((secret.status, secret.code), (403, "AuthorizationFailed"), "credentials for a reader")
    holds("Microsoft.ContainerRegistry/registries/listCredentials/action" in secret.json["error"]["message"], "the action that is refused")


@check
def lists_of_the_manager_have_pages(azure):
    sites = f"/subscriptions/{azure.subscription}/providers/Microsoft.Web/sites"
    whole = azure.pages(sites, "2024-11-01")
    azure.set(page_cap=4)
    parts = azure.pages(sites, "2024-11-01")
    same([len(page) for page in parts], [4, 2], "pages of six sites")
    same([row for page in parts for row in page], whole[0], "the rows of all pages")
    link = azure.manager(sites, "2024-11-01").json["nextLink"].partition(azure.address)[2]
    other = link.replace("sites", "sites/none/config")
    holds(azure.ask("GET", other, Authorization=f"Bearer {azure.token}").status != 200, "a link of another list")
    azure.set(token_seconds=0)
    same(azure.ask("GET", link, Authorization=f"Bearer {azure.token}").code, "InvalidSkipToken", "an old link")


@check
def the_tree_above_subscriptions(azure):
    base = "/providers/Microsoft.Management/managementGroups"
    below = azure.pages(f"{base}/{azure.told['tenant']}/descendants", "2023-04-01")[0]
    same(sum(row["type"] == "/subscriptions" for row in below), len(azure.told["subscriptions"]), "subscriptions below the root")
    azure.order(kind="leave", subscription=azure.subscription)
    same(azure.manager("/subscriptions").json["value"], [], "subscriptions after one left")
    same(azure.manager(f"/subscriptions/{azure.subscription}/resourceGroups").code, "SubscriptionNotFound", "one that left")
    azure.heal()
    azure.order(kind="suspend", subscription=azure.subscription)
    same(azure.manager("/subscriptions").json["value"][0]["state"], "Disabled", "one that was disabled")


def graph(azure, query, **options):
    return azure.manager("/providers/Microsoft.ResourceGraph/resources", "2022-10-01", "POST", {"query": query, "options": options})


@check
def resource_graph_pages_and_filters(azure):
    query = "securityresources | where type == 'microsoft.security/assessments/subassessments'"
    first = graph(azure, query, **{"$top": 5}).json
    same((first["totalRecords"], first["count"], first["resultTruncated"]), (azure.told["findings"], 5, "false"), "a first page")
    second = graph(azure, query, **{"$top": 5, "$skipToken": first["$skipToken"]}).json
    holds(not {row["id"] for row in first["data"]} & {row["id"] for row in second["data"]}, "a row on two pages")
    cut = graph(azure, query + " | take 6", **{"$top": 5}).json
    same((cut["resultTruncated"], "$skipToken" in cut), ("true", False), "a query that takes some rows")
    keyed = graph(azure, query + r' | extend key=extract(@"(?i)providers/Microsoft.Security/assessments/([^/]*)", 1, id) | summarize count() by key').json
    same(sum(row["count_"] for row in keyed["data"]), azure.told["findings"], "findings by key")
    some = graph(azure, "resources | where type =~ 'Microsoft.Web/sites' and properties.siteConfig.linuxFxVersion startswith 'DOCKER|' | project id, image=tostring(properties.siteConfig.linuxFxVersion)").json
    same((some["count"], sorted(some["data"][0])), (3, ["id", "image"]), "sites with containers")
    refused = graph(azure, "resources | mv-expand properties")
    same((refused.status, refused.json["error"]["details"][0]["code"]), (400, "InvalidQuery"), "a query that is not understood")
    azure.order(kind="repeat_token", service="graph")
    told = [graph(azure, query, **{"$top": 5, **({"$skipToken": token} if token else {})}).json for token in (None, "the-same-again")]
    same([row["id"] for row in told[0]["data"]], [row["id"] for row in told[1]["data"]], "a page that is always the same")


@check
def a_registry_asks_who_comes(azure):
    host = {"Host": "plimsoll1weu.azurecr.io"}
    asked = azure.ask("GET", "/v2/", **host)
    same((asked.status, asked.headers["www-authenticate"]), (401, 'Bearer realm="https://plimsoll1weu.azurecr.io/oauth2/token",service="plimsoll1weu.azurecr.io"'), "a challenge")
    asked = azure.ask("GET", "/acr/v1/_catalog", **host)
    same((asked.code, asked.headers["www-authenticate"].rpartition("scope=")[2]), ("UNAUTHORIZED", '"registry:catalog:*"'), "a challenge for the catalogue")
    wrong = azure.registry("plimsoll1weu", "/acr/v1/_catalog", "repository:service-000:pull")
    holds("insufficient_scope" in wrong.headers["www-authenticate"], "a token for another scope")
    azure.set(registry_seconds=1)
    token = azure.registry_token("plimsoll1weu", "registry:catalog:*")
    time.sleep(1.1)
    late = azure.ask("GET", "/acr/v1/_catalog", Authorization=f"Bearer {token}", **host)
    holds(late.status == 401 and "invalid_token" in late.headers["www-authenticate"], "an old token of a registry")
    same(azure.ask("GET", "/v2/", Host="unknown.azurecr.io").status, 404, "an unknown registry")
    same(azure.registry("spare1", "/acr/v1/_catalog", "registry:catalog:*").json, {"repositories": None}, "an empty registry")


@check
def lists_of_a_registry_have_pages(azure):
    pages = azure.linked("/acr/v1/_catalog?n=2", "registry:catalog:*")
    same([len(page["repositories"]) for page in pages], [2, 1], "pages of three repositories")
    same(azure.linked("/acr/v1/_catalog?n=2", "registry:catalog:*", "/_registry/plimsoll1weu"), pages, "the same by path")
    scope = "repository:service-000:metadata_read"
    for order in ("", "&orderby=timedesc"):
        digests = [row["digest"] for page in azure.linked(f"/acr/v1/service-000/_manifests?n=3{order}", scope) for row in page["manifests"]]
        same(len(digests), len(set(digests)), "a digest on two pages")
        told = azure.registry("plimsoll1weu", "/acr/v1/service-000", scope).json
        same(len(digests), told["manifestCount"], f"all manifests{order}")
    tags = [row["name"] for page in azure.linked("/acr/v1/service-000/_tags?n=1", scope) for row in page["tags"]]
    same(len(tags), told["tagCount"], "all tags")
    azure.set(page_cap=1)
    same(len(azure.linked("/acr/v1/_catalog?n=100", "registry:catalog:*")), 3, "pages that are smaller than was asked")
    azure.order(kind="repeat_token", service="registry", operation="catalog")
    token = azure.registry_token("plimsoll1weu", "registry:catalog:*")
    answers = [azure.ask("GET", path, Host="plimsoll1weu.azurecr.io", Authorization=f"Bearer {token}") for path in ("/acr/v1/_catalog", "/acr/v1/_catalog?last=service-000&n=1")]
    same(answers[0].headers["link"].partition("&n=")[0], answers[1].headers["link"].partition("&n=")[0], "a link that leads to itself")


@check
def manifests_have_true_digests(azure):
    pull = "repository:service-000:pull,metadata_read"
    listed = azure.registry("plimsoll1weu", "/acr/v1/service-000/_manifests", pull).json["manifests"]
    kinds = set()
    for row in listed:
        answer = azure.registry("plimsoll1weu", f"/v2/service-000/manifests/{row['digest']}", pull, Accept=row["mediaType"])
        same("sha256:" + hashlib.sha256(answer.body).hexdigest(), row["digest"], "a digest")
        same(answer.headers["content-type"], row["mediaType"], "a media type")
        kinds.add(row["mediaType"])
    holds(any("list" in kind or "index" in kind for kind in kinds), "no index among the manifests")
    latest = azure.registry("plimsoll1weu", "/v2/service-000/manifests/latest", pull, Accept="*/*")
    child = json.loads(latest.body)["manifests"][1]["digest"]
    found = azure.registry("plimsoll1weu", f"/v2/service-000/referrers/{child}", pull).json["manifests"]
    holds({"application/vnd.cyclonedx+json", "application/vnd.cncf.notary.signature"} <= {row["artifactType"] for row in found}, "no papers beside the newest image")
    bill = next(row for row in found if row["artifactType"] == "application/vnd.cyclonedx+json")
    layer = json.loads(azure.registry("plimsoll1weu", f"/v2/service-000/manifests/{bill['digest']}", pull, Accept="*/*").body)["layers"][0]["digest"]
    blob = azure.registry("plimsoll1weu", f"/v2/service-000/blobs/{layer}", pull)
    same("sha256:" + hashlib.sha256(blob.body).hexdigest(), layer, "the digest of a bill of materials")
    azure.set(redirect=True)
    moved = azure.registry("plimsoll1weu", f"/v2/service-000/blobs/{layer}", pull)
    same((moved.status, azure.ask("GET", moved.headers["location"].partition(azure.address)[2]).body), (307, blob.body), "a blob from a storage account")
    same(azure.registry("plimsoll1weu", "/v2/service-000/manifests/none", pull).code, "MANIFEST_UNKNOWN", "an unknown tag")
    same(azure.registry("plimsoll1weu", "/v2/none/manifests/none", "repository:none:pull").code, "NAME_UNKNOWN", "an unknown repository")


@check
def who_asks_too_often_is_told(azure):
    azure.order(kind="throttle", service="arm", operation="registries.list", first=1, retry_after=7)
    path = f"/subscriptions/{azure.subscription}{REGISTRIES}"
    answer = azure.manager(path, VERSION)
    same((answer.status, answer.headers["retry-after"], answer.code), (429, "7", "SubscriptionRequestsThrottled"), "the manager")
    same(azure.manager(path, VERSION).status, 200, "the manager once more")
    azure.order(kind="throttle", service="graph", first=1)
    answer = graph(azure, "resources")
    same((answer.status, answer.code, answer.headers["x-ms-user-quota-remaining"]), (429, "RateLimiting", "0"), "Resource Graph")
    azure.order(kind="throttle", registry="plimsoll1weu", operation="catalog", retry_after=1)
    answer = azure.registry("plimsoll1weu", "/acr/v1/_catalog", "registry:catalog:*")
    same((answer.status, answer.code, answer.headers["retry-after"]), (429, "TOOMANYREQUESTS", "1"), "a registry")
    azure.order(kind="throttle", service="login", first=1)
    same(azure.sign_in().status, 429, "the directory")


@check
def who_may_not_is_told(azure):
    path = f"/subscriptions/{azure.subscription}{REGISTRIES}"
    azure.order(kind="deny", subscription=azure.subscription, operation="registries.list")
    answer = azure.manager(path, VERSION)
    same((answer.status, answer.code), (403, "AuthorizationFailed"), "the manager")
    holds("Microsoft.ContainerRegistry/registries/read" in answer.json["error"]["message"], "the action")
    azure.order(kind="deny", registry="plimsoll1weu", repository="service-000", first=1)
    ask = lambda: azure.registry("plimsoll1weu", "/acr/v1/service-000/_manifests", "repository:service-000:metadata_read")  # noqa: E731
    answer = ask()
    same((answer.status, answer.code), (403, "DENIED"), "a registry")
    azure.order(kind="deny", registry="plimsoll1weu", operation="manifests.list", code="UNAUTHORIZED", first=1)
    answer = ask()
    same((answer.status, answer.code), (401, "UNAUTHORIZED"), "a registry's other word")
    same(ask().status, 200, "a registry once more")
    azure.order(kind="deny", service="login", first=1)
    same(azure.sign_in().json["error_codes"], [7000222], "the directory")


@check
def answers_break_on_their_way(azure):
    azure.manager("/subscriptions")
    azure.order(kind="error", service="arm", status=503, code="ServiceUnavailable", first=1)
    same((azure.manager("/subscriptions").status, azure.manager("/subscriptions").status), (503, 200), "an error and none")
    azure.order(kind="garbage", service="arm", first=1)
    same(azure.manager("/subscriptions").headers["content-type"], "text/html", "a page of HTML")
    azure.order(kind="timeout", service="arm", seconds=30, first=1)
    begun = time.monotonic()
    try:
        azure.manager("/subscriptions", seconds=0.5)
        raise AssertionError("it should not have answered")
    except TimeoutError:
        holds(time.monotonic() - begun < 5, "it hung too long")
    azure.heal()
    azure.order(kind="reset", service="arm", first=1)
    try:
        azure.manager("/subscriptions")
        raise AssertionError("it should have broken off")
    except (ConnectionError, http.client.IncompleteRead):
        pass
    azure.order(kind="slow", service="arm", seconds=0.5, first=1)
    begun = time.monotonic()
    same(azure.manager("/subscriptions").status, 200, "a slow answer")
    holds(time.monotonic() - begun > 0.4, "a slow answer came at once")


@check
def tokens_end_in_the_middle(azure):
    azure.manager("/subscriptions", fresh=True)
    azure.order(kind="expire", service="arm", after=1, first=1)
    told = [azure.manager("/subscriptions").status for _ in range(3)]
    same(told, [200, 401, 401], "a token that ends at the second call")
    same(azure.manager("/subscriptions", fresh=True).status, 200, "a fresh one")
    azure.order(kind="expire", service="registry", operation="catalog", first=1)
    same(azure.registry("plimsoll1weu", "/acr/v1/_catalog", "registry:catalog:*").status, 401, "a registry's token that ends")
    same(azure.registry("plimsoll1weu", "/acr/v1/_catalog", "registry:catalog:*").status, 200, "a fresh one of a registry")


@check
def what_is_listed_may_be_gone(azure):
    groups = f"/subscriptions/{azure.subscription}/resourceGroups/rg-weu/providers/Microsoft.ContainerInstance/containerGroups"
    azure.order(kind="vanish", resource="aci-web-weu")
    holds(any(row["name"] == "aci-web-weu" for row in azure.manager(groups, "2023-05-01").json["value"]), "it should be listed")
    same(azure.manager(f"{groups}/aci-web-weu", "2023-05-01").code, "ResourceNotFound", "a group that is gone")
    same(azure.manager(f"{groups}/aci-queue-weu", "2023-05-01").status, 200, "another group")
    scope = "repository:service-000:pull,metadata_read"
    digest = azure.registry("plimsoll1weu", "/acr/v1/service-000/_manifests", scope).json["manifests"][2]["digest"]
    azure.order(kind="vanish", registry="plimsoll1weu", repository="service-000", index=2)
    same(azure.registry("plimsoll1weu", f"/v2/service-000/manifests/{digest}", scope).code, "MANIFEST_UNKNOWN", "a manifest that is gone")
    holds(digest in str(azure.registry("plimsoll1weu", "/acr/v1/service-000/_manifests", scope).json), "it should still be listed")


@check
def fields_may_be_absent(azure):
    path = f"/subscriptions/{azure.subscription}{REGISTRIES}"
    azure.order(kind="absent", operation="registries.list", fields=["properties.policies", "sku"])
    rows = azure.manager(path, VERSION).json["value"]
    holds(all("sku" not in row and "policies" not in row["properties"] and "loginServer" in row["properties"] for row in rows), "the fields of registries")
    azure.order(kind="absent", service="graph", fields=["properties.additionalData.softwareDetails"])
    rows = graph(azure, "securityresources | where type endswith 'subassessments'").json["data"]
    holds(all("softwareDetails" not in row["properties"]["additionalData"] for row in rows), "the fields of findings")
    azure.order(kind="absent", operation="manifests.list", fields=["manifests.architecture", "manifests.mediaType"])
    rows = azure.registry("plimsoll1weu", "/acr/v1/service-000/_manifests", "repository:service-000:metadata_read").json["manifests"]
    holds(all("architecture" not in row and "mediaType" not in row for row in rows), "the fields of manifests")


@check
def links_may_lead_astray(azure):
    azure.order(kind="repeat_token", operation="sites.list")
    azure.set(page_cap=2)
    pages = azure.pages(f"/subscriptions/{azure.subscription}/providers/Microsoft.Web/sites", "2024-11-01", limit=5)
    same((len(pages), len({str(page) for page in pages})), (5, 1), "five pages that are one")
    azure.heal()
    azure.order(kind="stray_link", address="http://elsewhere.example.com")
    path = f"/subscriptions/{azure.subscription}/providers/Microsoft.Web/sites"
    holds(azure.manager(path, "2024-11-01").json["nextLink"].startswith("http://elsewhere.example.com/subscriptions/"), "a link that leads elsewhere")
    told = azure.registry("plimsoll1weu", "/acr/v1/_catalog?n=1", "registry:catalog:*").headers["link"]
    holds(told.startswith("<http://elsewhere.example.com/acr/v1/_catalog?"), "a registry's link that leads elsewhere")


@check
def calls_are_counted_and_orders_understood(azure):
    azure.ask("DELETE", "/_calls")
    azure.manager("/subscriptions")
    azure.manager("/subscriptions", "1999-01-01")
    told = azure.ask("GET", "/_calls").json
    entry = next(call for call in told["calls"] if call["operation"] == "subscriptions.list")
    same((entry["service"], entry["count"], entry["answers"]), ("arm", 2, {"200": 1, "InvalidApiVersionParameter": 1}), "calls by operation")
    same(azure.order(kind="nonsense").status, 400, "an unknown kind of fault")
    same(azure.set(nonsense=1).status, 400, "an unknown setting")
    same(azure.ask("POST", "/_seed", {"nonsense": 1}).status, 400, "an unknown plan")


@check
def two_seeds_are_one(azure):
    def seen():
        azure.ask("POST", "/_seed", {"plan": "tiny"})
        azure.token = None
        rows = azure.pages(f"/subscriptions/{azure.subscription}{REGISTRIES}", VERSION)
        return rows, azure.registry("plimsoll1weu", "/acr/v1/service-000/_manifests", "repository:service-000:metadata_read").json

    same(seen(), seen(), "a tenant that was seeded twice")
    told = azure.ask("POST", "/_seed", {"plan": "large", "images": 1234, "workloads": 50}).json
    same((told["images"], sum(count for kind, count in told["resources"].items() if "registries" not in kind), told["findings"]), (1234, 50, 0), "a large tenant")


def main():
    wrong = 0
    with started(__file__, "tiny") as line:
        azure = Emulator(line)
        for function in CHECKS:
            azure.ask("POST", "/_seed", {"plan": "tiny"})
            azure.token = None
            try:
                function(azure)
            except AssertionError as reason:
                wrong += 1
                print(f"{function.__name__}: {reason}", file=sys.stderr)
            except Exception:
                wrong += 1
                print(f"{function.__name__}: {traceback.format_exc()}", file=sys.stderr)
    print(f"{len(CHECKS)} checks, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
