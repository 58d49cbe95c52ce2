#!/usr/bin/env python3
"""A Google Cloud of our own on two loopback ports, one for REST and one for gRPC, over one estate in memory. Prints
one line when it is ready: `ready http://127.0.0.1:PORT grpc 127.0.0.1:PORT`. Refuses other addresses.

    python tests/emulators/gcp/server.py --port 0 --seed small
"""

import sys
from pathlib import Path

# What all emulators share stands beside.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "shared")]

from rest import Rest  # noqa: E402  (the path above comes first)
from serving import run  # noqa: E402

if __name__ == "__main__":
    run("A Google Cloud to test against.", Rest)
