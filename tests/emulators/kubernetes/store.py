"""The objects of a cluster as text that is ready to leave, in the order in which etcd has them, with the revisions by
which lists and watches tell time. Refuses to keep history for ever: what is compacted is gone."""

import hashlib
import json
import threading
from bisect import bisect_left, insort
from collections import OrderedDict
from datetime import datetime, timezone

import kinds

# Changes that a cluster remembers, for watches and for lists of former moments.
REMEMBERED = 10_000
# Revisions begin where a cluster that has lived for a while is.
FIRST = 100_000


class Stored:
    """One object: its JSON without kind and version, which lists of native objects do not tell."""

    __slots__ = ("body", "key", "read", "thin")

    def __init__(self, key, body, thin=None):
        self.key, self.body, self.thin, self.read = key, body, thin, None

    def __lt__(self, other):
        return self.key < other.key

    def value(self):
        """The object itself, for whoever must look into it."""
        return json.loads(self.body)

    def whole(self, kind, thin=False):
        """Its JSON with kind and version."""
        body = self.thin if thin and self.thin else self.body
        return b'{"kind":"%s","apiVersion":"%s",%s' % (kind.kind.encode(), kinds.api_version(kind).encode(), body[1:])

    @property
    def name(self):
        return self.key.rpartition("/")[2]


class Shelf:
    """All objects of one resource. Its rows are replaced when they change, so that a list is a picture."""

    def __init__(self, kind):
        self.kind, self.rows, self.sorted = kind, [], True

    def lay(self, stored):
        """Adds one while an estate is built."""
        self.rows.append(stored)
        self.sorted = False

    def settle(self):
        if not self.sorted:
            self.rows.sort()
            self.sorted = True

    def find(self, key):
        place = bisect_left(self.rows, key, key=lambda row: row.key)
        return self.rows[place] if place < len(self.rows) and self.rows[place].key == key else None

    def within(self, namespace, rows=None):
        """The rows of one namespace, or all."""
        rows = self.rows if rows is None else rows
        if not namespace:
            return rows
        first, last = (bisect_left(rows, namespace + end, key=lambda row: row.key) for end in "/0")
        return rows[first:last]

    def put(self, stored):
        """Takes one in place of that of its key, which is answered."""
        former = self.find(stored.key)
        rows = [row for row in self.rows if row is not former]
        insort(rows, stored)
        self.rows = rows
        return former

    def drop(self, key):
        former = self.find(key)
        if former is not None:
            self.rows = [row for row in self.rows if row is not former]
        return former


class Change:
    """Something that happened: an object before and after."""

    __slots__ = ("after", "before", "revision", "shelf")

    def __init__(self, revision, shelf, before, after):
        self.revision, self.shelf, self.before, self.after = revision, shelf, before, after


class Cluster:
    """One cluster. Whoever waits for changes waits at `changed`."""

    def __init__(self, name, cloud, about, old=False):
        self.name, self.cloud, self.about, self.old = name, cloud, about, old
        self.kinds = kinds.of_age(old)
        self.shelves = OrderedDict(((kind.group, kind.plural), Shelf(kind)) for kind in self.kinds if kind.served)
        self.revision, self.compacted, self.changes = FIRST, FIRST, []
        self.changed = threading.Condition()
        # Counted up when streams are told to end, and when they are told a bookmark.
        self.hangups = self.bookmarks = 0
        self.named, self.mark = 0, hashlib.sha256(name.encode()).hexdigest()

    def next(self):
        self.revision += 1
        return self.revision

    def uid(self):
        """An id that no other object of this cluster has."""
        self.named += 1
        return f"{self.mark[:8]}-{self.mark[8:12]}-4000-8000-{self.named:012x}"

    def lay(self, written, thin=None):
        """Adds an object while the estate is built; `written` is a value with kind and version."""
        kind = kinds.named(written["apiVersion"], written["kind"], self.old)
        metadata = written["metadata"]
        metadata.setdefault("uid", self.uid())
        metadata["resourceVersion"] = str(self.next())
        self.shelves[(kind.group, kind.plural)].lay(Stored(key(metadata), text(written), text({**written, **thin}) if thin else None))
        return metadata["uid"]

    def settle(self):
        for shelf in self.shelves.values():
            shelf.settle()
        self.compacted = self.revision

    def shelf(self, api, name):
        kind = kinds.named(api, name, self.old)
        return self.shelves[(kind.group, kind.plural)]

    def apply(self, written, merge=False):
        """Creates or replaces an object, or lays what is given over it; tells who watches."""
        with self.changed:
            shelf = self.shelf(written["apiVersion"], written["kind"])
            metadata = written["metadata"]
            if shelf.kind.namespaced and not metadata.get("namespace"):
                raise ValueError("the object names no namespace")
            former = shelf.find(key(metadata))
            if merge and former:
                written = merged(former.value(), written)
                metadata = written["metadata"]
            elif former:
                known = former.value()["metadata"]
                metadata = written["metadata"] = {**{name: known[name] for name in ("uid", "creationTimestamp") if name in known}, **metadata}
            metadata.setdefault("uid", self.uid())
            metadata.setdefault("creationTimestamp", f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}")
            metadata["resourceVersion"] = str(self.next())
            stored = Stored(key(metadata), text(written))
            self.note(shelf, shelf.put(stored), stored)
        return metadata

    def delete(self, api, name, namespace, object_name):
        with self.changed:
            shelf = self.shelf(api, name)
            former = shelf.drop(f"{namespace}/{object_name}" if shelf.kind.namespaced else object_name)
            if former is None:
                raise ValueError(f"no such {name}: {namespace}/{object_name}")
            # Who watches is shown the last state under the revision of the deletion.
            value = former.value()
            value["metadata"]["resourceVersion"] = str(self.next())
            self.note(shelf, Stored(former.key, text(value)), None)
        return {"resourceVersion": str(self.revision)}

    def note(self, shelf, before, after):
        self.changes.append(Change(self.revision, shelf, before, after))
        if len(self.changes) > REMEMBERED:
            self.compacted = self.changes[-REMEMBERED - 1].revision
            self.changes = self.changes[-REMEMBERED:]
        self.changed.notify_all()

    def compact(self):
        """Refuses from now on who asks for what was before; those who watch already miss nothing."""
        with self.changed:
            self.compacted = self.next()

    def rows_at(self, shelf, revision):
        """The rows as they were at a revision that is not compacted."""
        with self.changed:
            rows = {row.key: row for row in shelf.rows}
            for change in reversed(self.changes):
                if change.revision <= revision:
                    break
                if change.shelf is shelf:
                    if change.before is None:
                        rows.pop(change.after.key, None)
                    else:
                        rows[change.before.key] = change.before
        return sorted(rows.values())


def key(metadata):
    """Where etcd has an object."""
    return f"{metadata['namespace']}/{metadata['name']}" if metadata.get("namespace") else metadata["name"]


def text(written):
    kept = {name: value for name, value in written.items() if name not in ("kind", "apiVersion")}
    return json.dumps({"metadata": kept.pop("metadata"), **kept}, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def merged(former, given):
    """A value with another laid over it, by the rules of a JSON merge patch."""
    if not isinstance(given, dict) or not isinstance(former, dict):
        return given
    laid = dict(former)
    for name, value in given.items():
        if value is None:
            laid.pop(name, None)
        else:
            laid[name] = merged(laid.get(name), value) if isinstance(value, dict) else value
    return laid
