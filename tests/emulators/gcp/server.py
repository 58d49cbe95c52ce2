#!/usr/bin/env python3
"""A Google Cloud of our own on two loopback ports, one for REST and one for gRPC, over one estate in memory. Prints
one line when it is ready: `ready http://127.0.0.1:PORT grpc 127.0.0.1:PORT`. Refuses other addresses.

    python tests/emulators/gcp/server.py --port 0 --grpc-port 0 --seed small
"""

import argparse
import json
import signal
import socket
import socketserver
import struct
import sys
import time
from http import HTTPStatus
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
# Images, what lies beside them, and page tokens are the same in every cloud.
sys.path.append(str(HERE.parent / "shared"))

import rpc  # noqa: E402  (the path above comes first)
from rest import Rest  # noqa: E402
from shim import Shim  # noqa: E402

PHRASES = {one.value: one.phrase for one in HTTPStatus}


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
        verb, target, _ = line.decode("latin-1").split(" ", 2)
        headers = {}
        while (line := self.rfile.readline(65_537)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self.body(headers)
        answer = self.server.rest.answer(verb, target, headers, body)
        last = headers.get("connection", "").lower() == "close"
        self.send(answer, verb, last)
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

    def send(self, answer, verb, last):
        lines = [f"HTTP/1.1 {answer.status} {PHRASES.get(answer.status, 'Answer')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines += [f"Content-Length: {len(answer.body)}"] + (["Connection: close"] if last else [])
        head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
        body = b"" if verb == "HEAD" else answer.body
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
            self.slowly(head, body, answer.manner[1])

    def slowly(self, head, body, seconds):
        self.wfile.write(head)
        step = max(1, len(body) // 20)
        pieces = [body[start : start + step] for start in range(0, len(body), step)]
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(seconds / len(pieces))


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512


def main():
    parser = argparse.ArgumentParser(description="A Google Cloud to test against.")
    parser.add_argument("--port", type=int, default=0, help="of REST; 0 for a free one")
    parser.add_argument("--grpc-port", type=int, default=0, help="of gRPC; 0 for a free one")
    parser.add_argument("--seed", default="none", help="none, tiny, small, large, or a plan as JSON")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    shim = Shim()
    server = Server(("127.0.0.1", given.port), Connection)
    rest = server.rest = Rest(shim)
    _, grpc_port = rpc.start(shim, given.grpc_port)
    rest.endpoint, rest.grpc = f"http://127.0.0.1:{server.server_address[1]}", f"127.0.0.1:{grpc_port}"
    plan = json.loads(given.seed) if given.seed.startswith("{") else given.seed
    if plan != "none":
        print("seeded", json.dumps(shim.seed(plan)), flush=True)
    print(f"ready {rest.endpoint} grpc {rest.grpc}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
