"""The emulator in front of all its sites: a port for each, the control addresses, and the faults that hit an answer.
Refuses to have an opinion on what is answered: each vendor's file has."""

import time
from email.utils import formatdate
from urllib.parse import unquote

import doors
import estate
import github
import gitlab
import harbor
import hub
import jfrog
import quay
import registry
import signing
import sites
import tokens
import wire
from control import Control, garbage, manner
from faults import Calls, Faults
from limits import Limits
from pages import Pages
from registry import REGISTRY
from serving import Answer
from wire import Call, Refusal, Routes

PLAIN = Routes(REGISTRY)
PLAIN.on("GET", "/token", "token")(tokens.served)
PLAIN.on("POST", "/token", "token")(tokens.served)
SIGN_IN = Routes()
SIGN_IN.on("GET", "/token", "token")(tokens.served)
SIGN_IN.on("POST", "/token", "token")(tokens.served)
GHCR = Routes(SIGN_IN, REGISTRY)
# What each site answers, and in which dialect it refuses.
SITES = {
    "oci": (PLAIN, "distribution"), "harbor": (Routes(harbor.ROUTES, REGISTRY), "harbor"), "quay": (Routes(quay.ROUTES, REGISTRY), "quay"),
    "hub": (hub.ROUTES, "hub"), "hub_registry": (REGISTRY, "distribution"), "hub_auth": (SIGN_IN, "distribution"),
    "github": (github.ROUTES, "github"), "ghcr": (GHCR, "distribution"), "gitlab": (gitlab.ROUTES, "gitlab"), "gitlab_registry": (REGISTRY, "distribution"),
    "jfrog": (Routes(jfrog.ROUTES, REGISTRY), "artifactory"),
}
LIMITED = {"hub": hub.limited, "github": github.limited, "gitlab": gitlab.limited}
# What is said to those who follow a link to where it should not lead.
STRAY = {"repositories": ["stray/repository"], "tags": ["stray"], "manifests": [], "results": [], "token": "stray", "next": None}


class Choices:
    """How registries behave: None for each vendor's own manner, a value for all of them, or an object by site."""

    def __init__(self):
        self.auth = self.catalog = self.referrers = self.redirect = None
        # `relative` or `absolute`.
        self.links = "relative"


