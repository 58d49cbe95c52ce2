"""The addresses by which a test orders and asks, and what an ordered fault makes of an answer, the same in every
emulator. Refuses settings that the emulator does not have."""

import json
from urllib.parse import parse_qs

from serving import Answer

# What answers in place of a vendor where a network wants to be paid first.
PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Welcome to the hotel's network</h1></body></html>\n"


class Control:
    """An emulator that can be ordered: it has `faults`, `calls`, `pages`, an `estate`, and `seed`."""

    address = ""

    def opened(self, address):
        """Learns where it is reached; answers the line that says so."""
        self.address = address
        return f"ready {address}"

    def control(self, method, target, body):
        """The answer of a control address; see the README."""
        path, _, query = target.partition("?")
        try:
            answer = self.ordered(method, path, parse_qs(query, keep_blank_values=True), json.loads(body) if body else {})
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            return told({"error": f"{type(problem).__name__}: {problem}"}, 400)
        if answer is None:
            return told({"error": "no such address"}, 404)
        return answer if isinstance(answer, Answer) else told(answer)

    def ordered(self, method, path, query, order):
        """What is told at a control address, or None; an emulator with more of them asks here for the others."""
        if path == "/_seed" and method == "POST":
            return self.seed(order or "small")
        if path == "/_estate":
            return self.estate.told()
        if path == "/_faults":
            if method == "POST":
                return self.faults.add(order).told()
            if method == "DELETE":
                self.faults.clear(int(query["id"][0]) if "id" in query else None)
            return self.faults.told()
        if path == "/_calls":
            if method == "DELETE":
                self.calls.clear()
            return list(self.calls.each) if "each" in query else self.calls.counted()
        return self.settings(order) if path == "/_settings" else None

    def settable(self):
        """What can be set, and where."""
        return {"page_cap": self.pages, "token_seconds": self.pages}

    def settings(self, order):
        """What can be set, after setting what is ordered."""
        places = self.settable()
        unknown = set(order) - set(places)
        if unknown:
            raise ValueError(f"not a setting: {', '.join(sorted(unknown))}")
        for name, value in order.items():
            setattr(places[name], name, value)
        return {name: getattr(place, name) for name, place in places.items()}


def manner(fault):
    """How a body leaves that a fault hit."""
    return {"reset": ("reset",), "slow": ("slow", fault.order.get("seconds", 5))}.get(fault.kind)


def garbage(order):
    """A page of HTML in place of an answer."""
    return Answer(order.get("status", 200), {"Content-Type": "text/html"}, order.get("body", PAGE))


def told(what, status=200):
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(what))
