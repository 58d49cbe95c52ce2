"""Requests and answers of the AWS protocols: who asks, what for, and how an answer or an error is written.
Refuses to know what any operation means."""

import json
import re
import time
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

import botocore.session
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model as moto_model
from serving import Answer

SESSION = botocore.session.get_session()
# The name that a service signs with, where it is not the name of its model.
MODELS = {"elasticloadbalancing": "elbv2"}
SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
# Services that have one endpoint for the world.
GLOBAL = {"organizations", "iam", "account", "sts", "ecr-public"}


class Refusal(Exception):
    """An error that AWS would answer with."""

    def __init__(self, code, message, status=400, headers=None, fields=None):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
        self.headers, self.fields = headers or {}, fields or {}


class Call:
    """One request, understood as far as its protocol goes."""

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.raw_path, _, self.query = target.partition("?")
        self.path = unquote(self.raw_path)
        found = SCOPE.search(headers.get("authorization", ""))
        self.key, self.region, signed = found.groups() if found else (None, None, None)
        self.service = MODELS.get(signed, signed)
        self.account = None
        self._uri = {}
        self._params = None
        self.action = self._action() if self.service else None

    def _action(self):
        named = self.headers.get("x-amz-target")
        if named:
            return named.rpartition(".")[2]
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            form = dict(parse_qsl(self.body.decode("utf-8", "replace")))
            if "Action" in form:
                return form["Action"]
        for method, pattern, names, action in routes(self.service):
            # As it was sent: an ARN in a path has its slashes escaped.
            found = pattern.fullmatch(self.raw_path) if method == self.method else None
            if found:
                self._uri = {name: unquote(value) for name, value in zip(names, found.groups())}
                return action
        return None

    @property
    def params(self):
        """The input members of the operation by name."""
        if self._params is None:
            self._params = self._read()
        return self._params

    def _read(self):
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.body.decode("utf-8", "replace")))
        try:
            params = json.loads(self.body) if self.body else {}
        except ValueError:
            raise Refusal("SerializationException", "The body is not JSON.") from None
        if protocol(self.service) != "rest-json" or self.action is None:
            return params
        shape = model(self.service).operation_model(self.action).input_shape
        given = {**params, **dict(parse_qsl(self.query)), **self._uri}
        read = {}
        for name, member in (shape.members if shape is not None else {}).items():
            value = given.get(member.serialization.get("name", name))
            if value is not None:
                read[name] = int(value) if member.type_name in ("integer", "long") else value
        return read


@lru_cache(maxsize=None)
def model(service):
    """botocore's model of a service, or None."""
    try:
        return SESSION.get_service_model(service)
    except botocore.exceptions.UnknownServiceError:
        return None


@lru_cache(maxsize=None)
def paginators(service):
    """How botocore pages the operations of a service."""
    try:
        return SESSION.get_component("data_loader").load_service_model(service, "paginators-1")["pagination"]
    except botocore.exceptions.DataNotFoundError:
        return {}


@lru_cache(maxsize=None)
def routes(service):
    """(method, path pattern, parameter names, operation) of a REST service; plain paths before others."""
    known = model(service)
    if known is None or not known.resolved_protocol.startswith("rest"):
        return ()
    found = []
    for action in known.operation_names:
        http = known.operation_model(action).http
        path = http["requestUri"].partition("?")[0]
        names = re.findall(r"\{([^}+]+)\+?\}", path)
        pattern = re.sub(r"\\\{[^}]+\\\+\\\}", "(.+)", re.escape(path))
        pattern = re.sub(r"\\\{[^}]+\\\}", "([^/]+)", pattern)
        found.append((http["method"], re.compile(pattern.rstrip("/") + "/?"), names, action))
    return tuple(sorted(found, key=lambda route: (len(route[2]), -len(route[1].pattern))))


def protocol(service):
    """The protocol a service answers in; JSON for a service that botocore does not know."""
    known = model(service)
    return known.resolved_protocol if known is not None else "json"


def answer(service, action, result):
    """An answer from the members of the operation's output."""
    operation = moto_model(service).operation_model(action)
    written = get_serializer_class(service, protocol(service))(operation_model=operation).serialize(result)
    headers = {name: str(value) for name, value in written["headers"].items()}
    return Answer(written["status_code"], headers, written["body"])


def json_answer(text):
    """An answer of the JSON protocol from text that is already written."""
    return Answer(200, {"Content-Type": "application/x-amz-json-1.1"}, text)


def error(service, refusal):
    """An error as this service's protocol writes it."""
    kind = protocol(service)
    headers = dict(refusal.headers)
    if kind in ("query", "ec2"):
        headers["Content-Type"] = "text/xml"
        what = f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
        if kind == "ec2":
            body = f"<Response><Errors>{what}</Errors><RequestID>{request_id()}</RequestID></Response>"
        else:
            body = f"<ErrorResponse>{what}<RequestId>{request_id()}</RequestId></ErrorResponse>"
        return Answer(refusal.status, headers, body)
    fields = {"message": refusal.message, **refusal.fields}
    if kind == "json":
        headers["Content-Type"] = "application/x-amz-json-1.1"
        fields = {"__type": refusal.code, **fields}
    else:
        headers["Content-Type"] = "application/json"
    headers["x-amzn-ErrorType"] = refusal.code
    return Answer(refusal.status, headers, json.dumps(fields))


def request_id():
    """An id as AWS gives to each request."""
    now = time.time_ns()
    return f"{now >> 32 & 0xFFFFFFFF:08x}-0000-4000-8000-{now & 0xFFFFFFFFFFFF:012x}"
