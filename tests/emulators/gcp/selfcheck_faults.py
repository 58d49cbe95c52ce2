"""The part of the self-check that orders each kind of fault, and asks lists page by page. Refuses to pass over a
kind that it does not know."""

import json
import threading
import time

import grpc
from asking import PLACE, PROJECT, TRANSPORTS, refused
from checking import same
from faults import Fault
from google.api_core import exceptions
from google.rpc import error_details_pb2
from grpc_status import rpc_status


def throttle(emulator):
    emulator.fault("throttle", method="ListServices", retry_after=2, first=2)
    for kind in TRANSPORTS:
        problem = refused(exceptions.TooManyRequests, lambda: emulator.services(kind), kind)
        same(problem.reason, "RATE_LIMIT_EXCEEDED", "the reason")
        waits = [one.retry_delay.seconds for one in problem.details if isinstance(one, error_details_pb2.RetryInfo)] or [
            int(one["retryDelay"].rstrip("s")) for one in problem.details if isinstance(one, dict) and "retryDelay" in one
        ]
        same(waits, [2], f"when to ask again by {kind}")
    emulator.services("grpc")
    status, headers, _ = emulator.http("GET", f"/v2/{PLACE}/services")
    same((status, headers.get("retry-after")), (200, None), "the answer after two faults")


def deny_one_project_of_many(emulator):
    emulator.fault("deny", project=PROJECT)
    for kind in TRANSPORTS:
        problem = refused(exceptions.Forbidden, lambda: emulator.services(kind), kind)
        same((problem.reason, dict(problem.metadata)["permission"]), ("IAM_PERMISSION_DENIED", "run.services.list"), "the refusal")
        emulator.services(kind, PLACE.replace(PROJECT, "plimsoll-lab"))


def disabled(emulator):
    emulator.fault("disabled", project=PROJECT, service="containeranalysis")
    for kind in TRANSPORTS:
        work = emulator.clients[kind]["grafeas"].list_occurrences
        problem = refused(exceptions.Forbidden, lambda: work(request={"parent": f"projects/{PROJECT}"}, retry=None), kind)
        same((problem.reason, problem.metadata["service"]), ("SERVICE_DISABLED", "containeranalysis.googleapis.com"), "the refusal")


def error(emulator):
    for code, kind_of in (
        ("UNAVAILABLE", exceptions.ServiceUnavailable), ("INTERNAL", exceptions.InternalServerError), ("CANCELLED", exceptions.GoogleAPICallError),
    ):
        emulator.control("DELETE", "/_faults")
        emulator.fault("error", code=code)
        for kind in TRANSPORTS:
            refused(kind_of, lambda: emulator.services(kind), kind)


def timeout(emulator):
    emulator.fault("timeout", method="ListServices", seconds=20)
    refused(exceptions.DeadlineExceeded, lambda: emulator.services("grpc", timeout=0.3), "a hang by grpc")
    refused(Exception, lambda: emulator.services("rest", timeout=0.3), "a hang by rest")
    hung, answers = [], []
    for kind in TRANSPORTS:
        hung.append(threading.Thread(target=lambda kind=kind: answers.append(len(emulator.services(kind).services))))
        hung[-1].start()
    time.sleep(0.2)
    same(answers, [], "what hangs")
    emulator.control("DELETE", "/_faults")
    for thread in hung:
        thread.join(5)
    same(answers, [5, 5], "what hung, after healing")


def garbage(emulator):
    emulator.fault("garbage", method="ListServices")
    status, headers, body = emulator.http("GET", f"/v2/{PLACE}/services")
    same((status, headers["content-type"][:9], body[:15]), (200, "text/html", b"<!DOCTYPE html>"), "garbage")
    for kind in TRANSPORTS:
        refused(Exception, lambda: emulator.services(kind), f"garbage by {kind}")


def reset(emulator):
    emulator.fault("reset", method="ListServices")
    refused(exceptions.ServiceUnavailable, lambda: emulator.services("grpc"), "a reset by grpc")
    refused(Exception, lambda: emulator.http("GET", f"/v2/{PLACE}/services"), "a reset by rest")


def slow(emulator):
    emulator.fault("slow", method="ListServices", seconds=0.5)
    started = time.monotonic()
    emulator.services("rest")
    if time.monotonic() - started < 0.3:
        raise AssertionError("slow was not slow")


