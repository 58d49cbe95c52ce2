#!/usr/bin/env python3
"""Walks a registry with nothing but HTTP/1.1 connections that stay open: its catalogue, the tags of each repository, and
HEAD and GET of each manifest that a tag or an index names: the speed that a connector is measured against. Prints one
line of JSON. Refuses to be clever: that is the point.

    python tests/emulators/registries/list_loop.py --endpoint http://127.0.0.1:PORT [--site oci] [--threads 8]
"""

import argparse
import base64
import hashlib
import http.client
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode, urlsplit

KINDS = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json"


class Registry:
    """A registry, with a connection to each host for each thread."""

    def __init__(self, endpoint, site, configs):
        self.kept, self.configs = threading.local(), configs
        told = json.loads(self.ask(endpoint, "GET", "/_estate")[2])
        self.address, vendor = told["addresses"][site], {"hub_registry": "hub", "ghcr": "github", "gitlab_registry": "gitlab"}.get(site, site)
        account = told["accounts"][vendor]
        self.basic = "Basic " + base64.b64encode(f"{account['name']}:{account['secret']}".encode()).decode()
        challenge = self.ask(self.address, "GET", "/v2/")[1]["www-authenticate"]
        self.realm, self.service = (re.search(f'{name}="([^"]*)"', challenge)[1] for name in ("realm", "service"))

    def ask(self, address, method, target, **headers):
        kept = self.kept.__dict__.setdefault("connections", {})
        if address not in kept:
            kept[address] = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        kept[address].request(method, target, None, headers)
        answer = kept[address].getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def token(self, scope):
        where = urlsplit(self.realm)
        query = urlencode({"service": self.service, "scope": scope})
        return json.loads(self.ask(f"{where.scheme}://{where.netloc}", "GET", f"{where.path}?{query}", Authorization=self.basic)[2])["token"]

    def pages(self, path, token, member):
        while path:
            _, headers, body = self.ask(self.address, "GET", path, Authorization=f"Bearer {token}")
            yield from json.loads(body)[member] or ()
            path = headers.get("link", "").partition("<")[2].partition(">")[0]

    def walk(self, name):
        """How many manifests a repository has that a tag leads to."""
        token, seen = self.token(f"repository:{name}:pull"), set()
        start, left = f"/v2/{quote(name)}/", []
        for tag in self.pages(start + "tags/list?n=1000", token, "tags"):
            status, headers, _ = self.ask(self.address, "HEAD", f"{start}manifests/{tag}", Authorization=f"Bearer {token}", Accept=KINDS)
            if status == 200:
                left.append(headers["docker-content-digest"])
        while left:
            digest = left.pop()
            if digest in seen:
                continue
            status, _, body = self.ask(self.address, "GET", f"{start}manifests/{digest}", Authorization=f"Bearer {token}", Accept=KINDS)
            if status == 200 and "sha256:" + hashlib.sha256(body).hexdigest() == digest:
                seen.add(digest)
                told = json.loads(body)
                left += [one["digest"] for one in told.get("manifests", ())]
                if self.configs and "config" in told:
                    self.ask(self.address, "GET", f"{start}blobs/{told['config']['digest']}", Authorization=f"Bearer {token}")
        return len(seen)


def main():
    parser = argparse.ArgumentParser(description="Walk a registry by plain HTTP.")
    parser.add_argument("--endpoint", required=True, help="the control address")
    parser.add_argument("--site", default="oci", help="whose registry; it must have a catalogue")
    parser.add_argument("--threads", type=int, default=1, help="repositories walked at once")
    parser.add_argument("--configs", action="store_true", help="read the configuration of each image too")
    given = parser.parse_args()
    registry, started = Registry(given.endpoint, given.site, given.configs), time.perf_counter()
    names = list(registry.pages("/v2/_catalog?n=1000", registry.token("registry:catalog:*"), "repositories"))
    with ThreadPoolExecutor(given.threads) as pool:
        count = sum(pool.map(registry.walk, [name for name in names if not name.startswith("closed/")]))
    print(json.dumps({"seconds": round(time.perf_counter() - started, 3), "manifests": count, "repositories": len(names), "threads": given.threads}))


if __name__ == "__main__":
    main()
