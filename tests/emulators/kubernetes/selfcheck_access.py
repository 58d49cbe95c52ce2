"""Checks of who may ask what: tokens, refusals, reviews, discovery and its absences, TLS and the kubeconfig. Refuses
words of refusals that are not those of API servers."""

import base64
import time
from urllib.parse import urlencode

import clouds
from checking import same

ACCESS, RULES = (f"/apis/authorization.k8s.io/v1/selfsubject{kind}reviews" for kind in ("access", "rules"))
USER = "system:serviceaccount:plimsoll:plimsoll"
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def may(emulator, **attributes):
    return emulator.ask("POST", ACCESS, {"spec": {"resourceAttributes": attributes}}).json["status"]["allowed"]


@check
def tokens_are_known_or_not(emulator):
    same(emulator.get("/version").status, 200, "a token")
    wrong = emulator.get("/api/v1/pods", token="wrong")
    same(
        (wrong.status, wrong.json),
        (401, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "Unauthorized", "reason": "Unauthorized", "code": 401}),
        "a wrong token",
    )
    short = emulator.control("/_token", seconds=0.3)["token"]
    same(emulator.get("/api/v1/nodes", token=short).status, 200, "a short token in time")
    time.sleep(0.4)
    same(emulator.get("/api/v1/nodes", token=short).status, 401, "a short token too late")
    emulator.control("/_expire")
    same(emulator.get("/api/v1/nodes").status, 401, "a token after all ended")
    same(emulator.get("/api/v1/nodes", token=emulator.control("/_token")["token"]).status, 200, "a new token")


@check
def a_token_of_amazon_is_bound_to_its_cluster(emulator):
    def token(cluster, secret="a secret", moment=None):
        told = {
            "Action": "GetCallerIdentity", "Version": "2011-06-15", "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": "AKIA1/20261001/eu-west-1/sts/aws4_request", "X-Amz-Expires": "60",
            "X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment)), "X-Amz-SignedHeaders": clouds.SIGNED,
        }
        told["X-Amz-Signature"] = clouds.signature("sts.eu-west-1.amazonaws.com", told, cluster, secret, ("20261001", "eu-west-1"))
        address = f"https://sts.eu-west-1.amazonaws.com/?{urlencode(told)}"
        return "k8s-aws-v1." + base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")

    def status(token):
        return emulator.get("/clusters/shop/api/v1/nodes", token=token).status

    same(status(token("shop")), 401, "without an entry")
    emulator.set(entries={"eks": {"AKIA1": {"secret": "a secret", "user": "reader"}}})
    same(status(token("shop")), 200, "with one")
    same(status(token("ledger")), 401, "of another cluster")
    same(status(token("shop", "another secret")), 401, "signed with another secret")
    same(status(token("shop", moment=time.time() - 901)), 401, "of a quarter of an hour ago")
    same(status("k8s-aws-v1.bm90aGluZw"), 401, "that is no address")


@check
def nobody_is_somebody_without_rights(emulator):
    same(emulator.get("/version", token=None).status, 200, "the version, for nobody")
    refused = emulator.get("/api/v1/pods", token=None)
    same(
        (refused.status, refused.json["message"]),
        (403, 'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope'),
        "pods for nobody",
    )
    same(emulator.get("/apis", token=None).json["message"], 'forbidden: User "system:anonymous" cannot get path "/apis"', "groups for nobody")
    emulator.set(anonymous=False)
    same(emulator.get("/version", token=None).status, 401, "nobody, where nobody is let in")


