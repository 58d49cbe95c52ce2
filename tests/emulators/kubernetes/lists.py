"""Lists page by page, and single objects. A list is a picture of one revision, whose later pages are reached by tokens
that end; who comes too late is shown, as by API servers, how to go on without one picture. Refuses options that it
does not know, and those that contradict each other."""

import json

import choosing
import kinds
import pages
from wire import Refusal, bad, expired, invalid, not_found, told

LIST_OPTIONS = {
    "limit",
    "continue",
    "resourceVersion",
    "resourceVersionMatch",
    "labelSelector",
    "fieldSelector",
    "watch",
    "allowWatchBookmarks",
    "timeoutSeconds",
    "sendInitialEvents",
    "pretty",
    "timeout",
}
EXPIRED = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
    "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token "
    "results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and "
    "now may show up in the list."
)
# What a list of kubescape's server is told to tell objects whole.
FULL = "fullSpec"


class Picture(list):
    """The rows of a list at one revision; `counted` where the server says how many are left."""

    def __init__(self, rows, revision, counted):
        super().__init__(rows)
        self.revision, self.counted = revision, counted


class Pages(pages.Pages):
    """Page tokens that can also be looked at when they are over."""

    def reset(self):
        super().reset()
        # API servers answer from their cache whatever limit is asked for along with resourceVersion=0.
        self.whole_at_zero = True

    def token(self, token):
        """(list, picture, place) of a token that was handed out, however old, or None."""
        with self.lock:
            known = self.tokens.get(token)
        return known and known[:3]

    def hand(self, subject, picture, place=0):
        """A token for the rows of a picture from a place on."""
        _, token = self.cut(subject, lambda: Picture([None, *picture], picture.revision, picture.counted), None, place + 1)
        return token


def listed(call, emulator, cluster, shelf):
    """One page of a list."""
    check(call)
    kind, limit = shelf.kind, number(call, "limit")
    full = kind.group == kinds.KUBESCAPE and call.revision == FULL
    continued = call.query.get("continue")
    # Another selector or namespace is another list.
    subject = (cluster.name, kind.group, kind.version, kind.plural, call.namespace, call.query.get("labelSelector"), call.query.get("fieldSelector"))
    if continued:
        picture, rows, following = further(call, emulator, cluster, shelf, subject, limit)
    else:
        picture = pictured(call, emulator, cluster, shelf, full)
        if call.revision == "0" and emulator.pages.whole_at_zero:
            limit = None
        # Who asks for no pages gets none.
        rows, following = (picture, None) if limit is None else emulator.pages.cut(subject, lambda: picture, None, limit, emulator.faults.repeats(call))
    metadata = {"resourceVersion": str(picture.revision)}
    if following:
        metadata["continue"] = following
        known = emulator.pages.token(following)
        if picture.counted and known:
            metadata["remainingItemCount"] = len(known[1]) - known[2]
    return told(written(call, kind, metadata, rows, full))


def further(call, emulator, cluster, shelf, subject, limit):
    """A later page, by its token."""
    token = call.query["continue"]
    if emulator.faults.repeats(call):
        picture = Picture(shelf.within(call.namespace), cluster.revision, False)
        return picture, *emulator.pages.cut(subject, lambda: picture, None, limit or len(picture), True)
    known = emulator.pages.token(token)
    if known is None:
        raise bad("continue key is not valid: illegal base64 data at input byte 4")
    if known[0] != subject:
        raise bad("continue key is not valid: the token was given for another list")
    size = limit or max(1, len(known[1]))
    page = None if emulator.faults.states("gone", call) else emulator.pages.cut(subject, None, token, size)
    if page is not None:
        return known[1], *page
    # What is left is read from the newest state, and so no picture of one moment.
    start = known[1][known[2]].key
    now = pictured(call, emulator, cluster, shelf, False)
    raise expired(EXPIRED, emulator.pages.hand(subject, Picture([row for row in now if row.key >= start], cluster.revision, now.counted)))


