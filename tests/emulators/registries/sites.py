"""The sites that the emulator is, each with a port of its own, and how each vendor's registry differs from the others.
Refuses to know what is in them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Manner:
    """How a registry behaves unless a test sets it otherwise."""

    # Whom tokens are for, and where they are fetched: (site, path).
    service: str
    realm: tuple
    # `anonymous`, `basic` or `bearer`.
    auth: str = "bearer"
    # Whether a name and password are taken where a token is expected.
    basic: bool = False
    # `on` for all names, `filtered` for those that may be read, `admin` for administrators only, `denied`, `absent`.
    catalog: str = "filtered"
    # True, False, or `unfiltered`: all of them, whatever type was asked for.
    referrers: object = True
    redirect: bool = False
    # What is said when a token does not reach: `scope` (401) or `denied` (403).
    refusal: str = "scope"
    # Whether tokens can be fetched by POST.
    posts: bool = False
    # The member of the query that says where the next page begins.
    paging: str = "last"


MANNERS = {
    "oci": Manner("registry.example.com", ("oci", "/token"), catalog="on", posts=True),
    "harbor": Manner("harbor-registry", ("harbor", "/service/token"), basic=True, catalog="admin"),
    "quay": Manner("quay.example.com", ("quay", "/v2/auth"), redirect=True, paging="next_page"),
    "hub_registry": Manner("registry.docker.io", ("hub_auth", "/token"), catalog="denied", referrers=False, redirect=True, posts=True),
    "ghcr": Manner("ghcr.io", ("ghcr", "/token"), catalog="denied", referrers=False, redirect=True, refusal="denied"),
    "gitlab_registry": Manner("container_registry", ("gitlab", "/jwt/auth"), catalog="admin", referrers=False, redirect=True),
    "jfrog": Manner("jfrog.example.com", ("jfrog", "/v2/token"), basic=True, refusal="denied"),
}
# The site that each token service tells apart by `service`.
SERVICES = {manner.service: name for name, manner in MANNERS.items()}
# What opens each vendor's sites: the one who reads everything but the namespace `closed`, and an administrator.
ACCOUNTS = {
    "oci": ("plimsoll", "not-a-secret"), "harbor": ("robot$plimsoll", "not-a-secret-robot"), "quay": ("shop+plimsoll", "not-a-secret-quay"),
    "hub": ("plimsoll", "dckr_pat_not-a-secret"), "github": ("plimsoll", "ghp_not-a-secret"), "gitlab": ("plimsoll", "glpat-not-a-secret"),
    "jfrog": ("plimsoll", "jfrog-not-a-secret"),
}
# What opens a vendor's API where that is another secret.
API_SECRETS = {"quay": "not-a-secret-quay-oauth"}
ADMIN = ("admin", "not-a-secret-either")
VENDOR = {
    "oci": "oci", "harbor": "harbor", "quay": "quay", "hub": "hub", "hub_registry": "hub", "hub_auth": "hub", "github": "github", "ghcr": "github",
    "gitlab": "gitlab", "gitlab_registry": "gitlab", "jfrog": "jfrog",
}
# Where blobs lie when a registry redirects, and an address that nobody should go to with a secret.
BESIDE = ("storage", "stray")
NAMES = (*VENDOR, *BESIDE)
HIDDEN = "closed"


def who(site, name, word):
    """`reader`, `admin`, or None for somebody who is not known."""
    if (name, word) == ADMIN:
        return "admin"
    return "reader" if (name, word) == ACCOUNTS[VENDOR[site]] else None


def who_by(site, word):
    """The same by a secret alone, as vendors' APIs take them."""
    vendor = VENDOR[site]
    return "admin" if word == ADMIN[1] else "reader" if word == API_SECRETS.get(vendor, ACCOUNTS[vendor][1]) else None


def may(user, repository):
    """Whether somebody may read a repository; None is anybody."""
    return user == "admin" or repository.public or user == "reader" and repository.namespace != HIDDEN


def may_name(user, name):
    """The same of a name, whether or not there is such a repository."""
    namespace = name.partition("/")[0]
    return user == "admin" or namespace == "library" or user == "reader" and namespace != HIDDEN


# JFrog's registries are one to a namespace, and called so.
LOCAL = "-docker-local"


def shown(site, repository):
    """What a site calls a repository."""
    return f"{repository.namespace}{LOCAL}/{repository.rest}" if site == "jfrog" else repository.name


def real(site, name):
    """The estate's name of a repository that a site calls so."""
    key, slash, rest = name.partition("/")
    return f"{key.removesuffix(LOCAL)}{slash}{rest}" if site == "jfrog" and key.endswith(LOCAL) else name
