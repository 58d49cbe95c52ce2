"""Requests and answers as registries and their vendors write them: what was asked, of which site, and how each says no.
Refuses to know what an operation means."""

import base64
import binascii
import json
import re
from datetime import datetime, timezone
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode

from serving import Answer


class Refusal(Exception):
    """An error that a vendor would answer with; `fields` go into the body beside code and message."""

    def __init__(self, status, code, message, headers=None, **fields):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers, self.fields = headers or {}, fields


class Call:
    """One request to a site."""

    def __init__(self, site, method, target, headers, body):
        self.site, self.method, self.headers, self.body, self.target = site, method, headers, body, target
        # Without what it percent-encodes undone: names hold slashes.
        self.path, _, query = target.partition("?")
        self.query = dict(parse_qsl(query, keep_blank_values=True))
        self.operation, self.repository, self.reference, self.client = "unknown", None, None, None
        self.authorization = self.scheme()
        self.agent = headers.get("user-agent")

    def scheme(self):
        """How the call says who asks, or None: what a log may keep of a secret."""
        if "authorization" in self.headers:
            return self.headers["authorization"].partition(" ")[0]
        return next((name for name in ("private-token", "job-token", "x-jfrog-art-api") if name in self.headers), None)

    def bearer(self):
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() in ("bearer", "jwt", "token") else None

    def basic(self):
        """(name, password) as they were sent, or None."""
        kind, _, told = self.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            name, _, word = base64.b64decode(told + "=" * (-len(told) % 4)).decode("utf-8", "replace").partition(":")
        except binascii.Error:
            return "", ""
        return name, word

    def given(self):
        """The fields of a posted body, whether form or JSON."""
        text = self.body.decode("utf-8", "replace")
        if text.lstrip().startswith("{"):
            try:
                return json.loads(text)
            except ValueError:
                return {}
        return dict(parse_qsl(text, keep_blank_values=True))

    def number(self, name, usual, most=None):
        """A number of the query; what is none is refused."""
        try:
            found = int(self.query.get(name) or usual)
        except ValueError:
            raise Refusal(400, "PAGINATION_NUMBER_INVALID", f"{name} is not a number") from None
        return found if most is None else min(found, most)

    def again(self, **changed):
        """The same path with some of the query changed, for a link to another page."""
        query = {**self.query, **{name: str(value) for name, value in changed.items() if value is not None}}
        return f"{self.path}?{urlencode({name: value for name, value in query.items() if changed.get(name, '') is not None})}"


class Routes:
    """What one site answers: templates with `{one}` segment or `{many+}`, tried in the order they were written."""

    def __init__(self, *others):
        self.known = [route for other in others for route in other.known]

    def on(self, method, template, operation):
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+?)", re.escape(template))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)

        def keep(function):
            self.known.append((method, re.compile(pattern + "/?"), operation, function))
            return function

        return keep

    def find(self, method, path):
        """(operation, function, values), or None."""
        for wanted, pattern, operation, function in self.known:
            found = pattern.fullmatch(path) if wanted == method or (method, wanted) == ("HEAD", "GET") else None
            if found:
                return operation, function, {name: unquote(value) for name, value in found.groupdict().items()}
        return None


def told(what, status=200, headers=None):
    """An answer of JSON, from a value or from text that is already written."""
    text = what if isinstance(what, str) else json.dumps(what, separators=(",", ":"))
    return Answer(status, {"Content-Type": "application/json", **(headers or {})}, text)


# How each dialect writes an error.
DIALECTS = {
    "distribution": lambda one: {"errors": [{"code": one.code, "message": one.message, **one.fields}]},
    "harbor": lambda one: {"errors": [{"code": one.code, "message": one.message}]},
    "quay": lambda one: {
        "status": one.status, "error_message": one.message, "title": one.code, "error_type": one.code, "detail": one.message,
        "type": f"/api/v1/error/{one.code}",
    },
    "hub": lambda one: {"message": one.message, "errinfo": one.fields},
    "github": lambda one: {"message": one.message, "documentation_url": "https://docs.github.com/rest/packages/packages", "status": str(one.status)},
    "gitlab": lambda one: {"error": one.code, "error_description": one.message} if one.code.islower() else {"message": one.message},
    "artifactory": lambda one: {"errors": [{"status": one.status, "message": one.message}]},
    "xray": lambda one: {"error": one.message},
}


# What each says to somebody who may not (403), and to somebody whom it does not know (401).
DENIED = {
    "distribution": (("DENIED", "requested access to the resource is denied"), ("UNAUTHORIZED", "authentication required")),
    "harbor": (("FORBIDDEN", "forbidden: forbidden"), ("UNAUTHORIZED", "unauthorized: unauthorized")),
    "quay": (("insufficient_scope", "Unauthorized"), ("invalid_token", "Requires authentication")),
    "hub": (("forbidden", "access to the resource is forbidden"), ("unauthorized", "unauthorized")),
    "github": (("forbidden", "Resource not accessible by personal access token"), ("unauthorized", "Bad credentials")),
    "gitlab": (("Forbidden", "403 Forbidden"), ("Unauthorized", "401 Unauthorized")),
    "artifactory": (("FORBIDDEN", "Forbidden"), ("UNAUTHORIZED", "Bad credentials")),
    "xray": (("FORBIDDEN", "Permission denied"), ("UNAUTHORIZED", "Invalid credentials")),
}


def error(dialect, refusal):
    """An error as this dialect writes it."""
    return told(DIALECTS[dialect](refusal), refusal.status, refusal.headers)


@lru_cache(maxsize=8192)
def instant(seconds, digits=3, zone="Z"):
    """A moment as vendors write it, each with digits of their own."""
    whole = int(seconds)
    part = f".{int((seconds - whole) * 10**digits):0{digits}d}" if digits else ""
    return f"{datetime.fromtimestamp(whole, timezone.utc):%Y-%m-%dT%H:%M:%S}{part}{zone}"