def absent(emulator):
    emulator.fault("absent", method="ListServices", fields=["template.containers.image", "ingress"])
    emulator.fault("absent", method="ListDockerImages", fields=["uploadTime", "tags", "mediaType"])
    for kind in TRANSPORTS:
        service = emulator.services(kind).services[0]
        same((service.ingress, service.template.containers[0].image, bool(service.uri)), (0, "", True), f"absent fields by {kind}")
        image = emulator.images(kind).docker_images[-1]
        same((image.upload_time, list(image.tags), image.media_type, bool(image.uri)), (None, [], "", True), f"absent fields by {kind}")


def expire(emulator):
    shown = {"Authorization": f"Bearer {metadata_token(emulator)}"}
    same(emulator.http("GET", f"/v2/{PLACE}/services", None, shown)[0], 200, "before the end")
    emulator.fault("expire", method="ListServices", first=1)
    found = [emulator.http("GET", f"/v2/{PLACE}/{kind}", None, shown)[0] for kind in ("services", "services", "jobs")]
    same(found, [401, 401, 401], "a token that ended mid-run")
    shown["Authorization"] = f"Bearer {metadata_token(emulator)}"
    same(emulator.http("GET", f"/v2/{PLACE}/jobs", None, shown)[0], 200, "with a new token")


def metadata_token(emulator):
    path = "/computeMetadata/v1/instance/service-accounts/default/token"
    return json.loads(emulator.http("GET", path, None, {"Metadata-Flavor": "Google"})[2])["access_token"]


def vanish(emulator):
    name = f"{PLACE}/services/web"
    emulator.fault("vanish", name=name)
    image = emulator.images("grpc").docker_images[0]
    emulator.fault("vanish", digest=image.uri.rpartition("@")[2])
    for kind in TRANSPORTS:
        made = emulator.clients[kind]
        same(name in [one.name for one in emulator.services(kind, page_size=1000).services], True, "what vanished is listed")
        refused(exceptions.NotFound, lambda: made["services"].get_iam_policy({"resource": name}), f"its policy by {kind}")
        refused(exceptions.NotFound, lambda: list(made["revisions"].list_revisions(parent=name)), f"its revisions by {kind}")
        refused(exceptions.NotFound, lambda: made["registry"].get_docker_image(name=image.name), f"an image by {kind}")
    path = image.uri.partition("/")[2].replace("@", "/manifests/")
    same(emulator.http("GET", f"/v2/{path}", None, {"Host": image.uri.partition("/")[0]})[0], 404, "a manifest that vanished")


def repeat_token(emulator):
    emulator.fault("repeat_token", method="ListServices")
    for kind in TRANSPORTS:
        one = emulator.services(kind, page_size=2)
        other = emulator.services(kind, page_size=2, page_token=one.next_page_token)
        same((one.next_page_token, one.services[0].name), (other.next_page_token, other.services[0].name), "the same page again")


def leave_and_suspend(emulator):
    emulator.fault("leave", project="plimsoll-ledger")
    emulator.fault("suspend", project="plimsoll-lab")
    for kind in TRANSPORTS:
        found = {one.project_id: one.state.name for one in emulator.clients[kind]["projects"].search_projects()}
        same(found, {PROJECT: "ACTIVE", "plimsoll-lab": "DELETE_REQUESTED", "plimsoll-retired": "DELETE_REQUESTED"}, "the projects")
        hidden, away = "IAM_PERMISSION_DENIED", "CONSUMER_INVALID"
        for project, reason in (("plimsoll-ledger", hidden), ("plimsoll-lab", away), ("plimsoll-nowhere", hidden)):
            problem = refused(exceptions.Forbidden, lambda: emulator.services(kind, PLACE.replace(PROJECT, project)), project)
            same(problem.reason, reason, project)


def narrowed_and_counted(emulator):
    emulator.fault("error", transport="rest", location="us-central1", after=1, every=2)
    found = [emulator.http("GET", f"/v2/{PLACE}/jobs")[0] for _ in range(5)]
    same(found, [200, 200, 503, 200, 503], "every second call after the first")
    same(emulator.http("GET", f"/v2/{PLACE}/jobs".replace("us-central1", "europe-west1"))[0], 200, "another location")
    told = [one for one in emulator.control("GET", "/_calls")["calls"] if one["location"] == "us-central1"]
    same((told[0]["count"], told[0]["answers"]), (5, {"200": 3, "UNAVAILABLE": 2}), "the count")
    refused(AssertionError, lambda: emulator.fault("nonsense"), "an unknown kind")
    refused(AssertionError, lambda: emulator.fault("error", code="NONSENSE"), "an unknown code")


