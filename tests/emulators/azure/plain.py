"""Plain HTTP to an emulator, without any vendor's client: one question, one answer, and the tokens that it takes.
Refuses to interpret: an error is an answer."""

import base64
import http.client
import json
import time
from urllib.parse import quote, urlencode, urlsplit

MANAGER = "https://management.azure.com/.default"


class Said:
    """An answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The code of an error, whichever door wrote it."""
        told = self.json
        if "errors" in told:
            return told["errors"][0]["code"]
        return told["error"]["code"] if isinstance(told["error"], dict) else told["error"]


class Emulator:
    """One emulator, from the line that it says when it is ready."""

    def __init__(self, line):
        self.address = urlsplit(line.split()[1]).netloc
        self.told = self.ask("GET", "/_estate").json
        self.subscription = self.told["subscriptions"][0]["subscriptionId"] if self.told["subscriptions"] else None
        self.token = None

    def ask(self, method, target, body=None, seconds=20, **headers):
        connection = http.client.HTTPConnection(self.address, timeout=seconds)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            if isinstance(body, dict) and sent.get("Content-Type") == "application/x-www-form-urlencoded":
                body = urlencode(body)
            elif body is not None and not isinstance(body, (str, bytes)):
                body = json.dumps(body)
            connection.request(method, target, body, sent)
            answer = connection.getresponse()
            return Said(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def form(self, target, fields, **headers):
        return self.ask("POST", target, fields, Content_Type="application/x-www-form-urlencoded", **headers)

    def order(self, **fault):
        return self.ask("POST", "/_faults", fault)

    def heal(self):
        self.ask("DELETE", "/_faults")

    def set(self, **settings):
        return self.ask("POST", "/_settings", settings)

    def sign_in(self, scope=MANAGER, **fields):
        given = {"grant_type": "client_credentials", "client_id": self.told["client"], "client_secret": self.told["secret"], "scope": scope}
        return self.form(f"/{self.told['tenant']}/oauth2/v2.0/token", {**given, **fields})

    def manager(self, path, version="2022-12-01", method="GET", body=None, fresh=False, seconds=20, **query):
        """A question to the manager with the token at hand, or a fresh one."""
        if self.token is None or fresh:
            self.token = self.sign_in().json["access_token"]
        target = f"{path}?{urlencode({'api-version': version, **query})}"
        return self.ask(method, target, body, seconds, Authorization=f"Bearer {self.token}")

    def pages(self, path, version="2022-12-01", limit=1000):
        """All pages of a list of the manager, by its links."""
        answer, found = self.manager(path, version), []
        while True:
            found.append(answer.json["value"])
            link = answer.json.get("nextLink")
            if link is None or len(found) >= limit:
                return found
            answer = self.ask("GET", link.partition(self.address)[2], Authorization=f"Bearer {self.token}")

    def registry_token(self, name, scope, refresh=None):
        """The whole way to an access token of a registry."""
        server = f"{name}.azurecr.io"
        if refresh is None:
            directory = self.sign_in("https://containerregistry.azure.net/.default").json["access_token"]
            refresh = self.form("/oauth2/exchange", {"grant_type": "access_token", "service": server, "access_token": directory}, Host=server).json["refresh_token"]
        return self.form("/oauth2/token", {"grant_type": "refresh_token", "service": server, "scope": scope, "refresh_token": refresh}, Host=server).json["access_token"]

    def registry(self, name, path, scope, method="GET", **headers):
        """A question to a registry, named in the Host header, with a fresh token."""
        token = self.registry_token(name, scope)
        return self.ask(method, path, Host=f"{name}.azurecr.io", Authorization=f"Bearer {token}", **headers)

    def linked(self, path, scope, prefix="", name="plimsoll1weu"):
        """All pages of a registry's list, by the Link header; with a prefix the path names the registry."""
        token, found = self.registry_token(name, scope), []
        host = {} if prefix else {"Host": f"{name}.azurecr.io"}
        path = prefix + path
        while path:
            answer = self.ask("GET", path, Authorization=f"Bearer {token}", **host)
            found.append(answer.json)
            path = answer.headers.get("link", "").partition("<")[2].partition(">")[0]
        return found


def unsigned(**claims):
    """A token that nobody signed, as an issuer that is trusted here would write it."""
    parts = ({"alg": "RS256"}, {"exp": int(time.time()) + 600, **claims})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2lnbmVk"


def quoted(text):
    return quote(text, safe="")
