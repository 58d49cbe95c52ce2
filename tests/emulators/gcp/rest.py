"""Everything that comes over HTTP: the control addresses below `/_`, sign-in, the registry, and the APIs in JSON.
Refuses addresses that none of them knows, with a page of HTML, as Google does."""

import json
from urllib.parse import parse_qsl

import registry
import replies
import rpc
import transcode
from control import Control
from replies import Garbage, Refusal
from serving import Answer
from shim import Call, Shim
from sign_in import METADATA

JSON = {"Content-Type": "application/json; charset=UTF-8", "Vary": "Origin, X-Origin, Referer", "Server": "ESF"}
NOT_FOUND = (
    "<!DOCTYPE html>\n<html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> <ins>That’s an error.</ins>"
    "<p>The requested URL was not found on this server.</html>\n"
)
DOWNLOADS = "/artifacts-downloads/"
REGISTRY_METHODS = {"manifests": "GetManifest", "blobs": "GetBlob", "referrers": "ListReferrers", "tags": "ListTags"}


class Rest(Control):
    """The HTTP side of an emulator, which starts the other."""

    def __init__(self):
        self.shim = Shim()
        self.registry = registry.Registry(self.shim)
        self.faults, self.calls, self.pages, self.seed = self.shim.faults, self.shim.calls, self.shim.pages, self.shim.seed
        # Whether the registry hands blobs out elsewhere.
        self.grpc, self.redirect = "", False

    @property
    def estate(self):
        return self.shim.estate

    def opened(self, address):
        self.grpc = f"127.0.0.1:{rpc.start(self.shim)}"
        return f"{super().opened(address)} grpc {self.grpc}"

    def answer(self, verb, target, headers, body):
        """The answer to one request; never raises."""
        path, _, query = target.partition("?")
        host = headers.get("host", "").partition(":")[0]
        if path.startswith("/_registry/"):
            host, _, rest = path.removeprefix("/_registry/").partition("/")
            return self.of_registry(verb, host, "/" + rest, query, headers, f"{self.address}/_registry/{host}")
        if path.startswith("/_"):
            return self.control(verb, target, body)
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
        led = path.startswith(DOWNLOADS)
        path = path.replace(DOWNLOADS, "/v2/", 1) if led else path
        try:
            name, package, kind, reference = registry.split(host, path)
        except registry.Missing as missing:
            return Answer(missing.status, dict(JSON), missing.body)
        call = Call("rest", "registry", REGISTRY_METHODS[kind], name, shown)

        def served():
            found = self.registry.answer(call, package, kind, reference, dict(parse_qsl(query)))
            if kind == "blobs" and self.redirect and not led:
                return Answer(302, {"Location": path.replace("/v2/", DOWNLOADS, 1)})
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

    def ordered(self, verb, path, query, order):
        if path == "/_estate":
            key = self.shim.sign_in.service_account(self.address)
            return {**self.estate.told(), "rest": self.address, "grpc": self.grpc, "service_account": key}
        return super().ordered(verb, path, query, order)

    def settable(self):
        return {**super().settable(), "redirect": self, "api_server": self.shim, **dict.fromkeys(("token_lifetime", "anonymous", "skew_seconds"), self.shim.sign_in)}


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
