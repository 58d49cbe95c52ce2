"""What stands between the transports and the answers: who asks, faults, true paging, the log of calls.
Refuses methods that have no answer, in Google's words, and never answers for a project it does not have."""

import re
import time

import answers
import answers_analysis  # noqa: F401  (each marks its functions as answers)
import answers_container  # noqa: F401
import answers_projects  # noqa: F401
import answers_registry  # noqa: F401
import answers_run  # noqa: F401
import apis
import replies
import seed
from control import PAGE, manner
from faults import Calls, Faults
from pages import Pages
from replies import Garbage, Listed, Refusal, Row, info, not_found
from sign_in import INVALID, SignIn, unauthenticated

PROJECT = re.compile(r"(?:^|/)projects/([^/:]+)")
LOCATION = re.compile(r"/locations/([^/:]+)")


class Call:
    """One call, whatever it came by."""

    def __init__(self, transport, service, method, resource="", authorization=None, rpc=None, request=None):
        self.transport, self.service, self.method, self.resource = transport, service, method, resource
        self.authorization, self.rpc, self.request = authorization, rpc, request
        found = PROJECT.search(resource)
        self.project = found.group(1) if found else None
        found = LOCATION.search(resource)
        self.location = found.group(1) if found else None


class Outcome:
    """A reply and how it leaves: None, ("reset",) or ("slow", seconds)."""

    def __init__(self, reply, manner=None):
        self.reply, self.manner = reply, manner


def resource_of(request):
    """The resource that a request is about."""
    for field in ("parent", "name", "resource"):
        if field in request.DESCRIPTOR.fields_by_name and getattr(request, field):
            return getattr(request, field)
    if getattr(request, "project_id", ""):
        zone = getattr(request, "zone", "")
        cluster = getattr(request, "cluster_id", "")
        return f"projects/{request.project_id}/locations/{zone or '-'}" + (f"/clusters/{cluster}" if cluster else "")
    return ""


class Shim:
    """One emulator."""

    def __init__(self):
        self.methods, self.rules = apis.load()
        self.faults, self.calls, self.pages, self.sign_in = Faults(), Calls(), Pages(), SignIn()
        self.seed("none")

    def seed(self, order):
        """Forgets everything and lays an estate."""
        started = time.process_time()
        for room in (self.faults, self.calls):
            room.clear()
        self.pages.reset()
        self.estate = seed.build(order)
        # Where clusters answer: `address`, below which each has its name, and the `authority` of its certificate.
        self.api_server = None
        self.sign_in.reset(next(iter(self.estate.projects), "none"))
        return {**self.estate.told(), "seconds": round(time.process_time() - started, 3)}

    def rpc(self, transport, method, request, authorization):
        """Calls a method of an API."""
        call = Call(transport, method.api, method.name, resource_of(request), authorization, method, request)
        named = self.estate.numbers.get(call.project)
        call.project = named or call.project
        return self.run(call, lambda: self.served(call))

    def run(self, call, serve):
        """Any call, noted and with whatever fault was ordered for it. Raises Refusal or Garbage."""
        entry = self.calls.begin(call)
        try:
            outcome = self.faulted(call, serve)
            self.calls.end(entry, 200, None)
            return outcome
        except Refusal as refusal:
            self.calls.end(entry, refusal.http, refusal.code)
            raise
        except Garbage as garbage:
            self.calls.end(entry, garbage.status, None)
            raise
        except Exception as problem:  # an emulator that breaks must say so, or a test blames the product
            self.calls.end(entry, 501, "EMULATOR_BROKE")
            raise Refusal("UNIMPLEMENTED", f"The emulator broke: {type(problem).__name__}: {problem}") from problem

    def faulted(self, call, serve):
        fault = self.faults.strike(call)
        if fault is None:
            return Outcome(serve())
        order, kind = fault.order, fault.kind
        if kind == "timeout":
            self.faults.hang(fault)
        elif kind == "garbage":
            raise Garbage(order.get("status", 200), order.get("body", PAGE))
        elif kind == "expire":
            self.sign_in.expire()
            raise unauthenticated("ACCESS_TOKEN_EXPIRED", INVALID)
        elif kind in ORDERED:
            raise ORDERED[kind](call, order, self.estate)
        return Outcome(serve(), manner(fault))

    def served(self, call):
        """The true answer of a method."""
        self.sign_in.check(call.authorization)
        self.may_enter(call)
        written = answers.ANSWERS.get(call.rpc.key)
        if written is None:
            raise Refusal("UNIMPLEMENTED", f"The emulator does not answer {call.rpc.path}.")
        if self.faults.vanished(call, call.resource):
            raise not_found(call.resource)
        reply = self.page(call, written) if written.field else written.make(call, self)
        absent = self.faults.absent(call)
        return stripped(reply, absent) if absent else reply

    def may_enter(self, call):
        """Refuses projects that are not there, were shut down or ordered away, as each API does."""
        if call.project is None or call.project in answers.PROVIDERS:
            return
        project = self.estate.project(call.project)
        if project is None or call.project in self.faults.named("leave", "project"):
            raise denied(call, {}, self.estate)
        if call.service == "cloudresourcemanager":
            return
        if project.state != "ACTIVE" or call.project in self.faults.named("suspend", "project"):
            raise Refusal(
                "PERMISSION_DENIED", f"Project '{call.project}' not found or deleted.",
                [info("CONSUMER_INVALID", service=f"{call.service}.googleapis.com", consumer=f"projects/{project.number}")],
            )

    def page(self, call, written):
        """The page that a call asks for."""
        if call.request.page_size < 0:
            raise Refusal("INVALID_ARGUMENT", "page_size must not be negative.")
        asked = type(call.request)()
        asked.CopyFrom(call.request)
        asked.ClearField("page_size")
        asked.ClearField("page_token")
        subject = (call.rpc.path, asked.SerializeToString(deterministic=True))
        size = min(call.request.page_size or written.usual, written.most)
        page = self.pages.cut(subject, lambda: self.reached(call, written.make(call, self)), call.request.page_token, size, self.faults.repeats(call))
        if page is None:
            raise Refusal("INVALID_ARGUMENT", "The page token is invalid or has expired.")
        return Listed(call.rpc, written.field, *page, self.unreached(call))


    def unreached(self, call):
        """Places that cannot be reached. Whoever does not take a part gets nothing."""
        places = self.faults.unreachable(call)
        if places and not getattr(call.request, "return_partial_success", False):
            raise Refusal("UNAVAILABLE", f"Some locations could not be reached: {', '.join(places)}")
        return places

    def reached(self, call, rows):
        """The rows that do not lie in a place that cannot be reached, as their resource's address says."""
        places = self.unreached(call)
        if not places:
            return rows
        return [row for row in rows if not any(f"/{place}-docker.pkg.dev/" in row.message().resource_uri for place in places)]


