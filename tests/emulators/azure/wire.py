"""Requests and answers as Azure's several doors write them: which door a request is for, and how each says no.
Refuses to know what an operation means."""

import json
import re
import time
from datetime import datetime, timezone
from functools import lru_cache
from urllib.parse import parse_qs, unquote

from serving import Answer

LOGIN_SERVER = ".azurecr.io"
PREFIX = re.compile(r"/_registry/([A-Za-z0-9]+)(?=/|$)")
SIGN_IN = re.compile(r"/[^/]+/(oauth2/|v2\.0/\.well-known/|discovery/|\.well-known/)|/common/discovery/", re.IGNORECASE)
MANAGED = re.compile(r"/(metadata/identity/oauth2/token|msi/token)$", re.IGNORECASE)
GRAPH = re.compile(r"/providers/microsoft\.resourcegraph/", re.IGNORECASE)
SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)", re.IGNORECASE)


class Refusal(Exception):
    """An error that Azure would answer with; `fields` go into the body beside code and message."""

    def __init__(self, status, code, message, headers=None, **fields):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers, self.fields = headers or {}, fields


class Call:
    """One request, understood as far as its door."""

    def __init__(self, method, target, headers, body):
        self.method, self.headers, self.body = method, headers, body
        raw, _, query = target.partition("?")
        self.query = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
        self.lower_query = {name.lower(): value for name, value in self.query.items()}
        host = headers.get("host", "").partition(":")[0].lower()
        # The registry that the path names, and the prefix that links must then carry.
        self.prefix = ""
        self.registry = host.removesuffix(LOGIN_SERVER) if host.endswith(LOGIN_SERVER) else None
        while found := PREFIX.match(raw):
            self.registry, self.prefix, raw = found[1].lower(), f"/_registry/{found[1]}", raw[found.end() :]
        self.path = unquote(raw) or "/"
        self.service = self.door()
        found = SUBSCRIPTION.match(self.path)
        self.subscription = found[1].lower() if found and self.service == "arm" else None
        self.operation = self.repository = self.client = None

    def door(self):
        """Which of Azure's services is meant."""
        if self.registry is not None:
            return "registry"
        if MANAGED.match(self.path):
            return "identity"
        if SIGN_IN.match(self.path):
            return "login"
        return "graph" if GRAPH.match(self.path) else "arm"

    def form(self):
        """The fields of a posted form; one that is given several times is a list joined by spaces."""
        given = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: " ".join(values) for name, values in given.items()}

    def bearer(self):
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else None


class Routes:
    """What one door answers: templates with `{one}` segment or `{many+}`, tried in the order they were written."""

    def __init__(self, folded):
        # Whether the case of letters says nothing, as in the paths of the resource manager.
        self.flags, self.known = re.IGNORECASE if folded else 0, []

    def on(self, method, template, operation, **about):
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+?)", re.escape(template))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)

        def keep(function):
            self.known.append((method, re.compile(pattern + "/?", self.flags), operation, function, about))
            return function

        return keep

    def find(self, method, path):
        """(operation, function, about, values), or None."""
        for wanted, pattern, operation, function, about in self.known:
            found = pattern.fullmatch(path) if wanted == method or (method, wanted) == ("HEAD", "GET") else None
            if found:
                return operation, function, about, found.groupdict()
        return None


def told(what, status=200, headers=None):
    """An answer of JSON, from a value or from text that is already written."""
    text = what if isinstance(what, str) else json.dumps(what, separators=(",", ":"))
    return Answer(status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, text)


def error(service, refusal):
    """An error as this door writes it."""
    if service == "registry":
        body = {"errors": [{"code": refusal.code, "message": refusal.message, **refusal.fields}]}
    elif service in ("login", "identity"):
        body = {"error": refusal.code, "error_description": refusal.message, **refusal.fields}
    else:
        body = {"error": {"code": refusal.code, "message": refusal.message, **refusal.fields}}
    return told(body, refusal.status, refusal.headers)


@lru_cache(maxsize=8192)
def instant(seconds):
    """A moment as most of Azure writes it."""
    whole = int(seconds)
    return f"{datetime.fromtimestamp(whole, timezone.utc):%Y-%m-%dT%H:%M:%S}.{int((seconds - whole) * 10_000_000):07d}Z"


def request_id():
    """An id as Azure gives to each request."""
    now = time.time_ns()
    return f"{now >> 32 & 0xFFFFFFFF:08x}-{now >> 16 & 0xFFFF:04x}-4000-8000-{now & 0xFFFFFFFFFFFF:012x}"
