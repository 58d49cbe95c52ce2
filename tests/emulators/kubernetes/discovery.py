"""What an API server says of itself: its version, its groups, and the resources of each version of them. All in
one document where that is asked for. Refuses that one in an old cluster, as servers did before 1.26: who takes the
plain ones as well gets those."""

import kinds
import lists
from wire import Refusal, nothing_there, told

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
UNAVAILABLE = "service unavailable"
SERVER = [{"clientCIDR": "0.0.0.0/0", "serverAddress": "10.0.0.1:443"}]


def served(call, emulator, cluster):
    """The answer to a path that is no resource."""
    parts = [part for part in call.path.split("/") if part]
    if parts in (["api"], ["apis"]) and not cluster.old and AGGREGATED in call.headers.get("accept", "").replace(" ", ""):
        return aggregated(emulator, cluster, core=parts == ["api"])
    if parts[:1] in (["api"], ["apis"]):
        lists.accepted(call)
    if call.path in ("/healthz", "/livez", "/readyz"):
        return told(b"ok", headers={"Content-Type": "text/plain; charset=utf-8"})
    if parts == ["version"]:
        return told(cluster.about)
    if parts == ["api"]:
        return told({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": SERVER})
    if parts == ["apis"]:
        groups = [group(cluster, name, versions) for name, versions in present(emulator, cluster).items() if name]
        return told({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
    if parts[:1] == ["api"] and len(parts) == 2:
        return resources(emulator, cluster, "", parts[1])
    if parts[:1] == ["apis"] and len(parts) == 2:
        return one_group(emulator, cluster, parts[1])
    if parts[:1] == ["apis"] and len(parts) == 3:
        return resources(emulator, cluster, parts[1], parts[2])
    raise nothing_there()


def present(emulator, cluster):
    """Versions by group, but for what was ordered to be absent."""
    found = {}
    for kind in cluster.kinds:
        versions = found.setdefault(kind.group, [])
        if kind.version not in versions and not emulator.faults.missing(cluster.name, kind.group, kind.version):
            versions.append(kind.version)
    found[kinds.AUTHORIZATION] = ["v1"]
    # The finest version comes first.
    return {name: sorted(versions, key=lambda version: ("alpha" in version, "beta" in version)) for name, versions in found.items() if versions}


def group(cluster, name, versions):
    told_versions = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": told_versions, "preferredVersion": told_versions[0]}


def one_group(emulator, cluster, name):
    if emulator.faults.broken(cluster.name, name):
        raise Refusal(503, None, UNAVAILABLE, plain=True)
    versions = present(emulator, cluster).get(name)
    if not versions or not name:
        raise nothing_there()
    return told({"kind": "APIGroup", "apiVersion": "v1", **group(cluster, name, versions)})


def aggregated(emulator, cluster, core):
    """The groups with all their resources. Of a group that does not answer it is told that nothing is fresh."""
    items = []
    for name, versions in present(emulator, cluster).items():
        if (name == "") == core:
            broken = emulator.faults.broken(cluster.name, name)
            told_versions = [
                {
                    "version": version,
                    "resources": [] if broken else [*whole(listed(emulator, cluster, name, version), name, version)],
                    "freshness": "Stale" if broken else "Current",
                }
                for version in versions
            ]
            items.append({"metadata": {**({"name": name} if name else {}), "creationTimestamp": None}, "versions": told_versions})
    written = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}
    return told(written, headers={"Content-Type": AGGREGATED, "Vary": "Accept"})


def whole(rows, group_name, version):
    """Resources of plain discovery as the aggregated one has them: with their subresources inside."""
    above = None
    for row in rows:
        kind = {"group": group_name, "version": version, "kind": row["kind"]}
        if "/" in row["name"]:
            above["subresources"].append({"subresource": row["name"].partition("/")[2], "responseKind": kind, "verbs": row["verbs"]})
            continue
        above = {
            "resource": row["name"],
            "responseKind": kind,
            "scope": "Namespaced" if row["namespaced"] else "Cluster",
            "singularResource": row["singularName"],
            "verbs": row["verbs"],
            "subresources": [],
        }
        if "shortNames" in row:
            above["shortNames"] = row["shortNames"]
        yield above


def resources(emulator, cluster, name, version):
    """The APIResourceList of one version."""
    if emulator.faults.broken(cluster.name, name):
        raise Refusal(503, None, UNAVAILABLE, plain=True)
    if version not in present(emulator, cluster).get(name, ()):
        raise nothing_there()
    version_of_list = {"apiVersion": "v1"} if name else {}
    return told({"kind": "APIResourceList", **version_of_list, "groupVersion": f"{name}/{version}" if name else version, "resources": listed(emulator, cluster, name, version)})


def listed(emulator, cluster, name, version):
    """The resources of one version, each followed by its subresources."""
    if name == kinds.AUTHORIZATION:
        return [{"name": plural, "singularName": kind.lower(), "namespaced": False, "kind": kind, "verbs": ["create"]} for plural, kind in kinds.REVIEWS.items()]
    here = [kind for kind in cluster.kinds if (kind.group, kind.version) == (name, version) and not emulator.faults.missing(cluster.name, name, version, kind.plural)]
    return [entry for kind in here for entry in entries(kind)]


def entries(kind):
    """A resource, and its subresources by name."""
    entry = {"name": kind.plural, "singularName": kind.kind.lower(), "namespaced": kind.namespaced, "kind": kind.kind, "verbs": list(kinds.ALL)}
    if kind.short:
        entry["shortNames"] = list(kind.short)
    yield entry
    for name in kinds.SUBRESOURCES.get(kind.plural, ()):
        verbs = ["get"] if name == "log" else ["get", "patch", "update"]
        yield {"name": f"{kind.plural}/{name}", "singularName": "", "namespaced": kind.namespaced, "kind": "Scale" if name == "scale" else kind.kind, "verbs": verbs}
