"""The two doors of the emulator, plain and over TLS: answers that are streams, a handshake of each connection's own,
compression where it was set. Refuses to know what is asked, as `serving` does.
"""

import argparse
import gzip
import json
import logging
import os
import select
import shutil
import signal
import socket
import ssl
import struct
import sys
import tempfile
import threading

import authority
from serving import PHRASES, Connection, Server

# From which size on API servers compress what they answer.
COMPRESSED = 128 * 1024


class Door(Connection):
    """One connection; over TLS where its server has a context."""

    def setup(self):
        if self.server.context is not None:
            self.request.settimeout(30)
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
            self.request.settimeout(None)
        super().setup()

    def send(self, answer, method, last):
        if answer.manner is not None and answer.manner[0] == "stream":
            return self.stream(answer)
        if answer.headers.pop("Compress", None) and len(answer.body) > COMPRESSED:
            answer.body = gzip.compress(answer.body, 1)
            answer.headers.update({"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
        return super().send(answer, method, last)

    def stream(self, answer):
        """A body in chunks as they come; the connection ends with it when the stream breaks."""
        answer.headers.pop("Compress", None)
        lines = [f"HTTP/1.1 {answer.status} {PHRASES.get(answer.status, 'Answer')}", "Transfer-Encoding: chunked"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        self.wfile.write("\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n")
        self.wfile.flush()
        for piece in answer.manner[1](self.left):
            if piece is None:
                return self.reset()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
        return None

    def left(self):
        """Whether who asked is gone: nobody says anything more while a stream comes."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise ConnectionError("ordered by a test")


class Doors(Server):
    """A listening address of the emulator."""

    context = None

    def handle_error(self, request, client_address):
        """Who does not trust us, or goes away early, is no news."""


class Secured:
    """What is reached over TLS, opened when it is first asked for."""

    def __init__(self, emulator):
        self.emulator, self.lock, self.address, self.file, self.pem = emulator, threading.Lock(), None, None, None

    def open(self):
        """(address, file of the authority's certificate)."""
        with self.lock:
            if self.address is None:
                made = authority.issue()
                folder = tempfile.mkdtemp(prefix="plimsoll-kubernetes-")
                self.file, self.pem = os.path.join(folder, "ca.crt"), made.authority
                for name, text in (("ca.crt", made.authority), ("server.pem", made.key + made.certificate)):
                    with open(os.path.join(folder, name), "w", encoding="ascii") as kept:
                        kept.write(text)
                server = Doors(("127.0.0.1", 0), Door)
                server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                server.context.load_cert_chain(os.path.join(folder, "server.pem"))
                server.emulator = self.emulator
                threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
                self.address = f"https://127.0.0.1:{server.server_address[1]}"
        return self.address, self.file

    def close(self):
        if self.file is not None:
            shutil.rmtree(os.path.dirname(self.file), ignore_errors=True)


def run(description, make):
    """Serves what `make` makes until it is told to end."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    parser.add_argument("--seed", default="none", help="none, tiny, small, large, or a plan as JSON")
    parser.add_argument("--tls", action="store_true", help="a second address over TLS, with an authority of its own")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Doors(("127.0.0.1", given.port), Door)
    server.emulator = emulator = make()
    emulator.secured = Secured(emulator)
    ready = emulator.opened(f"http://127.0.0.1:{server.server_address[1]}")
    if given.tls:
        ready += " tls {} ca {}".format(*emulator.secured.open())
    plan = json.loads(given.seed) if given.seed.startswith("{") else given.seed
    if plan != "none":
        print("seeded", json.dumps(emulator.seed(plan)), flush=True)
    print(ready, flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass
    finally:
        emulator.secured.close()
