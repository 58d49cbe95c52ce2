"""What can be ordered to go wrong in AWS, and how its calls are counted. Refuses kinds it does not know."""

import orders


class Fault(orders.Fault):
    KINDS = (
        "throttle", "deny", "error", "timeout", "garbage", "vanish", "repeat_token", "reset", "slow", "leave", "suspend",
    )
    STATES = ("vanish", "leave", "suspend", "repeat_token")
    FIELDS = ("account", "region", "service", "action")


class Faults(orders.Faults):
    """The faults in force."""

    FAULT = Fault

    def vanished(self, call, repository):
        """Digests that are listed in this repository, and gone when asked for."""
        gone = set()
        for fault in self.states("vanish", call, counted=False):
            if fault.order.get("repository", repository.name) != repository.name:
                continue
            if "digest" in fault.order:
                gone.add(fault.order["digest"])
            elif repository.images:
                gone.add(repository.images[fault.order.get("index", 0) % len(repository.images)].image_digest)
        return gone


class Calls(orders.Calls):
    """What was asked, in order."""

    FIELDS, PLACE, NOTED = Fault.FIELDS, ("account", "region", "service"), ("key",)
