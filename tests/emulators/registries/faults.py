"""What can be ordered to go wrong at registries, and how their calls are counted. Refuses kinds it does not know."""

import orders


class Fault(orders.Fault):
    KINDS = (
        "throttle", "deny", "error", "timeout", "garbage", "truncated", "cut", "reset", "slow", "expire", "vanish", "wrong_digest",
        "stray_link", "stray_realm", "repeat_token",
    )
    STATES = ("vanish", "wrong_digest", "stray_link", "stray_realm", "repeat_token")
    FIELDS = ("site", "operation", "method", "repository")
    MEMBERS = orders.Fault.MEMBERS | {"header", "address"}


class Faults(orders.Faults):
    """The faults in force."""

    FAULT = Fault

    def gone(self, call, digest):
        """Whether what is listed is no longer there when it is asked for."""
        for fault in self.states("vanish", call, counted=False):
            if fault.order.get("digest", digest) == digest:
                fault.hits += 1
                return True
        return False

    def forged(self, call, digest):
        """How bytes are not those of their digest: `body`, `header`, or None."""
        if not self.orders:
            return None
        for fault in self.states("wrong_digest", call, counted=False):
            if fault.order.get("digest", digest) == digest and fault.due():
                return "header" if fault.order.get("header") else "body"
        return None

    def strayed(self, kind, call, usual):
        """The address that links or challenges lead to instead of ours, or None."""
        found = self.states(kind, call) if self.orders else ()
        return found[0].order.get("address", usual) if found else None


class Calls(orders.Calls):
    """What was asked, in order."""

    FIELDS, PLACE = ("site", "operation"), ("site",)
    NOTED = ("method", "path", "target", "repository", "reference", "authorization", "client", "agent")
