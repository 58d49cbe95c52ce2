"""Very many plain workloads, quickly: a pod is written once for its workload, and the others are that text with other
names. Refuses to know hard cases."""

import blocks
import cases_network
import controllers
from blocks import by_tag, container, image
from cases_names import space
from store import Stored, text

# What stands in a text where each pod has its own.
NAME, UID, NODE, HOST, ADDRESS, REVISION = "\x01name\x01", "\x01uid\x01", "\x01node\x01", "\x01host\x01", "\x01address\x01", "\x01revision\x01"
MARKS = [f"\\u0001{mark[1:-1]}\\u0001".encode() for mark in (NAME, UID, NODE, HOST, ADDRESS, REVISION)]
# One turn of kinds, and how many pods each of them has.
TURN = (
    ("Deployment", 4),
    ("Deployment", 3),
    ("StatefulSet", 3),
    ("Deployment", 4),
    ("CronJob", 1),
    ("Deployment", 4),
    ("DaemonSet", 5),
    ("Job", 1),
    ("Deployment", 4),
    ("Bare", 1),
)
# So that images are shared by workloads, as they are.
REPOSITORIES = 400


class Quick(controllers.Site):
    """A cluster that takes pods as the text of the first of their workload."""

    def __init__(self, site):
        super().__init__(site.cluster, site.nodes)
        self.written, self.left, self.shelf = {}, 0, site.cluster.shelves[("", "pods")]
        self.hosts = {name: f"10.0.{number // 250}.{number % 250 + 4}" for number, name in enumerate(site.nodes)}

    def pod(self, namespace, name, containers, case=None, node=None, owner=None, **more):
        if self.left <= 0:
            return
        self.left -= 1
        workload = owner["uid"] if owner else None
        if workload not in self.written:
            # Only the pods of the newest workload come from here on.
            made = blocks.pod(namespace, NAME, NODE, containers, owner=owner, host=HOST, address=ADDRESS, **more)
            made["metadata"].update({"uid": UID, "resourceVersion": REVISION, **({"generateName": name[:-5]} if owner and name[-6:-5] == "-" else {})})
            self.written = {workload: text(blocks.as_docker(made) if self.cluster.old else made)}
        chosen, host, address = self.place()
        values = (name, self.cluster.uid(), node or chosen, self.hosts.get(node, host), address, str(self.cluster.next()))
        body = self.written[workload]
        for mark, value in zip(MARKS, values):
            body = body.replace(mark, value.encode())
        self.shelf.lay(Stored(f"{namespace}/{name}", body))


def lay(site, pods, namespaces):
    """Exactly so many pods, in so many namespaces, with what owns them and what stands before them."""
    quick, names = Quick(site), [f"team-{number:03d}" for number in range(namespaces)]
    for number, name in enumerate(names):
        site.lay(space(name, {"environment": ("production", "staging", "dev")[number % 3], "team": f"team-{number % 12}"}))
    for name in names[::2]:
        site.lay(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": blocks.metadata(name, "default-deny"),
                "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
            }
        )
    quick.left, turn = pods, 0
    while quick.left > 0:
        workload(quick, names[turn % len(names)], turn)
        turn += 1
    site.placed = quick.placed
    return turn


def workload(quick, namespace, turn):
    """One workload and its pods, as many as are still to be laid."""
    kind, count = TURN[turn % len(TURN)]
    count, name = min(count, quick.left), f"{kind.lower()}-{turn:06d}"
    made = [
        container(
            "main",
            by_tag(image(f"bulk/service-{turn % REPOSITORIES:03d}", f"1.{turn % 3}.0")),
            ports=[{"containerPort": 8080, "protocol": "TCP"}],
            resources={"requests": {"cpu": "100m", "memory": "128Mi"}},
        )
    ]
    if turn % 5 == 0:
        made.append(container("proxy", by_tag(image("mesh/proxy", "1.27.1"))))
    if kind == "Deployment":
        controllers.replicated(quick, namespace, name, made, replicas=count)
        quick.lay(cases_network.service(namespace, name, "LoadBalancer" if turn % 50 == 0 else "ClusterIP", {"app.kubernetes.io/name": name}))
    elif kind == "StatefulSet":
        controllers.stateful(quick, namespace, name, made, replicas=count)
    elif kind == "DaemonSet":
        nodes, quick.nodes = quick.nodes, quick.nodes[:count]
        controllers.daemon(quick, namespace, name, made)
        quick.nodes = nodes
        if not nodes:
            quick.pod(namespace, f"{name}-xxxxx", made)
    elif kind == "CronJob":
        controllers.scheduled(quick, namespace, name, made)
    elif kind == "Job":
        controllers.job(quick, namespace, name, made)
    else:
        quick.pod(namespace, name, made)
