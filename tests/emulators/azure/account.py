"""What the manager tells of a tenant: subscriptions, locations, groups of both kinds, and the tree above them.
Refuses to be asked for a management group that is not in the tree."""

import signin
from arm import ARM, listed, one, whole
from wire import Refusal, told

ROOT = signin.TENANT
TREE = {"plimsoll": "Plimsoll", "plimsoll-production": "Production"}
TYPE, UNDER = "Microsoft.Management/managementGroups", "/providers/Microsoft.Management/managementGroups"


def subscriptions(emulator):
    """The subscriptions that are there, and whether a test had one disabled."""
    gone, disabled = emulator.faults.named("leave", "subscription"), emulator.faults.named("suspend", "subscription")
    for row in emulator.estate.subscriptions:
        identity = row["subscriptionId"]
        if identity not in gone:
            yield {
                "id": f"/subscriptions/{identity}", "authorizationSource": "RoleBased", "managedByTenants": [], "subscriptionId": identity, "tenantId": signin.TENANT,
                "displayName": row["displayName"], "state": "Disabled" if identity in disabled else "Enabled",
                "subscriptionPolicies": {"locationPlacementId": "Public_2014-09-01", "quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off"},
            }


@ARM.on("GET", "/subscriptions", "subscriptions.list", provider="subscriptions")
def all_subscriptions(call, emulator):
    return listed(call, emulator, lambda: list(subscriptions(emulator)))


@ARM.on("GET", "/subscriptions/{subscription}", "subscriptions.get", provider="subscriptions")
def one_subscription(call, emulator, subscription):
    return one(call, emulator, next(row for row in subscriptions(emulator) if row["subscriptionId"] == subscription))


@ARM.on("GET", "/subscriptions/{subscription}/locations", "locations.list", provider="subscriptions")
def locations(call, emulator, subscription):
    rows = [
        {"id": f"/subscriptions/{subscription}/locations/{name}", "name": name, "type": "Region", "displayName": name.title(), "regionalDisplayName": name.title(), "metadata": {"regionType": "Physical", "regionCategory": "Recommended"}}
        for name in emulator.estate.plan.locations
    ]
    return whole(call, emulator, rows)


@ARM.on("GET", "/subscriptions/{subscription}/resourcegroups", "resourceGroups.list", provider="subscriptions")
def groups(call, emulator, subscription):
    rows = [
        {"id": f"/subscriptions/{subscription}/resourceGroups/{group['name']}", "name": group["name"], "type": "Microsoft.Resources/resourceGroups", "location": group["location"], "properties": {"provisioningState": "Succeeded"}}
        for group in emulator.estate.groups[subscription]
    ]
    return listed(call, emulator, lambda: rows)


@ARM.on("GET", "/subscriptions/{subscription}/providers/{namespace}", "providers.get", provider="subscriptions")
def provider(call, emulator, subscription, namespace):
    return told({"id": f"/subscriptions/{subscription}/providers/{namespace}", "namespace": namespace, "registrationState": "Registered", "registrationPolicy": "RegistrationRequired", "resourceTypes": []})


@ARM.on("GET", "/tenants", "tenants.list", provider="subscriptions")
def tenants(call, emulator):
    row = {
        "id": f"/tenants/{signin.TENANT}", "tenantId": signin.TENANT, "tenantCategory": "Home", "country": "Germany", "countryCode": "DE", "displayName": "Plimsoll",
        "domains": [signin.DOMAIN], "defaultDomain": signin.DOMAIN, "tenantType": "AAD",
    }
    return listed(call, emulator, lambda: [row])


def management_group(name):
    """(name, name shown, name of the parent or None)."""
    if name.lower() == ROOT:
        return ROOT, "Tenant Root Group", None
    if name.lower() not in TREE:
        raise Refusal(404, "NotFound", f"'{name}' not found.")
    return name.lower(), TREE[name.lower()], ROOT if name.lower() == "plimsoll" else "plimsoll"


def parent(emulator, number):
    """The group above a subscription: the last one stands apart from production."""
    return "plimsoll-production" if number < len(emulator.estate.subscriptions) - 1 else "plimsoll"


