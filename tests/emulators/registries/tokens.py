"""Tokens: who gets one for what, for how long, and what a call may do with it. Refuses whoever brings none, an old one,
one of another site, or one for something else, in the words of each vendor. Nobody signs or verifies them."""

import base64
import json
import threading
import time
import uuid
from datetime import datetime, timezone
from urllib.parse import parse_qs

import sites
from wire import Refusal, told

UNAUTHORIZED = "authentication required"


class Tokens:
    """Those that were given out."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.known = {}
        # Seconds that a registry's token lives, and one of a vendor's API.
        self.access_seconds, self.api_seconds = 300.0, 600.0

    def make(self, site, user, seconds, kind="access", access=()):
        """A token that looks like those of vendors, and is known here alone."""
        now = int(time.time())
        claims = {"iss": site, "sub": user or "", "iat": now, "exp": now + int(seconds), "jti": uuid.uuid4().hex, "kind": kind, "access": list(access)}
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "ES256", "typ": "JWT"}, claims))
        made = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".bm90LXNpZ25lZA"
        with self.lock:
            self.known[made] = {"site": site, "user": user, "kind": kind, "until": time.monotonic() + seconds,
                                "names": {(one["type"], one["name"]): one["actions"] for one in access}}
        return made

    def find(self, token, site, kind="access"):
        """What a token is good for, or None if it is of another site, unknown, or old."""
        claims = self.known.get(token)
        if claims is None or claims["site"] != site or claims["kind"] != kind or time.monotonic() > claims["until"]:
            return None
        return claims

    def expire(self, token=None):
        """Ends one token, or all but those that fetch new ones."""
        with self.lock:
            for name, claims in self.known.items():
                if claims["kind"] != "refresh" and token in (None, name):
                    claims["until"] = 0.0


def challenge(call, front, scope="", problem=""):
    """The header that says where a token for a scope is fetched."""
    manner = sites.MANNERS[call.site]
    site, path = manner.realm
    address = front.faults.strayed("stray_realm", call, front.addresses["stray"]) or front.addresses[site]
    parts = [f'Bearer realm="{address}{path}"', f'service="{manner.service}"']
    return {"WWW-Authenticate": ",".join(parts + ([f'scope="{scope}"'] if scope else []) + ([f'error="{problem}"'] if problem else []))}


def denied(message="requested access to the resource is denied"):
    return Refusal(403, "DENIED", message)


def allowed(call, front, kind="", name="", action="pull"):
    """Who asks, if the one may do that; without a kind, if it is anybody who may ask at all."""
    manner, how = sites.MANNERS[call.site], front.choice(call.site, "auth")
    basic = call.basic()
    if how == "anonymous":
        return permitted(call, front, "reader", kind, name)
    if how == "basic" or manner.basic and basic is not None:
        user = sites.who(call.site, *basic) if basic else None
        if user is None:
            header = {"WWW-Authenticate": f'Basic realm="{manner.service}"'} if how == "basic" else challenge(call, front)
            raise Refusal(401, "UNAUTHORIZED", UNAUTHORIZED, header)
        call.client = basic[0]
        return permitted(call, front, user, kind, name)
    scope, token = f"{kind}:{name}:{action}" if kind else "", call.bearer() or call.headers.get("x-jfrog-art-api")
    if token is None:
        raise Refusal(401, "UNAUTHORIZED", UNAUTHORIZED, challenge(call, front, scope), detail=[{"Type": kind, "Class": "", "Name": name, "Action": action}] if kind else None)
    claims = front.tokens.find(token, call.site) or direct(call, token)
    if claims is None:
        raise Refusal(401, "UNAUTHORIZED", UNAUTHORIZED, challenge(call, front, scope, "invalid_token"))
    call.client = claims["user"] or "anonymous"
    if kind and claims["names"] is not None and action not in claims["names"].get((kind, name), ()):
        if manner.refusal == "denied":
            raise denied()
        raise Refusal(401, "UNAUTHORIZED", UNAUTHORIZED, challenge(call, front, scope, "insufficient_scope"), detail=[{"Type": kind, "Class": "", "Name": name, "Action": action}])
    return permitted(call, front, claims["user"], kind, name)


def direct(call, token):
    """JFrog and GitHub take what opens their APIs also here."""
    secret = token
    if call.site == "ghcr":
        try:
            secret = base64.b64decode(token, validate=True).decode()
        except ValueError:
            secret = token
    user = sites.who_by(call.site, secret) if call.site in ("jfrog", "ghcr") else None
    return {"user": user, "names": None} if user else None


def permitted(call, front, user, kind, name):
    """The one who asks, if nothing about the repository forbids it."""
    if kind == "repository" and not sites.may_name(user, sites.real(call.site, name)):
        raise denied()
    return user


def granted(site, user, scope):
    """What somebody gets of a scope: never more than to read."""
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    wanted = actions.split(",")
    if kind == "repository" and ("pull" in wanted or "*" in wanted):
        return {"type": kind, "name": name, "actions": ["pull"]} if sites.may_name(user, sites.real(site, name)) else None
    if kind == "registry" and name == "catalog" and "*" in wanted:
        how = sites.MANNERS[site].catalog
        return {"type": kind, "name": name, "actions": ["*"]} if user == "admin" or user and how in ("on", "filtered") else None
    return None


def served(call, front):
    """The answer of a token service, to GET and, where the vendor takes it, to POST."""
    own = next((name for name, manner in sites.MANNERS.items() if manner.realm[0] == call.site), None)
    given = call.given() if call.method == "POST" else call.query
    site = sites.SERVICES.get(given.get("service", ""), own)
    manner = sites.MANNERS[site]
    if call.method == "POST" and not manner.posts:
        raise Refusal(404 if site != "ghcr" else 405, "UNSUPPORTED", "The operation is unsupported.")
    user, grant = None, given.get("grant_type")
    if call.method == "POST" and grant not in ("refresh_token", "password"):
        raise Refusal(400, "UNSUPPORTED", f"unsupported grant_type {grant}")
    if grant == "refresh_token":
        claims = front.tokens.find(given.get("refresh_token", ""), site, "refresh")
        if claims is None:
            raise Refusal(401, "UNAUTHORIZED", "invalid refresh token")
        user = claims["user"]
    elif grant == "password" or call.basic() is not None:
        name, word = (given.get("username"), given.get("password")) if grant == "password" else call.basic()
        user = sites.who(call.site, name, word)
        if user is None:
            raise wrong(call.site)
    call.client = user or "anonymous"
    return answer(call, front, site, user, given)


def wrong(site):
    """The words for a wrong password."""
    if site in ("gitlab", "ghcr"):
        return Refusal(403, "DENIED", "access forbidden" if site == "gitlab" else "requested access to the resource is denied")
    return Refusal(401, "UNAUTHORIZED", "incorrect username or password")


def answer(call, front, site, user, given):
    wanted = scopes(call, given)
    access = [one for scope in wanted if (one := granted(site, user, scope))]
    if sites.MANNERS[site].refusal == "denied" and wanted and not access:
        raise denied()
    made, seconds = front.tokens.make(site, user, front.tokens.access_seconds, access=access), int(front.tokens.access_seconds)
    body = {"token": made, "access_token": made, "expires_in": seconds, "issued_at": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"}
    if call.site in ("ghcr", "quay", "gitlab"):
        body = {"token": made}
    if given.get("offline_token") == "true" or given.get("access_type") == "offline" or call.method == "POST":
        body["refresh_token"] = front.tokens.make(site, user, 86_400, "refresh")
    return told(body)


def scopes(call, given):
    """Every scope that was asked for: many in one member, or the member many times."""
    if call.method == "POST":
        return given.get("scope", "").split()
    return [scope for told in parse_qs(call.target.partition("?")[2]).get("scope", ()) for scope in told.split()]
