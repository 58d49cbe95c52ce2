#!/usr/bin/env python3
"""Holds the emulator to what its README says: every fault, pages, sign-in and the registry, over both transports, with
Google's own clients. Ends with 1 and the reasons when something is not so. Refuses to use an emulator that it did not
start itself, as it breaks and reseeds it.

    python tests/emulators/gcp/selfcheck.py
"""

import json
import sys
import traceback
from pathlib import Path

import check_sdk
import server  # noqa: F401  (finds what all emulators share)
import selfcheck_faults
import selfcheck_registry
import selfcheck_sign_in
from asking import Emulator
from checking import same, started

PLAN = {"plan": "small", "findings": 40, "attached": True}


def transports_agree(emulator):
    """gRPC and REST tell the same of everything, also in small pages; and so does another seeding."""
    whole = told(emulator)
    emulator.control("POST", "/_settings", {"page_cap": 7})
    same(told(emulator), whole, "what small pages tell")
    emulator.control("POST", "/_seed", PLAN)
    same(told(emulator), whole, "what the same plan gives again")


def told(emulator):
    """What both transports tell, which must be one thing."""
    one, other = (check_sdk.walk(check_sdk.clients(kind, emulator.rest, emulator.grpc)) for kind in ("grpc", "rest"))
    found = list(check_sdk.differences(one, other))
    if found:
        raise AssertionError(found[0])
    return one


def large_is_exact(emulator):
    """The large plan has exactly what was asked for."""
    estate = emulator.control("POST", "/_seed", "large")
    same((estate["docker_images"], estate["services"]), (100_000, 10_000), "images and services of the large plan")


CHECKS = [transports_agree, *selfcheck_faults.CHECKS, *selfcheck_sign_in.CHECKS, *selfcheck_registry.CHECKS, large_is_exact]


def main():
    with started(__file__, json.dumps(PLAN)) as line:
        emulator, failed = Emulator(line), []
        for check in CHECKS:
            emulator.fresh()
            try:
                check(emulator)
            except Exception as problem:
                where = traceback.extract_tb(problem.__traceback__)[-1]
                failed.append(f"{check.__name__}: {type(problem).__name__}: {problem} ({Path(where.filename).name}:{where.lineno})")
        for reason in failed:
            print(reason, file=sys.stderr)
        print(f"{len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
