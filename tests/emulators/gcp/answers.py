"""Which method is answered by which function, and how long its pages are. Refuses to answer twice for one method."""

from collections import namedtuple

Written = namedtuple("Written", "make field usual most")
ANSWERS = {}
# Projects of Google's own that hold the notes of its scanners; anybody may read them.
PROVIDERS = {"goog-vulnz", "goog-analysis"}


def answers(service, method):
    """Marks `make(call, shim)` as the answer of a method: a message."""
    return lists(service, method, None)


def lists(service, method, field, usual=100, most=1000):
    """Marks `make(call, shim)` as the rows of a list, which is the named field of the response."""
    def mark(make):
        if (service, method) in ANSWERS:
            raise ValueError(f"{service}.{method} is answered already")
        ANSWERS[(service, method)] = Written(make, field, usual, most)
        return make
    return mark
