"""What can be ordered to go wrong in a cluster, and how its calls are counted. Refuses kinds it does not know."""

from collections import namedtuple

import orders

# What rules of access and of presence look at; a call has all of it too.
Asked = namedtuple("Asked", "cluster user verb group version resource namespace path", defaults=("",))


class Fault(orders.Fault):
    KINDS = (
        "throttle",
        "deny",
        "error",
        "timeout",
        "garbage",
        "truncate",
        "vanish",
        "repeat_token",
        "reset",
        "slow",
        "expire",
        "gone",
        "absent",
        "broken",
    )
    STATES = ("deny", "vanish", "repeat_token", "gone", "absent", "broken")
    FIELDS = ("cluster", "user", "verb", "group", "version", "resource", "namespace", "path")
    MEMBERS = orders.Fault.MEMBERS | {"name"}


class Faults(orders.Faults):
    """The faults in force."""

    FAULT = Fault

    def holds(self, kind, asked):
        """Whether a state that nobody counts holds for what is asked, or for what would be."""
        return any(fault.kind == kind and fault.concerns(asked) for fault in self.orders)

    def denied(self, asked):
        """The order that forbids something, or None; counted, as it answers a call."""
        found = self.states("deny", asked)
        return found[0] if found else None

    def vanished(self, call, key):
        """Whether an object is listed, and not found when asked for."""
        return any(fault.order.get("name", call.name) in (call.name, key) for fault in self.states("vanish", call, counted=False))

    def missing(self, cluster, group, version=None, resource=None):
        """Whether a group, a version of it, or a resource is not there."""
        for fault in self.orders:
            if fault.kind != "absent" or fault.order.get("cluster", cluster) not in (cluster, "*"):
                continue
            if fault.order.get("group", "*") not in (group, "*"):
                continue
            if all(fault.order.get(field) in (None, value) for field, value in (("version", version), ("resource", resource))):
                return True
        return False

    def broken(self, cluster, group):
        """Whether a group's own server does not answer."""
        return any(fault.kind == "broken" and fault.order.get("cluster", cluster) in (cluster, "*") and fault.order.get("group") == group for fault in self.orders)


class Calls(orders.Calls):
    """What was asked, in order. What is no resource has a path only."""

    FIELDS, PLACE = ("cluster", "verb", "group", "resource", "namespace"), ("cluster",)
    NOTED = ("version", "name", "path", "limit", "continued", "revision", "selector")
