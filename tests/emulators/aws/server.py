#!/usr/bin/env python3
"""An AWS of our own on a loopback port: moto behind a shim that pages and digests truly, refuses and breaks
on demand. Prints one line when it is ready: `ready http://127.0.0.1:PORT`. Refuses other addresses.

    python tests/emulators/aws/server.py --port 0 --seed small
"""

import argparse
import json
import logging
import os
import signal
import socket
import socketserver
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
# moto must never reach out; and its assumed roles need credentials to exist.
os.environ.setdefault("AWS_ACCESS_KEY_ID", "unused")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "unused")
# Thousands of machine images for each account and region, of which nobody asks.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from shim import Shim  # noqa: E402  (the path above comes first)

REASONS = {200: "OK", 202: "Accepted", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


class Connection(socketserver.StreamRequestHandler):
    """One connection, kept open between requests."""

    disable_nagle_algorithm = True
    wbufsize = -1

    def handle(self):
        try:
            while self.one():
                pass
        except (ConnectionError, TimeoutError, OSError):
            pass

    def one(self):
        """One request and its answer; False when the connection is at its end."""
        line = self.rfile.readline(65_537)
        if line in (b"\r\n", b"\n"):
            return True
        if not line:
            return False
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers = {}
        while (line := self.rfile.readline(65_537)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        body = self.body(headers)
        answer = self.server.shim.answer(method, target, headers, body)
        last = headers.get("connection", "").lower() == "close"
        self.send(answer, method, last)
        return not last and (answer.manner is None or answer.manner[0] != "reset")

    def body(self, headers):
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline() not in (b"\r\n", b"\n", b""):
                pass
            return b"".join(parts)
        return self.rfile.read(int(headers.get("content-length") or 0))

    def send(self, answer, method, last):
        lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Answer')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() != "connection"]
        lines += [f"Content-Length: {len(answer.body)}"] + (["Connection: close"] if last else [])
        head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
        body = b"" if method == "HEAD" else answer.body
        if answer.manner is None:
            self.wfile.write(head + body)
            self.wfile.flush()
        elif answer.manner[0] == "reset":
            self.wfile.write(head + body[: len(body) // 2])
            self.wfile.flush()
            time.sleep(0.05)
            # With nothing to linger for, closing sends RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self.wfile.write(head)
            step = max(1, len(body) // 20)
            pieces = [body[start : start + step] for start in range(0, len(body), step)]
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(answer.manner[1] / len(pieces))


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512


def main():
    parser = argparse.ArgumentParser(description="An AWS to test against.")
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    parser.add_argument("--seed", default="none", help="none, tiny, small, large, or a plan as JSON")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server(("127.0.0.1", given.port), Connection)
    server.shim = Shim()
    plan = json.loads(given.seed) if given.seed.startswith("{") else given.seed
    if plan != "none":
        print("seeded", json.dumps(server.shim.seed(plan)), flush=True)
    print(f"ready http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
