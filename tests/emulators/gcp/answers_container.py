"""Kubernetes Engine v1: clusters, their node pools and the versions on offer. Refuses pages: its API has none."""

from answers import answers
from google.cloud.container_v1 import types as wrapped
from replies import not_found

VERSIONS = ("1.35.2-gke.1842000", "1.34.4-gke.1193000", "1.33.8-gke.1026000")
# When support of a minor version ends: the standard one, and that of the extended channel.
SUPPORT = {
    "1.30": ("2025-09-30T00:00:00Z", "2026-07-30T00:00:00Z"), "1.33": ("2026-08-03T00:00:00Z", "2027-06-03T00:00:00Z"),
    "1.34": ("2026-11-05T00:00:00Z", "2027-09-05T00:00:00Z"), "1.35": ("2027-03-30T00:00:00Z", "2028-01-30T00:00:00Z"),
}


def cluster_of(call, shim):
    """The cluster that a call is about."""
    parts = call.resource.split("/")
    name = "/".join(["projects", call.project, *parts[2:6]])
    found = shim.estate.project(call.project).clusters.get(name)
    if found is None:
        raise not_found(call.resource)
    return found.message()


def led(cluster, where):
    """A cluster as it is, or with the API server that a test leads it to."""
    if where:
        cluster.endpoint = f"{where['address'].removeprefix('https://')}/clusters/{cluster.name}"
        cluster.master_auth.cluster_ca_certificate = where["authority"]
    return cluster


@answers("ClusterManager", "ListClusters")
def list_clusters(call, shim):
    clusters = shim.estate.project(call.project).clusters.values()
    there = [led(row.message(), shim.api_server) for row in clusters]
    reply = call.rpc.response()
    reply.clusters.extend(one for one in there if call.location in ("-", one.location))
    return reply


@answers("ClusterManager", "GetCluster")
def get_cluster(call, shim):
    return cluster_of(call, shim)


@answers("ClusterManager", "FetchClusterUpgradeInfo")
def fetch_cluster_upgrade_info(call, shim):
    version = cluster_of(call, shim).current_master_version
    standard, extended = SUPPORT[".".join(version.split(".")[:2])]
    return call.rpc.response(end_of_standard_support_timestamp=standard, end_of_extended_support_timestamp=extended)


@answers("ClusterManager", "ListNodePools")
def list_node_pools(call, shim):
    return call.rpc.response(node_pools=cluster_of(call, shim).node_pools)


@answers("ClusterManager", "GetServerConfig")
def get_server_config(call, shim):
    channels = wrapped.ReleaseChannel.Channel
    offered = ((channels.RAPID, 0), (channels.REGULAR, 1), (channels.STABLE, 2))
    return wrapped.ServerConfig.pb()(
        default_cluster_version=VERSIONS[1], valid_master_versions=VERSIONS, valid_node_versions=VERSIONS,
        default_image_type="COS_CONTAINERD", valid_image_types=["COS_CONTAINERD", "UBUNTU_CONTAINERD"],
        channels=[{"channel": channel, "default_version": VERSIONS[place], "valid_versions": [VERSIONS[place]]} for channel, place in offered],
    )
