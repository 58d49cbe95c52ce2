#!/usr/bin/env python3
"""Asks an emulator of its own by plain HTTP for everything that its README says: registries, signatures, each vendor's
API and each fault, and ends with 1 and the reasons where an answer is not so. Refuses to use an emulator that it did not
start itself, as it breaks and reseeds it.

    python tests/emulators/registries/selfcheck.py
"""

import sys
import traceback
from pathlib import Path

import server  # noqa: F401  (finds what all emulators share)
import selfcheck_faults
import selfcheck_papers
import selfcheck_registry
import selfcheck_vendors
from checking import same, started
from plain import Emulator


def the_same_plan_is_the_same_estate(emulator):
    told = [{name: value for name, value in emulator.seed("hostile").items() if name != "seconds"} for _ in range(2)]
    same(told[0], told[1], "the same plan again")


def large_is_exact(emulator):
    told = emulator.seed("large")
    same((len(told["repositories"]), told["manifests"]), (200, 20_000), "the large plan")
    same(emulator.seed({"plan": "none", "repositories": 50, "manifests": 1000})["manifests"], 1000, "a plan of a thousand")


CHECKS = [*selfcheck_registry.CHECKS, *selfcheck_papers.CHECKS, *selfcheck_vendors.CHECKS, *selfcheck_faults.CHECKS, the_same_plan_is_the_same_estate, large_is_exact]


def main():
    with started(__file__, "small") as line:
        emulator, failed = Emulator(line), []
        for check in CHECKS:
            emulator.seed("small")
            try:
                check(emulator)
            except Exception as problem:
                where = traceback.extract_tb(problem.__traceback__)
                place = next((frame for frame in reversed(where) if "selfcheck" in frame.filename), where[-1])
                failed.append(f"{check.__name__}: {type(problem).__name__}: {problem} ({Path(place.filename).name}:{place.lineno})")
        for reason in failed:
            print(reason, file=sys.stderr)
        print(f"{len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
