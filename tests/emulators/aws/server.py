#!/usr/bin/env python3
"""An AWS of our own on a loopback port: moto behind a shim that pages and digests truly, refuses and breaks
on demand. Prints one line when it is ready: `ready http://127.0.0.1:PORT`. Refuses other addresses.

    python tests/emulators/aws/server.py --port 0 --seed small
"""

import os
import sys
from pathlib import Path

# What all emulators share stands beside.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "shared")]
# moto must never reach out; and its assumed roles need credentials to exist.
os.environ.setdefault("AWS_ACCESS_KEY_ID", "unused")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "unused")
# Thousands of machine images for each account and region, of which nobody asks.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from serving import run  # noqa: E402  (the path above comes first)
from shim import Shim  # noqa: E402

if __name__ == "__main__":
    run("An AWS to test against.", Shim)
