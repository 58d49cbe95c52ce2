"""How the world reaches pods, or does not: services, ingresses, gateways, network policies. Refuses addresses that are
somebody's: all are those of documentation."""

import blocks
import controllers
from blocks import by_tag, container, image

SHOP, LEDGER = "shop", "ledger"
# By which annotation a cloud is told that an address is not for the world.
INTERNAL = {
    "aws": {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal", "service.beta.kubernetes.io/aws-load-balancer-type": "external"},
    "azure": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
    "gce": {"networking.gke.io/load-balancer-type": "Internal"},
    "rack": {"metallb.io/address-pool": "inside"},
}


def lay(site):
    services(site)
    ingresses(site)
    if not site.cluster.old:
        gateways(site)
    policies(site)


def service(namespace, name, kind, selector, annotations=None, status=None, ports=((80, 8080),), **spec):
    written = {
        "type": kind,
        "ports": [
            {"name": f"port-{port}", "protocol": "TCP", "port": port, "targetPort": target, **({"nodePort": 30000 + port % 2700} if kind in ("NodePort", "LoadBalancer") else {})}
            for port, target in ports
        ],
        "sessionAffinity": "None",
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
    }
    if selector:
        written["selector"] = selector
    if kind != "ExternalName":
        address = f"10.96.{sum(name.encode()) % 250}.{len(name)}"
        written.update({"clusterIP": address, "clusterIPs": [address]})
    if kind == "LoadBalancer":
        written.update({"externalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": True})
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": blocks.metadata(namespace, name, None, annotations),
        "spec": {**written, **spec},
        "status": {"loadBalancer": status or {}},
    }


def services(site):
    """Of every kind, in front of one deployment each where that makes a difference."""
    cloud, web = site.cluster.cloud, {"app.kubernetes.io/name": "web"}
    for name in ("inside", "node-port", "front", "internal-front", "shut-front"):
        controllers.replicated(site, SHOP, name, [container(name, by_tag(image(f"shop/{name}", "1.0.0")), ports=[{"containerPort": 8080, "protocol": "TCP"}])], replicas=1)
    balanced = {"ingress": [{"hostname": "a1b2c3-0123456789.elb.eu-central-1.amazonaws.com"} if cloud == "aws" else {"ip": "203.0.113.80", "ipMode": "VIP"}]}
    site.lay(service(SHOP, "inside", "ClusterIP", {"app.kubernetes.io/name": "inside"}), "svc-cluster-ip")
    site.lay(service(SHOP, "headless", "ClusterIP", web, clusterIP="None", clusterIPs=["None"]), "svc-headless")
    site.lay(service(SHOP, "node-port", "NodePort", {"app.kubernetes.io/name": "node-port"}), "svc-node-port")
    site.lay(service(SHOP, "front", "LoadBalancer", {"app.kubernetes.io/name": "front"}, status=balanced, ports=((80, 8080), (443, "https"))), "svc-load-balancer")
    inner = {"ingress": [{"hostname": "internal-a1b2c3-0123456789.elb.eu-central-1.amazonaws.com"} if cloud == "aws" else {"ip": "10.0.7.20"}]}
    site.lay(service(SHOP, "internal-front", "LoadBalancer", {"app.kubernetes.io/name": "internal-front"}, INTERNAL[cloud], inner), "svc-internal")
    site.lay(
        service(SHOP, "shut-front", "LoadBalancer", {"app.kubernetes.io/name": "shut-front"}, status=balanced, loadBalancerSourceRanges=["198.51.100.0/24"]), "svc-source-ranges"
    )
    site.lay(service(SHOP, "pending-front", "LoadBalancer", {"app.kubernetes.io/name": "front"}), "svc-pending")
    site.lay(service(SHOP, "external-ips", "ClusterIP", web, externalIPs=["203.0.113.99"]), "svc-external-ips")
    site.lay(service(SHOP, "elsewhere", "ExternalName", None, externalName="shop.example.com", ports=()), "svc-external-name")
    site.lay(service(SHOP, "by-hand", "ClusterIP", None), "svc-no-selector")
    site.lay(service(SHOP, "nobody", "LoadBalancer", {"app.kubernetes.io/name": "nobody"}, status=balanced), "svc-selects-nothing")
    site.lay(service(SHOP, "web", "ClusterIP", web, ports=((80, "http"),)), "svc-behind-ingress")


def ingress(site, name, spec, case, annotations=None, status=None):
    site.lay(
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": blocks.metadata(SHOP, name, None, annotations, generation=1),
            "spec": spec,
            "status": {"loadBalancer": status if status is not None else {"ingress": [{"ip": "203.0.113.81"}]}},
        },
        case,
    )


def backend(name, port):
    return {"service": {"name": name, "port": {"number": port} if isinstance(port, int) else {"name": port}}}


