"""The resource manager's lists: whose they are, how they are paged and linked, and what a reader may not do.
Refuses API versions that a provider does not take, and subscriptions and groups that are not there."""

import json
from urllib.parse import quote, urlencode

import signin
import versions
from faults import without
from wire import Refusal, Routes, told

ARM = Routes(folded=True)
PAGE = 100


def served(call, emulator):
    """The answer of the manager to a caller that it knows."""
    found = ARM.find(call.method, call.path)
    signin.caller(emulator, call, signin.MANAGERS)
    if found is None:
        raise Refusal(404, "InvalidResourceType", f"The resource type could not be found for the path '{call.path}'.")
    _, function, about, values = found
    versions.right_version(call, about["provider"], about.get("kind", about["provider"]))
    if "subscription" in values:
        values["subscription"] = subscription_of(emulator, values["subscription"])
    if "group" in values:
        group_of(emulator, values["subscription"], values["group"])
    return function(call, emulator, **values)


def subscription_of(emulator, identity):
    """The subscription, if it is there and was not taken away."""
    identity = identity.lower()
    if identity not in emulator.estate.groups or identity in emulator.faults.named("leave", "subscription"):
        raise Refusal(404, "SubscriptionNotFound", f"The subscription '{identity}' could not be found.")
    return identity


def group_of(emulator, subscription, name):
    if not any(group["name"].lower() == name.lower() for group in emulator.estate.groups[subscription]):
        raise Refusal(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def resource_of(call, emulator, identity):
    """One resource by its id."""
    found = emulator.estate.by_id.get(identity.lower())
    if found is None or emulator.faults.lost(call, found):
        parts = identity.split("/")
        raise Refusal(
            404, "ResourceNotFound",
            f"The Resource '{parts[6]}/{parts[7]}/{parts[8]}' under resource group '{parts[4]}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return found


def denied(call, action):
    """What the manager says to a reader who wants more, or to whom a test forbids even that."""
    scope = f"/subscriptions/{call.subscription}" if call.subscription else call.path
    return Refusal(
        403, "AuthorizationFailed",
        f"The client '{call.client or signin.CLIENT}' with object id '{signin.OBJECT}' does not have authorization to perform action '{action}' over scope "
        f"'{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
    )


def whole(call, emulator, rows):
    """A list that has no pages, as a few have none."""
    absent = emulator.faults.absent(call)
    return told(f'{{"value":[{",".join(written(row, absent) for row in rows)}]}}')


def listed(call, emulator, rows, shown=None):
    """One page of a list. `rows` is called for a first page and answers values or texts; `shown` makes a row of one."""
    size = PAGE
    if (top := call.lower_query.get("$top")) and top.isdigit():
        size = max(1, min(int(top), PAGE))
    given = {name: value for name, value in call.query.items() if name.lower() != "$skiptoken"}
    subject = (call.path.lower(), json.dumps(given, sort_keys=True))
    page = emulator.pages.cut(subject, rows, call.lower_query.get("$skiptoken"), size, emulator.faults.repeats(call))
    if page is None:
        raise Refusal(400, "InvalidSkipToken", "The skip token provided is invalid or has expired.")
    entries, following = page
    absent = emulator.faults.absent(call)
    texts = [written(shown(entry) if shown else entry, absent) for entry in entries]
    link = ""
    if following:
        address = f"{emulator.faults.strayed(call) or emulator.address}{quote(call.path)}?{urlencode({**given, '$skiptoken': following})}"
        link = f',"nextLink":{json.dumps(address)}'
    return told(f'{{"value":[{",".join(texts)}]{link}}}')


def written(row, absent):
    """A row as text, without the fields that a test took away."""
    if absent:
        return json.dumps(without(json.loads(row) if isinstance(row, str) else row, absent), separators=(",", ":"))
    return row if isinstance(row, str) else json.dumps(row, separators=(",", ":"))


def one(call, emulator, row):
    """One resource, from a value or a text."""
    return told(written(row, emulator.faults.absent(call)))
