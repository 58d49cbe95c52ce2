"""What stands before all clusters: who asks which, whether they may, faults, and the addresses by which a test orders
and asks. Refuses, with 501, to hide that the emulator itself broke."""

import ctypes
import gc
import threading
import time
from email.utils import formatdate

import access
import discovery
import estate
import kinds
import kubeconfig
import lists
import watching
import wire
from control import Control, garbage
from faults import Calls, Faults
from serving import Answer
from wire import Refusal

# The level of priority and the flow of which API servers tell that a call was of it.
FAIRNESS = {"X-Kubernetes-Pf-Flowschema-Uid": "5a3b9a3e-0d6c-4c8c-8a39-000000000001", "X-Kubernetes-Pf-Prioritylevel-Uid": "5a3b9a3e-0d6c-4c8c-8a39-000000000002"}
CROWDED = "Too many requests, please try again later."


class Front(Control):
    """One emulator: control addresses begin with `/_`, everything else is a cluster."""

    def __init__(self):
        self.faults, self.calls, self.pages, self.tokens = Faults(), Calls(), lists.Pages(), access.Tokens()
        self.building, self.secured, self.estate = threading.Lock(), None, None
        self.seed("none")

    def seed(self, order):
        """Forgets everything and lays clusters."""
        with self.building:
            started = time.process_time()
            self.forget()
            self.faults.clear()
            self.calls.clear()
            self.pages.reset()
            self.tokens.reset()
            # Bookmarks of watches; whether answers are compressed; how far the clock is ahead.
            self.bookmark_seconds, self.gzip, self.skew_seconds = 60, False, 0
            self.estate = estate.build(order)
            self.token = self.tokens.mint()
            return {**self.told(), "seconds": round(time.process_time() - started, 3)}

    def forget(self):
        """Lets go of what was laid before there is something else, as both would be large."""
        if self.estate:
            [hang_up(cluster) for cluster in self.estate.clusters.values()]
        self.estate = estate.Estate()
        gc.collect()
        # What is free is the system's again, where the C library can say so.
        getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)(0)

    def told(self):
        """What a test needs in order to begin."""
        address, secured = self.address, self.secured and self.secured.address
        tls = {"tls": {"address": secured, "ca": self.secured.file, "pem": self.secured.pem}} if secured else {}
        return {"address": address, **tls, "user": access.USER, "token": self.token, **self.estate.told(address, secured)}

    def answer(self, method, target, headers, body):
        """The answer to one request; never raises."""
        if target.startswith("/_"):
            return self.control(method, target, body)
        call = wire.Call(method, target, headers, body)
        # An address without a cluster is that of the first.
        call.cluster = call.cluster or next(iter(self.estate.clusters), None)
        call.user, call.client = self.tokens.user(call.bearer(), call.cluster), headers.get("user-agent")
        entry = self.calls.begin(call)
        entry.update(user=call.user, client=call.client)
        code = None
        try:
            result = self.faulted(call)
        except Refusal as refusal:
            code, result = refusal.reason or str(refusal.status), wire.error(refusal)
        except Exception as problem:  # an emulator that breaks must say so, or a test blames the product
            code, result = "EmulatorBroke", wire.error(Refusal(501, "EmulatorBroke", f"{type(problem).__name__}: {problem}"))
        self.headed(call, result)
        entry["bytes"] = len(result.body)
        if result.manner is not None and result.manner[0] == "stream":
            result.manner = ("stream", self.counted(result.manner[1], entry, result.status))
        else:
            self.calls.end(entry, result.status, code)
        return result

    def counted(self, stream, entry, status):
        """A stream that is noted as under way until it ends."""

        def pieces(left):
            try:
                for piece in stream(left):
                    entry["bytes"] += len(piece or b"")
                    yield piece
            finally:
                self.calls.end(entry, status, None)

        return pieces

    def headed(self, call, result):
        """The headers that API servers add."""
        now = time.time() + self.skew_seconds
        result.headers.update(
            {"Audit-Id": f"00000000-0000-4000-8000-{int(now * 1000) & 0xFFFFFFFFFFFF:012x}", "Cache-Control": "no-cache, private", "Date": formatdate(now, usegmt=True)}
        )
        if call.user is not None:
            result.headers.update(FAIRNESS)
        if self.gzip and "gzip" in call.headers.get("accept-encoding", ""):
            result.headers["Compress"] = "yes"

    def faulted(self, call):
        """The answer with whatever fault was ordered for it."""
        fault = self.faults.strike(call)
        if fault is None:
            return self.served(call)
        order, kind = fault.order, fault.kind
        if kind == "throttle":
            raise throttled(order)
        if kind == "error":
            message = order.get("message", "Internal error occurred: ordered by a test")
            raise Refusal(order.get("status", 500), order.get("code", "InternalError"), message, {}, again(order))
        if kind == "garbage":
            return garbage(order)
        if kind == "expire":
            self.tokens.expire(call.bearer())
            call.user = self.tokens.user(call.bearer(), call.cluster)
        if kind == "timeout":
            self.faults.hang(fault)
        return broken(self.served(call), fault)

    def served(self, call):
        """The true answer."""
        cluster = self.estate.clusters.get(call.cluster)
        if cluster is None:
            raise wire.nothing_there()
        access.authorise(self, call)
        if call.resource is None:
            return discovery.served(call, self, cluster)
        kind = self.found(call, cluster)
        if kind is None:
            return access.review(call, self, cluster)
        shelf = cluster.shelves[(kind.group, kind.plural)]
        if call.verb == "watch":
            return watching.watched(call, self, cluster, shelf)
        return lists.single(call, self, shelf) if call.name else lists.listed(call, self, cluster, shelf)

    def found(self, call, cluster):
        """The kind of what is asked for; None for reviews."""
        if self.faults.broken(cluster.name, call.group):
            raise Refusal(503, None, discovery.UNAVAILABLE, plain=True)
        if call.group == kinds.AUTHORIZATION and call.version == "v1" and call.resource in kinds.REVIEWS:
            return None
        for kind in cluster.kinds:
            if (kind.group, kind.version, kind.plural) == (call.group, call.version, call.resource):
                if self.faults.missing(cluster.name, kind.group, kind.version, kind.plural):
                    break
                if kind.namespaced or call.namespace == "" or kind.plural == "namespaces":
                    return kind
        native = call.version in discovery.present(self, cluster).get(call.group, ()) and not any(kind.custom for kind in cluster.kinds if kind.group == call.group)
        raise wire.unknown_resource() if native else wire.nothing_there()

    def ordered(self, method, path, query, order):
        if path == "/_estate":
            return self.told()
        if path == "/_token" and method == "POST":
            return {"token": self.tokens.mint(order.get("user", access.USER), order.get("seconds", 3600))}
        if path == "/_expire" and method == "POST":
            return self.tokens.expire(order.get("token")) or {}
        if path == "/_kubeconfig":
            return Answer(200, {"Content-Type": "application/yaml"}, kubeconfig.written(self, query))
        if path == "/_tls" and method == "POST":
            self.secured.open()
            return self.told()["tls"]
        if method == "POST" and path in CHANGES:
            name = order.pop("cluster", None)
            changed = [CHANGES[path](cluster, order) for cluster in self.estate.clusters.values() if name in (None, cluster.name)]
            if not changed:
                raise ValueError(f"no such cluster: {name}")
            return changed[0] if len(changed) == 1 else changed
        return super().ordered(method, path, query, order)

    def settable(self):
        return {
            **super().settable(),
            "whole_at_zero": self.pages,
            "anonymous": self.tokens,
            "entries": self.tokens,
            **dict.fromkeys(("bookmark_seconds", "gzip", "skew_seconds"), self),
        }


