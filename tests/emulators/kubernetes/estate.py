"""What was seeded: clusters of several clouds with nodes, workloads and what stands around them. The same plan always
gives the same estate. Refuses names of a plan that it does not know."""

import gc

import bulk
import cases_admission
import cases_names
import cases_network
import cases_pods
import cases_security
import nodes
import results
from controllers import Site
from store import Cluster

PLANS = {
    "none": {"clusters": 1, "cases": False, "pods": 0, "nodes": 0},
    "tiny": {"clusters": 1, "cases": False, "pods": 30, "nodes": 2, "namespaces": 2},
    "small": {},
    "large": {"cases": False, "pods": 50_000, "nodes": 200, "namespaces": 60, "old": 0},
}
# Clusters by their place: name and cloud. Further ones are as the first.
CLUSTERS = (("shop", "aws"), ("ledger", "gce"), ("lab", "azure"))
OLD = "rack"


class Plan:
    """How large an estate to build."""

    def __init__(self, order):
        order = {**PLANS[order.pop("plan", "small")], **order} if isinstance(order, dict) else dict(PLANS[order])
        self.clusters = order.pop("clusters", 3)
        # How many of the clusters, from the last, are old ones, outside of clouds.
        self.old = order.pop("old", 1 if self.clusters > 1 else 0)
        self.nodes = order.pop("nodes", 6)
        # Whether each cluster has the hard cases, and the results of scanners.
        self.cases = order.pop("cases", True)
        self.results = order.pop("results", self.cases)
        # Findings of each report that has any.
        self.findings = order.pop("findings", 8)
        # Exactly so many plain pods in all, in so many namespaces of each cluster.
        self.pods = order.pop("pods", 60)
        self.namespaces = order.pop("namespaces", 4)
        if order:
            raise ValueError(f"a plan does not know: {', '.join(order)}")
        if self.results and not self.cases:
            raise ValueError("results are of what the hard cases run")


class Estate:
    def __init__(self):
        self.clusters, self.cases = {}, {}

    def told(self, address, secured):
        """What a test needs in order to begin: of each cluster its addresses, how many objects of each resource, and
        where the hard cases are."""
        return {
            "clusters": [
                {
                    "name": cluster.name,
                    "server": f"{address}/clusters/{cluster.name}",
                    **({"secured": f"{secured}/clusters/{cluster.name}"} if secured else {}),
                    "cloud": cluster.cloud,
                    "version": cluster.about["gitVersion"],
                    "old": cluster.old,
                    "resourceVersion": str(cluster.revision),
                    "objects": {"/".join(filter(None, where)): len(shelf.rows) for where, shelf in cluster.shelves.items() if shelf.rows},
                    "cases": self.cases[cluster.name],
                }
                for cluster in self.clusters.values()
            ]
        }


def build(order):
    """Lays the clusters of a plan."""
    plan, estate = Plan(order), Estate()
    # Nothing of what is laid is garbage; looking for some takes longer than laying it.
    gc.disable()
    try:
        fill(plan, estate)
    finally:
        gc.enable()
    return estate


def fill(plan, estate):
    for number in range(plan.clusters):
        old = number >= plan.clusters - plan.old
        name, cloud = CLUSTERS[number] if number < len(CLUSTERS) else (f"cluster-{number + 1}", CLUSTERS[number % 3][1])
        cloud = OLD if old else cloud
        cluster = Cluster(name, cloud, nodes.about(cloud), old)
        site = lay(cluster, plan, plan.pods // plan.clusters + (number < plan.pods % plan.clusters))
        cluster.settle()
        estate.clusters[name], estate.cases[name] = cluster, site.cases


def lay(cluster, plan, pods):
    """Everything of one cluster."""
    site = Site(cluster, [nodes.name_of(cluster.cloud, number) for number in range(plan.nodes)])
    for number in range(plan.nodes):
        site.lay(nodes.node(cluster.cloud, number), "node" if number == 0 else None)
    if plan.cases:
        cases_names.lay(site)
        cases_pods.lay(site)
        cases_security.lay(site)
        cases_network.lay(site)
        cases_admission.lay(site)
        cases_names.lay_hostile(site)
    else:
        for name in ("default", "kube-system"):
            site.lay(cases_names.space(name))
    if plan.results:
        results.lay(site, plan.findings)
    if pods and plan.namespaces:
        bulk.lay(site, pods, plan.namespaces)
    return site
