"""Requests and answers as API servers write them: whose cluster, which verb on what, and a Status for each way of saying
no. Refuses to know what an object means."""

import json
from urllib.parse import parse_qs, unquote

from serving import Answer

JSON, TEXT = "application/json", "text/plain; charset=utf-8"
VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


class Refusal(Exception):
    """An error that an API server would answer with. `details` go into its Status; one that is `plain` has none."""

    def __init__(self, status, reason, message, details=None, headers=None, metadata=None, plain=False):
        super().__init__(message)
        self.status, self.reason, self.message, self.plain = status, reason, message, plain
        self.details, self.headers, self.metadata = details, headers or {}, metadata or {}

    def body(self):
        """The Status."""
        told = {"kind": "Status", "apiVersion": "v1", "metadata": self.metadata, "status": "Failure", "message": self.message}
        if self.reason:
            told["reason"] = self.reason
        if self.details is not None:
            told["details"] = self.details
        return {**told, "code": self.status}


class Call:
    """One request, understood as far as its verb and its resource. For what is no resource, `path` says what it is."""

    def __init__(self, method, target, headers, body):
        self.method, self.headers, self.body = method, headers, body
        raw, _, query = target.partition("?")
        self.query = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
        parts = [unquote(part) for part in raw.split("/")[1:]]
        # Clusters stand side by side below one address, as Rancher has them; the first also at the root.
        self.cluster = None
        if parts[0] == "clusters" and len(parts) > 1:
            self.cluster, parts = parts[1], parts[2:]
        self.path = "/" + "/".join(parts)
        self.group = self.version = self.resource = self.namespace = self.name = self.subresource = None
        self.user = self.client = None
        self.understand([part for part in parts if part])
        self.verb = self.meant()

    def understand(self, parts):
        """Takes a path apart: /api/v1/… and /apis/GROUP/VERSION/…, with or without a namespace."""
        if parts[:1] == ["api"] and len(parts) > 2:
            self.group, self.version, rest = "", parts[1], parts[2:]
        elif parts[:1] == ["apis"] and len(parts) > 3:
            self.group, self.version, rest = parts[1], parts[2], parts[3:]
        else:
            return
        if rest[0] == "namespaces" and len(rest) > 2:
            self.namespace, rest = rest[1], rest[2:]
        self.resource = rest[0]
        self.name = rest[1] if len(rest) > 1 else None
        self.subresource = "/".join(rest[2:]) or None
        if self.namespace is None:
            # A namespace is in itself, to whoever asks for it alone.
            self.namespace = self.name if self.resource == "namespaces" and self.name else ""

    def meant(self):
        """The verb, as rules of access name it."""
        if self.resource is None:
            return {"GET": "get", "HEAD": "get"}.get(self.method, VERBS.get(self.method, self.method.lower()))
        if self.method in ("GET", "HEAD"):
            if self.query.get("watch", "") in ("1", "true", "True"):
                return "watch"
            return "get" if self.name else "list"
        verb = VERBS.get(self.method, self.method.lower())
        return "deletecollection" if verb == "delete" and not self.name else verb

    @property
    def limit(self):
        return self.query.get("limit")

    @property
    def continued(self):
        return bool(self.query.get("continue"))

    @property
    def revision(self):
        return self.query.get("resourceVersion")

    @property
    def selector(self):
        return ",".join(self.query[name] for name in ("labelSelector", "fieldSelector") if self.query.get(name)) or None

    def bearer(self):
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else None


def told(what, status=200, headers=None):
    """An answer of JSON, from a value or from bytes that are already written."""
    body = what if isinstance(what, bytes) else json.dumps(what, separators=(",", ":")).encode() + b"\n"
    return Answer(status, {"Content-Type": JSON, **(headers or {})}, body)


def error(refusal):
    if refusal.plain:
        headers = {"Content-Type": TEXT, "X-Content-Type-Options": "nosniff", **refusal.headers}
        return Answer(refusal.status, headers, refusal.message + "\n")
    return told(refusal.body(), refusal.status, refusal.headers)


def details(group, resource, name=None):
    """What a Status tells of what was asked for."""
    written = {"name": name} if name else {}
    if group:
        written["group"] = group
    return {**written, "kind": resource}


def titled(group, resource):
    return f"{resource}.{group}" if group else resource


def not_found(group, resource, name):
    return Refusal(404, "NotFound", f'{titled(group, resource)} "{name}" not found', details(group, resource, name))


def nothing_there():
    return Refusal(404, None, "404 page not found", plain=True)


def unknown_resource():
    return Refusal(404, "NotFound", "the server could not find the requested resource", {})


def bad(message):
    return Refusal(400, "BadRequest", message)


def invalid(message, field, reason="FieldValueForbidden"):
    """Options of a list that contradict each other or are not known."""
    text = f'ListOptions.meta.k8s.io "" is invalid: {field}: {message}'
    return Refusal(422, "Invalid", text, {"group": "meta.k8s.io", "kind": "ListOptions", "causes": [{"reason": reason, "message": message, "field": field}]})


def expired(message, following=None):
    return Refusal(410, "Expired", message, metadata={"continue": following} if following else {})
