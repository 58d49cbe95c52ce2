#!/usr/bin/env python3
"""Reads an emulator of its own with skopeo, where that is installed: lists tags, inspects and copies images from every
vendor's registry, and sees that it refuses what is corrupted. Ends with 1 and the reasons when something is not so, and
says so and ends with 0 where there is no skopeo. Refuses to check vendors' APIs.

    python tests/emulators/registries/check_skopeo.py
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import server  # noqa: F401  (finds what all emulators share)
from checking import same, started
from plain import Emulator

REGISTRIES = ("oci", "harbor", "quay", "hub_registry", "ghcr", "gitlab_registry", "jfrog")
# What skopeo must not take, and what it says of it.
REFUSED = {
    "team-a/corrupt:config": "does not match expected", "team-a/corrupt:layer": "Digest did not match", "team-a/corrupt:gone": "404",
    "team-a/corrupt:child": "manifest unknown", "team-a/corrupt:torn": "unexpected end of JSON", "team-a/loop:latest": "does not match", "team-a/huge:manifest": "exceeded maximum allowed size",
}


def skopeo(*arguments):
    return subprocess.run(["skopeo", *arguments], capture_output=True, text=True, timeout=60)


class Reader:
    """One registry as its own reader sees it."""

    def __init__(self, emulator, site):
        self.host = emulator.addresses[site].removeprefix("http://")
        self.account = ":".join(emulator.account(emulator.vendor(site)))
        self.key = "-docker-local" if site == "jfrog" else ""

    def reference(self, name):
        namespace, _, rest = name.partition("/")
        return f"docker://{self.host}/{namespace}{self.key}/{rest}"

    def tags(self, name):
        return json.loads(skopeo("list-tags", "--tls-verify=false", "--creds", self.account, self.reference(name)).stdout)["Tags"]

    def inspect(self, name):
        return json.loads(skopeo("inspect", "--tls-verify=false", "--creds", self.account, self.reference(name)).stdout)

    def copy(self, name, account=None):
        """(files that were copied, what was said)."""
        with tempfile.TemporaryDirectory() as folder:
            credentials = ["--src-no-creds"] if account == "nobody" else ["--src-creds", self.account]
            done = skopeo("copy", "--insecure-policy", "--all", "--src-tls-verify=false", *credentials, self.reference(name), f"dir:{folder}/copy")
            copied = len(list(Path(folder, "copy").glob("*"))) if done.returncode == 0 else 0
            return copied, done.stderr


def check(emulator):
    """Reasons why the emulator is no registry to skopeo."""
    for site in REGISTRIES:
        reader = Reader(emulator, site)
        try:
            same({"1.0.0", "1.1.0", "latest"} <= set(reader.tags("shop/web")), True, "tags")
            same(len([tag for tag in reader.tags("platform/many-tags") if tag.startswith("build-")]), 150, "many tags")
            same(reader.inspect("shop/web:latest")["Labels"]["org.opencontainers.image.source"], "https://git.example.com/shop/web", "a label")
            # Two files that skopeo adds, the index, four manifests, four configs and the layers.
            same(reader.copy("shop/web:latest")[0] >= 12, True, "what was copied of an index")
            same(reader.copy("shop/api:latest")[0], 5, "what was copied of an image")
            same(reader.copy("closed/vault:latest")[0], 0, "what was copied of what is closed")
            same(reader.copy("library/debian:12", "nobody")[0] > 0, True, "what was copied without an account")
        except (AssertionError, ValueError) as problem:
            yield f"{site}: {problem}"
    for name, words in REFUSED.items():
        copied, said = Reader(emulator, "oci").copy(name)
        if copied or words not in said:
            yield f"{name}: {said[-300:]}"


def main():
    if shutil.which("skopeo") is None:
        print("There is no skopeo here; nothing was checked.")
        return
    with started(__file__, "small") as line:
        failed = list(check(Emulator(line)))
    for reason in failed:
        print(reason, file=sys.stderr)
    print(f"skopeo reads {len(REGISTRIES)} registries, {len(failed)} failures")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
