#!/usr/bin/env python3
"""Kubernetes API servers of our own on a loopback port: discovery, lists page by page, watches, access reviews, tokens
and refusals as they have them, and they break on demand. Prints one line when it is ready: `ready http://127.0.0.1:PORT`,
and with `--tls` where the same is reached over TLS and the file of its authority. Refuses other addresses.

    python tests/emulators/kubernetes/server.py --port 0 --seed small [--tls]
"""

import sys
from pathlib import Path

# What all emulators share stands beside.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "shared")]

from doors import run  # noqa: E402  (the path above comes first)
from front import Front  # noqa: E402

if __name__ == "__main__":
    run("Kubernetes API servers to test against.", Front)
