"""What stands at all of Azure's doors: who asks which, faults, and the addresses by which a test orders and asks.
Refuses, with 501, to hide that the emulator itself broke."""

import time
import threading
from email.utils import formatdate

import account  # noqa: F401  (what the manager answers is registered when it is read)
import arm
import estate
import graph
import registry
import resources  # noqa: F401
import signin
import wire
from control import Control, garbage, manner
from faults import Calls, Faults
from pages import Pages
from serving import Answer
from wire import Refusal

DOORS = {"login": signin.LOGIN, "identity": signin.IDENTITY, "registry": registry.REGISTRY, "arm": arm.ARM, "graph": graph.GRAPH}


class Front(Control):
    """One emulator: control addresses begin with `/_`, everything else is Azure."""

    def __init__(self):
        self.faults, self.calls, self.pages, self.tokens = Faults(), Calls(), Pages(), signin.Tokens()
        self.building, self.redirect = threading.Lock(), False
        self.counted = {}
        self.seed("none")

    def seed(self, order):
        """Forgets everything and lays a tenant."""
        with self.building:
            started = time.process_time()
            self.faults.clear()
            self.calls.clear()
            self.pages.reset()
            self.tokens.reset()
            self.redirect, self.counted = False, {}
            # Where all clusters answer: an `address`, and the `authority` of its certificate.
            self.api_server = None
            self.estate = estate.build(order)
            return {**self.estate.told(), "seconds": round(time.process_time() - started, 3)}

    def totals(self, subject, answered):
        """How many rows a query has in all, which later pages say too."""
        if "rows" in answered:
            self.counted[subject] = len(answered["rows"])
        return self.counted.get(subject, 0)

    def answer(self, method, target, headers, body):
        """The answer to one request; never raises."""
        if target.startswith("/_") and not target.startswith("/_registry/"):
            return self.control(method, target, body)
        call = wire.Call(method, target, headers, body)
        found = DOORS[call.service].find(call.method, call.path)
        call.operation = found[0] if found else "unknown"
        call.repository = found[3].get("name") if found and call.service == "registry" else None
        call.action = found[2].get("action") if found else None
        entry = self.calls.begin(call)
        code = None
        try:
            result = self.faulted(call, found)
        except Refusal as refusal:
            code, result = refusal.code, wire.error(call.service, refusal)
        except Exception as problem:  # an emulator that breaks must say so, or a test blames the product
            code, result = "EmulatorBroke", wire.error(call.service, Refusal(501, "EmulatorBroke", f"{type(problem).__name__}: {problem}"))
        self.headed(call, result)
        entry["client"] = call.client
        self.calls.end(entry, result.status, code)
        return result

    def headed(self, call, result):
        """The headers that each door adds."""
        result.headers["Date"] = formatdate(self.tokens.now(), usegmt=True)
        identity = wire.request_id()
        if call.service == "registry":
            result.headers.update({"X-Ms-Correlation-Request-Id": identity, "Docker-Distribution-Api-Version": "registry/2.0"})
        else:
            result.headers.update({"x-ms-request-id": identity, "x-ms-correlation-request-id": identity})
        if call.service == "arm":
            result.headers.setdefault("x-ms-ratelimit-remaining-subscription-reads", "11999")

    def faulted(self, call, found):
        """The answer with whatever fault was ordered for it."""
        fault = self.faults.strike(call)
        if fault is None:
            return self.served(call, found)
        order, kind = fault.order, fault.kind
        if kind == "throttle":
            raise self.throttled(call, order)
        if kind == "deny":
            raise self.denied(call, order)
        if kind == "error":
            code = order.get("code", "UNKNOWN" if call.service == "registry" else "InternalServerError")
            raise Refusal(order.get("status", 500), code, order.get("message", "Ordered by a test"))
        if kind == "garbage":
            return garbage(order)
        if kind == "expire":
            claims = self.tokens.claims(call.bearer() or "")
            if claims is not None:
                self.tokens.expire(claims)
        if kind == "timeout":
            self.faults.hang(fault)
        result = self.served(call, found)
        result.manner = manner(fault)
        return result

    def throttled(self, call, order):
        """Too many requests, as each door says it."""
        again = order.get("retry_after")
        headers = {"Retry-After": str(again)} if again is not None else {}
        status, message = order.get("status", 429), order.get("message")
        if call.service == "registry":
            return Refusal(status, order.get("code", "TOOMANYREQUESTS"), message or "too many requests, please retry after some time", headers)
        if call.service in ("login", "identity"):
            return Refusal(status, order.get("code", "temporarily_unavailable"), message or "AADSTS90055: There are too many incoming requests.", headers)
        if call.service == "graph":
            code, text, details = graph.throttled(message)
            headers.update({"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": f"00:00:{int(again or 5):02d}"})
            return Refusal(status, order.get("code", code), text, headers, details=details)
        headers["x-ms-ratelimit-remaining-subscription-reads"] = "0"
        text = f"Number of 'read' requests for subscription '{call.subscription}' actor '{signin.OBJECT}' exceeded. Please try again after '{again or 5}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information."
        return Refusal(status, order.get("code", "SubscriptionRequestsThrottled"), message or text, headers)

    def denied(self, call, order):
        """A refusal, as each door says it; `code` UNAUTHORIZED is a registry's other one."""
        if call.service == "registry":
            code = order.get("code", "DENIED")
            text = "requested access to the resource is denied" if code == "DENIED" else "authentication required, visit https://aka.ms/acr/authorization for more information."
            return Refusal(order.get("status", 401 if code == "UNAUTHORIZED" else 403), code, order.get("message", text))
        if call.service in ("login", "identity"):
            return signin.directory_error(order.get("status", 401), "invalid_client", 7000222, "The provided client secret keys for the app are expired.")
        refusal = arm.denied(call, call.action or "Microsoft.Resources/subscriptions/read")
        refusal.status, refusal.code = order.get("status", refusal.status), order.get("code", refusal.code)
        return refusal

    def served(self, call, found):
        """The true answer."""
        if call.service == "arm":
            return arm.served(call, self)
        if call.service == "graph":
            return graph.served(call, self)
        if found is None:
            raise Refusal(404, "NAME_INVALID" if call.service == "registry" else "not_found", "no such address")
        return found[1](call, self, **found[3])

    def ordered(self, method, path, query, order):
        if path == "/_expire" and method == "POST":
            self.tokens.expire()
            return {}
        if path.startswith("/_blobs/"):
            name, _, rest = path.removeprefix("/_blobs/").partition("/")
            repository, _, digest = rest.rpartition("/")
            found = self.estate.registries[name].repositories[repository].blob(digest)
            return Answer(404) if found is None else Answer(200, {"Content-Type": "application/octet-stream"}, found)
        return super().ordered(method, path, query, order)

    def settable(self):
        tokens = ("access_seconds", "registry_seconds", "refresh_seconds", "skew_seconds")
        return {**super().settable(), "redirect": self, "api_server": self, **dict.fromkeys(tokens, self.tokens)}
