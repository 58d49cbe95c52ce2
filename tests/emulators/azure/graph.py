"""Resource Graph: what is asked of all subscriptions at once, answered in pages with `$skipToken`. Refuses queries
that `kql` does not understand, in Resource Graph's words."""

import json
from datetime import datetime, timezone

import account
import defender
import kql
import signin
from faults import without
from versions import right_version
from wire import Refusal, Routes, request_id, told

GRAPH = Routes(folded=True)
MOST = 1000
EMPTY = ("tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku", "plan", "properties", "tags", "identity", "zones", "extendedLocation")


def served(call, emulator):
    found = GRAPH.find(call.method, call.path)
    signin.caller(emulator, call, signin.MANAGERS)
    if found is None:
        raise Refusal(404, "InvalidResourceType", f"The resource type could not be found for the path '{call.path}'.")
    right_version(call, "Microsoft.ResourceGraph", "resources")
    answer = found[1](call, emulator)
    answer.headers.update({"x-ms-user-quota-remaining": "14", "x-ms-user-quota-resets-after": "00:00:05"})
    return answer


def bad_request(code, message):
    stamp, correlation = datetime.now(timezone.utc).isoformat(), request_id()
    return Refusal(
        400, "BadRequest", f"Please provide below info when asking for support: timestamp = {stamp}, correlationId = {correlation}.", details=[{"code": code, "message": message}],
    )


def throttled(message=None):
    """What is said to whom asks too often."""
    text = message or "Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help."
    return "RateLimiting", f"Please provide below info when asking for support: timestamp = {datetime.now(timezone.utc).isoformat()}, correlationId = {request_id()}.", [{"code": "RateLimiting", "message": text}]


@GRAPH.on("POST", "/providers/Microsoft.ResourceGraph/resources", "resources")
def resources(call, emulator):
    try:
        asked = json.loads(call.body)
        options = {name.lower(): value for name, value in (asked.get("options") or {}).items()}
        query = kql.Query(asked["query"], datetime.fromtimestamp(emulator.tokens.now(), timezone.utc))
    except (ValueError, KeyError, AttributeError):
        raise bad_request("InvalidRequest", "The request body is not a query.") from None
    except kql.Unknown as what:
        raise bad_request("InvalidQuery", f"Query is invalid, or more than this emulator understands: {what}.") from None
    wanted = scope(asked, emulator)
    size = int(options.get("$top") or MOST)
    if not 1 <= size <= MOST:
        raise bad_request("InvalidOptions", f"$top must be between 1 and {MOST}.")
    answered = {}

    def rows():
        answered["rows"] = query.rows(table(query.table, emulator, wanted))
        return answered["rows"][int(options.get("$skip") or 0) :]

    subject = ("graph", asked["query"], tuple(sorted(wanted)))
    cut = emulator.pages.cut(subject, rows, options.get("$skiptoken"), size, emulator.faults.repeats(call))
    if cut is None:
        raise bad_request("InvalidSkipToken", "The provided skip token is invalid or has expired.")
    page, following = cut
    absent = emulator.faults.absent(call)
    if absent:
        page = [without(json.loads(json.dumps(row)), absent) for row in page]
    # A query that takes some rows, or shows none that can be sorted by, cannot be paged: it is cut off.
    pages = query.paged and all(any(isinstance(value, (str, int, float)) for value in row.values()) for row in page)
    body = {"totalRecords": emulator.totals(subject, answered), "count": len(page), "data": shaped(page, options), "facets": [], "resultTruncated": "true" if following and not pages else "false"}
    if following and pages:
        body["$skipToken"] = following
    return told(body)


def shaped(page, options):
    """Objects, or a table as older callers want."""
    if str(options.get("resultformat", "objectArray")).lower() != "table":
        return page
    names = list(page[0]) if page else []
    return {"columns": [{"name": name, "type": "string" if isinstance(page[0][name], str) else "object"} for name in names], "rows": [[row.get(name) for name in names] for row in page]}


def scope(asked, emulator):
    """The subscriptions that are asked about: those named, those of management groups, or all."""
    there = {row["subscriptionId"] for row in account.subscriptions(emulator)}
    if asked.get("subscriptions"):
        named = {identity.lower() for identity in asked["subscriptions"]}
        if not named & there:
            raise bad_request("NoValidSubscriptionsInQueryRequest", "There must be at least one subscription that is eligible to contain resources.")
        return named & there
    if asked.get("managementGroups"):
        return there & {identity for name in asked["managementGroups"] for identity in account.subscriptions_below(emulator, name)}
    return there


def table(name, emulator, wanted):
    """The rows of a table, in the order of subscriptions."""
    if name == "resources":
        return (resource_row(resource) for subscription, resource in every_resource(emulator) if subscription in wanted)
    if name == "resourcecontainers":
        return [row for row in containers(emulator) if row["subscriptionId"] in wanted]
    if name == "securityresources":
        return (row for subscription in sorted(wanted) for row in security(emulator, subscription))
    raise bad_request("InvalidQuery", f"Table {name} was not found.")


def every_resource(emulator):
    for (subscription, _), rows in sorted(emulator.estate.resources.items()):
        for resource in rows:
            yield subscription, resource


def row_of(identity, name, kind, /, **known):
    return {"id": identity, "name": name, "type": kind, **dict.fromkeys(EMPTY), **{"tenantId": signin.TENANT, "kind": "", "managedBy": ""}, **known}


def resource_row(resource):
    read = resource.read()
    known = {member: read[member] for member in ("location", "sku", "properties", "tags", "identity", "zones", "kind") if member in read}
    return row_of(resource.id, resource.name, resource.type, resourceGroup=resource.group, subscriptionId=resource.id.split("/")[2], **known)


def containers(emulator):
    for row in account.subscriptions(emulator):
        identity = row["subscriptionId"]
        yield row_of(row["id"], row["displayName"], "microsoft.resources/subscriptions", subscriptionId=identity, properties={"state": row["state"]})
        for group in emulator.estate.groups[identity]:
            yield row_of(
                f"{row['id']}/resourceGroups/{group['name']}", group["name"], "microsoft.resources/subscriptions/resourcegroups",
                subscriptionId=identity, resourceGroup=group["name"], location=group["location"], properties={"provisioningState": "Succeeded"},
            )


def security(emulator, subscription):
    """Findings, what they are of, and the plans."""
    yield from defender.standing(emulator, subscription)
    number = next(place for place, row in enumerate(emulator.estate.subscriptions) if row["subscriptionId"] == subscription)
    for row in (*defender.assessments(emulator, subscription), *defender.pricings(subscription, number)):
        yield row_of(row["id"], row["name"], row["type"].lower(), subscriptionId=subscription, properties=row["properties"])
