"""Who asks: a token endpoint for service accounts' signed JWTs, a metadata server, and the check of what callers
then show. Refuses tokens it did not hand out, tokens past their time, and JWTs that its one key did not sign."""

import base64
import json
import secrets
import threading
import time
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from replies import Refusal, info

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
METADATA = "/computeMetadata/v1/"
EXPECTED = "Expected OAuth 2 access token, login cookie or other valid authentication credential."
INVALID = "Request had invalid authentication credentials. " + EXPECTED
SHORT_LIVED = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)
# Seconds by which clocks may differ.
LEEWAY = 300
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class SignIn:
    """The tokens in circulation."""

    def __init__(self):
        self.lock = threading.Lock()
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.reset("none")

    def reset(self, project):
        self.project = project
        self.email = f"plimsoll@{project}.iam.gserviceaccount.com"
        self.tokens = {}
        # Seconds that a token lives.
        self.token_lifetime = 3600.0
        # Whether a caller may show nothing.
        self.anonymous = True
        self.void_before = 0.0
        # How far the emulator's clock is ahead of the machine's.
        self.skew_seconds = 0.0

    def now(self):
        return time.time() + self.skew_seconds

    def service_account(self, endpoint):
        """The key file of the one service account."""
        return {
            "type": "service_account", "project_id": self.project, "private_key_id": "plimsoll", "private_key": self.pem,
            "client_email": self.email, "client_id": "100000000000000000001", "auth_uri": endpoint + "/auth",
            "token_uri": endpoint + "/token", "universe_domain": "googleapis.com",
        }

    def hand_out(self):
        token = "ya29.c." + secrets.token_urlsafe(48)
        with self.lock:
            self.tokens[token] = self.now()
        return {"access_token": token, "expires_in": max(1, int(self.token_lifetime)), "token_type": "Bearer"}

    def expire(self):
        """Ends every token that is out."""
        self.void_before = self.now()

    def check(self, authorization):
        """Refuses a caller who shows nothing valid."""
        if not authorization:
            if self.anonymous:
                return
            raise unauthenticated("CREDENTIALS_MISSING", "Request is missing required authentication credential. " + EXPECTED)
        kind, _, token = authorization.partition(" ")
        if kind.lower() == "basic":
            name, _, token = base64.b64decode(token + "==").decode("utf-8", "replace").partition(":")
            if name not in ("oauth2accesstoken", "_token"):
                raise unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED", "Unauthenticated request.")
        claims = self.claims(token) if token.count(".") == 2 and not token.startswith("ya29.") else None
        issued = self.tokens.get(token)
        if issued is None and claims is None:
            raise unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED", INVALID)
        if issued is None:
            # Clients date their JWTs back: such a token begins when it is first shown.
            with self.lock:
                issued = self.tokens.setdefault(token, self.now())
        ends = issued + self.token_lifetime if claims is None else min(claims.get("exp", 0), issued + self.token_lifetime)
        early = claims is not None and claims.get("iat", 0) > self.now() + LEEWAY
        if issued <= self.void_before or self.now() > ends or early:
            raise unauthenticated("ACCESS_TOKEN_EXPIRED", INVALID)

    def claims(self, jwt):
        """The claims of a JWT that the service account signed; None of any other."""
        head, _, signature = jwt.rpartition(".")
        try:
            self.key.public_key().verify(unpadded(signature), head.encode(), padding.PKCS1v15(), hashes.SHA256())
            return json.loads(unpadded(head.partition(".")[2]))
        except (InvalidSignature, ValueError):
            return None

    def token(self, body):
        """(status, JSON) of the token endpoint."""
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if form.get("grant_type") != JWT_GRANT:
            return 400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type: " + form.get("grant_type", "")}
        claims = self.claims(form.get("assertion", ""))
        if claims is None:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        if claims.get("iss") != self.email:
            return 400, {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
        if not self.now() - 60 < claims.get("exp", 0) <= self.now() + 3660:
            return 400, {"error": "invalid_grant", "error_description": SHORT_LIVED}
        return 200, self.hand_out()

    def metadata(self, path, query, headers, number):
        """(status, type, text) of the metadata server."""
        if headers.get("metadata-flavor") != "Google" and path.strip("/"):
            return 403, "text/html", "<!DOCTYPE html><title>Error 403 (Forbidden)</title><p>Missing required header: Metadata-Flavor"
        account = {"aliases": ["default"], "email": self.email, "scopes": [SCOPE]}
        base = METADATA + "instance/service-accounts/"
        for name in ("default", self.email):
            if path == f"{base}{name}/token":
                return 200, "application/json", json.dumps(self.hand_out())
            if path == f"{base}{name}/":
                recursive = "recursive=true" in query.lower()
                return (200, "application/json", json.dumps(account)) if recursive else (200, "application/text", "aliases\nemail\nidentity\nscopes\ntoken\n")
            if path == f"{base}{name}/email":
                return 200, "application/text", self.email
            if path == f"{base}{name}/scopes":
                return 200, "application/text", SCOPE + "\n"
        known = {
            METADATA + "project/project-id": self.project, METADATA + "project/numeric-project-id": number,
            METADATA + "universe/universe-domain": "googleapis.com", METADATA + "universe/universe_domain": "googleapis.com",
            "/": "computeMetadata/\n", "/computeMetadata/": "v1/\n", METADATA: "instance/\nproject/\nuniverse/\n",
        }
        if path in known:
            return 200, "application/text", known[path]
        return 404, "text/html", "<!DOCTYPE html><title>Error 404 (Not Found)</title>"


def unauthenticated(reason, message):
    return Refusal("UNAUTHENTICATED", message, [info(reason)], {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'})


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