@check
def refusals_are_worded_as_servers_word_them(emulator):
    def words(path, method="GET"):
        answer = emulator.ask(method, path)
        return answer.status, answer.reason, answer.json["message"], answer.json.get("details")

    emulator.order(kind="deny", resource="deployments")
    emulator.order(kind="deny", resource="pods", namespace="default")
    same(
        words("/api/v1/secrets"),
        (403, "Forbidden", f'secrets is forbidden: User "{USER}" cannot list resource "secrets" in API group "" at the cluster scope', {"kind": "secrets"}),
        "secrets",
    )
    same(
        words("/apis/apps/v1/deployments"),
        (
            403,
            "Forbidden",
            f'deployments.apps is forbidden: User "{USER}" cannot list resource "deployments" in API group "apps" at the cluster scope',
            {"group": "apps", "kind": "deployments"},
        ),
        "a resource that is forbidden",
    )
    same(
        words("/api/v1/namespaces/default/pods/x"),
        (403, "Forbidden", f'pods "x" is forbidden: User "{USER}" cannot get resource "pods" in API group "" in the namespace "default"', {"name": "x", "kind": "pods"}),
        "a namespace that is forbidden",
    )
    same(emulator.get("/api/v1/namespaces/team-000/pods").status, 200, "another namespace")
    same(
        words("/api/v1/namespaces/team-000/pods/x", "DELETE")[2],
        f'pods "x" is forbidden: User "{USER}" cannot delete resource "pods" in API group "" in the namespace "team-000"',
        "a deletion",
    )
    same(
        words("/api/v1/namespaces/team-000/pods/x/log")[2],
        f'pods "x" is forbidden: User "{USER}" cannot get resource "pods/log" in API group "" in the namespace "team-000"',
        "a log",
    )
    same(words("/metrics")[2], f'forbidden: User "{USER}" cannot get path "/metrics"', "a path")


@check
def orders_may_leave_namespaces_only(emulator):
    emulator.order(kind="deny", resource="pods", namespace="")
    same((emulator.get("/api/v1/pods").status, emulator.get("/api/v1/namespaces/team-000/pods").status), (403, 200), "pods of all namespaces, and of one")
    same((may(emulator, verb="list", resource="pods"), may(emulator, verb="list", resource="pods", namespace="team-000")), (False, True), "what reviews say")


@check
def orders_may_be_for_one_user_or_cluster(emulator):
    other = emulator.control("/_token", user="system:serviceaccount:team-000:reader")["token"]
    emulator.order(kind="deny", resource="nodes", user="system:serviceaccount:team-000:reader")
    same((emulator.get("/api/v1/nodes").status, emulator.get("/api/v1/nodes", token=other).status), (200, 403), "nodes for two users")
    emulator.order(kind="deny", resource="nodes", cluster="ledger")
    same((emulator.get("/clusters/shop/api/v1/nodes").status, emulator.get("/clusters/ledger/api/v1/nodes").status), (200, 403), "nodes of two clusters")


@check
def reviews_say_what_answers_say(emulator):
    same(
        (
            may(emulator, verb="list", resource="pods"),
            may(emulator, verb="list", resource="secrets"),
            may(emulator, verb="list", resource="*"),
            may(emulator, verb="create", resource="pods"),
        ),
        (True, False, False, False),
        "what may be done",
    )
    emulator.order(kind="deny", resource="pods", verb="watch")
    same((may(emulator, verb="list", resource="pods"), may(emulator, verb="watch", resource="pods")), (True, False), "what may be done after an order")
    answer = emulator.ask("POST", RULES, {"spec": {"namespace": "default"}})
    same((answer.status, answer.json["status"]["incomplete"]), (201, False), "a review of rules")
    same([rule["verbs"] for rule in answer.json["status"]["resourceRules"] if "pods" in rule["resources"]], [["get", "list"]], "rules for pods")
    same([rule for rule in answer.json["status"]["resourceRules"] if "secrets" in rule["resources"]], [], "rules for secrets")
    same(emulator.ask("POST", RULES, {"spec": {}}).json["message"], "no namespace on request", "a review of no namespace")
    same(emulator.ask("POST", ACCESS, {"spec": {}}).status, 422, "a review of nothing")
    same(emulator.ask("POST", ACCESS, {"spec": {"nonResourceAttributes": {"path": "/metrics", "verb": "get"}}}).json["status"], {"allowed": False}, "a review of a path")