def ingresses(site):
    """By host and path, for everything, inside, and one that leads nowhere."""
    paths = [{"path": "/", "pathType": "Prefix", "backend": backend("web", 80)}, {"path": "/search", "pathType": "Exact", "backend": backend("inside", "port-80")}]
    ingress(
        site,
        "web",
        {"ingressClassName": "nginx", "tls": [{"hosts": ["shop.example.com"], "secretName": "shop-tls"}], "rules": [{"host": "shop.example.com", "http": {"paths": paths}}]},
        "ing-host-path",
    )
    ingress(site, "everything", {"defaultBackend": backend("web", 80)}, "ing-default-backend", {"kubernetes.io/ingress.class": "nginx"})
    ingress(
        site,
        "inner",
        {"ingressClassName": "internal", "rules": [{"host": "*.corp.example.com", "http": {"paths": paths[:1]}}]},
        "ing-internal",
        {"alb.ingress.kubernetes.io/scheme": "internal"},
        {"ingress": [{"ip": "10.0.7.21"}]},
    )
    ingress(
        site, "nowhere", {"rules": [{"http": {"paths": [{"path": "/", "pathType": "ImplementationSpecific", "backend": backend("missing", 80)}]}}]}, "ing-missing-service", None, {}
    )
    ingress(
        site,
        "bucket",
        {
            "ingressClassName": "nginx",
            "rules": [
                {
                    "host": "files.example.com",
                    "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {"resource": {"apiGroup": "storage.example.com", "kind": "Bucket", "name": "files"}}}]},
                }
            ],
        },
        "ing-resource",
    )


def custom(api, kind, namespace, name, spec, status=None):
    return {"apiVersion": api, "kind": kind, "metadata": blocks.metadata(namespace, name, generation=1), "spec": spec, **({"status": status} if status else {})}


def gateways(site):
    """Two gateways, a route to each, one across namespaces, and one of plain connections."""
    api = "gateway.networking.k8s.io/v1"
    listeners = [
        {
            "name": "https",
            "port": 443,
            "protocol": "HTTPS",
            "hostname": "*.example.com",
            "tls": {"mode": "Terminate", "certificateRefs": [{"group": "", "kind": "Secret", "name": "wildcard"}]},
            "allowedRoutes": {"namespaces": {"from": "All"}},
        },
        {"name": "tcp", "port": 5432, "protocol": "TCP", "allowedRoutes": {"namespaces": {"from": "Same"}}},
    ]
    accepted = [{"type": "Accepted", "status": "True", "reason": "Accepted", "message": "", "lastTransitionTime": blocks.MADE, "observedGeneration": 1}]
    site.lay(
        custom(
            api,
            "Gateway",
            "edge",
            "public",
            {"gatewayClassName": "cilium", "listeners": listeners},
            {"addresses": [{"type": "IPAddress", "value": "203.0.113.90"}], "conditions": accepted},
        ),
        "gateway",
    )
    site.lay(
        custom(
            api,
            "Gateway",
            "edge",
            "inner",
            {"gatewayClassName": "cilium", "infrastructure": {"annotations": INTERNAL[site.cluster.cloud]}, "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]},
            {"addresses": [{"type": "IPAddress", "value": "10.0.7.22"}], "conditions": accepted},
        ),
        "gateway-internal",
    )
    parent = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "edge"}
    rule = {"matches": [{"path": {"type": "PathPrefix", "value": "/"}}], "backendRefs": [{"group": "", "kind": "Service", "name": "inside", "port": 80, "weight": 1}]}
    for name, gateway, listener in (("inside", "public", "https"), ("inside-inner", "inner", None)):
        reference = {**parent, "name": gateway, **({"sectionName": listener} if listener else {})}
        status = {"parents": [{"parentRef": reference, "controllerName": "io.cilium/gateway-controller", "conditions": accepted}]}
        site.lay(custom(api, "HTTPRoute", SHOP, name, {"parentRefs": [reference], "hostnames": [f"{name}.example.com"], "rules": [rule]}, status), f"route-{name}")
    site.lay(
        custom(
            "gateway.networking.k8s.io/v1alpha2",
            "TCPRoute",
            "edge",
            "database",
            {"parentRefs": [{"name": "public", "sectionName": "tcp"}], "rules": [{"backendRefs": [{"name": "database", "namespace": LEDGER, "port": 5432}]}]},
        ),
        "route-tcp",
    )


def policies(site):
    """Namespaces that are shut, pods that are open to some, and to the world."""
    kinds = {
        "default-deny": (LEDGER, {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}),
        "allow-from-shop": (
            LEDGER,
            {
                "podSelector": {"matchLabels": {"app.kubernetes.io/name": "database"}},
                "policyTypes": ["Ingress"],
                "ingress": [
                    {
                        "from": [
                            {
                                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": SHOP}},
                                "podSelector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": ["web", "cart"]}]},
                            }
                        ],
                        "ports": [{"protocol": "TCP", "port": 5432}],
                    }
                ],
            },
        ),
        "allow-all": (SHOP, {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "front"}}, "policyTypes": ["Ingress"], "ingress": [{}]}),
        "allow-office": (
            SHOP,
            {
                "podSelector": {"matchLabels": {"app.kubernetes.io/name": "shut-front"}},
                "policyTypes": ["Ingress"],
                "ingress": [{"from": [{"ipBlock": {"cidr": "198.51.100.0/24", "except": ["198.51.100.128/25"]}}]}],
            },
        ),
        "egress-only": (
            "build",
            {
                "podSelector": {},
                "policyTypes": ["Egress"],
                "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 8000, "endPort": 9000}]}],
            },
        ),
    }
    for name, (namespace, spec) in kinds.items():
        site.lay({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": blocks.metadata(namespace, name, generation=1), "spec": spec}, f"policy-{name}")
