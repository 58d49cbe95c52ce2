"""Who asks, and what they may: tokens like those of service accounts, the rules of one role, and the reviews by which
somebody learns what they may. Refuses to verify signatures: a token is known or it is not."""

import base64
import json
import threading
import time

import clouds
import kinds
from faults import Asked
from wire import Refusal, bad, details, titled, told

USER, ANONYMOUS = "system:serviceaccount:plimsoll:plimsoll", "system:anonymous"
PATHS = ("/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/")
# What everybody may ask who shows nothing at all.
PUBLIC = ("/healthz", "/livez", "/readyz", "/version", "/version/")
BINDING = 'RBAC: allowed by ClusterRoleBinding "plimsoll" of ClusterRole "plimsoll" to ServiceAccount "plimsoll/plimsoll"'


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


class Tokens:
    """Tokens that were handed out, and their ends."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        with self.lock:
            self.known, self.made = {}, 0
        # Whether who shows no token is let in as somebody without rights, as API servers do, or refused.
        self.anonymous = True
        # Whom clusters know by tokens of the cloud that runs them; see `clouds.py`.
        self.entries = {}

    def mint(self, user=USER, seconds=3600.0):
        """A token in the shape of a service account's."""
        now = time.time()
        with self.lock:
            self.made += 1
            namespace, _, account = user.removeprefix("system:serviceaccount:").partition(":")
            claims = {
                "aud": ["https://kubernetes.default.svc"],
                "exp": int(now + seconds),
                "iat": int(now),
                "iss": "https://kubernetes.default.svc",
                "jti": f"00000000-0000-4000-8000-{self.made:012d}",
                "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": account}},
                "sub": user,
            }
            token = f"{encoded({'alg': 'RS256', 'kid': 'emulated'})}.{encoded(claims)}.{encoded('signature')}"
            self.known[token] = (user, now + seconds)
        return token

    def user(self, token, cluster):
        """Who shows this token to a cluster; None when it is wrong or over."""
        if token is None:
            return ANONYMOUS if self.anonymous else None
        if token not in self.known:
            return clouds.user(token, cluster, self.entries, time.time())
        user, until = self.known[token]
        return user if time.time() < until else None

    def expire(self, token=None):
        """Ends one token, or all."""
        with self.lock:
            for one in [token] if token else list(self.known):
                if one in self.known:
                    self.known[one] = (self.known[one][0], 0)


def granted(verb, group, resource):
    """Whether the role has a rule for this."""
    if group == kinds.AUTHORIZATION:
        return verb == "create" and resource in kinds.REVIEWS
    return verb in kinds.READ and any((kind.group, kind.plural) == (group, resource) and kind.served for kind in kinds.KINDS)


def allowed(emulator, asked):
    """Whether somebody may do this, without counting that they asked."""
    return asked.user not in (None, ANONYMOUS) and granted(asked.verb, asked.group, asked.resource) and not emulator.faults.holds("deny", asked)


def authorise(emulator, call):
    """Lets a call pass, or refuses it in the words of API servers."""
    if call.user is None:
        raise Refusal(401, "Unauthorized", "Unauthorized")
    if call.resource is None:
        return authorise_path(call)
    denied = emulator.faults.denied(call)
    known = granted(call.verb, call.group, call.resource) and not (call.subresource or call.user == ANONYMOUS)
    if known and denied is None:
        return None
    raise forbidden(call)


def authorise_path(call):
    open_to_all = call.user != ANONYMOUS and any(call.path == path or path.endswith("*") and call.path.startswith(path[:-1]) for path in PATHS)
    if not (open_to_all or call.path in PUBLIC) or call.verb != "get":
        raise Refusal(403, "Forbidden", f'forbidden: User "{call.user}" cannot {call.verb} path "{call.path}"', {})


def forbidden(call):
    resource = f"{call.resource}/{call.subresource}" if call.subresource else call.resource
    name = f' "{call.name}"' if call.name else ""
    where = f'in the namespace "{call.namespace}"' if call.namespace else "at the cluster scope"
    text = f'{titled(call.group, call.resource)}{name} is forbidden: User "{call.user}" cannot {call.verb} resource "{resource}" in API group "{call.group}" {where}'
    return Refusal(403, "Forbidden", text, details(call.group, call.resource, call.name))


def review(call, emulator, cluster):
    """What is created below authorization.k8s.io."""
    try:
        spec = json.loads(call.body)["spec"]
    except (ValueError, KeyError, TypeError):
        raise bad("the object provided is unrecognized (must be of type SelfSubjectAccessReview)") from None
    status = access(call, emulator, spec) if call.resource == "selfsubjectaccessreviews" else rules(call, emulator, spec, cluster)
    return told(
        {
            "kind": kinds.REVIEWS[call.resource],
            "apiVersion": "authorization.k8s.io/v1",
            "metadata": {"creationTimestamp": None},
            "spec": spec,
            "status": status,
        },
        201,
    )


def access(call, emulator, spec):
    """Whether who asks may do one thing."""
    attributes, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if (attributes is None) == (path is None):
        raise Refusal(
            422,
            "Invalid",
            'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
            details(kinds.AUTHORIZATION, "SelfSubjectAccessReview"),
        )
    if attributes is not None:
        asked = Asked(
            call.cluster,
            call.user,
            attributes.get("verb", ""),
            attributes.get("group", ""),
            attributes.get("version", "*"),
            attributes.get("resource", ""),
            attributes.get("namespace", ""),
        )
        may = allowed(emulator, asked) and not attributes.get("subresource")
    else:
        may = path.get("verb") == "get" and any(path.get("path") == one or one.endswith("*") and path.get("path", "").startswith(one[:-1]) for one in PATHS)
    return {"allowed": True, "reason": BINDING} if may else {"allowed": False}


def rules(call, emulator, spec, cluster):
    """Everything that who asks may do in a namespace."""
    namespace = spec.get("namespace")
    if not namespace:
        raise bad("no namespace on request")
    by_group = {}
    for kind in cluster.kinds:
        verbs = tuple(verb for verb in kinds.READ if kind.served and allowed(emulator, Asked(call.cluster, call.user, verb, kind.group, kind.version, kind.plural, namespace)))
        if verbs:
            by_group.setdefault((kind.group, verbs), []).append(kind.plural)
    own = {"verbs": ["create"], "apiGroups": [kinds.AUTHORIZATION], "resources": list(kinds.REVIEWS)}
    return {
        "resourceRules": [own, *({"verbs": list(verbs), "apiGroups": [group], "resources": plurals} for (group, verbs), plurals in by_group.items())],
        "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": list(PATHS)}],
        "incomplete": False,
    }
