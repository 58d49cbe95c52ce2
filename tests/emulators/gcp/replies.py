"""What the emulator says: rows of lists that are written once, errors as Google words them, and how both become
bytes or JSON. Refuses to know any service."""

import json
import struct
from functools import lru_cache

from google.protobuf import any_pb2, json_format
from google.rpc import error_details_pb2, status_pb2

# (number in gRPC, status in HTTP) of each canonical code.
CODES = {
    "INVALID_ARGUMENT": (3, 400), "FAILED_PRECONDITION": (9, 400), "OUT_OF_RANGE": (11, 400), "UNAUTHENTICATED": (16, 401),
    "PERMISSION_DENIED": (7, 403), "NOT_FOUND": (5, 404), "ABORTED": (10, 409), "ALREADY_EXISTS": (6, 409),
    "RESOURCE_EXHAUSTED": (8, 429), "CANCELLED": (1, 499), "UNKNOWN": (2, 500), "INTERNAL": (13, 500), "DATA_LOSS": (15, 500),
    "UNIMPLEMENTED": (12, 501), "UNAVAILABLE": (14, 503), "DEADLINE_EXCEEDED": (4, 504),
}


class Refusal(Exception):
    """An error that Google would answer with; `details` are messages of google.rpc."""

    def __init__(self, code, message, details=(), headers=None):
        super().__init__(message)
        self.code, self.message, self.details, self.headers = code, message, details, headers or {}

    @property
    def http(self):
        return CODES[self.code][1]

    def status(self):
        """The google.rpc.Status that gRPC carries in its trailers."""
        status = status_pb2.Status(code=CODES[self.code][0], message=self.message)
        for detail in self.details:
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        return status

    def json(self):
        """Google's error body."""
        error = {"code": self.http, "message": self.message, "status": self.code}
        if self.details:
            error["details"] = json_format.MessageToDict(self.status())["details"]
        return json.dumps({"error": error}, indent=2)


def info(reason, domain="googleapis.com", **metadata):
    return error_details_pb2.ErrorInfo(reason=reason, domain=domain, metadata=metadata)


def retry(seconds):
    wait = error_details_pb2.RetryInfo()
    wait.retry_delay.FromNanoseconds(int(seconds * 1e9))
    return wait


def not_found(name):
    return Refusal("NOT_FOUND", f"Requested entity was not found: {name}")


class Garbage(Exception):
    """Not an answer of Google's at all."""

    def __init__(self, status, body):
        super().__init__(body)
        self.status, self.body = status, body


class Row:
    """One entry of a list as it is sent: its bytes, and its JSON once somebody asked for that."""

    __slots__ = ("kind", "wire", "texts")

    def __init__(self, message):
        self.kind, self.wire, self.texts = type(message), message.SerializeToString(deterministic=True), None

    def message(self):
        return self.kind.FromString(self.wire)

    def text(self, numbers):
        """JSON, with enums by name or by number."""
        numbers = numbers and has_enums(self.kind.DESCRIPTOR)
        if self.texts is None:
            self.texts = [None, None]
        if self.texts[numbers] is None:
            self.texts[numbers] = dumped(self.message(), numbers)
        return self.texts[numbers]


@lru_cache(maxsize=None)
def has_enums(kind, above=()):
    """Whether a message, or one in it, has a field that is an enum: otherwise its JSON is the same in both ways."""
    inner = [field.message_type for field in kind.fields if field.message_type is not None and field.message_type not in (kind, *above)]
    return any(field.enum_type is not None for field in kind.fields) or any(has_enums(one, (*above, kind)) for one in inner)


class Listed:
    """A page of a list, and the places that could not be reached for it."""

    def __init__(self, method, field, rows, token=None, unreachable=()):
        self.method, self.field, self.rows, self.token, self.unreachable = method, field, rows, token, list(unreachable)

    def wire(self):
        """The response's bytes: entries of a repeated field may simply follow one another."""
        number = self.method.response.DESCRIPTOR.fields_by_name[self.field].number
        tag, parts = varint(number << 3 | 2), []
        for row in self.rows:
            parts += (tag, varint(len(row.wire)), row.wire)
        beside = self.beside()
        if beside:
            parts.append(self.method.response(**beside).SerializeToString())
        return b"".join(parts)

    def beside(self):
        """What stands beside the rows."""
        told = {"next_page_token": self.token, "unreachable": self.unreachable}
        return {name: value for name, value in told.items() if value}

    def text(self, numbers):
        name = self.method.response.DESCRIPTOR.fields_by_name[self.field].json_name
        members = [f'"{name}":[' + ",".join(row.text(numbers) for row in self.rows) + "]"] if self.rows else []
        if self.token:
            members.append(f'"nextPageToken":{json.dumps(self.token)}')
        if self.unreachable:
            members.append(f'"unreachable":{json.dumps(self.unreachable)}')
        return "{" + ",".join(members) + "}"


def varint(number):
    if number < 128:
        return struct.pack("B", number)
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def dumped(message, numbers=False):
    return json.dumps(json_format.MessageToDict(message, use_integers_for_enums=bool(numbers)), separators=(",", ":"))


def wire(reply):
    """A reply for gRPC."""
    return reply.wire() if isinstance(reply, Listed) else reply.SerializeToString()


def text(reply, numbers):
    """A reply for REST."""
    return reply.text(numbers) if isinstance(reply, Listed) else dumped(reply, numbers)


def without(message, fields):
    """The message without some fields, by JSON name; a dot leads into a message, also each of a list."""
    for field in fields:
        clear(message, field.split("."))
    return message


def clear(message, path):
    known = {field.json_name: field for field in message.DESCRIPTOR.fields}
    field = known.get(path[0])
    if field is None:
        return
    if len(path) == 1:
        message.ClearField(field.name)
        return
    inner = getattr(message, field.name)
    for one in inner if field.is_repeated else [inner]:
        clear(one, path[1:])
