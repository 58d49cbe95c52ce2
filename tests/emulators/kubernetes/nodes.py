"""Nodes as three clouds and a rack tell them: who provides them, where they are, what runs on them. Refuses to say more
of a node than its cloud does."""

import blocks

REGIONS = {
    "aws": ("eu-central-1", ("eu-central-1a", "eu-central-1b")),
    "azure": ("westeurope", ("westeurope-1", "westeurope-2")),
    "gce": ("europe-west1", ("europe-west1-b", "europe-west1-c")),
    "rack": (None, ()),
}
SYSTEMS = {
    "aws": ("Amazon Linux 2023.9.20251110", "6.1.156-177.286.amzn2023", "containerd://2.1.4", "v1.33.5-eks-113cf36"),
    "azure": ("Ubuntu 22.04.5 LTS", "5.15.0-1098-azure", "containerd://1.7.28-1", "v1.33.4"),
    "gce": ("Container-Optimized OS from Google", "6.6.105+", "containerd://2.0.6", "v1.33.5-gke.1080000"),
    "rack": ("Debian GNU/Linux 10 (buster)", "4.19.0-21-amd64", "docker://19.3.15", "v1.20.15"),
}
VERSIONS = {"aws": "v1.33.5-eks-113cf36", "azure": "v1.33.4", "gce": "v1.33.5-gke.1080000", "rack": "v1.20.15"}


def about(cloud):
    """What a server says of its version."""
    version = VERSIONS[cloud]
    minor = version.split(".")[1]
    return {
        "major": "1",
        "minor": minor + ("+" if cloud in ("aws", "gce") else ""),
        "gitVersion": version,
        "gitCommit": blocks.images.sha256(version)[7:47],
        "gitTreeState": "clean",
        "buildDate": "2026-10-14T03:12:45Z",
        "goVersion": "go1.24.9",
        "compiler": "gc",
        "platform": "linux/amd64",
    }


def provider(cloud, number, name, zone):
    """The id by which a cloud knows the machine."""
    if cloud == "aws":
        return f"aws:///{zone}/i-{number + 0xA0B1C2D3:017x}"
    if cloud == "gce":
        return f"gce://plimsoll-shop/{zone}/{name}"
    if cloud == "azure":
        return (
            "azure:///subscriptions/00000001-0000-4000-8000-000000000001/resourceGroups/mc_rg-weu_aks-open-weu_westeurope/providers/Microsoft.Compute/"
            f"virtualMachineScaleSets/aks-system-10000000-vmss/virtualMachines/{number}"
        )
    return None


def name_of(cloud, number):
    if cloud == "aws":
        return f"ip-10-0-{number // 250}-{number % 250 + 4}.eu-central-1.compute.internal"
    if cloud == "gce":
        return f"gke-ledger-pool-1-{blocks.letters(f'node {number}', 4)}-{number:04d}"
    return f"aks-system-10000000-vmss{number:06d}" if cloud == "azure" else f"rack-{number + 1}"


def address(number):
    return f"10.0.{number // 250}.{number % 250 + 4}"


def architecture(cloud, number):
    """Every third node of a cloud is an Arm one."""
    return "arm64" if cloud != "rack" and number % 3 == 2 else "amd64"


def node(cloud, number):
    """A node; those of even number have an address of the world."""
    name, (region, zones) = name_of(cloud, number), REGIONS[cloud]
    zone = zones[number % len(zones)] if zones else None
    system, kernel, runtime, kubelet = SYSTEMS[cloud]
    kind = architecture(cloud, number)
    labels = {"kubernetes.io/arch": kind, "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "beta.kubernetes.io/arch": kind}
    if region:
        labels.update(
            {"topology.kubernetes.io/region": region, "topology.kubernetes.io/zone": zone, "node.kubernetes.io/instance-type": "m7g.large" if kind == "arm64" else "m7i.large"}
        )
    if number == 0:
        labels["node-role.kubernetes.io/control-plane"] = ""
    addresses = [{"type": "InternalIP", "address": address(number)}, {"type": "Hostname", "address": name}]
    if number % 2 == 0 and cloud != "rack":
        addresses.append({"type": "ExternalIP", "address": f"203.0.113.{number % 250 + 1}"})
    spec = {"podCIDR": f"10.244.{number % 250}.0/24", "podCIDRs": [f"10.244.{number % 250}.0/24"]}
    if identity := provider(cloud, number, name, zone):
        spec["providerID"] = identity
    if number == 0:
        spec["taints"] = [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]
    unready = number == 4
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": blocks.metadata(None, name, labels, {"volumes.kubernetes.io/controller-managed-attach-detach": "true"}),
        "spec": spec,
        "status": {
            "capacity": {"cpu": "2", "memory": "8029164Ki", "pods": "110"},
            "allocatable": {"cpu": "1930m", "memory": "7331820Ki", "pods": "110"},
            "conditions": [
                {
                    "type": "Ready",
                    "status": "Unknown" if unready else "True",
                    "lastHeartbeatTime": blocks.STARTED,
                    "lastTransitionTime": blocks.MADE,
                    "reason": "NodeStatusUnknown" if unready else "KubeletReady",
                    "message": "Kubelet stopped posting node status." if unready else "kubelet is posting ready status",
                }
            ],
            "addresses": addresses,
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "machineID": blocks.images.sha256(name)[7:39],
                "systemUUID": f"ec2{number:05x}-0000-4000-8000-000000000000",
                "bootID": f"b007{number:04x}-0000-4000-8000-000000000000",
                "kernelVersion": kernel,
                "osImage": system,
                "containerRuntimeVersion": runtime,
                "kubeletVersion": kubelet,
                "kubeProxyVersion": "",
                "operatingSystem": "linux",
                "architecture": kind,
            },
            "images": [{"names": [f"registry.k8s.io/pause@{blocks.images.sha256('pause')}", "registry.k8s.io/pause:3.10"], "sizeBytes": 742080}],
        },
    }
