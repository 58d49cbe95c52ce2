"""What custom resources look like, as far as their schemas say it: members that must be there, members that may, and what
each of them is. Refuses members that nobody names."""

NUMBER, MAYBE = (int, float), "?"
RESOURCE = {"apiVersion?": str, "kind?": str, "namespace?": str, "name?": str, "uid?": str}
COUNTS = {"criticalCount": int, "highCount": int, "mediumCount": int, "lowCount": int}
SCANNER = {"name": str, "vendor": str, "version": str}
ARTIFACT = {"repository?": str, "tag?": str, "digest?": str, "mimeType?": str}
CHECK = {
    "checkID": str,
    "title?": str,
    "description?": str,
    "severity": str,
    "category?": str,
    "messages?": [str],
    "remediation?": str,
    "success": bool,
    "scope?": {"type": str, "value": str},
}
BILL = {
    "report": {
        "updateTimestamp": str,
        "scanner": SCANNER,
        "registry?": {"server": str},
        "artifact": ARTIFACT,
        "summary": {"componentsCount": int, "dependenciesCount": int},
        "components": {
            "bomFormat": str,
            "specVersion": str,
            "serialNumber?": str,
            "version?": int,
            "metadata?": {"timestamp?": str, "tools?": {"components": [dict]}, "component?": dict},
            "components?": [dict],
            "dependencies?": [{"ref": str, "dependsOn?": [str]}],
        },
    }
}
AUDIT = {"report": {"updateTimestamp?": str, "scanner": SCANNER, "summary": COUNTS, "checks": [CHECK]}}
TOOL = {"name": str, "version": str, "databaseVersion": str}
STATUS = {"status": str, "subStatus": str, "info": str}
RULE = {
    "name": str,
    "status": {"status": str, "subStatus": str},
    "controlConfigurations": dict,
    "appliedIgnoreRules": list,
    "relatedResourcesIDs": list,
    "paths": [{"failedPath": str, "fixPath": str, "fixPathValue": str, "fixCommand": str}],
}
CONDITION = {"type": str, "status": str, "reason": str, "message": str, "lastTransitionTime": str, "observedGeneration?": int}
PARENT = {"group?": str, "kind?": str, "namespace?": str, "name": str, "sectionName?": str}
BACKEND = {"group?": str, "kind?": str, "namespace?": str, "name": str, "port?": int, "weight?": int}
ROUTE_STATUS = {"parents": [{"parentRef": PARENT, "controllerName": str, "conditions": [CONDITION]}]}
RESULT = {
    "source?": str,
    "policy": str,
    "rule?": str,
    "category?": str,
    "severity?": str,
    "result?": str,
    "scored?": bool,
    "message?": str,
    "timestamp?": {"seconds": int, "nanos": int},
    "properties?": dict,
    "resources?": [RESOURCE],
}
KINDS = {"resources": {"kinds": [str]}}
KYVERNO = {
    "spec": {
        "validationFailureAction?": str,
        "background?": bool,
        "rules": [
            {
                "name": str,
                "match": {"any?": [KINDS], "all?": [KINDS]},
                "validate?": {"failureAction?": str, "message": str, "pattern": dict},
                "mutate?": {"patchStrategicMerge": dict},
                "verifyImages?": [{"failureAction?": str, "imageReferences": [str]}],
            }
        ],
    },
    "status?": {"conditions": [CONDITION]},
}
CONSTRAINT = {
    "spec": {"enforcementAction?": str, "match?": {"kinds?": [{"apiGroups": [str], "kinds": [str]}], "excludedNamespaces?": [str]}, "parameters?": dict},
    "status?": {
        "auditTimestamp?": str,
        "byPod?": [{"id": str, "observedGeneration": int, "operations": [str], "enforced": bool}],
        "totalViolations?": int,
        "violations?": [{"enforcementAction": str, "group": str, "version": str, "kind": str, "namespace?": str, "name": str, "message": str}],
    },
}
POLICY_REPORT = {"scope?": RESOURCE, "results": [RESULT], "summary": dict.fromkeys(("pass?", "fail?", "warn?", "error?", "skip?"), int)}
VULNERABILITIES = {
    "report": {
        "updateTimestamp": str,
        "scanner": SCANNER,
        "registry": {"server": str},
        "artifact": ARTIFACT,
        "os?": {"family": str, "name?": str},
        "summary": {**COUNTS, "unknownCount": int, "noneCount?": int},
        "vulnerabilities": [
            {
                "vulnerabilityID": str,
                "resource": str,
                "installedVersion": str,
                "fixedVersion": str,
                "severity": str,
                "title": str,
                "publishedDate?": str,
                "lastModifiedDate?": str,
                "primaryLink?": str,
                "links": list,
                "score?": NUMBER,
                "target": str,
                "class?": str,
                "packageType?": str,
                "packagePURL?": str,
            }
        ],
    }
}

