"""Plain HTTP to the emulator's sites, without any vendor's client: one question, one answer, and the tokens that it takes.
Refuses to interpret: an error is an answer."""

import base64
import hashlib
import http.client
import json
import re
from urllib.parse import quote, urlencode, urlsplit

ACCEPT = ", ".join((
    "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.v1+prettyjws", "*/*",
))


class Said:
    """An answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The code of an error as registries write it."""
        return self.json["errors"][0]["code"]

    @property
    def digest(self):
        """The digest of what came."""
        return "sha256:" + hashlib.sha256(self.body).hexdigest()

    def link(self, name="next"):
        """Where a link leads, or None."""
        return next((where for where, said in re.findall(r'<([^>]*)>; rel="([^"]*)"', self.headers.get("link", "")) if said == name), None)


def basic(name, word):
    return "Basic " + base64.b64encode(f"{name}:{word}".encode()).decode()


def ask(address, method, target, body=None, seconds=20, **headers):
    """One question on a connection of its own; a target may be a whole address."""
    if target.startswith("http"):
        address, target = (parts := urlsplit(target)).netloc, f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=seconds)
    try:
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Said(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


class Emulator:
    """One emulator, from the line that it says when it is ready."""

    def __init__(self, line):
        self.control = line.split()[1]
        self.told = self.order("GET", "/_estate")
        self.addresses = self.told["addresses"]

    def order(self, method, target, body=None):
        answer = ask(self.control, method, target, None if body is None else json.dumps(body))
        if answer.status != 200:
            raise AssertionError(f"{method} {target}: {answer.status} {answer.body[:200]}")
        return answer.json

    def seed(self, plan):
        self.told = self.order("POST", "/_seed", plan)
        return self.told

    def fault(self, **order):
        return self.order("POST", "/_faults", order)["id"]

    def hits(self, number):
        return next(one["hits"] for one in self.order("GET", "/_faults") if one["id"] == number)

    def heal(self):
        self.order("DELETE", "/_faults")

    def set(self, **settings):
        return self.order("POST", "/_settings", settings)

    def calls(self, **wanted):
        return [call for call in self.order("GET", "/_calls?each") if all(call[name] == value for name, value in wanted.items())]

    def ask(self, site, target, method="GET", body=None, seconds=20, **headers):
        return ask(self.addresses[site], method, target, body, seconds, **headers)

    def account(self, vendor):
        found = self.told["accounts"][vendor]
        return found["name"], found["secret"]

    def vendor(self, site):
        return {"hub_registry": "hub", "ghcr": "github", "gitlab_registry": "gitlab"}.get(site, site)

    def token(self, site, scope, account=None, challenged=None):
        """The whole way to a token: the challenge, and the service that it names."""
        challenge = challenged or self.ask(site, "/v2/").headers["www-authenticate"]
        realm, service = (re.search(f'{name}="([^"]*)"', challenge)[1] for name in ("realm", "service"))
        headers = {"Authorization": basic(*account)} if account else {}
        answer = ask("", "GET", f"{realm}?{urlencode({'service': service, 'scope': scope})}", **headers)
        return answer.json["token"] if answer.status == 200 else None

    def registry(self, site, target, name, method="GET", account="usual", **headers):
        """A question to a registry about a repository, with a fresh token of the site's own reader."""
        account = self.account(self.vendor(site)) if account == "usual" else account
        token = self.token(site, f"repository:{name}:pull", account)
        return self.ask(site, target, method, Authorization=f"Bearer {token}", **{"Accept": ACCEPT, **headers})

    def manifest(self, name, reference, site="oci", **more):
        return self.registry(site, f"/v2/{quote(name)}/manifests/{quote(reference, safe=':')}", name, **more)

    def blob(self, name, digest, site="oci", **more):
        return self.registry(site, f"/v2/{quote(name)}/blobs/{digest}", name, **more)

    def api(self, site, target, **more):
        """A question to a vendor's API in its own way of signing in."""
        name, secret = self.account(site)
        if site == "harbor":
            headers = {"Authorization": basic(name, secret)}
        elif site == "gitlab":
            headers = {"PRIVATE_TOKEN": secret}
        else:
            headers = {"Authorization": f"Bearer {self.told['accounts'][site]['api_secret']}"}
        if site == "hub":
            token = self.ask("hub", "/v2/users/login", "POST", {"username": name, "password": secret}).json["token"]
            headers = {"Authorization": f"Bearer {token}"}
        return self.ask(site, target, **{**headers, **more})

    def pages(self, site, target, rows=lambda answer: answer.json, limit=1000, **headers):
        """Rows of all pages of a list, by its links."""
        found = []
        while target and limit:
            answer = self.ask(site, target, **headers)
            found += rows(answer)
            target, limit = answer.link(), limit - 1
        return found
