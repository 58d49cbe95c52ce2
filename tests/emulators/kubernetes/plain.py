"""Plain HTTP to an emulator, without anybody's client: one question, one answer, and events of watches. Refuses to
interpret: an error is an answer."""

import http.client
import json
import ssl
from urllib.parse import urlencode, urlsplit


class Said:
    """An answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def reason(self):
        return self.json.get("reason")


class Emulator:
    """One emulator, from the line that it says when it is ready."""

    def __init__(self, line):
        self.address = line.split()[1]
        self.learn()

    def learn(self):
        """Looks at what was seeded."""
        self.told = self.ask("GET", "/_estate", token=None).json
        self.token = self.told["token"]
        self.cluster = self.told["clusters"][0] if self.told["clusters"] else None

    def connection(self, seconds=60, tls=None):
        if tls:
            return http.client.HTTPSConnection(urlsplit(tls["address"]).netloc, timeout=seconds, context=ssl.create_default_context(cadata=tls["pem"]))
        return http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=seconds)

    def ask(self, method, target, body=None, seconds=60, token="", tls=None, **headers):
        """Asks with the token of the estate, another one, or none."""
        connection = self.connection(seconds, tls)
        try:
            connection.request(method, target, None if body is None else json.dumps(body), self.headers(token, headers))
            answer = connection.getresponse()
            return Said(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def headers(self, token, more):
        shown = self.token if token == "" else token
        sent = {name.replace("_", "-"): value for name, value in more.items()}
        return {**sent, **({"Authorization": f"Bearer {shown}"} if shown else {})}

    def get(self, path, token="", headers=None, **query):
        return self.ask("GET", path + ("?" + urlencode(query) if query else ""), token=token, **(headers or {}))

    def pages(self, path, **query):
        """The pages of a list, to its end."""
        found, query = [], dict(query)
        while True:
            page = self.get(path, **query).json
            found.append(page)
            following = page["metadata"].get("continue")
            if not following:
                return found
            query["continue"] = following

    def watch(self, path, seconds=30, **query):
        """A watch that was begun: each next one of it is an event."""
        connection = self.connection(seconds)
        connection.request("GET", path + "?" + urlencode({"watch": "1", **query}), None, self.headers("", {}))
        answer = connection.getresponse()
        try:
            while line := answer.readline():
                yield json.loads(line)
        finally:
            connection.close()

    def control(self, address, /, **order):
        return self.ask("POST", address, order, token=None).json

    def order(self, **fault):
        return self.control("/_faults", **fault)

    def heal(self):
        self.ask("DELETE", "/_faults", token=None)

    def set(self, **settings):
        return self.control("/_settings", **settings)

    def seed(self, plan):
        answer = self.ask("POST", "/_seed", plan, token=None).json
        self.learn()
        return answer

    def calls(self):
        return self.ask("GET", "/_calls?each", token=None).json