class Front(Control):
    """The emulator."""

    def __init__(self):
        self.faults, self.calls, self.pages, self.tokens, self.limits = Faults(), Calls(), Pages(), tokens.Tokens(), Limits()
        self.choices, self.addresses, self.estate = Choices(), {}, estate.build("none")

    def opened(self, address):
        """Opens the ports of all sites; the first, which is open already, has the control addresses alone."""
        self.address, self.addresses = address, {site: doors.opened(self, site) for site in sites.NAMES}
        self.introduce()
        return " ".join(["ready", address, *(f"{site}={where}" for site, where in self.addresses.items())])

    def introduce(self):
        """Tells the estate where everything is and what opens it."""
        self.estate.addresses = self.addresses
        self.estate.accounts = {
            vendor: {"name": name, "secret": word, "api_secret": sites.API_SECRETS.get(vendor, word)} for vendor, (name, word) in sites.ACCOUNTS.items()
        }
        self.estate.accounts["admin"] = {"name": sites.ADMIN[0], "secret": sites.ADMIN[1], "api_secret": sites.ADMIN[1]}

    def seed(self, order):
        """Forgets everything and builds the estate of a plan."""
        began = time.monotonic()
        self.faults.clear()
        self.calls.clear()
        for one in (self.pages, self.tokens, self.limits):
            one.reset()
        self.choices, self.estate = Choices(), estate.build(order)
        self.estate.seconds = time.monotonic() - began
        self.introduce()
        return self.estate.told()

    def choice(self, site, name):
        """How a registry behaves here: as a test set it, or in the vendor's manner."""
        said = getattr(self.choices, name)
        said = said.get(site) if isinstance(said, dict) else said
        return getattr(sites.MANNERS[site], name) if said is None else said

    def answer(self, method, target, headers, body, site=None):
        """The answer of a site, noted; without a site, of a control address."""
        if site is None:
            return self.control(method, target, body)
        call = Call(site, method, target, headers, body)
        found = SITES[site][0].find(method, call.path) if site in SITES else None
        if found:
            call.operation = found[0]
            call.repository = self.meant(site, found[2])
        entry, code = self.calls.begin(call), None
        try:
            result = self.faulted(call, found)
        except Refusal as refusal:
            code, result = refusal.code, wire.error(self.dialect(call), refusal)
        except Exception as problem:  # an emulator that breaks must say so, or a test blames the product
            code, result = "EmulatorBroke", wire.told({"emulator": f"{type(problem).__name__}: {problem}"}, 501)
        result.headers["Date"] = formatdate(usegmt=True)
        if call.path.startswith("/v2/") and site in sites.MANNERS:
            result.headers.update(registry.VERSION)
        entry.update({name: getattr(call, name) for name in ("operation", "repository", "reference", "client")})
        self.calls.end(entry, result.status, code)
        return result

    def meant(self, site, values):
        """The estate's name of the repository that a path is about, before anybody looks whether there is one."""
        if site == "gitlab":
            return gitlab.meant(self, values)
        if site == "harbor" and "repository" in values:
            return f"{unquote(values['project'])}/{unquote(values['repository'])}"
        owner = values.get("namespace") or values.get("owner") or values.get("key")
        name = values.get("name")
        return name and sites.real(site, f"{owner}/{name}" if owner else name)

    def dialect(self, call):
        """In which words a site refuses: its registry always in those of distribution."""
        if call.path.startswith(("/v2", "/jwt/auth", "/service/token")) and call.site != "hub":
            return "distribution"
        if call.site == "jfrog":
            return "distribution" if "/v2/" in call.path and not call.path.startswith("/xray") else "xray" if call.path.startswith("/xray") else "artifactory"
        return SITES[call.site][1]

    def faulted(self, call, found):
        """The answer with whatever fault was ordered for it."""
        fault = self.faults.strike(call)
        if fault is None:
            return self.served(call, found)
        order, kind = fault.order, fault.kind
        if kind == "throttle":
            return self.throttled(call, order)
        if kind == "deny":
            status = order.get("status", 401 if order.get("code") == "UNAUTHORIZED" else 403)
            code, text = wire.DENIED[self.dialect(call)][status == 401]
            raise Refusal(status, code, order.get("message", text))
        if kind == "error":
            raise Refusal(order.get("status", 500), order.get("code", "UNKNOWN"), order.get("message", "Ordered by a test"))
        if kind == "garbage":
            return garbage(order)
        if kind == "expire":
            self.tokens.expire(call.bearer() or "none")
        if kind == "timeout":
            self.faults.hang(fault)
        result = self.served(call, found)
        result.manner = ("cut",) if kind == "cut" else manner(fault)
        if kind == "truncated":
            result.body = result.body[: len(result.body) // 2]
        return result

    def throttled(self, call, order):
        """Too many requests, as each vendor says it."""
        again, status = order.get("retry_after"), order.get("status")
        headers = {"Retry-After": str(again)} if again is not None else {}
        if call.site == "github":
            return github.throttled(order, headers)
        if call.site == "gitlab":
            return Answer(status or 429, {"Content-Type": "text/plain", **headers}, "Retry later\n")
        if call.site == "hub":
            return hub.throttled(status or 429, headers)
        code = order.get("code", "TOOMANYREQUESTS")
        raise Refusal(status or 429, code, order.get("message", "too many requests, please retry after some time"), headers)

    def served(self, call, found):
        """The true answer."""
        if call.site == "storage":
            return registry.stored(call, self)
        if call.site == "stray":
            return wire.told(STRAY)
        limited = LIMITED.get(call.site)
        headers = limited(call, self) if limited else {}
        if isinstance(headers, Answer):
            return headers
        if found is None:
            raise Refusal(404, "NOT_FOUND", "404 page not found" if call.site != "github" else "Not Found")
        result = found[1](call, self, **found[2])
        result.headers.update({name: value for name, value in headers.items() if name not in result.headers})
        return result

    def ordered(self, method, path, query, order):
        if path == "/_expire" and method == "POST":
            self.tokens.expire()
            return {}
        if path == "/_cosign.pub":
            return Answer(200, {"Content-Type": "application/x-pem-file"}, signing.pem(signing.OURS))
        return super().ordered(method, path, query, order)

    def settable(self):
        choices = dict.fromkeys(("auth", "catalog", "referrers", "redirect", "links"), self.choices)
        limits = dict.fromkeys(("pull_limit", "pull_window", "api_limit", "api_window"), self.limits)
        return {**super().settable(), **choices, **limits, "access_seconds": self.tokens, "api_seconds": self.tokens}
