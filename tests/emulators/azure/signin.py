"""Who may ask: tokens of the directory, of managed identities and of registries, which expire as they say.
Tokens are signed for this process alone; assertions of others are read and their signature is not verified.
Refuses clients, secrets and tenants that were not seeded."""

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import threading
import time
from datetime import datetime, timezone

from wire import Refusal, Routes, request_id, told

TENANT = "aaaaaaaa-1111-4000-8000-000000000001"
DOMAIN = "plimsoll.example.com"
CLIENT, SECRET = "bbbbbbbb-2222-4000-8000-000000000002", "not-a-secret"
OBJECT = "cccccccc-3333-4000-8000-000000000003"
MANAGED, MANAGED_OBJECT = "dddddddd-4444-4000-8000-000000000004", "eeeeeeee-5555-4000-8000-000000000005"
FEDERATED = {"iss": "https://issuer.example.com/", "sub": "system:serviceaccount:plimsoll:plimsoll", "aud": "api://AzureADTokenExchange"}
MANAGERS = ("https://management.azure.com", "https://management.core.windows.net")
REGISTRIES = ("https://containerregistry.azure.net",)
# The application that stands for all clusters.
CLUSTERS = ("6dae42f8-4368-4678-94ff-3960e28e3630",)
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

LOGIN = Routes(folded=True)
IDENTITY = Routes(folded=True)


class Tokens:
    """Makes and reads tokens."""

    def __init__(self):
        self.key, self.numbers, self.lock = secrets.token_bytes(32), itertools.count(1), threading.Lock()
        self.reset()

    def reset(self):
        # Seconds that tokens live: the directory's, a registry's access and a registry's refresh token.
        self.access_seconds, self.registry_seconds, self.refresh_seconds = 3599, 4500, 10_800
        # How far the emulator's clock is ahead of the machine's.
        self.skew_seconds = 0
        self.read, self.dead, self.dead_below = {}, set(), 0

    def now(self):
        return time.time() + self.skew_seconds

    def make(self, seconds, **claims):
        """A token that lives so long, and when it was made."""
        now = int(self.now())
        claims = {**claims, "iat": now, "nbf": now, "exp": now + seconds, "uti": next(self.numbers)}
        signed = f"{encoded({'typ': 'JWT', 'alg': 'RS256', 'kid': 'plimsoll'})}.{encoded(claims)}"
        mark = hmac.new(self.key, signed.encode(), hashlib.sha256).digest()
        token = f"{signed}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"
        with self.lock:
            if len(self.read) > 10_000:
                self.read.clear()
            self.read[token] = claims
        return token, claims

    def claims(self, token):
        """What a token of this process says, or None."""
        known = self.read.get(token)
        if known is None and token.count(".") == 2:
            signed, _, mark = token.rpartition(".")
            right = base64.urlsafe_b64encode(hmac.new(self.key, signed.encode(), hashlib.sha256).digest()).decode().rstrip("=")
            if hmac.compare_digest(mark, right):
                known = self.read[token] = decoded(signed.split(".")[1])
        return known

    def expired(self, claims):
        return claims["exp"] <= self.now() or claims["uti"] in self.dead or claims["uti"] <= self.dead_below

    def expire(self, claims=None):
        """Ends one token, or all that were made so far."""
        if claims is None:
            self.dead_below = next(self.numbers)
        else:
            self.dead.add(claims["uti"])


def encoded(claims):
    return base64.urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode().rstrip("=")


def decoded(part):
    """The claims of the middle part of a token; an empty object where it is none."""
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}


def directory_token(emulator, resource, client, owner):
    """An access token of the directory for a resource."""
    return emulator.tokens.make(
        emulator.tokens.access_seconds, aud=resource, iss=f"https://sts.windows.net/{TENANT}/", tid=TENANT, appid=client,
        oid=owner, sub=owner, idtyp="app", ver="1.0",
    )


