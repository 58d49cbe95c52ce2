"""REST to messages by the HTTP rules of `apis`. Refuses a query parameter that the request does not have, as
Google does, and `fields`, which would have to be understood."""

import json
from urllib.parse import parse_qsl, unquote

from google.protobuf import json_format

from replies import Refusal

# Parameters that every Google API takes.
SYSTEM = {"$alt", "alt", "key", "prettyPrint", "$prettyPrint", "quotaUser", "$.xgafv", "access_token", "callback", "uploadType"}


def find(rules, verb, path):
    """The rule for a path, and the values of its variables; None when there is none."""
    for rule in rules:
        if rule.verb == verb:
            found = rule.pattern.fullmatch(path)
            if found:
                return rule, found.groups()
    return None


def request(rule, values, query, body):
    """The request message."""
    given = {}
    if rule.body == "*":
        given = parsed(body)
    elif rule.body:
        put(given, rule.method.request.DESCRIPTOR, rule.body.split("."), parsed(body))
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in SYSTEM:
            put(given, rule.method.request.DESCRIPTOR, name.split("."), value, name)
    for field, value in zip(rule.fields, values):
        put(given, rule.method.request.DESCRIPTOR, field.split("."), decoded(value))
    try:
        return json_format.ParseDict(given, rule.method.request())
    except json_format.ParseError as problem:
        raise Refusal("INVALID_ARGUMENT", f"Invalid value: {problem}") from None


def decoded(value):
    """Percent-decoded, but for an escaped slash, which separates nothing."""
    return "%2F".join(unquote(part) for part in value.replace("%2f", "%2F").split("%2F"))


def parsed(body):
    try:
        return json.loads(body) if body else {}
    except ValueError:
        raise Refusal("INVALID_ARGUMENT", "Invalid JSON payload received. Parsing terminated before end of input.") from None


def put(given, descriptor, path, value, asked=None):
    """Puts a value where a path of field names leads, as JSON would have it."""
    known = {name: field for field in descriptor.fields for name in (field.name, field.json_name)}
    field = known.get(path[0])
    if field is None:
        name = asked or path[0]
        raise Refusal(
            "INVALID_ARGUMENT",
            f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. Field \'{name}\' could not be found in request message.',
        )
    if len(path) > 1 and field.message_type is not None:
        put(given.setdefault(field.json_name, {}), field.message_type, path[1:], value, asked)
        return
    if field.type == field.TYPE_BOOL and isinstance(value, str):
        value = value.lower() in ("true", "1")
    if field.is_repeated and not isinstance(value, (list, dict)):
        given.setdefault(field.json_name, []).append(value)
    else:
        given[field.json_name] = value


def numbers(query):
    """Whether enums are asked for by number."""
    return any(name == "$alt" and "enum-encoding=int" in value.replace(" ", "") for name, value in parse_qsl(query))
