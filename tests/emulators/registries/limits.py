"""How much may be asked in how long: pulls at Docker Hub, and calls of vendors' APIs. Refuses to be exact about where a
window begins: it begins with the first call."""

import threading
import time

# Calls and seconds of each vendor's API, as they tell.
USUAL = {"hub": (180, 60), "github": (5000, 3600), "gitlab": (2000, 60)}


class Limits:
    """What is left to each who asks."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.windows = {}
        # Pulls, as a number, or None for what Docker Hub gives to accounts and to anybody; 0 is as many as one likes.
        self.pull_limit, self.pull_window = None, 21_600
        # The same of APIs: None for what each vendor gives.
        self.api_limit, self.api_window = None, None

    def take(self, who, limit, window, cost=1):
        """(left, end of the window); left is below zero when there was none."""
        now = time.time()
        with self.lock:
            used, until = self.windows.get(who, (0, 0.0))
            if now >= until:
                used, until = 0, now + window
            if used + cost <= limit:
                used += cost
                self.windows[who] = (used, until)
                return limit - used, until
            self.windows[who] = (used, until)
            return (-1 if cost else limit - used), until

    def pull(self, user, counts):
        """(limit, left) of pulls for somebody, or None where there is no limit."""
        limit = self.pull_limit if self.pull_limit is not None else 200 if user else 100
        if limit == 0:
            return None
        left, _ = self.take(("pull", user), limit, self.pull_window, 1 if counts else 0)
        return limit, left

    def call(self, site, user):
        """(limit, left, end) of calls of an API."""
        limit, window = USUAL[site]
        limit, window = self.api_limit if self.api_limit is not None else limit, self.api_window or window
        return limit, *self.take((site, user), limit, window)
