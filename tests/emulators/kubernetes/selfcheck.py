#!/usr/bin/env python3
"""Asks an emulator of its own by plain HTTP for everything that the README says of it, and ends with 1 and the reason
where an answer is another. Refuses to stop at the first reason.

    python tests/emulators/kubernetes/selfcheck.py
"""

import sys
import traceback

import server  # noqa: F401  (finds what all emulators share)
import selfcheck_access
import selfcheck_faults
import selfcheck_lists
import selfcheck_seed
import selfcheck_watches
from checking import started
from plain import Emulator

CHECKS = [*selfcheck_access.CHECKS, *selfcheck_lists.CHECKS, *selfcheck_watches.CHECKS, *selfcheck_faults.CHECKS, *selfcheck_seed.CHECKS]
PLAN = {"plan": "tiny", "clusters": 2, "old": 1, "pods": 60}


def main():
    wrong = 0
    with started(__file__, "none") as line:
        emulator = Emulator(line)
        for function in CHECKS:
            emulator.seed(PLAN)
            try:
                function(emulator)
            except AssertionError as reason:
                wrong += 1
                print(f"{function.__name__}: {reason}", file=sys.stderr)
            except Exception:
                wrong += 1
                print(f"{function.__name__}: {traceback.format_exc()}", file=sys.stderr)
    print(f"{len(CHECKS)} checks, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
