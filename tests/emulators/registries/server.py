#!/usr/bin/env python3
"""Registries of our own on loopback ports: OCI's distribution as the vendors speak it, and the vendors' own APIs around
it, which page and digest truly, refuse and break on demand. Prints one line when it is ready:
`ready http://127.0.0.1:PORT oci=http://127.0.0.1:PORT …`, the first being where it is ordered. Refuses other addresses.

    python tests/emulators/registries/server.py --port 0 --seed small
"""

import sys
from pathlib import Path

# What all emulators share stands beside.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "shared")]

from front import Front  # noqa: E402  (the path above comes first)
from serving import run  # noqa: E402

if __name__ == "__main__":
    run("Registries to test against.", Front)
