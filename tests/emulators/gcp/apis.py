"""Every method of the emulated services with its messages and HTTP rules, taken from the transports that the
official packages generate: what the emulator can say is what the official clients can read. Refuses a method
whose message types the packages do not name.

The packages ship no service descriptors, so each gRPC transport is asked what it would call, and its REST sibling
which paths it would use."""

import importlib
import re

import grpc
from google.protobuf import descriptor_pool, message_factory

# (name of the API, module of its transports, name of the service in it)
SERVICES = (
    ("cloudresourcemanager", "google.cloud.resourcemanager_v3.services.projects", "Projects"),
    ("cloudresourcemanager", "google.cloud.resourcemanager_v3.services.folders", "Folders"),
    ("cloudresourcemanager", "google.cloud.resourcemanager_v3.services.organizations", "Organizations"),
    ("artifactregistry", "google.cloud.artifactregistry_v1.services.artifact_registry", "ArtifactRegistry"),
    ("run", "google.cloud.run_v2.services.services", "Services"),
    ("run", "google.cloud.run_v2.services.revisions", "Revisions"),
    ("run", "google.cloud.run_v2.services.jobs", "Jobs"),
    ("run", "google.cloud.run_v2.services.executions", "Executions"),
    ("run", "google.cloud.run_v2.services.worker_pools", "WorkerPools"),
    ("container", "google.cloud.container_v1.services.cluster_manager", "ClusterManager"),
    ("containeranalysis", "grafeas.grafeas_v1.services.grafeas", "Grafeas"),
    ("containeranalysis", "google.cloud.devtools.containeranalysis_v1.services.container_analysis", "ContainerAnalysis"),
)


class Method:
    """One method: how both transports address it and what it takes and gives."""

    def __init__(self, api, path, request, response):
        self.api, self.path, self.request, self.response = api, path, request, response
        self.service, self.name = path.rpartition("/")[0].rpartition(".")[2], path.rpartition("/")[2]
        self.rules = []

    @property
    def key(self):
        return self.service, self.name


class Rule:
    """One HTTP rule: a verb, a path template such as `/v1/{parent=projects/*}/notes`, and what the body is."""

    def __init__(self, method, verb, template, body):
        self.method, self.verb, self.template, self.body = method, verb.upper(), template, body
        self.fields = re.findall(r"\{([\w.]+)", template)
        self.pattern = re.compile(pattern_of(template))


def pattern_of(template):
    """The regular expression of a path template; variables are its groups, in order."""
    out, rest = "", template
    while rest:
        found = re.match(r"\{[\w.]+(?:=([^}]*))?\}", rest)
        if found:
            out += "(" + segments(found.group(1) or "*") + ")"
            rest = rest[found.end():]
        else:
            plain = re.match(r"[^{]+", rest).group()
            out, rest = out + segments(plain), rest[len(plain):]
    return out


def segments(text):
    return re.escape(text).replace(r"\*\*", ".+").replace(r"\*", "[^/]+?")


class Recorder(grpc.Channel):
    """A channel that only remembers what it was asked to make."""

    def __init__(self):
        self.made = []

    def unary_unary(self, method, request_serializer=None, response_deserializer=None, _registered_method=False):
        response = owner(response_deserializer)
        self.made.append((method, owner(request_serializer) or named_for(method, response), response))

    def unary_stream(self, *args, **named):
        return None

    stream_unary = stream_stream = unary_stream

    def subscribe(self, callback, try_to_connect=False):
        return None

    def unsubscribe(self, callback):
        return None

    def close(self):
        return None


def owner(function):
    """The plain protobuf class that a serializer or parser is bound to, or None for an unbound one."""
    known = getattr(function, "__self__", None)
    return known.pb() if hasattr(known, "pb") else known


def named_for(path, response):
    """The request class of a method whose types are not wrapped (IAM's, locations'): it is named like the method
    and lives in the package of its response."""
    if response is None:
        return None
    name = f"{response.DESCRIPTOR.file.package}.{path.rpartition('/')[2]}Request"
    try:
        return message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(name))
    except KeyError:
        return None


def read(api, module, service):
    """The methods of one service."""
    kind = getattr(importlib.import_module(module + ".transports.grpc"), service + "GrpcTransport")
    transport = kind(channel=Recorder())
    transport._logged_channel, transport._stubs = Recorder(), {}
    for name, member in vars(kind).items():
        if isinstance(member, property) and name not in ("grpc_channel", "kind", "operations_client"):
            getattr(transport, name)
    base = getattr(importlib.import_module(module + ".transports.rest_base"), f"_Base{service}RestTransport")
    for path, request, response in transport._logged_channel.made:
        # Operations are mixed in under a path of their own; of such mixtures only locations are answered.
        if request is None or path.startswith("/google.longrunning."):
            continue
        method = Method(api, path, request, response)
        rules = getattr(base, "_Base" + method.name, None)
        for option in rules._get_http_options() if rules else ():
            method.rules.append(Rule(method, option["method"], option["uri"], option.get("body")))
        yield method


def load():
    """All methods by gRPC path, and all HTTP rules with the longer templates first."""
    methods = {}
    for service in SERVICES:
        for method in read(*service):
            # Each API mixes in the same locations; Artifact Registry's are the ones that are answered.
            if "cloud.location" not in method.path or method.api == "artifactregistry":
                methods.setdefault(method.path, method)
    rules = [rule for method in methods.values() for rule in method.rules]
    rules.sort(key=lambda rule: -len(rule.template))
    return methods, rules
