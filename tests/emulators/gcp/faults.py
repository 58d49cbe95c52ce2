"""What can be ordered to go wrong in Google Cloud, and how its calls are counted. Refuses kinds it does not know, and
orders that lack what their kind needs."""

import orders
from replies import CODES


class Fault(orders.Fault):
    KINDS = (
        "throttle", "deny", "disabled", "error", "timeout", "garbage", "reset", "slow", "absent", "expire", "vanish",
        "repeat_token", "leave", "suspend", "unreachable",
    )
    STATES = ("vanish", "repeat_token", "leave", "suspend", "absent", "unreachable")
    FIELDS = ("project", "location", "service", "method", "transport")
    MEMBERS = (orders.Fault.MEMBERS | {"fields", "name", "places"}) - {"index", "repository"}

    def __init__(self, number, order):
        super().__init__(number, order)
        if self.kind in ("leave", "suspend") and "project" not in order:
            raise ValueError(f"{self.kind} needs a project")
        if self.kind == "vanish" and not {"name", "digest"} & set(order):
            raise ValueError("vanish needs a name or a digest")
        if self.kind == "error" and order.get("code", "UNAVAILABLE") not in CODES:
            raise ValueError(f"code is one of {', '.join(CODES)}")
        if self.kind == "absent" and not order.get("fields"):
            raise ValueError("absent needs fields")


class Faults(orders.Faults):
    """The faults in force."""

    FAULT = Fault

    def absent(self, call):
        """The fields that are missing from what this call answers."""
        return [field for fault in self.states("absent", call) for field in fault.order["fields"]]

    def unreachable(self, call):
        """Places that cannot be reached, of a list of occurrences over all of them."""
        listed = call.method == "ListOccurrences"
        return [place for fault in self.states("unreachable", call, counted=False) if listed for place in fault.order.get("places", [])]

    def vanished(self, call, name, digest=None):
        """Whether something that is listed is gone when it is asked for."""
        return any(
            (fault.order.get("digest") is not None and fault.order["digest"] in (digest, name.rpartition("@")[2]))
            or under(name, fault.order.get("name"))
            for fault in self.states("vanish", call, counted=False)
        )


def under(name, gone):
    return gone is not None and (name == gone or name.startswith(gone + "/"))


class Calls(orders.Calls):
    """What was asked, in order."""

    FIELDS, PLACE = Fault.FIELDS, ("project", "service")