def below(emulator, name):
    """The groups and subscriptions right below a group: (type, id, name, name shown)."""
    for child in TREE:
        if management_group(child)[2] == name:
            yield TYPE, f"{UNDER}/{child}", child, TREE[child]
    gone = emulator.faults.named("leave", "subscription")
    for number, row in enumerate(emulator.estate.subscriptions):
        if parent(emulator, number) == name and row["subscriptionId"] not in gone:
            yield "/subscriptions", f"/subscriptions/{row['subscriptionId']}", row["subscriptionId"], row["displayName"]


def descend(emulator, name):
    """All below a group, each with the group right above it."""
    for kind, identity, child, shown in below(emulator, name):
        yield kind, identity, child, shown, name
        if kind == TYPE:
            yield from descend(emulator, child)


def subscriptions_below(emulator, name):
    """The subscriptions of a management group, however deep."""
    name = management_group(name)[0]
    return {child for kind, _, child, _, _ in descend(emulator, name) if kind != TYPE}


@ARM.on("GET", UNDER, "managementGroups.list", provider="Microsoft.Management")
def management_groups(call, emulator):
    rows = [
        {"id": f"{UNDER}/{name}", "type": TYPE, "name": name, "properties": {"tenantId": signin.TENANT, "displayName": management_group(name)[1]}}
        for name in (ROOT, *TREE)
    ]
    return listed(call, emulator, lambda: rows)


def children(emulator, name, deep):
    rows = []
    for kind, identity, child, shown in below(emulator, name):
        row = {"id": identity, "type": kind, "name": child, "displayName": shown}
        if kind == TYPE and deep:
            row["children"] = children(emulator, child, deep)
        rows.append(row)
    return rows


@ARM.on("GET", UNDER + "/{name}", "managementGroups.get", provider="Microsoft.Management")
def one_management_group(call, emulator, name):
    name, shown, above = management_group(name)
    details = {"version": 1, "updatedTime": "2026-02-03T08:00:00.0000000Z", "updatedBy": signin.OBJECT}
    if above:
        details["parent"] = {"id": f"{UNDER}/{above}", "name": above, "displayName": management_group(above)[1]}
    properties = {"tenantId": signin.TENANT, "displayName": shown, "details": details}
    if call.lower_query.get("$expand") == "children":
        properties["children"] = children(emulator, name, call.lower_query.get("$recurse", "").lower() == "true")
    return one(call, emulator, {"id": f"{UNDER}/{name}", "type": TYPE, "name": name, "properties": properties})


@ARM.on("GET", UNDER + "/{name}/descendants", "managementGroups.descendants", provider="Microsoft.Management")
def descendants(call, emulator, name):
    name = management_group(name)[0]
    return listed(call, emulator, lambda: [
        {"id": identity, "type": kind, "name": child, "properties": {"displayName": shown, "parent": {"id": f"{UNDER}/{above}"}}}
        for kind, identity, child, shown, above in descend(emulator, name)
    ])


@ARM.on("GET", UNDER + "/{name}/subscriptions", "managementGroups.subscriptions", provider="Microsoft.Management")
def right_below(call, emulator, name):
    """The subscriptions right below a group: those of groups in it are not among them."""
    name = management_group(name)[0]
    return listed(call, emulator, lambda: [
        {
            "id": f"{UNDER}/{name}/subscriptions/{child}", "type": TYPE + "/subscriptions", "name": child,
            "properties": {"tenant": signin.TENANT, "displayName": shown, "parent": {"id": f"{UNDER}/{name}"}, "state": "Active"},
        }
        for kind, _, child, shown in below(emulator, name) if kind != TYPE
    ])


@ARM.on("POST", "/providers/Microsoft.Management/getEntities", "entities.list", provider="Microsoft.Management")
@ARM.on("GET", "/providers/Microsoft.Management/getEntities", "entities.list", provider="Microsoft.Management")
def entities(call, emulator):
    """Asked for by POST; its further pages by GET, as clients follow links."""
    return listed(call, emulator, lambda: [
        {"id": identity, "type": kind, "name": child, "properties": {"tenantId": signin.TENANT, "displayName": shown, "parent": {"id": f"{UNDER}/{above}"}, "permissions": "view", "inheritedPermissions": "view"}}
        for kind, identity, child, shown, above in descend(emulator, ROOT)
    ])
