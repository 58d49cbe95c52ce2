"""The part of the self-check that signs in, in each way that there is. Refuses to use a token twice where a new one is
the point."""

import json
import time

import google.auth.transport.requests
from asking import PLACE
from checking import same
from google.auth import jwt
from google.oauth2 import service_account

METADATA = "/computeMetadata/v1/"
FLAVOR = {"Metadata-Flavor": "Google"}
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def asked(emulator, token=None):
    shown = {"Authorization": f"Bearer {token}"} if token else {}
    status, _, body = emulator.http("GET", f"/v2/{PLACE}/services", None, shown)
    return status, json.loads(body).get("error", {}).get("details", [{}])[0].get("reason")


def keys(emulator):
    return emulator.control("GET", "/_estate")["service_account"]


def exchange(emulator):
    """google-auth exchanges a signed JWT for a token at the file's own address."""
    emulator.control("POST", "/_settings", {"anonymous": False, "token_lifetime": 1})
    same(asked(emulator), (401, "CREDENTIALS_MISSING"), "nobody")
    same(asked(emulator, "ya29.made-up"), (401, "ACCESS_TOKEN_TYPE_UNSUPPORTED"), "a made-up token")
    credentials = service_account.Credentials.from_service_account_info(keys(emulator), scopes=[SCOPE])
    credentials.refresh(google.auth.transport.requests.Request())
    same(asked(emulator, credentials.token), (200, None), "a token")
    same(next(one["count"] for one in emulator.control("GET", "/_calls")["calls"] if one["service"] == "sign-in"), 1, "sign-ins counted")
    time.sleep(1.2)
    same(asked(emulator, credentials.token), (401, "ACCESS_TOKEN_EXPIRED"), "a token past its time")


def by_grpc(emulator):
    """The same check stands before gRPC."""
    emulator.control("POST", "/_settings", {"anonymous": False})
    credentials = service_account.Credentials.from_service_account_info(keys(emulator), scopes=[SCOPE])
    credentials.refresh(google.auth.transport.requests.Request())
    work = emulator.clients["grpc"]["services"].list_services
    found = work(parent=PLACE, metadata=[("authorization", f"Bearer {credentials.token}")])
    same(len(list(found.services)), 5, "services with a token")


def self_signed(emulator):
    """A JWT that the service account signed for an API is a token in itself."""
    emulator.control("POST", "/_settings", {"anonymous": False})
    credentials = jwt.Credentials.from_service_account_info(keys(emulator), audience="https://run.googleapis.com/")
    credentials.refresh(None)
    token = credentials.token.decode() if isinstance(credentials.token, bytes) else credentials.token
    same(asked(emulator, token), (200, None), "a JWT of its own")
    emulator.fault("expire", method="ListServices", first=1)
    same([asked(emulator, token)[1] for _ in range(2)], ["ACCESS_TOKEN_EXPIRED"] * 2, "a JWT that ended mid-run")
    head, _, signature = token.rpartition(".")
    same(asked(emulator, head + "." + signature[::-1])[0], 401, "a forged JWT")


def refusals_of_the_token_endpoint(emulator):
    for body in ("grant_type=password", "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c"):
        status, _, answer = emulator.http("POST", "/token", body, {"Content-Type": "application/x-www-form-urlencoded"})
        same((status, "error_description" in json.loads(answer)), (400, True), "a refusal")
    emulator.fault("throttle", service="sign-in", method="Token")
    same(emulator.http("POST", "/token", "")[0], 429, "a throttled sign-in")


def metadata_server(emulator):
    emulator.control("POST", "/_settings", {"anonymous": False})
    base = METADATA + "instance/service-accounts/default/"
    same(emulator.http("GET", base + "token")[0], 403, "without the header")
    status, headers, body = emulator.http("GET", base + "token", None, FLAVOR)
    same((status, headers["metadata-flavor"]), (200, "Google"), "the metadata server")
    same(asked(emulator, json.loads(body)["access_token"])[0], 200, "its token")
    same(emulator.http("GET", METADATA + "project/project-id", None, FLAVOR)[2], b"plimsoll-shop", "the project")
    same("email" in json.loads(emulator.http("GET", base + "?recursive=true", None, FLAVOR)[2]), True, "the account")


CHECKS = [exchange, by_grpc, self_signed, refusals_of_the_token_endpoint, metadata_server]