def again(order):
    """When to come back, where it was ordered to say so."""
    return {"Retry-After": str(order["retry_after"])} if "retry_after" in order else {}


def throttled(order):
    """Too many requests, as priority and fairness say it; with a `message` as a Status."""
    headers = {**FAIRNESS, **again(order)}
    if "message" in order:
        return Refusal(order.get("status", 429), order.get("code", "TooManyRequests"), order["message"], {"retryAfterSeconds": order.get("retry_after", 0)}, headers)
    return Refusal(order.get("status", 429), None, CROWDED, headers=headers, plain=True)


def broken(result, fault):
    """How an answer leaves that a fault hit."""
    seconds, streamed = fault.order.get("seconds", 5), result.manner
    if streamed is None:
        if fault.kind == "truncate":
            result.body = result.body[: len(result.body) // 2]
        result.manner = {"reset": ("reset",), "slow": ("slow", seconds)}.get(fault.kind)
        return result

    def pieces(left):
        for piece in streamed[1](left):
            if fault.kind in ("reset", "truncate"):
                yield piece[: len(piece) // 2]
                if fault.kind == "reset":
                    yield None
                return
            if fault.kind == "slow":
                time.sleep(seconds / 20)
            yield piece

    result.manner = ("stream", pieces)
    return result


def hang_up(cluster, order=None):
    """Ends all watches, as a server does that stops."""
    with cluster.changed:
        cluster.hangups += 1
        cluster.changed.notify_all()
    return {}


def bookmark(cluster, order):
    """Tells all watches that asked for bookmarks where they are."""
    with cluster.changed:
        cluster.bookmarks += 1
        cluster.changed.notify_all()
    return {}


def apply(cluster, order):
    """Creates or replaces objects; with `merge` lays what is given over them."""
    given = order["objects"] if "objects" in order else [order["object"]]
    applied = [cluster.apply(one, order.get("merge", False)) for one in given]
    return {"metadata": applied[0]} if "object" in order else {"applied": applied}


def delete(cluster, order):
    return cluster.delete(order["apiVersion"], order["kind"], order.get("namespace", ""), order["name"])


def compact(cluster, order):
    cluster.compact()
    return {"resourceVersion": str(cluster.revision)}


CHANGES = {"/_apply": apply, "/_delete": delete, "/_compact": compact, "/_hangup": hang_up, "/_bookmark": bookmark}
