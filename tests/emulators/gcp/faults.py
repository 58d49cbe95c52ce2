"""Faults that a test orders over HTTP, and the log of calls that it asserts. Refuses kinds it does not know."""

import itertools
import threading
import time

from replies import CODES

KINDS = (
    "throttle", "deny", "disabled", "error", "timeout", "garbage", "reset", "slow", "absent", "expire", "vanish",
    "repeat_token", "leave", "suspend",
)
# Kinds that describe a state of the world rather than an answer.
STATES = ("vanish", "repeat_token", "leave", "suspend", "absent")
WHERE = ("project", "location", "service", "method", "transport")


class Fault:
    """One order: what happens, to which calls, how often."""

    def __init__(self, number, order):
        unknown = set(order) - {
            *WHERE, "kind", "first", "after", "every", "retry_after", "code", "status", "message", "seconds", "body",
            "fields", "name", "digest",
        }
        if order.get("kind") not in KINDS or unknown:
            raise ValueError(f"kind is one of {', '.join(KINDS)}; not known: {', '.join(sorted(unknown)) or 'nothing'}")
        if order["kind"] in ("leave", "suspend") and "project" not in order:
            raise ValueError(f"{order['kind']} needs a project")
        if order["kind"] == "vanish" and not {"name", "digest"} & set(order):
            raise ValueError("vanish needs a name or a digest")
        if order["kind"] == "error" and order.get("code", "UNAVAILABLE") not in CODES:
            raise ValueError(f"code is one of {', '.join(CODES)}")
        if order["kind"] == "absent" and not order.get("fields"):
            raise ValueError("absent needs fields")
        self.number, self.order, self.kind = number, order, order["kind"]
        self.seen = self.hits = 0

    def concerns(self, call):
        """Whether the call's project, location, service, method and transport are meant; what is not named is any."""
        return all(self.order.get(field, "*") in ("*", getattr(call, field)) for field in WHERE)

    def due(self):
        """Counts a call and says whether this one is hit: of those after the first `after`, the first
        `first`, every `every`th, or all."""
        self.seen += 1
        place = self.seen - self.order.get("after", 0)
        if place < 1 or place > self.order.get("first", place) or place % self.order.get("every", 1):
            return False
        self.hits += 1
        return True

    def told(self):
        return {"id": self.number, **self.order, "seen": self.seen, "hits": self.hits}


class Faults:
    """The faults in force."""

    def __init__(self):
        self.lock, self.numbers, self.orders = threading.Lock(), itertools.count(1), []

    def add(self, order):
        fault = Fault(next(self.numbers), order)
        with self.lock:
            self.orders = [*self.orders, fault]
        return fault

    def clear(self, number=None):
        with self.lock:
            self.orders = [fault for fault in self.orders if number is not None and fault.number != number]

    def told(self):
        return [fault.told() for fault in self.orders]

    def strike(self, call):
        """The fault that hits this call, or None. Called once for each call."""
        if not self.orders:
            return None
        with self.lock:
            for fault in self.orders:
                if fault.kind not in STATES and fault.concerns(call) and fault.due():
                    return fault
        return None

    def holds(self, fault):
        """Whether it is still in force: who sleeps for it may wake."""
        return fault in self.orders

    def repeats(self, call):
        """Whether each page of this list is the same and promises another."""
        return bool(self.states("repeat_token", call))

    def absent(self, call):
        """The fields that are missing from what this call answers."""
        return [field for fault in self.states("absent", call) for field in fault.order["fields"]]

    def vanished(self, call, name, digest=None):
        """Whether something that is listed is gone when it is asked for."""
        return any(
            (fault.order.get("digest") is not None and fault.order["digest"] in (digest, name.rpartition("@")[2]))
            or under(name, fault.order.get("name"))
            for fault in self.states("vanish", call, counted=False)
        )

    def states(self, kind, call, counted=True):
        with self.lock:
            found = [fault for fault in self.orders if fault.kind == kind and fault.concerns(call) and (not counted or fault.due())]
        return found

    def projects(self, kind):
        """Projects that left (`leave`) or are being deleted (`suspend`)."""
        return {fault.order["project"] for fault in self.orders if fault.kind == kind}


def under(name, gone):
    return gone is not None and (name == gone or name.startswith(gone + "/"))


class Calls:
    """What was asked, in order."""

    NAMES = ("project", "location", "service", "method", "transport")

    def __init__(self):
        self.lock = threading.Lock()
        self.clear()

    def clear(self):
        with self.lock:
            self.each, self.flying, self.peak = [], {}, {}

    def begin(self, call):
        """Notes that a call came in; answers its entry, which `end` completes."""
        entry = {name: getattr(call, name) for name in self.NAMES}
        entry.update(at=time.time(), status=None, code=None, seconds=None)
        place = (call.project, call.service)
        with self.lock:
            self.each.append(entry)
            self.flying[place] = self.flying.get(place, 0) + 1
            self.peak[place] = max(self.peak.get(place, 0), self.flying[place])
        return entry

    def end(self, entry, status, code):
        with self.lock:
            entry["status"], entry["code"] = status, code
            entry["seconds"] = time.time() - entry["at"]
            place = (entry["project"], entry["service"])
            self.flying[place] = self.flying.get(place, 1) - 1

    def counted(self):
        """Calls for each place, with how they were answered, and for each (project, service) how many were
        under way at once."""
        with self.lock:
            each, peak = list(self.each), dict(self.peak)
        counts = {}
        for entry in each:
            count = counts.setdefault(tuple(entry[name] for name in self.NAMES), {"count": 0, "answers": {}})
            count["count"] += 1
            said = entry["code"] or str(entry["status"])
            count["answers"][said] = count["answers"].get(said, 0) + 1
        return {
            "total": len(each),
            "calls": [{**dict(zip(self.NAMES, place)), **count} for place, count in counts.items()],
            "at_once": [{"project": project, "service": service, "peak": most} for (project, service), most in peak.items()],
        }
