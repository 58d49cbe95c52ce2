"""Pods that are hard to read: containers of every kind, images told in every way, pods that do not run, chains of owners
of every length. Refuses to be plausible as a whole: each is there for one thing that a reader may get wrong."""

import blocks
import controllers
from blocks import by_both, by_digest, by_tag, container, image, waiting

SHOP, LEDGER, BUILD = "shop", "ledger", "build"


def lay(site):
    containers(site)
    identities(site)
    phases(site)
    owners(site)
    digests(site)


def containers(site):
    """Init containers, sidecars, and ephemeral ones."""
    migrate = container("migrate", by_tag(image("shop/migrate", "3.1.0")), state=blocks.ended(0, "Completed"), command=["/app/migrate"])
    proxy = container("proxy", by_tag(image("mesh/proxy", "1.27.1")), **({} if site.cluster.old else {"restartPolicy": "Always"}))
    main = container("web", by_tag(image("shop/web", "2.4.0")), ports=[{"name": "http", "containerPort": 8080, "protocol": "TCP"}])
    if site.cluster.old:
        # Before 1.28 a sidecar is a container like any other.
        controllers.replicated(site, SHOP, "web", [main, proxy], case="init", init=[migrate])
        return
    debugger = container("debugger-x7k2p", by_tag(image("tools/debug", "latest")), targetContainerName="web", stdin=True, tty=True)
    controllers.replicated(site, SHOP, "web", [main], case="sidecar", init=[migrate, proxy])
    for one in (main, debugger):
        one[0].setdefault("resources", {})
    site.pod(SHOP, "debugged", [container("web", by_tag(image("shop/web", "2.4.0")))], case="ephemeral", ephemeral=[debugger])
    failing = container(
        "migrate", by_tag(image("shop/migrate", "3.1.0")), state=waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=migrate pod=stuck"), restarts=12
    )
    held = container("web", by_tag(image("shop/web", "2.4.0")), identity="", state=waiting("PodInitializing", ""))
    site.pod(SHOP, "init-crash-loop", [held], case="init-crash-loop", init=[failing], phase="Pending")


def identities(site):
    """Every way in which a runtime tells what runs."""
    made = image("ledger/api", "5.0.1")
    config = made.configs["amd64"]
    spellings = {
        "docker-pullable": (by_tag(made), f"docker-pullable://{made.name}@{made.digest}"),
        "docker-config": (by_tag(made), f"docker://{config}"),
        "containerd": (by_tag(made), f"{made.name}@{made.digest}"),
        "config-digest": (by_tag(made), config),
        "empty": (by_tag(made), ""),
        "tag-and-digest": (by_both(made), f"{made.name}@{made.digest}"),
        "pinned": (by_digest(made), f"{made.name}@{made.digest}"),
        "pinned-platform": (by_digest(made, "amd64"), f"{made.name}@{made.manifests['amd64']}"),
        "no-tag": (blocks.Reference(made.name, f"{made.name}@{made.digest}", f"{made.name}:latest"), None),
        "mirrored": (by_tag(made), f"mirror.example.com/proxy/ledger/api@{made.digest}"),
        "short-name": (blocks.Reference("nginx", f"docker.io/library/nginx@{image('library/nginx', '1.29', 'docker.io').digest}", "docker.io/library/nginx:latest"), None),
        "short-repository": (blocks.Reference("bitnami/redis:8", f"docker.io/bitnami/redis@{image('bitnami/redis', '8', 'docker.io').digest}", "docker.io/bitnami/redis:8"), None),
        "port-in-registry": (by_tag(image("tools/build", "7", "localhost:5000")), None),
        # The status names another tag of what is the same image.
        "other-name": (blocks.Reference(f"{made.name}:{made.tag}", f"{made.name}@{made.digest}", f"{made.name}:5"), None),
        # The status has nothing but the digest of the config where a name should be.
        "name-is-digest": (blocks.Reference(f"{made.name}:{made.tag}", f"{made.name}@{made.digest}", config), None),
    }
    for name, (reference, identity) in spellings.items():
        site.pod(LEDGER, f"id-{name}", [container("api", reference, identity)], case=f"id-{name}")
    written, _ = container("api", by_tag(made))
    site.pod(LEDGER, "id-no-status", [(written, None)], case="id-no-status", phase="Pending")


def phases(site):
    """Pods that wait, fail, or are over."""
    made = by_tag(image("build/runner", "4.2.0"))
    site.pod(BUILD, "unschedulable", [(container("runner", made)[0], None)], case="pending", phase="Unschedulable")
    pulls = waiting("ImagePullBackOff", f'Back-off pulling image "{made}": not found')
    site.pod(BUILD, "no-image", [container("runner", made, "", pulls)], case="image-pull", phase="Pending")
    loops = waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=runner pod=crash-loop_build")
    site.pod(BUILD, "crash-loop", [container("runner", made, state=loops, restarts=41)], case="crash-loop", phase="Running")
    site.pod(BUILD, "succeeded", [container("runner", made, state=blocks.ended(0, "Completed"))], case="succeeded", phase="Succeeded", restart="Never")
    site.pod(BUILD, "failed", [container("runner", made, state=blocks.ended(137, "OOMKilled"))], case="failed", phase="Failed", restart="Never")
    evicted = {"reason": "Evicted", "message": "The node was low on resource: ephemeral-storage. "}
    site.pod(BUILD, "evicted", [(container("runner", made)[0], None)], case="evicted", phase="Failed", status=evicted)
    leaving = blocks.pod(BUILD, "leaving", site.place()[0], [container("runner", made)])
    leaving["metadata"].update({"deletionTimestamp": "2026-11-20T07:00:00Z", "deletionGracePeriodSeconds": 30, "finalizers": ["example.com/wait"]})
    site.lay(leaving, "terminating")


