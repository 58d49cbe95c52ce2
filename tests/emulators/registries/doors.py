"""The ports of the sites. Over what all emulators share: a header that is sent many times is one list, as Go's clients
send what they accept; a hello of TLS is hung up on, so that a client which tries that first need not wait; and answers
can end early. Refuses what is no HTTP with 400."""

import threading

from serving import Connection, Server

BAD = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
HELLO = b"\x16"


class Door(Connection):
    """One connection to one site."""

    def one(self):
        """One request and its answer; False when the connection is at its end."""
        if self.rfile.peek(1)[:1] == HELLO:
            return False
        line = self.rfile.readline(65_537)
        if line in (b"\r\n", b"\n"):
            return True
        if not line:
            return False
        parts = line.decode("latin-1").split(" ")
        if len(parts) != 3 or not parts[1].startswith("/"):
            self.wfile.write(BAD)
            self.wfile.flush()
            return False
        headers = self.headers()
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        answer = self.server.front.answer(parts[0], parts[1], headers, self.body(headers), self.server.site)
        last = headers.get("connection", "").lower() == "close"
        self.send(answer, parts[0], last)
        return not last and (answer.manner is None or answer.manner[0] == "slow")

    def headers(self):
        found = {}
        while (line := self.rfile.readline(65_537)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            name, value = name.strip().lower(), value.strip()
            found[name] = f"{found[name]}, {value}" if name in found else value
        return found

    def send(self, answer, method, last):
        if answer.manner != ("cut",):
            return super().send(answer, method, last)
        # The length of the whole, and then the end.
        whole, answer.manner = answer.body, None
        buffered, self.wfile = self.wfile, Half(self.wfile, len(whole) - len(whole) // 2 if method != "HEAD" else 0)
        super().send(answer, method, True)
        self.wfile, answer.manner = buffered, ("cut",)


class Half:
    """A way out on which the last bytes are lost."""

    def __init__(self, out, lost):
        self.out, self.lost = out, lost

    def write(self, data):
        self.out.write(data[: len(data) - self.lost])

    def flush(self):
        self.out.flush()


def opened(front, site):
    """Opens a port for a site and answers its address."""
    server = Server(("127.0.0.1", 0), Door)
    server.front, server.site = front, site
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"