@check
def discovery_tells_what_is_there(emulator):
    groups = {one["name"]: [version["version"] for version in one["versions"]] for one in emulator.get("/apis").json["groups"]}
    same((groups["batch"], groups["gateway.networking.k8s.io"], groups["authorization.k8s.io"]), (["v1"], ["v1", "v1alpha2"], ["v1"]), "groups")
    core = emulator.get("/api/v1").json
    same("apiVersion" in core, False, "a version in the list of the core group")
    names = [one["name"] for one in core["resources"]]
    same(("pods" in names, "pods/log" in names, "secrets" in names), (True, True, True), "resources of the core group")
    aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    same(emulator.get("/clusters/ledger/apis", headers={"Accept": aggregated}).status, 406, "aggregated discovery of an old cluster")
    accept = {"Accept": aggregated + ",application/json"}
    same(emulator.get("/clusters/ledger/apis", headers=accept).json["kind"], "APIGroupList", "aggregated discovery, or the plain one")
    emulator.order(kind="broken", group="wgpolicyk8s.io")
    every = {one["metadata"]["name"]: one["versions"] for one in emulator.get("/apis", headers=accept).json["items"]}
    same(sorted(every), sorted(groups), "groups of aggregated discovery")
    same([one["freshness"] for name in ("apps", "wgpolicyk8s.io") for one in every[name]], ["Current", "Stale"], "how fresh they are")
    pods = next(one for one in emulator.get("/api", headers=accept).json["items"][0]["versions"][0]["resources"] if one["resource"] == "pods")
    same(
        ([one["subresource"] for one in pods["subresources"]], pods["scope"], pods["responseKind"]["kind"]),
        (["log", "status"], "Namespaced", "Pod"),
        "pods in aggregated discovery",
    )
    old = {one["name"]: [version["version"] for version in one["versions"]] for one in emulator.get("/clusters/ledger/apis").json["groups"]}
    same((old["batch"], "gateway.networking.k8s.io" in old), (["v1", "v1beta1"], False), "groups of an old cluster")
    same([one["name"] for one in emulator.get("/clusters/ledger/apis/batch/v1").json["resources"]], ["jobs"], "batch/v1 of an old cluster")
    same(
        (emulator.get("/clusters/ledger/apis/batch/v1/cronjobs").status, emulator.get("/clusters/ledger/apis/batch/v1beta1/cronjobs").status),
        (404, 200),
        "cron jobs of an old cluster",
    )
    same(emulator.get("/apis/batch/v1beta1/cronjobs").status, 404, "old cron jobs of a cluster of our days")
    same(emulator.get("/clusters/none/version").status, 404, "a cluster that is not there")


@check
def groups_can_be_absent_or_broken(emulator):
    group = "gateway.networking.k8s.io"
    emulator.order(kind="absent", group=group)
    same([one["name"] for one in emulator.get("/apis").json["groups"] if one["name"] == group], [], "a group that is absent")
    for path in (f"/apis/{group}", f"/apis/{group}/v1", f"/apis/{group}/v1/gateways"):
        same((emulator.get(path).status, emulator.get(path).body), (404, b"404 page not found\n"), path)
    emulator.order(kind="absent", group="batch", resource="cronjobs")
    missing = emulator.get("/apis/batch/v1/cronjobs")
    same((missing.status, missing.reason, missing.json["message"]), (404, "NotFound", "the server could not find the requested resource"), "a resource that is absent")
    same((emulator.get("/apis/batch/v1/jobs").status, [one["name"] for one in emulator.get("/apis/batch/v1").json["resources"]]), (200, ["jobs"]), "its neighbour")
    emulator.order(kind="broken", group="aquasecurity.github.io")
    for path in ("/apis/aquasecurity.github.io/v1alpha1", "/apis/aquasecurity.github.io/v1alpha1/vulnerabilityreports"):
        same((emulator.get(path).status, emulator.get(path).body), (503, b"service unavailable\n"), path)
    same("aquasecurity.github.io" in [one["name"] for one in emulator.get("/apis").json["groups"]], True, "a broken group among the groups")


@check
def tls_is_there_when_it_is_asked_for(emulator):
    tls = emulator.control("/_tls")
    same(emulator.ask("GET", "/version", tls=tls).status, 200, "the version over TLS")
    same([event["type"] for event in [*emulator.watch("/api/v1/nodes", timeoutSeconds=1)]], ["ADDED", "ADDED"], "a watch beside it")
    text = emulator.ask("GET", "/_kubeconfig", token=None).body.decode()
    same((text.count(tls["address"]), base64.b64encode(tls["pem"].encode()).decode() in text, f"token: {emulator.token}" in text), (2, True, True), "the kubeconfig over TLS")
    plain = emulator.ask("GET", "/_kubeconfig?plain", token=None).body.decode()
    same((plain.count(emulator.address + "/clusters/"), "certificate-authority-data" in plain), (2, False), "the kubeconfig without TLS")