def owners(site):
    """Chains of owners, and chains that break."""
    done = container("report", by_tag(image("ledger/report", "1.8.0")), state=blocks.ended(0, "Completed"))
    controllers.scheduled(site, LEDGER, "nightly-report", [done], case="cronjob")
    controllers.job(site, LEDGER, "import-2026", [container("import", by_tag(image("ledger/import", "1.0.0")))], case="job", done=False)
    controllers.stateful(site, LEDGER, "database", [container("postgres", by_tag(image("library/postgres", "17", "docker.io")))], case="statefulset")
    controllers.daemon(site, "kube-system", "agent", [container("agent", by_tag(image("platform/agent", "9.1.0")))], case="daemonset")
    node = site.nodes[0] if site.nodes else "none"
    identity = site.known("", "nodes", node) if site.nodes else "0de00000-0000-4000-8000-000000000001"
    mirror = {"kubernetes.io/config.hash": "1f2e3d", "kubernetes.io/config.mirror": "1f2e3d", "kubernetes.io/config.source": "file"}
    version = site.cluster.about["gitVersion"].split("-")[0]
    site.pod(
        "kube-system",
        f"kube-apiserver-{node}",
        [container("kube-apiserver", by_tag(image("kube-apiserver", version, "registry.k8s.io")))],
        case="static",
        node=node,
        owner={**blocks.owned("v1", "Node", node, identity), "blockOwnerDeletion": False},
        annotations=mirror,
        labels={"component": "kube-apiserver", "tier": "control-plane"},
        hostNetwork=True,
        automountServiceAccountToken=False,
        priorityClassName="system-node-critical",
    )
    site.pod(SHOP, "bare", [container("shell", by_tag(image("tools/shell", "1")))], case="bare")
    gone = blocks.owned("apps/v1", "ReplicaSet", "gone-7d9c5b6f4", "dead0000-0000-4000-8000-000000000001")
    site.pod(SHOP, "gone-7d9c5b6f4-x2x4z", [container("web", by_tag(image("shop/web", "2.3.0")))], case="owner-gone", owner=gone)
    hidden = blocks.owned("batch.volcano.sh/v1alpha1", "Job", "training", "dead0000-0000-4000-8000-000000000002")
    site.pod(BUILD, "training-worker-0", [container("worker", by_tag(image("build/train", "0.3.0")))], case="owner-unreadable", owner=hidden)
    lost = blocks.owned("v1", "ConfigMap", "settings", "dead0000-0000-4000-8000-000000000003", controller=False)
    site.pod(BUILD, "two-owners", [container("worker", by_tag(image("build/train", "0.3.0")))], case="two-owners", owner=[lost, hidden])
    lone(site)
    if not site.cluster.old:
        controllers.replicated(site, SHOP, "checkout", [container("checkout", by_tag(image("shop/checkout", "6.0.0")))], case="rollout", kind="Rollout")


def lone(site):
    """A replica set without a deployment, a replication controller, and a deployment that is scaled to nothing."""
    labels = {"app.kubernetes.io/name": "lone"}
    controllers.replica_set(site, BUILD, "lone", [container("lone", by_tag(image("build/lone", "1.0.0")))], 1, None, labels, "new", True, {}, {})
    site.cases["lone-replicaset"] = {"kind": "ReplicaSet", "namespace": BUILD, "name": f"lone-{blocks.letters('build/lone/new', 10)}"}
    made = [container("old", by_tag(image("build/old", "0.1.0")))]
    spec = {"replicas": 1, "selector": {"app": "ancient"}, "template": controllers.template("ancient", made, {"app": "ancient"})}
    uid = site.lay(controllers.written("v1", "ReplicationController", BUILD, "ancient", spec, {"replicas": 1, "readyReplicas": 1}), "replicationcontroller")
    site.pod(BUILD, "ancient-4k2lw", made, owner=blocks.owned("v1", "ReplicationController", "ancient", uid), labels={"app": "ancient"})
    controllers.replicated(site, BUILD, "asleep", [container("asleep", by_tag(image("build/asleep", "1.0.0")))], replicas=0, case="scaled-to-zero")


def digests(site):
    """One tag that is not one image: without a reason, in a rollout, and by architecture."""
    tag = f"{blocks.REGISTRY}/shop/search:stable"
    newer, older = image("shop/search", "1.5.0"), image("shop/search", "1.4.0")
    each = [[container("search", blocks.Reference(tag, f"{made.name}@{made.digest}"))] for made in (newer, older)]
    controllers.replicated(site, SHOP, "search", each[0], replicas=2, case="mixed-digests", each=each)
    controllers.replicated(
        site,
        SHOP,
        "cart",
        [container("cart", blocks.Reference(f"{blocks.REGISTRY}/shop/cart:stable", f"{image('shop/cart', '2').name}@{image('shop/cart', '2').digest}"))],
        case="mixed-in-rollout",
        former=[
            container("cart", blocks.Reference(f"{blocks.REGISTRY}/shop/cart:stable", f"{image('shop/cart', '1').name}@{image('shop/cart', '1').digest}")),
        ],
    )
    made = image("shop/recommend", "0.9.0")
    each = [[container("recommend", blocks.Reference(f"{made.name}:{made.tag}", f"{made.name}@{made.manifests[kind]}"))] for kind in blocks.ARCHITECTURES]
    controllers.replicated(site, SHOP, "recommend", each[0], replicas=2, case="digests-by-platform", each=each)