def pictured(call, emulator, cluster, shelf, full):
    """The rows that a list is made of, at the revision that was asked for."""
    chosen = choosing.chooser(call, shelf.kind)
    revision = 0 if full or call.query.get("continue") else number(call, "resourceVersion")
    if revision and revision > cluster.revision:
        raise Refusal(
            504,
            "Timeout",
            f"Too large resource version: {revision}, current: {cluster.revision}",
            {
                "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
                "retryAfterSeconds": 1,
            },
            {"Retry-After": "1"},
        )
    match = call.query.get("resourceVersionMatch")
    # Without a word on how, a revision along with a limit means exactly that one.
    exact = match == "Exact" or match is None and "limit" in call.query
    with cluster.changed:
        now, rows = cluster.revision, shelf.rows
    if revision and (emulator.faults.states("gone", call) or exact and revision < cluster.compacted):
        raise expired(f"The resourceVersion for the provided list is too old: {revision} ({cluster.compacted})")
    if revision and exact:
        now, rows = revision, cluster.rows_at(shelf, revision)
    rows = shelf.within(call.namespace, rows)
    return Picture(rows if chosen is None else filter(chosen, rows), now, chosen is None)


def check(call):
    """Refuses options that make no sense."""
    unknown = set(call.query) - LIST_OPTIONS
    if unknown:
        raise bad(f"the emulator does not know these options: {', '.join(sorted(unknown))}")
    match, revision = call.query.get("resourceVersionMatch"), call.revision
    if "sendInitialEvents" in call.query:
        raise invalid(
            f"Forbidden: sendInitialEvents is forbidden for {call.verb}" + (" unless the WatchList feature gate is enabled" if call.verb == "watch" else ""), "sendInitialEvents"
        )
    if call.verb == "watch":
        if match:
            raise invalid("Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided", "resourceVersionMatch")
        return
    if revision == FULL and call.group != kinds.KUBESCAPE:
        raise bad(f'strconv.ParseUint: parsing "{FULL}": invalid syntax')
    if call.query.get("continue"):
        if match:
            raise invalid("Forbidden: resourceVersionMatch is forbidden when continue is provided", "resourceVersionMatch")
        # Kubescape's server forgets from page to page that objects are wanted whole: it takes the word beside a token.
        if revision not in (None, "", "0", FULL):
            raise bad("specifying resource version is not allowed when using continue")
    if match and not revision:
        raise invalid("Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided", "resourceVersionMatch")
    if match not in (None, "Exact", "NotOlderThan"):
        raise invalid(f'Unsupported value: "{match}": supported values: "Exact", "NotOlderThan"', "resourceVersionMatch", "FieldValueNotSupported")
    if match == "Exact" and revision == "0":
        raise invalid('Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"', "resourceVersionMatch")


def number(call, name):
    """A number of the query, or None."""
    given = call.query.get(name)
    if not given or given == FULL:
        return None
    try:
        value = int(given)
    except ValueError:
        raise bad(f'strconv.ParseUint: parsing "{given}": invalid syntax') from None
    if value < 0:
        raise bad(f'strconv.ParseUint: parsing "{given}": invalid syntax')
    return value or None


def accepted(call):
    """Whether whole objects are wanted, or their metadata only."""
    accepts = call.headers.get("accept", "*/*")
    for one in accepts.split(","):
        media, *parameters = (part.strip() for part in one.split(";"))
        if media in ("*/*", "application/*", "application/json"):
            kind = next((part[3:] for part in parameters if part.startswith("as=")), None)
            if kind is None:
                return False
            if kind.startswith("PartialObjectMetadata"):
                return True
    raise Refusal(406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf", {})


def bare(row):
    """An object's metadata only."""
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": row.value()["metadata"]}


def written(call, kind, metadata, rows, full):
    """A list as text."""
    head = json.dumps(metadata, separators=(",", ":")).encode()
    if accepted(call):
        items = (json.dumps(bare(row), separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass") for row in rows)
        return b'{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":%s,"items":[%s]}\n' % (head, b",".join(items))
    if kind.custom:
        items = [row.whole(kind) for row in rows]
        order = b'{"apiVersion":"%b","items":[%b],"kind":"%bList","metadata":%b}\n'
        return order % (kinds.api_version(kind).encode(), b",".join(items), kind.kind.encode(), head)
    items = [row.body if full or row.thin is None else row.thin for row in rows]
    return b'{"kind":"%bList","apiVersion":"%b","metadata":%b,"items":[%b]}\n' % (kind.kind.encode(), kinds.api_version(kind).encode(), head, b",".join(items))


def single(call, emulator, shelf):
    """One object by its name."""
    kind = shelf.kind
    key = f"{call.namespace}/{call.name}" if kind.namespaced else call.name
    row = shelf.find(key)
    if row is None or emulator.faults.vanished(call, key):
        raise not_found(kind.group, kind.plural, call.name)
    if accepted(call):
        return told(bare(row))
    return told(row.whole(kind) + b"\n")
