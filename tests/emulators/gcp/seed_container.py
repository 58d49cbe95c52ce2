"""Clusters of Kubernetes Engine in a project: one open to the world and old, one locked down, one on Autopilot, one
in a zone. Refuses none of the fields that tell how exposed a cluster is."""

from google.cloud.container_v1 import types as wrapped
from google.protobuf import json_format
from replies import Row

CREATED = "2025-09-01T08:00:00+00:00"
SCOPES = ["https://www.googleapis.com/auth/devstorage.read_only", "https://www.googleapis.com/auth/logging.write"]


def build(estate, project):
    """The clusters of one project, over its locations."""
    first, last = estate.plan.locations[0], estate.plan.locations[-1]
    for told in (shop(project, first), ledger(project, last), automatic(project, last), old(project, first + "-b")):
        name = f"projects/{project.id}/locations/{told['location']}/clusters/{told['name']}"
        link = f"https://container.googleapis.com/v1/{name}"
        for pool in told["nodePools"]:
            pool["selfLink"] = f"{link}/nodePools/{pool['name']}"
            pool["locations"] = told["locations"]
        full = {
            "selfLink": link, "id": project.number + told["name"], "zone": told["location"], "status": "RUNNING", "createTime": CREATED,
            "network": "default", "subnetwork": "default", "initialClusterVersion": told["currentMasterVersion"], "resourceLabels": {"team": "a"},
            "loggingService": "logging.googleapis.com/kubernetes", "monitoringService": "monitoring.googleapis.com/kubernetes", "etag": told["name"],
            "autopilot": {}, "legacyAbac": {}, "databaseEncryption": {"state": "DECRYPTED"}, **told,
        }
        project.clusters[name] = Row(json_format.ParseDict(full, wrapped.Cluster.pb()()))


def pool(name, version, upgrade=True, **config):
    """A node pool."""
    return {
        "name": name, "version": version, "status": "RUNNING", "initialNodeCount": 2, "management": {"autoUpgrade": upgrade, "autoRepair": True},
        "autoscaling": {"enabled": True, "minNodeCount": 1, "maxNodeCount": 5}, "maxPodsConstraint": {"maxPodsPerNode": "110"},
        "config": {
            "machineType": "e2-standard-4", "diskSizeGb": 100, "diskType": "pd-balanced", "imageType": "COS_CONTAINERD", "oauthScopes": SCOPES,
            "metadata": {"disable-legacy-endpoints": "true"}, "serviceAccount": "default", **config,
        },
    }


def shop(project, location):
    """Reachable by the world, with nodes that have addresses of their own."""
    return {
        "name": "shop", "location": location, "locations": [location + "-b", location + "-c"], "currentMasterVersion": "1.34.4-gke.1193000",
        "currentNodeVersion": "1.33.8-gke.1026000", "endpoint": "203.0.113.10", "releaseChannel": {"channel": "REGULAR"}, "currentNodeCount": 4,
        "privateClusterConfig": {"publicEndpoint": "203.0.113.10", "privateEndpoint": "10.132.0.2"}, "masterAuthorizedNetworksConfig": {},
        "controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": True, "enablePublicEndpoint": True, "publicEndpoint": "203.0.113.10"}},
        "networkConfig": {"network": f"projects/{project.id}/global/networks/default", "datapathProvider": "LEGACY_DATAPATH"},
        "networkPolicy": {}, "addonsConfig": {"kubernetesDashboard": {"disabled": True}},
        "binaryAuthorization": {"evaluationMode": "DISABLED"}, "securityPostureConfig": {"mode": "BASIC", "vulnerabilityMode": "VULNERABILITY_DISABLED"},
        "nodePools": [
            pool("general", "1.34.4-gke.1193000", workloadMetadataConfig={"mode": "GCE_METADATA"}),
            pool("by-hand", "1.33.8-gke.1026000", False, imageType="UBUNTU_CONTAINERD", spot=True),
        ],
    }


