"""The hand with which the self-check asks an emulator: its control addresses, plain HTTP, and Google's clients of both
transports. Refuses to try twice, so that a fault is seen each time."""

import http.client
import json

import check_sdk

PROJECT, PLACE = "plimsoll-shop", "projects/plimsoll-shop/locations/us-central1"
TRANSPORTS = ("grpc", "rest")


class Emulator:
    """One emulator, from the line that it says when it is ready."""

    def __init__(self, line):
        _, self.rest, _, self.grpc = line.split()
        self.clients = {kind: check_sdk.clients(kind, self.rest, self.grpc) for kind in TRANSPORTS}

    def http(self, verb, path, body=None, headers=None, timeout=30):
        """(status, headers by lower-case name, body) of one request."""
        connection = http.client.HTTPConnection(self.rest.removeprefix("http://"), timeout=timeout)
        connection.request(verb, path, body, headers or {})
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def control(self, verb, path, order=None):
        status, _, body = self.http(verb, path, None if order is None else json.dumps(order), timeout=180)
        told = json.loads(body)
        if status != 200:
            raise AssertionError(f"{verb} {path}: {told}")
        return told

    def fault(self, kind, **more):
        return self.control("POST", "/_faults", {"kind": kind, **more})

    def fresh(self):
        """No faults, no settings, nothing counted."""
        self.control("DELETE", "/_faults")
        self.control("DELETE", "/_calls")
        self.control("POST", "/_settings", {"page_cap": None, "token_seconds": 3600, "token_lifetime": 3600, "anonymous": True, "redirect": False, "skew_seconds": 0})

    def services(self, kind, parent=PLACE, timeout=20, **more):
        """The first page of ListServices."""
        answer = self.clients[kind]["services"].list_services(request={"parent": parent, **more}, retry=None, timeout=timeout)
        return next(answer.pages)

    def images(self, kind, repository="images-00", **more):
        """The first page of ListDockerImages."""
        request = {"parent": f"{PLACE}/repositories/{repository}", **more}
        return next(self.clients[kind]["registry"].list_docker_images(request=request, retry=None, timeout=20).pages)


def refused(error, work, what):
    """The error that some work ends with, which must be of that class."""
    try:
        work()
    except error as problem:
        return problem
    except Exception as problem:
        raise AssertionError(f"{what}: {type(problem).__name__}: {problem}") from problem
    raise AssertionError(f"{what}: nothing was refused")
