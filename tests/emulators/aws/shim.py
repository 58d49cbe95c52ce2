"""What stands before moto: who asks, faults, true paging, and answers where moto has none.
Refuses callers it does not know, as AWS does."""

import io
import json
import threading
import time

from moto.core.base_backend import BackendDict
from moto.iam.models import get_account_id_from, iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

import bodies
import seed
import wire
from control import Control, garbage, manner
from ecr import Ecr
from faults import Calls, Faults
from pages import Pages
from paging import BAD_TOKEN
from wire import Answer, Refusal


class Shim(Control):
    """One emulator: control addresses begin with `/_`, everything else is AWS."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.faults, self.calls, self.pages = Faults(), Calls(), Pages()
        self.building = threading.Lock()
        self.estate = seed.Estate()
        self.seed("none")

    def seed(self, order):
        """Empties everything and lays an organisation."""
        with self.building:
            started = time.process_time()
            BackendDict.reset()
            self.faults.clear()
            self.pages.reset()
            self.calls.clear()
            self.estate = seed.build(order)
            # Where clusters answer: `address`, below which each has its name, and the `authority` of its certificate.
            self.api_server = None
            self.ecr = Ecr(self.estate, self.pages, self.faults)
            return {**self.estate.told(), "seconds": round(time.process_time() - started, 3)}

    def answer(self, method, target, headers, body):
        """The answer to one request; never raises."""
        if target.startswith("/_"):
            return self.control(method, target, body)
        call = wire.Call(method, target, headers, body)
        call.account = self.account_of(call.key)
        entry = self.calls.begin(call)
        try:
            result = self.faulted(call)
        except Refusal as refusal:
            result = wire.error(call.service, refusal)
        except Exception as problem:  # an emulator that breaks must say so, or a test blames the product
            result = wire.error(call.service, Refusal("EmulatorBroke", f"{type(problem).__name__}: {problem}", 501))
        if "x-amzn-requestid" not in map(str.lower, result.headers):
            result.headers["x-amzn-RequestId"] = wire.request_id()
        self.calls.end(entry, result.status, result.headers.get("x-amzn-ErrorType"))
        return result

    def account_of(self, key):
        """The account of an access key: seeded, or handed out by AssumeRole."""
        if key is None or key in self.estate.keys:
            return self.estate.keys.get(key)
        for account in list(iam_backends):
            if key in iam_backends[account]["aws"].access_keys:
                return self.estate.keys.setdefault(key, account)
        return None

    def faulted(self, call):
        """The answer with whatever fault was ordered for it."""
        fault = self.faults.strike(call)
        if fault is None:
            return self.served(call)
        order, kind = fault.order, fault.kind
        if kind == "throttle":
            again = order.get("retry_after")
            raise Refusal(
                order.get("code", "ThrottlingException"), order.get("message", "Rate exceeded"), order.get("status", 429),
                {"Retry-After": str(again)} if again is not None else {},
            )
        if kind == "deny":
            raise Refusal(
                "AccessDeniedException",
                f"User: arn:aws:sts::{call.account}:assumed-role/{seed.ROLE}/plimsoll is not authorized to perform: "
                f"{call.service}:{call.action} because no identity-based policy allows the {call.service}:{call.action} action",
                403 if wire.protocol(call.service) != "json" else 400,
            )
        if kind == "error":
            raise Refusal(order.get("code", "InternalFailure"), order.get("message", "Ordered by a test"), order.get("status", 500))
        if kind == "garbage":
            return garbage(order)
        if kind == "timeout":
            self.faults.hang(fault)
        result = self.served(call)
        result.manner = manner(fault)
        return result

    def served(self, call):
        """The true answer."""
        if call.service is None:
            raise Refusal("MissingAuthenticationToken", "The request is not signed.", 403)
        if call.account is None:
            code = "InvalidClientTokenId" if call.service == "sts" else "UnrecognizedClientException"
            raise Refusal(code, "The security token included in the request is invalid.", 403)
        if call.service not in wire.GLOBAL and call.region not in bodies.enabled_regions(self.estate):
            raise Refusal("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
        if call.service == "ecr":
            found = self.ecr.answer(call)
            if found is not None:
                return found
        bodies.not_too_many(call)
        written = bodies.ANSWERS.get((call.service, call.action))
        if written is not None:
            return self.written(call, written)
        member = bodies.PAGED_OVER_MOTO.get((call.service, call.action))
        if member is not None:
            return self.paged_over_moto(call, member)
        if (call.service, call.action) == ("sts", "AssumeRole"):
            self.may_assume(call)
        result = self.ask_moto(call)
        if (call.service, call.action) == ("ecs", "DescribeTasks") and result.status == 200:
            result.body = bodies.with_missing_tasks(call, result.body)
        if (call.service, call.action) == ("eks", "DescribeCluster") and result.status == 200 and self.api_server:
            result.body = bodies.with_api_server(result.body, self.api_server)
        if self.faults.repeats(call) and result.status == 200:
            result.body = repeat_in_json(call, result.body)
        return result

    def may_assume(self, call):
        """AWS lets a role be assumed that exists, in an account that is there, with its external id."""
        role = call.params.get("RoleArn", "")
        owner = role.split(":")[4] if role.count(":") >= 5 else ""
        gone = self.faults.named("leave", "account") | self.faults.named("suspend", "account")
        wanted = self.estate.roles.get(role, "")
        if wanted == "" or owner in gone or (wanted and call.params.get("ExternalId") != wanted):
            raise Refusal(
                "AccessDenied",
                f"User: arn:aws:iam::{call.account}:user/plimsoll is not authorized to perform: sts:AssumeRole on resource: {role}",
                403,
            )

    def written(self, call, written):
        """An answer from `bodies`: whole, or a list to be paged as botocore's model says."""
        result = written.make(call, self)
        if written.member is None:
            return wire.answer(call.service, call.action, result)
        page, following = self.page(call, lambda: result)
        names = bodies.page_names(call.service, call.action)
        body = {written.member: page, **({names.following: following} if following else {})}
        return wire.answer(call.service, call.action, body)

    def page(self, call, rows):
        """The page that a call asks for, by the names that its service gives to page sizes and tokens."""
        names = bodies.page_names(call.service, call.action)
        given = {name: value for name, value in call.params.items() if name not in (names.token, names.size)}
        subject = (call.account, call.region, call.service, call.action, json.dumps(given, sort_keys=True))
        size = min(int(call.params.get(names.size) or names.usual), names.most)
        page = self.pages.cut(subject, rows, call.params.get(names.token), size, self.faults.repeats(call))
        if page is None:
            raise Refusal(BAD_TOKEN.get(call.service, "ValidationException"), "The page token is invalid or has expired.")
        return page

    def paged_over_moto(self, call, member):
        """moto's whole list, cut into pages."""
        whole = {}

        def rows():
            answered = self.ask_moto(bodies.without_page(call))
            whole["answer"] = answered
            return bodies.rows_of(call, answered, member)

        page, following = self.page(call, rows)
        if "answer" in whole and whole["answer"].status >= 300:
            return whole["answer"]
        return bodies.answer_with(call, member, page, following)

    def ask_moto(self, call):
        """moto's answer, as the account that the caller is."""
        environ = {
            "REQUEST_METHOD": call.method, "SCRIPT_NAME": "", "PATH_INFO": call.path.encode().decode("latin-1"),
            "QUERY_STRING": call.query, "RAW_URI": call.target, "REQUEST_URI": call.target,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(call.body)), "CONTENT_TYPE": call.headers.get("content-type", ""),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(call.body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }
        for name, value in call.headers.items():
            if name not in ("content-length", "content-type"):
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
        begun = {}

        def start_response(status, headers, exc_info=None):
            begun["status"], begun["headers"] = int(status.split(" ")[0]), dict(headers)
            return None

        body = b"".join(self.moto(environ, start_response))
        headers = {name: value for name, value in begun["headers"].items() if name.lower() != "content-length"}
        return Answer(begun["status"], headers, body)

    def settable(self):
        return {**super().settable(), "api_server": self}

    def ordered(self, method, path, query, order):
        if path.startswith("/_layers/"):
            blob = self.estate.blobs.get(path.removeprefix("/_layers/"))
            return Answer(404) if blob is None else Answer(200, {"Content-Type": "application/octet-stream"}, blob)
        return super().ordered(method, path, query, order)


def repeat_in_json(call, body):
    """moto's own page with a token that never ends."""
    names = bodies.page_names(call.service, call.action)
    return json.dumps({**json.loads(body), names.following: "the-same-again"}).encode()
