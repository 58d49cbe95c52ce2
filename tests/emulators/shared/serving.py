"""HTTP on a loopback port for all emulators: connections that stay open, and answers that break on the way when a
test orders it. Refuses to know what is asked: `server.emulator.answer` does.
"""

import argparse
import json
import logging
import signal
import socket
import socketserver
import struct
import sys
import time
from http import HTTPStatus

PHRASES = {one.value: one.phrase for one in HTTPStatus}


class Answer:
    """What is sent back. `manner` says how the body leaves: None, ("reset",) or ("slow", seconds)."""

    __slots__ = ("status", "headers", "body", "manner")

    def __init__(self, status=200, headers=None, body=b"", manner=None):
        self.status = status
        self.headers = headers or {}
        self.body = body.encode() if isinstance(body, str) else body
        self.manner = manner


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
        answer = self.server.emulator.answer(method, target, headers, body)
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
        lines = [f"HTTP/1.1 {answer.status} {PHRASES.get(answer.status, 'Answer')}"]
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


def run(description, make):
    """Serves what `make` makes until it is told to end: the command line of every emulator."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    parser.add_argument("--seed", default="none", help="none, tiny, small, large, or a plan as JSON")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server(("127.0.0.1", given.port), Connection)
    server.emulator = make()
    ready = server.emulator.opened(f"http://127.0.0.1:{server.server_address[1]}")
    plan = json.loads(given.seed) if given.seed.startswith("{") else given.seed
    if plan != "none":
        print("seeded", json.dumps(server.emulator.seed(plan)), flush=True)
    print(ready, flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass
