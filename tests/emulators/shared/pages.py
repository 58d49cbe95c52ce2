"""Page tokens: opaque, bound to the list they were given for, and mortal. A list is a picture of the moment
of its first page. Refuses a token of another list, an unknown one and an old one."""

import threading
import time
import uuid
from collections import OrderedDict

KEPT = 20_000


class Pages:
    """Hands out pages of lists."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.tokens = OrderedDict()
        # Seconds that a token lives; vendors do not say, hours in practice.
        self.token_seconds = 3600.0
        # The most entries a page may have, whatever was asked for: vendors may always give fewer.
        self.page_cap = None

    def cut(self, subject, rows, token, size, repeat=False):
        """The rows of one page and the token of the next, or None.

        `subject` names the list: the same token is no good for another. `rows` is called for a first page
        only. With `repeat` every page is the first and promises another."""
        if repeat:
            return rows()[: self.size(size)], "the-same-again"
        start = 0
        if token:
            with self.lock:
                known = self.tokens.get(token)
            if known is None or known[0] != subject or time.monotonic() - known[3] > self.token_seconds:
                return None
            _, listed, start, _ = known
        else:
            listed = rows()
        end = start + self.size(size)
        if end >= len(listed):
            return listed[start:], None
        following = uuid.uuid4().hex + uuid.uuid4().hex
        with self.lock:
            self.tokens[following] = (subject, listed, end, time.monotonic())
            while len(self.tokens) > KEPT:
                self.tokens.popitem(last=False)
        return listed[start:end], following

    def size(self, wanted):
        return max(1, min(wanted, self.page_cap or wanted))
