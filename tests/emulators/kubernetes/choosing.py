"""Selectors of labels and of fields. Refuses what it does not understand, never answers in part."""

import re

from wire import bad

PART = re.compile(r"[^,()]+(?:\([^()]*\))?|\([^()]*\)")
SETS = re.compile(r"\s*([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)\s*")
EQUAL = re.compile(r"\s*([^\s!=,()<>]+)\s*(==|=|!=)\s*([^\s!=,()<>]*)\s*")
EXISTS = re.compile(r"\s*(!?)\s*([^\s!=,()<>]+)\s*")
VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")

# What can be asked of each resource besides its name; the paths are those of the objects.
FIELDS = {
    "pods": (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.nominatedNodeName",
    ),
    "replicasets": ("status.replicas",),
    "replicationcontrollers": ("status.replicas",),
    "jobs": ("status.successful",),
    "nodes": ("spec.unschedulable",),
    "namespaces": ("status.phase",),
    "services": ("spec.clusterIP", "spec.type"),
}


def chooser(call, kind):
    """Whether a stored object is meant, as a function; None when all are."""
    labels, fields = call.query.get("labelSelector", "").strip(), call.query.get("fieldSelector", "").strip()
    if not labels and not fields:
        return None
    wanted = label_terms(labels) if labels else []
    terms = field_terms(fields, kind) if fields else []

    def chosen(row):
        # What names alone decide needs no look inside.
        if not all(holds(row.name, equal, value) for path, equal, value in terms if path == "metadata.name"):
            return False
        inside = [term for term in terms if term[0] != "metadata.name"]
        if not inside and not wanted:
            return True
        value = row.value()
        has = value["metadata"].get("labels") or {}
        return all(term(has) for term in wanted) and all(holds(field(value, path), equal, one) for path, equal, one in inside)

    return chosen


def label_terms(text):
    """The terms of a selector of labels, each a function of labels."""
    parts = PART.findall(text)
    if ",".join(parts) != text:
        raise bad(f"unable to parse requirement: found '{text}'")
    return [label_term(part) for part in parts]


def label_term(part):
    if found := SETS.fullmatch(part):
        name, how, values = found[1], found[2], {value.strip() for value in found[3].split(",")}
        check(values)
        return (lambda has: has.get(name) in values) if how == "in" else (lambda has: has.get(name) not in values)
    if found := EQUAL.fullmatch(part):
        name, how, value = found.groups()
        check({value})
        return (lambda has: has.get(name) != value) if how == "!=" else (lambda has: has.get(name) == value)
    if found := EXISTS.fullmatch(part):
        absent, name = found.groups()
        return (lambda has: name not in has) if absent else (lambda has: name in has)
    raise bad(f"unable to parse requirement: found '{part}', expected: identifier, '!', 'in', 'notin', '=', '==' or '!='")


def check(values):
    for value in values:
        if not VALUE.fullmatch(value):
            raise bad(
                f"unable to parse requirement: values[0][]: Invalid value: \"{value}\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'"
            )


def field_terms(text, kind):
    """(path, equal, value) of each term."""
    known = ("metadata.name", *(("metadata.namespace",) if kind.namespaced else ()), *(() if kind.custom else FIELDS.get(kind.plural, ())))
    terms = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*([\w.]+)\s*(==|=|!=)\s*([^=!]*?)\s*", part)
        if found is None:
            raise bad(f"invalid selector: '{text}'; can't understand '{part}'")
        if found[1] not in known:
            where = f"/{kind.version}" if not kind.group else f"{kind.group}/{kind.version}"
            raise bad(f'Unable to find "{where}, Resource={kind.plural}" that match label selector "", field selector "{text}": field label not supported: {found[1]}')
        terms.append((found[1], found[2] != "!=", found[3]))
    return terms


def field(value, path):
    """A field as selectors compare it: text, empty when absent."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return "false" if path in ("spec.hostNetwork", "spec.unschedulable") else "0" if path == "status.replicas" else ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def holds(has, equal, wanted):
    return (has == wanted) == equal