def status_details(emulator):
    """What a gRPC client that is not Google's reads from the trailers."""
    emulator.fault("throttle", retry_after=1.5)
    call = grpc.insecure_channel(emulator.grpc).unary_unary("/google.cloud.run.v2.Services/ListServices")
    problem = refused(grpc.RpcError, lambda: call(b""), "a bare call")
    status, wait = rpc_status.from_call(problem), error_details_pb2.RetryInfo()
    same((status.code, status.details[1].Unpack(wait), wait.retry_delay.nanos), (8, True, 500_000_000), "the trailers")


def pages(emulator):
    for kind in TRANSPORTS:
        first = emulator.images(kind, page_size=2)
        same(len(first.docker_images), 2, "a page")
        names, token = [one.name for one in first.docker_images], first.next_page_token
        while token:
            page = emulator.images(kind, page_size=5, page_token=token)
            names, token = names + [one.name for one in page.docker_images], page.next_page_token
        same(len(set(names)), len(names), "images met once")
        same(names, [one.name for one in emulator.images(kind, page_size=1000).docker_images], "pages and the whole")
        refused(exceptions.BadRequest, lambda: emulator.images(kind, "images-01", page_token=first.next_page_token), "another list's token")
        refused(exceptions.BadRequest, lambda: emulator.images(kind, page_token="made-up"), "a made-up token")
        refused(exceptions.BadRequest, lambda: emulator.images(kind, page_size=-1), "a negative page")
    emulator.control("POST", "/_settings", {"page_cap": 3, "token_seconds": 0.05})
    page = emulator.images("grpc", page_size=1000)
    same(len(page.docker_images), 3, "a capped page")
    time.sleep(0.1)
    refused(exceptions.BadRequest, lambda: emulator.images("grpc", page_token=page.next_page_token), "an old token")


def filters(emulator):
    parent = f"projects/{PROJECT}"
    for kind in TRANSPORTS:
        def found(text):
            return list(emulator.clients[kind]["grafeas"].list_occurrences(request={"parent": parent, "filter": text}))
        uri = found('kind="VULNERABILITY"')[0].resource_uri
        one = found(f'kind = "VULNERABILITY" AND resourceUrl = "{uri}"')
        same({row.resource_uri for row in one}, {uri}, "one image's findings")
        same(len(found(f'has_prefix(resource_url, "{uri[:40]}") AND (kind="DISCOVERY" OR kind="ATTESTATION")')) > 1, True, "a prefix")
        states = {row.discovery.analysis_status.name for row in found('kind="DISCOVERY"')}
        same(states, {"FINISHED_SUCCESS", "FINISHED_FAILED", "FINISHED_UNSUPPORTED"}, "how scans ended")
        refused(exceptions.BadRequest, lambda: found('colour="red"'), "an unknown field")
        wanted = {"parent": PLACE, "filter": f'name="{PLACE}/repositories/IMAGES-*3"'}
        starred = emulator.clients[kind]["registry"].list_repositories(request=wanted)
        same([one.name.rpartition("/")[2] for one in starred], ["images-03"], "a name with a star")
    query = emulator.clients["rest"]["projects"].search_projects(query="state:ACTIVE labels.stage=prod")
    same([one.project_id for one in query], [PROJECT], "a search for projects")
    same(emulator.http("GET", f"/v2/{PLACE}/services?colour=red")[0], 400, "an unknown query parameter")


def unreachable(emulator):
    emulator.fault("unreachable", places=["europe-west1"])
    for kind in TRANSPORTS:
        work = emulator.clients[kind]["grafeas"].list_occurrences
        request = {"parent": f"projects/{PROJECT}", "page_size": 1000}
        refused(exceptions.ServiceUnavailable, lambda: work(request=request, retry=None), kind)
        page = next(work(request={**request, "return_partial_success": True}, retry=None).pages)
        same(list(page.unreachable), ["europe-west1"], f"what could not be reached by {kind}")
        places = {row.resource_uri.split("/")[2].removesuffix("-docker.pkg.dev") for row in page.occurrences}
        same(places, {"us-central1"}, f"where the rest lies by {kind}")


def every_kind(emulator):
    checked = {"unreachable", "throttle", "deny", "disabled", "error", "timeout", "garbage", "reset", "slow", "absent", "expire", "vanish", "repeat_token", "leave", "suspend"}
    same(set(Fault.KINDS), checked, "the kinds of faults that are checked")


CHECKS = [
    throttle, deny_one_project_of_many, disabled, error, timeout, garbage, reset, slow, absent, expire, vanish, repeat_token,
    leave_and_suspend, unreachable, narrowed_and_counted, status_details, pages, filters, every_kind,
]