def stripped(reply, fields):
    """The reply with fields missing that the documentation promises."""
    if isinstance(reply, Listed):
        rows = [Row(replies.without(row.message(), fields)) for row in reply.rows]
        return Listed(reply.method, reply.field, rows, reply.token)
    copied = type(reply)()
    copied.CopyFrom(reply)
    return replies.without(copied, fields)


def denied(call, order, estate):
    permission = order.get("message") or permission_of(call)
    return Refusal(
        "PERMISSION_DENIED", f"Permission '{permission}' denied on resource '//{call.service}.googleapis.com/{call.resource}' (or it may not exist).",
        [info("IAM_PERMISSION_DENIED", "iam.googleapis.com", permission=permission, resource=call.resource)],
    )


def permission_of(call):
    """The permission that a call needs, by Google's way of naming them."""
    if call.service == "registry":
        return "artifactregistry.repositories.downloadArtifacts"
    verb, noun = re.match(r"([A-Z][a-z]+)(.*)", call.method).groups()
    if noun == "IamPolicy":
        parts = call.resource.split("/")
        return f"{call.service}.{parts[-2]}.getIamPolicy"
    noun = noun[:1].lower() + noun[1:]
    return f"{call.service.removeprefix('cloud')}.{noun if noun.endswith('s') else noun + 's'}.{verb.lower()}"


def throttled(call, order, estate):
    seconds, title, consumer = order.get("retry_after"), f"{call.service}.googleapis.com", f"projects/{call.project}"
    details = [info("RATE_LIMIT_EXCEEDED", service=title, consumer=consumer, quota_limit="defaultPerMinutePerProject")]
    message = order.get("message") or (
        f"Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service '{title}' for consumer '{consumer}'."
    )
    return Refusal(
        "RESOURCE_EXHAUSTED", message, details + ([] if seconds is None else [replies.retry(seconds)]),
        {} if seconds is None else {"Retry-After": str(max(1, round(seconds)))},
    )


def disabled(call, order, estate):
    title = f"{call.service}.googleapis.com"
    where = f"https://console.developers.google.com/apis/api/{title}/overview?project={call.project}"
    return Refusal(
        "PERMISSION_DENIED", f"{title} has not been used in project {call.project} before or it is disabled. Enable it by visiting {where} then retry.",
        [info("SERVICE_DISABLED", service=title, consumer=f"projects/{call.project}", activationUrl=where)],
    )


def ordered(call, order, estate):
    return Refusal(order.get("code", "UNAVAILABLE"), order.get("message", "The service is currently unavailable."))


ORDERED = {"throttle": throttled, "deny": denied, "disabled": disabled, "error": ordered}