SHAPES = {
    "vulnerabilityreports": VULNERABILITIES,
    "clustervulnerabilityreports": VULNERABILITIES,
    "sbomreports": BILL,
    "clustersbomreports": BILL,
    "exposedsecretreports": {
        "report": {
            "updateTimestamp?": str,
            "scanner": SCANNER,
            "registry?": {"server": str},
            "artifact": ARTIFACT,
            "summary": COUNTS,
            "secrets": [{"ruleID": str, "category": str, "severity": str, "title": str, "target": str, "match": str}],
        }
    },
    "configauditreports": AUDIT,
    "rbacassessmentreports": AUDIT,
    "clusterconfigauditreports": AUDIT,
    "vulnerabilitymanifests": {
        "spec": {
            "metadata": {"withRelevancy": bool, "tool": TOOL, "report": {"createdAt": str}},
            "payload": {
                "matches": [{"vulnerability": dict, "relatedVulnerabilities": list, "matchDetails": [dict], "artifact": dict}],
                "source": {"type": str, "target": dict},
                "distro": {"name": str, "version": str, "idLike": list},
                "descriptor": {"name": str, "version": str},
            },
        },
        "status": dict,
    },
    "workloadconfigurationscans": {
        "spec": {
            "relatedObjects": list,
            "controls": {"*": {"controlID": str, "name": str, "severity": {"severity": str, "scoreFactor": NUMBER}, "status": STATUS, "rules": [RULE]}},
        }
    },
    "policyreports": POLICY_REPORT,
    "clusterpolicyreports": POLICY_REPORT,
    "reports": POLICY_REPORT,
    "clusterreports": POLICY_REPORT,
    "gateways": {
        "spec": {
            "gatewayClassName": str,
            "infrastructure?": {"annotations": dict},
            "listeners": [
                {"name": str, "port": int, "protocol": str, "hostname?": str, "tls?": {"mode": str, "certificateRefs": [dict]}, "allowedRoutes?": {"namespaces": {"from": str}}}
            ],
        },
        "status?": {"addresses": [{"type": str, "value": str}], "conditions": [CONDITION]},
    },
    "httproutes": {
        "spec": {"parentRefs": [PARENT], "hostnames?": [str], "rules": [{"matches": [{"path": {"type": str, "value": str}}], "backendRefs": [BACKEND]}]},
        "status?": ROUTE_STATUS,
    },
    "tcproutes": {"spec": {"parentRefs": [PARENT], "rules": [{"backendRefs": [BACKEND]}]}, "status?": ROUTE_STATUS},
    "clusterpolicies": KYVERNO,
    "policies": KYVERNO,
    "k8sallowedrepos": CONSTRAINT,
    "k8spspprivilegedcontainer": CONSTRAINT,
    "rollouts": {
        "spec": {"replicas": int, "selector": dict, "template": dict, "strategy": {"canary": dict}, "revisionHistoryLimit": int},
        "status": {"observedGeneration": str, "replicas": int, "updatedReplicas": int, "readyReplicas": int, "availableReplicas": int},
    },
}


def wrong(value, shape, where, thin=False):
    """What is not as the shape says. In a thin object everything may be empty."""
    if value is None and (thin or shape in (list, dict) or isinstance(shape, (list, dict))):
        return []
    if isinstance(shape, list):
        return [text for number, one in enumerate(value) for text in wrong(one, shape[0], f"{where}[{number}]", thin)] if isinstance(value, list) else [f"{where} is no list"]
    if isinstance(shape, dict):
        return members(value, shape, where, thin) if isinstance(value, dict) else [f"{where} is no object"]
    # What is true or false is a number to Python only.
    return [] if isinstance(value, shape) and (shape is bool or not isinstance(value, bool)) or thin and value is None else [f"{where} is {value!r}"]


def members(value, shape, where, thin):
    if "*" in shape:
        return [text for name, one in value.items() for text in wrong(one, shape["*"], f"{where}.{name}", thin)]
    known = {name.rstrip(MAYBE): name for name in shape}
    found = [f"{where}.{name} is nobody's" for name in value if name not in known]
    for name, written in known.items():
        if name in value:
            found += wrong(value[name], shape[written], f"{where}.{name}", thin)
        elif not written.endswith(MAYBE):
            found.append(f"{where}.{name} is missing")
    return found
