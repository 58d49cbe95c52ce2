"""Faults that a test orders over HTTP, and the log of calls that it asserts, whatever a call is to a vendor.
Refuses kinds and members that its emulator does not name."""

import itertools
import threading
import time


class Fault:
    """One order: what happens, to which calls, how often. An emulator's own names its kinds, those of them that
    describe a state of the world rather than an answer, and the fields of a call that narrow it."""

    KINDS, STATES, FIELDS = (), (), ()
    MEMBERS = {
        "kind", "first", "after", "every", "retry_after", "code", "status", "message", "seconds", "repository", "digest",
        "index", "body",
    }

    def __init__(self, number, order):
        unknown = set(order) - self.MEMBERS - set(self.FIELDS)
        if order.get("kind") not in self.KINDS or unknown:
            raise ValueError(f"kind is one of {', '.join(self.KINDS)}; not known: {', '.join(sorted(unknown)) or 'nothing'}")
        self.number, self.order, self.kind = number, order, order["kind"]
        self.seen = self.hits = 0

    def concerns(self, call):
        """Whether the call's fields are those meant; what is not named is any."""
        for field in self.FIELDS:
            wanted = self.order.get(field, "*")
            if wanted != "*" and wanted != getattr(call, field):
                return False
        return True

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

    FAULT = Fault

    def __init__(self):
        self.lock, self.numbers, self.orders = threading.Lock(), itertools.count(1), []

    def add(self, order):
        fault = self.FAULT(next(self.numbers), order)
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
                if fault.kind not in fault.STATES and fault.concerns(call) and fault.due():
                    return fault
        return None

    def hang(self, fault):
        """Waits as long as a fault of the kind `timeout` says, or until it ends."""
        until = time.monotonic() + fault.order.get("seconds", 3600)
        while time.monotonic() < until and fault in self.orders:
            time.sleep(0.02)

    def repeats(self, call):
        """Whether each page of this list is the same and promises another."""
        return bool(self.states("repeat_token", call))

    def states(self, kind, call, counted=True):
        """The faults of a kind that hold for this call."""
        with self.lock:
            return [fault for fault in self.orders if fault.kind == kind and fault.concerns(call) and (not counted or fault.due())]

    def named(self, kind, field):
        """What the faults of a kind name: accounts that left (`leave`) or are suspended (`suspend`)."""
        return {fault.order.get(field) for fault in self.orders if fault.kind == kind}


class Calls:
    """What was asked, in order. Calls are counted by `FIELDS`, and how many were under way at once by `PLACE`."""

    FIELDS, PLACE, NOTED = (), (), ()

    def __init__(self):
        self.lock = threading.Lock()
        self.clear()

    def clear(self):
        with self.lock:
            self.each, self.flying, self.peak = [], {}, {}

    def begin(self, call):
        """Notes that a call came in; answers its entry, which `end` completes."""
        entry = {name: getattr(call, name) for name in (*self.FIELDS, *self.NOTED)}
        entry.update({"at": time.time(), "status": None, "code": None, "seconds": None})
        place = self.place(entry)
        with self.lock:
            self.each.append(entry)
            self.flying[place] = self.flying.get(place, 0) + 1
            self.peak[place] = max(self.peak.get(place, 0), self.flying[place])
        return entry

    def end(self, entry, status, code):
        with self.lock:
            entry["status"], entry["code"] = status, code
            entry["seconds"] = time.time() - entry["at"]
            place = self.place(entry)
            self.flying[place] = self.flying.get(place, 1) - 1

    def place(self, entry):
        return tuple(entry[name] for name in self.PLACE)

    def counted(self):
        """Calls by all their fields, with how they were answered, and for each place how many were under way at
        once."""
        with self.lock:
            each, peak = list(self.each), dict(self.peak)
        counts = {}
        for entry in each:
            place = tuple(entry[field] for field in self.FIELDS)
            count = counts.setdefault(place, {"count": 0, "answers": {}})
            count["count"] += 1
            said = entry["code"] or str(entry["status"])
            count["answers"][said] = count["answers"].get(said, 0) + 1
        return {
            "total": len(each),
            "calls": [{**dict(zip(self.FIELDS, place)), **count} for place, count in counts.items()],
            "at_once": [{**dict(zip(self.PLACE, place)), "peak": count} for place, count in peak.items()],
        }