def caller(emulator, call, audiences):
    """The claims of whoever calls, or the refusal that the resource manager has for it."""
    challenge = f'Bearer authorization_uri="https://login.microsoftonline.com/{TENANT}"'
    token = call.bearer()
    if token is None:
        raise Refusal(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.", {"WWW-Authenticate": challenge})
    claims = emulator.tokens.claims(token)
    if claims is None or "access" in claims:
        raise Refusal(
            401, "InvalidAuthenticationToken", "The access token is invalid.",
            {"WWW-Authenticate": challenge + ', error="invalid_token", error_description="The access token is invalid."'},
        )
    call.client = claims.get("appid")
    if claims.get("aud", "").rstrip("/") not in audiences:
        allowed = "','".join(f"{name}/','{name}" for name in reversed(audiences))
        raise Refusal(
            401, "InvalidAuthenticationTokenAudience",
            f"The access token has been obtained for wrong audience or resource '{claims.get('aud')}'. It should exactly match "
            f"(including forward slash) with one of the allowed audiences '{allowed}'.", {"WWW-Authenticate": challenge},
        )
    if emulator.tokens.expired(claims):
        raise expired_refusal(emulator, claims, challenge)
    return claims


def expired_refusal(emulator, claims, challenge):
    def spoken(seconds):
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%m/%d/%Y %I:%M:%S %p")

    now = emulator.tokens.now()
    return Refusal(
        401, "ExpiredAuthenticationToken",
        f"The access token expiry UTC time '{spoken(min(claims['exp'], now - 1))}' is earlier than current UTC time '{spoken(now)}'.",
        {"WWW-Authenticate": challenge + ', error="invalid_token", error_description="The access token has expired."'},
    )


def directory_error(status, code, number, message):
    """An error as the directory words it."""
    trace, correlation = request_id(), request_id()
    stamp = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%SZ")
    return Refusal(
        status, code, f"AADSTS{number}: {message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
        error_codes=[number], timestamp=stamp, trace_id=trace, correlation_id=correlation,
        error_uri=f"https://login.microsoftonline.com/error?code={number}",
    )


def right_tenant(tenant):
    if tenant.lower() not in (TENANT, DOMAIN):
        raise directory_error(400, "invalid_request", 90002, f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.")


@LOGIN.on("POST", "/{tenant}/oauth2/v2.0/token", "token")
@LOGIN.on("POST", "/{tenant}/oauth2/token", "token")
def token(call, emulator, tenant):
    """Tokens for a client's secret, for an assertion of somebody trusted, and for a refresh token."""
    right_tenant(tenant)
    form = call.form()
    call.client = form.get("client_id")
    if call.client != CLIENT:
        raise directory_error(400, "unauthorized_client", 700016, f"Application with identifier '{call.client}' was not found in the directory '{tenant}'.")
    grant = form.get("grant_type")
    if grant == "client_credentials":
        prove(emulator, form)
    elif grant == "refresh_token":
        known = emulator.tokens.claims(form.get("refresh_token", ""))
        if known is None or known.get("kind") != "refresh" or emulator.tokens.expired(known):
            raise directory_error(400, "invalid_grant", 700082, "The refresh token has expired due to inactivity.")
    else:
        raise directory_error(400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'.")
    resource = form.get("resource") or resource_of(form.get("scope", ""))
    if resource.rstrip("/") not in (*MANAGERS, *REGISTRIES, *CLUSTERS):
        raise directory_error(400, "invalid_resource", 500011, f"The resource principal named {resource} was not found in the tenant named {tenant}.")
    made, _ = directory_token(emulator, resource, CLIENT, OBJECT)
    seconds = emulator.tokens.access_seconds
    answer = {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": made}
    if "offline_access" in form.get("scope", ""):
        answer["refresh_token"] = emulator.tokens.make(emulator.tokens.refresh_seconds, kind="refresh")[0]
    return told(answer, headers={"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"})


def resource_of(scope):
    """The resource of a scope such as `https://management.azure.com/.default`."""
    named = [part for part in scope.split(" ") if part.endswith("/.default")]
    if not named:
        raise directory_error(
            400, "invalid_scope", 1002012, f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
        )
    return named[0].removesuffix("/.default")


def prove(emulator, form):
    """That the client has its secret, or an assertion that it was told to trust."""
    if form.get("client_assertion_type") != ASSERTION:
        if form.get("client_secret") != SECRET:
            raise directory_error(401, "invalid_client", 7000215, f"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{CLIENT}'.")
        return
    parts = form.get("client_assertion", "").split(".")
    said = decoded(parts[1]) if len(parts) == 3 else {}
    if not isinstance(said.get("exp"), (int, float)):
        raise directory_error(401, "invalid_client", 50027, "JWT token is invalid or malformed.")
    now = emulator.tokens.now()
    if not said.get("nbf", now) - 300 <= now <= said["exp"] + 300:
        raise directory_error(401, "invalid_client", 700024, "Client assertion is not within its valid time range.")
    own = said.get("iss") == said.get("sub") == CLIENT
    audience = said.get("aud")
    trusted = all(said.get(name) == FEDERATED[name] for name in ("iss", "sub")) and FEDERATED["aud"] in (audience if isinstance(audience, list) else [audience])
    if not own and not trusted:
        raise directory_error(401, "invalid_client", 700213, f"No matching federated identity record found for presented assertion subject '{said.get('sub')}'.")


@LOGIN.on("GET", "/{tenant}/v2.0/.well-known/openid-configuration", "openid")
@LOGIN.on("GET", "/{tenant}/.well-known/openid-configuration", "openid")
def openid(call, emulator, tenant):
    if tenant.lower() not in ("common", "organizations"):
        right_tenant(tenant)
    here = f"{emulator.address}/{tenant}"
    return told({
        "token_endpoint": f"{here}/oauth2/v2.0/token", "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{here}/oauth2/v2.0/devicecode", "jwks_uri": f"{here}/discovery/v2.0/keys",
        "issuer": f"https://login.microsoftonline.com/{TENANT}/v2.0", "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com", "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com", "rbac_url": "https://pas.windows.net",
    })


@LOGIN.on("GET", "/{tenant}/discovery/v2.0/keys", "keys")
def keys(call, emulator, tenant):
    """No key: what is signed here is for this process alone."""
    return told({"keys": []})


@LOGIN.on("GET", "/{tenant}/discovery/instance", "instance")
def instance(call, emulator, tenant):
    host = emulator.address.partition("//")[2]
    return told({
        "tenant_discovery_endpoint": f"{emulator.address}/{TENANT}/v2.0/.well-known/openid-configuration", "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host, "login.microsoftonline.com"]}],
    })


@IDENTITY.on("GET", "/metadata/identity/oauth2/token", "token")
@IDENTITY.on("GET", "/msi/token", "token")
def managed(call, emulator):
    """The managed identity's token, as a machine's metadata service and an application's sidecar give it."""
    sidecar = call.path.lower() == "/msi/token"
    marked = call.headers.get("x-identity-header") if sidecar else call.headers.get("metadata", "").lower() == "true"
    if not marked:
        raise Refusal(400, "invalid_request", "Required metadata header not specified")
    if "api-version" not in call.query:
        raise Refusal(400, "invalid_request", "Required query variable 'api-version' is missing")
    wanted = call.query.get("client_id") or call.query.get("object_id")
    if wanted not in (None, MANAGED, MANAGED_OBJECT):
        raise Refusal(400, "invalid_request", "Identity not found")
    resource = call.query.get("resource", "")
    if resource.rstrip("/") not in (*MANAGERS, *REGISTRIES, *CLUSTERS):
        raise Refusal(400, "invalid_resource", f"AADSTS500011: The resource principal named {resource} was not found in the tenant.")
    call.client = MANAGED
    made, claims = directory_token(emulator, resource, MANAGED, MANAGED_OBJECT)
    seconds = str(emulator.tokens.access_seconds)
    return told({
        "access_token": made, "client_id": MANAGED, "expires_in": seconds, "expires_on": str(claims["exp"]),
        "ext_expires_in": seconds, "not_before": str(claims["nbf"]), "resource": resource, "token_type": "Bearer",
    })
