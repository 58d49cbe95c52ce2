"""Watches: what happens to the objects of a list, line by line, for as long as somebody listens. Refuses revisions that
are compacted, as an event, for the answer has begun."""

import json
import time

import choosing
import kinds
import lists
from serving import Answer
from wire import JSON, expired

# Seconds between two looks whether who asked is still there.
LOOK = 0.5
# Seconds that a watch lasts when nobody says how long.
USUAL = 1800


def watched(call, emulator, cluster, shelf):
    """The answer whose body is a stream of events."""
    lists.check(call)
    metadata_only = lists.accepted(call)
    chosen = choosing.chooser(call, shelf.kind)
    since, lasts = lists.number(call, "resourceVersion"), lists.number(call, "timeoutSeconds") or USUAL
    with cluster.changed:
        now, rows, hangups, bookmarks = cluster.revision, shelf.rows, cluster.hangups, cluster.bookmarks
    gone = bool(emulator.faults.states("gone", call)) or since is not None and since < cluster.compacted
    watch = Watch(emulator, cluster, shelf, call, chosen, metadata_only)

    def stream(left):
        if gone:
            refused = expired(f"too old resource version: {since or 0} ({cluster.compacted})").body()
            yield line("ERROR", json.dumps(refused).encode())
            return
        if since is None:
            for row in shelf.within(call.namespace, rows):
                if chosen is None or chosen(row):
                    yield line("ADDED", watch.shown(row))
        yield from watch.follow(now if since is None else since, time.monotonic() + lasts, left, hangups, bookmarks)

    return Answer(200, {"Content-Type": JSON}, b"", ("stream", stream))


class Watch:
    """One watch of one list."""

    def __init__(self, emulator, cluster, shelf, call, chosen, metadata_only):
        self.emulator, self.cluster, self.shelf, self.call = emulator, cluster, shelf, call
        self.chosen, self.metadata_only = chosen, metadata_only
        self.bookmarked = call.query.get("allowWatchBookmarks", "") in ("1", "true", "True")

    def follow(self, revision, until, left, hangups, bookmarks):
        """Events after a revision, until it is time, everybody is told to hang up, or nobody listens."""
        cluster, marked = self.cluster, time.monotonic()
        while True:
            with cluster.changed:
                found = self.after(revision)
                waits = min(LOOK, until - time.monotonic())
                if not found and waits > 0 and (cluster.hangups, cluster.bookmarks) == (hangups, bookmarks):
                    cluster.changed.wait(waits)
                    found = self.after(revision)
                now = cluster.revision
            for change in found:
                yield from self.event(change)
            # Revisions of other resources pass unseen.
            revision = max(revision, found[-1].revision if found else now)
            over = time.monotonic() >= until or cluster.hangups != hangups
            if self.bookmarked and (over or cluster.bookmarks != bookmarks or time.monotonic() - marked >= self.emulator.bookmark_seconds):
                marked, bookmarks = time.monotonic(), cluster.bookmarks
                yield line("BOOKMARK", self.bookmark(revision))
            bookmarks = cluster.bookmarks
            if over or left():
                return

    def after(self, revision):
        """Changes of this resource after a revision; asked for while nobody makes any."""
        changes = self.cluster.changes
        if not changes or changes[-1].revision <= revision:
            return []
        return [change for change in changes if change.revision > revision and change.shelf is self.shelf]

    def event(self, change):
        """What a change is to this watch: an object can also come into its sight, or leave it."""
        before, after = (row if row is not None and self.concerns(row) else None for row in (change.before, change.after))
        if after is not None:
            yield line("ADDED" if before is None else "MODIFIED", self.shown(after))
        elif before is not None:
            yield line("DELETED", self.shown(before))

    def concerns(self, row):
        inside = not self.call.namespace or not self.shelf.kind.namespaced or row.key.startswith(self.call.namespace + "/")
        named = not self.call.name or row.name == self.call.name
        return inside and named and (self.chosen is None or self.chosen(row))

    def shown(self, row):
        if self.metadata_only:
            return json.dumps(lists.bare(row), separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
        return row.whole(self.shelf.kind, thin=True)

    def bookmark(self, revision):
        """An object that is nothing but a revision."""
        kind = self.shelf.kind
        told = {"kind": kind.kind, "apiVersion": kinds.api_version(kind), "metadata": {"resourceVersion": str(revision), "creationTimestamp": None}}
        if self.metadata_only:
            told.update({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"})
        elif kind.plural == "pods":
            told.update({"spec": {"containers": None}, "status": {}})
        return json.dumps(told, separators=(",", ":")).encode()


def line(kind, written):
    return b'{"type":"%s","object":%s}\n' % (kind.encode(), written)
