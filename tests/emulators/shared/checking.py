"""What checks of an emulator need: one of their own, and words for what is not as it should be. Refuses one that runs
already, as a check breaks and reseeds it."""

import contextlib
import subprocess
import sys
from pathlib import Path


@contextlib.contextmanager
def started(beside, seed):
    """The line by which the server beside a file says that it is ready; the server ends with the block."""
    command = [sys.executable, str(Path(beside).with_name("server.py")), "--port", "0", "--seed", seed]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = next((line for line in process.stdout if line.startswith("ready ")), None)
        if line is None:
            raise SystemExit("The emulator did not start.")
        yield line
    finally:
        process.terminate()
        process.wait()


def same(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {str(found)[:300]} instead of {str(wanted)[:300]}")
