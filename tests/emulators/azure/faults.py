"""What can be ordered to go wrong in Azure, and how its calls are counted. Refuses kinds it does not know."""

import orders


class Fault(orders.Fault):
    KINDS = (
        "throttle", "deny", "error", "timeout", "garbage", "vanish", "repeat_token", "reset", "slow", "absent", "expire",
        "stray_link", "leave", "suspend", "mend", "forget",
    )
    STATES = ("vanish", "repeat_token", "absent", "stray_link", "leave", "suspend", "mend", "forget")
    FIELDS = ("service", "operation", "subscription", "registry", "repository")
    MEMBERS = orders.Fault.MEMBERS | {"fields", "resource", "address"}


class Faults(orders.Faults):
    """The faults in force."""

    FAULT = Fault

    def vanished(self, call, digests):
        """Digests of this repository that are listed, and gone when asked for."""
        gone = set()
        for fault in self.states("vanish", call, counted=False):
            if "resource" in fault.order:
                continue
            if "digest" in fault.order:
                gone.add(fault.order["digest"])
            elif "index" in fault.order and digests:
                gone.add(digests[fault.order["index"] % len(digests)])
            elif "repository" in fault.order:
                gone.update(digests)
        return gone

    def lost(self, call, resource):
        """Whether a resource of the manager is listed, and gone when asked for."""
        names = (resource.name.lower(), resource.id.lower())
        return any(fault.order.get("resource", "").lower() in names for fault in self.states("vanish", call, counted=False))

    def absent(self, call):
        """Paths of fields that rows of this call lack."""
        return [path for fault in self.states("absent", call) for path in fault.order.get("fields", [])]

    def strayed(self, call):
        """The address that the links of this list lead to instead of ours, or None."""
        strays = self.states("stray_link", call)
        return strays[0].order.get("address", "http://127.0.0.1:9") if strays else None

    def digests(self, *kinds):
        """Images that Defender finds nothing in any more (`mend`), or says nothing of (`forget`)."""
        return {fault.order.get("digest") for fault in self.orders if fault.kind in kinds}


class Calls(orders.Calls):
    """What was asked, in order."""

    FIELDS, PLACE = ("service", "operation", "subscription", "registry"), ("service", "subscription", "registry")
    NOTED = ("repository", "client")


def without(row, paths):
    """A row without the fields of these paths; a path goes through lists."""
    for path in paths:
        drop(row, path.split("."))
    return row


def drop(value, path):
    if isinstance(value, list):
        for inner in value:
            drop(inner, path)
    elif isinstance(value, dict):
        if len(path) == 1:
            value.pop(path[0], None)
        elif path[0] in value:
            drop(value[path[0]], path[1:])
