"""Everything that comes over HTTP: the control addresses below `/_`, sign-in, the registry, and the APIs in JSON.
Refuses addresses that none of them knows, with a page of HTML, as Google does."""

import json
from urllib.parse import parse_qs, parse_qsl

import registry
import replies
import transcode
from replies import Garbage, Refusal
from shim import Call
from sign_in import METADATA

JSON = {"Content-Type": "application/json; charset=UTF-8", "Vary": "Origin, X-Origin, Referer", "Server": "ESF"}
NOT_FOUND = (
    "<!DOCTYPE html>\n<html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> <ins>That’s an error.</ins>"
    "<p>The requested URL was not found on this server.</html>\n"
)
REGISTRY_METHODS = {"manifests": "GetManifest", "blobs": "GetBlob", "referrers": "ListReferrers", "tags": "ListTags"}


class Answer:
    """What is sent back. `manner` says how the body leaves: None, ("reset",) or ("slow", seconds)."""

    __slots__ = ("status", "headers", "body", "manner")

    def __init__(self, status=200, headers=None, body=b"", manner=None):
        self.status, self.headers, self.manner = status, headers or {}, manner
        self.body = body.encode() if isinstance(body, str) else body


class Rest:
    """The HTTP side of an emulator."""

    def __init__(self, shim):
        self.shim, self.registry = shim, registry.Registry(shim)
        # Where this is reached, and where gRPC is; the server says so once it knows.
        self.endpoint = self.grpc = ""

    def answer(self, verb, target, headers, body):
        """The answer to one request; never raises."""
        path, _, query = target.partition("?")
        host = headers.get("host", "").partition(":")[0]
        if path.startswith("/_registry/"):
            host, _, rest = path.removeprefix("/_registry/").partition("/")
            return self.of_registry(verb, host, "/" + rest, query, headers, f"{self.endpoint}/_registry/{host}")
        if path.startswith("/_"):
            return self.control(verb, path, query, body)
        if registry.is_registry(host):
            return self.of_registry(verb, host, path, query, headers, "http://" + headers["host"])
        if path == "/token" and verb == "POST":
            return self.plain(Call("rest", "sign-in", "Token"), lambda: self.token(body))
        if path.startswith("/computeMetadata") or (path == "/" and "metadata-flavor" in headers):
            method = "Metadata" + (path.removeprefix(METADATA).rstrip("/").rpartition("/")[2].title() or "Root")
            return self.plain(Call("rest", "sign-in", method), lambda: self.metadata(path, query, headers))
        return self.of_api(verb, path, query, headers, body)

    def of_api(self, verb, path, query, headers, body):
        """A method of an API, found by its HTTP rule."""
        found = transcode.find(self.shim.rules, verb, path)
        if found is None:
            return Answer(404, {"Content-Type": "text/html; charset=UTF-8"}, NOT_FOUND)
        rule, values = found
        numbers = transcode.numbers(query)

        def served():
            request = transcode.request(rule, values, query, body)
            outcome = self.shim.rpc("rest", rule.method, request, authorization(headers, query))
            return Answer(200, dict(JSON), replies.text(outcome.reply, numbers), outcome.manner)
        return guarded(served)

    def plain(self, call, serve):
        """A call that is no method of an API, noted and broken like one."""
        def served():
            outcome = self.shim.run(call, serve)
            outcome.reply.manner = outcome.manner
            return outcome.reply
        return guarded(served)

    def token(self, body):
        status, told = self.shim.sign_in.token(body)
        return Answer(status, dict(JSON), json.dumps(told))

    def metadata(self, path, query, headers):
        project = next(iter(self.shim.estate.projects.values()), None)
        status, kind, text = self.shim.sign_in.metadata(path, query, headers, project.number if project else "0")
        return Answer(status, {"Content-Type": kind, "Metadata-Flavor": "Google", "Server": "Metadata Server for VM"}, text)

    def of_registry(self, verb, host, path, query, headers, base):
        """The registry of one host."""
        sign_in, shown = self.shim.sign_in, authorization(headers, "")
        challenge = {"WWW-Authenticate": f'Bearer realm="{base}/v2/token",service="{host}"', "Docker-Distribution-Api-Version": "registry/2.0"}
        if path == "/v2/token":
            def handed():
                sign_in.check(shown)
                return Answer(200, dict(JSON), json.dumps({"token": sign_in.hand_out()["access_token"], "expires_in": 3600}))
            return guarded(handed)
        if verb not in ("GET", "HEAD"):
            return Answer(405, dict(JSON), registry.Missing("UNSUPPORTED", "The emulator is not pushed to.").body)
        if path in ("/v2/", "/v2"):
            def pinged():
                sign_in.check(shown)
                return Answer(200, dict(JSON), "{}")
            return guarded(pinged, challenge)
        try:
            name, package, kind, reference = registry.split(host, path)
        except registry.Missing as missing:
            return Answer(missing.status, dict(JSON), missing.body)
        call = Call("rest", "registry", REGISTRY_METHODS[kind], name, shown)

        def served():
            found = self.registry.answer(call, package, kind, reference, dict(parse_qsl(query)))
            return Answer(200, {"Content-Type": found.media, **found.headers}, found.body)
        return guarded(lambda: self.missing(call, served), challenge)

    def missing(self, call, serve):
        """What a registry does not have is an answer, not a failure of the emulator."""
        def caught():
            try:
                return serve()
            except registry.Missing as missing:
                return Answer(missing.status, dict(JSON), missing.body)
        outcome = self.shim.run(call, caught)
        outcome.reply.manner = outcome.manner
        return outcome.reply

    def control(self, verb, path, query, body):
        """The addresses by which a test orders and asks; see the README beside."""
        try:
            order = json.loads(body) if body else {}
            told = self.ordered(verb, path, parse_qs(query, keep_blank_values=True), order)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            return Answer(400, dict(JSON), json.dumps({"error": f"{type(problem).__name__}: {problem}"}))
        return Answer(200 if told is not None else 404, dict(JSON), json.dumps(told if told is not None else {"error": "no such address"}))

    def ordered(self, verb, path, query, order):
        shim = self.shim
        if path == "/_seed" and verb == "POST":
            return shim.seed(order or "small")
        if path == "/_estate":
            return {**shim.estate.told(), "rest": self.endpoint, "grpc": self.grpc, "service_account": shim.sign_in.service_account(self.endpoint)}
        if path == "/_faults":
            if verb == "POST":
                return shim.faults.add(order).told()
            if verb == "DELETE":
                shim.faults.clear(int(query["id"][0]) if "id" in query else None)
            return shim.faults.told()
        if path == "/_calls":
            if verb == "DELETE":
                shim.calls.clear()
            return list(shim.calls.each) if "each" in query else shim.calls.counted()
        if path == "/_settings":
            return self.settings(order)
        return None

    def settings(self, order):
        """Reads and changes settings."""
        rooms = {"page_cap": self.shim.pages, "token_seconds": self.shim.pages, "token_lifetime": self.shim.sign_in, "anonymous": self.shim.sign_in}
        unknown = set(order) - set(rooms)
        if unknown:
            raise ValueError(f"not a setting: {', '.join(sorted(unknown))}")
        for name, value in order.items():
            setattr(rooms[name], name, value)
        return {name: getattr(room, name) for name, room in rooms.items()}


def authorization(headers, query):
    """What a caller shows: a header, or the query parameter that Google takes too."""
    token = dict(parse_qsl(query)).get("access_token")
    return headers.get("authorization") or (f"Bearer {token}" if token else None)


def guarded(serve, challenge=None):
    """An answer, also for a refusal or garbage."""
    try:
        return serve()
    except Refusal as refusal:
        headers = {**JSON, **refusal.headers, **(challenge if challenge and refusal.http == 401 else {})}
        return Answer(refusal.http, headers, refusal.json())
    except Garbage as garbage:
        return Answer(garbage.status, {"Content-Type": "text/html; charset=UTF-8"}, garbage.body)