def ledger(project, location):
    """Private in every respect."""
    networks = {"enabled": True, "cidrBlocks": [{"displayName": "office", "cidrBlock": "198.51.100.0/24"}], "privateEndpointEnforcementEnabled": True}
    safe = {
        "workloadMetadataConfig": {"mode": "GKE_METADATA"}, "shieldedInstanceConfig": {"enableSecureBoot": True, "enableIntegrityMonitoring": True},
        "serviceAccount": f"nodes@{project.id}.iam.gserviceaccount.com",
    }
    return {
        "name": "ledger", "location": location, "locations": [location + "-a"], "currentMasterVersion": "1.35.2-gke.1842000",
        "currentNodeVersion": "1.35.2-gke.1842000",
        "endpoint": "10.128.0.2", "releaseChannel": {"channel": "RAPID"}, "currentNodeCount": 4, "masterAuthorizedNetworksConfig": networks,
        "privateClusterConfig": {
            "enablePrivateNodes": True, "enablePrivateEndpoint": True, "masterIpv4CidrBlock": "172.16.0.0/28", "privateEndpoint": "10.128.0.2",
        },
        "controlPlaneEndpointsConfig": {
            "ipEndpointsConfig": {"enabled": True, "privateEndpoint": "10.128.0.2", "authorizedNetworksConfig": networks},
            "dnsEndpointConfig": {"endpoint": f"gke-0123456789ab.{location}.gke.goog", "allowExternalTraffic": False},
        },
        "networkConfig": {
            "network": f"projects/{project.id}/global/networks/default", "datapathProvider": "ADVANCED_DATAPATH", "defaultEnablePrivateNodes": True,
        },
        "networkPolicy": {"provider": "CALICO", "enabled": True}, "workloadIdentityConfig": {"workloadPool": f"{project.id}.svc.id.goog"},
        "binaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}, "shieldedNodes": {"enabled": True},
        "databaseEncryption": {"state": "ENCRYPTED", "keyName": f"projects/{project.id}/locations/{location}/keyRings/gke/cryptoKeys/etcd"},
        "securityPostureConfig": {"mode": "ENTERPRISE", "vulnerabilityMode": "VULNERABILITY_ENTERPRISE"},
        "nodePools": [pool("general", "1.35.2-gke.1842000", **safe), pool("sandboxed", "1.35.2-gke.1842000", sandboxConfig={"type": "GVISOR"}, **safe)],
    }


def automatic(project, location):
    """Autopilot: Google keeps its nodes."""
    return {
        "name": "automatic", "location": location, "locations": [location + "-a", location + "-b"], "currentMasterVersion": "1.34.4-gke.1193000",
        "currentNodeVersion": "1.34.4-gke.1193000", "endpoint": "203.0.113.20", "releaseChannel": {"channel": "STABLE"}, "autopilot": {"enabled": True},
        "privateClusterConfig": {"enablePrivateNodes": True, "publicEndpoint": "203.0.113.20", "privateEndpoint": "10.128.0.9"}, "currentNodeCount": 2,
        "masterAuthorizedNetworksConfig": {"enabled": True, "cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}], "gcpPublicCidrsAccessEnabled": True},
        "networkConfig": {"datapathProvider": "ADVANCED_DATAPATH"}, "workloadIdentityConfig": {"workloadPool": f"{project.id}.svc.id.goog"},
        "shieldedNodes": {"enabled": True},
        "nodePools": [pool("default-pool", "1.34.4-gke.1193000", workloadMetadataConfig={"mode": "GKE_METADATA"}, sandboxConfig={"type": "GVISOR"})],
    }


def old(project, zone):
    """In one zone, in no release channel, with what was usual once; it is in trouble."""
    return {
        "name": "old", "location": zone, "locations": [zone], "currentMasterVersion": "1.30.9-gke.1046000", "currentNodeVersion": "1.29.14-gke.1018000",
        "endpoint": "203.0.113.30", "releaseChannel": {}, "legacyAbac": {"enabled": True}, "networkPolicy": {}, "networkConfig": {},
        "addonsConfig": {"kubernetesDashboard": {"disabled": False}},
        "masterAuth": {"clusterCaCertificate": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="}, "status": "DEGRADED", "currentNodeCount": 1,
        "conditions": [{"code": "GKE_SERVICE_ACCOUNT_DELETED", "message": "The service account was deleted."}],
        "nodePools": [pool("default-pool", "1.29.14-gke.1018000", False, machineType="n1-standard-1")],
    }
