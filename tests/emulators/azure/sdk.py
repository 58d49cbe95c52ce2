"""Microsoft's own clients for an emulator: the resource manager's, Resource Graph's and a registry's, with a
credential that asks the emulator for tokens. Refuses to try twice: a test counts calls."""

import json
import time
import urllib.parse
import urllib.request

from azure.containerregistry import ContainerRegistryClient
from azure.core.credentials import AccessToken, AccessTokenInfo
from azure.core.pipeline.policies import RetryPolicy, SansIOHTTPPolicy

MANAGER = "https://management.azure.com/.default"


class Credential:
    """The client's secret for a token, by plain HTTP, which azure-identity refuses to speak to a directory."""

    def __init__(self, endpoint, told):
        self.endpoint, self.told, self.known = endpoint, told, {}

    def get_token(self, *scopes, **_):
        if scopes not in self.known or self.known[scopes].expires_on - time.time() < 60:
            form = {"grant_type": "client_credentials", "client_id": self.told["client"], "client_secret": self.told["secret"], "scope": " ".join(scopes)}
            address = f"{self.endpoint}/{self.told['tenant']}/oauth2/v2.0/token"
            with urllib.request.urlopen(address, urllib.parse.urlencode(form).encode()) as answer:
                given = json.load(answer)
            self.known[scopes] = AccessToken(given["access_token"], int(time.time()) + given["expires_in"])
        return self.known[scopes]

    def get_token_info(self, *scopes, options=None):
        token = self.get_token(*scopes)
        return AccessTokenInfo(token.token, token.expires_on)


class Loopback(SansIOHTTPPolicy):
    """Lets tokens travel without TLS, and names the registry in the Host header as the product's connector does."""

    def __init__(self, host=None):
        self.host = host

    def on_request(self, request):
        request.context["enforce_https"] = False
        if self.host:
            request.http_request.headers["Host"] = self.host


class Tenant:
    """The tenant of an emulator, as its estate tells it."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        with urllib.request.urlopen(endpoint + "/_estate") as answer:
            self.told = json.load(answer)
        self.credential = Credential(endpoint, self.told)
        self.subscriptions = [row["subscriptionId"] for row in self.told["subscriptions"]]

    def manager(self, client, *given, hook=None):
        """A client of the resource manager; `hook` is a policy that sees each answer."""
        return client(
            self.credential, *given, base_url=self.endpoint, credential_scopes=[MANAGER], per_call_policies=[Loopback(), *([hook] if hook else [])],
            retry_policy=RetryPolicy.no_retries(),
        )

    def registry(self, server, credential=True, **settings):
        """A client of one registry, over the one address of all."""
        return ContainerRegistryClient(
            self.endpoint, self.credential if credential else None, audience="https://containerregistry.azure.net",
            per_call_policies=[Loopback(server)], retry_policy=RetryPolicy.no_retries(), **settings,
        )
