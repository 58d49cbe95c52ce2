#!/usr/bin/env python3
"""Holds every answer that the shim writes by hand against botocore's models: no member that the model does not
have, no type that is not its own, no required member absent, no value outside an enumeration, and what a client
reads is what was meant.. Prints what is wrong and ends with 1.

    python tests/emulators/aws/check_bodies.py [--endpoint ignored]
"""

import datetime
import json
import sys

import server  # noqa: F401  (sets the environment that moto reads)
import bodies
import seed
import shim
import wire
from botocore.parsers import create_parser

# What to ask, where an answer needs more than an account and a region.
ASKED = {
    ("apprunner", "DescribeService"): lambda call, found: {"ServiceArn": found("apprunner", "ListServices")["ServiceSummaryList"][0]["ServiceArn"]},
    ("apprunner", "ListTagsForResource"): lambda call, found: {"ResourceArn": found("apprunner", "ListServices")["ServiceSummaryList"][0]["ServiceArn"]},
    ("batch", "DescribeJobs"): lambda call, found: {"jobs": [job["jobId"] for job in found("batch", "ListJobs")["jobSummaryList"]]},
    ("ecr", "DescribeImageScanFindings"): lambda call, found: {"repositoryName": "service-000", "imageId": {"imageDigest": running(call)}},
    ("ecr", "ListImages"): lambda call, found: {"repositoryName": "service-000"},
    ("ecr", "DescribeImages"): lambda call, found: {"repositoryName": "service-000"},
    ("ecr", "BatchGetImage"): lambda call, found: {"repositoryName": "service-000", "imageIds": [{"imageTag": "latest"}, {"imageTag": "none"}]},
    ("ecr", "GetDownloadUrlForLayer"): lambda call, found: {"repositoryName": "service-000", "layerDigest": json.loads(manifest(call))["config"]["digest"]},
    ("ecr-public", "DescribeImages"): lambda call, found: {"repositoryName": "open/agent"},
    ("ecs", "ListTasks"): lambda call, found: {"cluster": "services"},
    ("guardduty", "GetDetector"): lambda call, found: detector(found),
    ("guardduty", "ListCoverage"): lambda call, found: detector(found),
    ("guardduty", "ListFindings"): lambda call, found: detector(found),
    ("guardduty", "GetFindings"): lambda call, found: {**detector(found), "FindingIds": found("guardduty", "ListFindings", detector(found))["FindingIds"]},
    ("inspector2", "BatchGetAccountStatus"): lambda call, found: {"accountIds": [call.account]},
    ("lambda", "ListFunctionUrlConfigs"): lambda call, found: {"FunctionName": "resize"},
}
ECR = ("DescribeRepositories", "ListImages", "DescribeImages", "BatchGetImage", "GetDownloadUrlForLayer")


def detector(found):
    return {"DetectorId": found("guardduty", "ListDetectors")["DetectorIds"][0]}


def manifest(call):
    from bodies_watch import platform_images, repositories
    return platform_images(repositories(call)[0])[0].image_manifest


def running(call):
    from images import sha256
    return sha256(manifest(call))


class Asked(wire.Call):
    """A call that never travelled."""

    def __init__(self, account, region, service, action, params):
        super().__init__("POST", "/", {"host": "127.0.0.1"}, b"")
        self.account, self.region, self.service, self.action, self._params = account, region, service, action, params


def problems(shape, value, path):
    """What in a value is not as its shape says."""
    kind = shape.type_name
    wanted = {
        "structure": dict, "list": list, "map": dict, "string": str, "boolean": bool, "blob": bytes,
        "timestamp": datetime.datetime, "integer": int, "long": int, "double": (float, int), "float": (float, int),
    }[kind]
    if not isinstance(value, wanted) or (kind in ("integer", "long", "double", "float") and isinstance(value, bool)):
        yield f"{path}: {type(value).__name__} is no {kind}"
    elif kind == "structure":
        yield from (f"{path}.{name} is not in the model" for name in value if name not in shape.members)
        yield from (f"{path}.{name} is required" for name in shape.required_members if name not in value)
        for name, inner in value.items():
            if name in shape.members:
                yield from problems(shape.members[name], inner, f"{path}.{name}")
    elif kind == "list":
        for number, inner in enumerate(value):
            yield from problems(shape.member, inner, f"{path}[{number}]")
    elif kind == "map":
        for name, inner in value.items():
            yield from problems(shape.value, inner, f"{path}[{name}]")
    elif kind == "string" and shape.enum and value not in shape.enum:
        yield f"{path}: {value!r} is none of {', '.join(shape.enum)}"


def parsed(service, action, answer):
    """What a client of botocore reads in an answer."""
    shape = wire.model(service).operation_model(action).output_shape
    given = {"body": answer.body, "headers": answer.headers, "status_code": answer.status}
    read = create_parser(wire.protocol(service)).parse(given, shape)
    read.pop("ResponseMetadata", None)
    return read


def checked(emulator, account, region, service, action):
    """The problems of one answer."""
    def found(other_service, other, params=None):
        return parsed(other_service, other, emulator.served(Asked(account, region, other_service, other, params or {})))

    asked = Asked(account, region, service, action, {})
    asked._params = ASKED.get((service, action), lambda *_: {})(asked, found)
    shape = wire.model(service).operation_model(action).output_shape
    answer = emulator.served(asked)
    read = parsed(service, action, answer)
    yield from problems(shape, read, f"{service}:{action}")
    written = bodies.ANSWERS.get((service, action))
    if written is not None:
        meant = written.make(asked, emulator)
        if written.member is not None:
            names = bodies.page_names(service, action)
            if not meant:
                yield f"{service}:{action}: no row to look at"
            yield from problems(shape.members[written.member], meant, f"{service}:{action} as written")
            read.pop(names.following, None)
            meant = {written.member: meant[: len(read[written.member])]}
        else:
            yield from problems(shape, meant, f"{service}:{action} as written")
        if without_nothing(meant) != without_nothing(read):
            yield f"{service}:{action}: a client reads something else than was written"
    elif wire.protocol(service) == "json":
        # Written as text: a member that botocore would pass over in silence is found only here.
        raw = json.loads(answer.body)
        yield from (f"{service}:{action}: {path} is not in the model" for path in unknown(shape, raw, ""))


def unknown(shape, value, path):
    """Paths in a JSON answer that the model does not have."""
    if shape.type_name == "structure":
        for name, inner in value.items():
            if name not in shape.members:
                yield f"{path}.{name}"
            else:
                yield from unknown(shape.members[name], inner, f"{path}.{name}")
    elif shape.type_name == "list":
        for inner in value:
            yield from unknown(shape.member, inner, path + "[]")


def without_nothing(value):
    """A value without empty lists and maps, which some protocols cannot tell from absence."""
    if isinstance(value, dict):
        inner = {name: without_nothing(member) for name, member in value.items()}
        return {name: member for name, member in inner.items() if member not in ({}, [])}
    return [without_nothing(member) for member in value] if isinstance(value, list) else value


def main():
    emulator = shim.Shim()
    emulator.seed("small")
    account, region = emulator.estate.management, "us-east-1"
    wrong, seen = [], 0
    for service, action in [*bodies.ANSWERS, *(("ecr", action) for action in ECR)]:
        seen += 1
        try:
            wrong += checked(emulator, account, region, service, action)
        except wire.Refusal as refusal:
            wrong.append(f"{service}:{action}: refused: {refusal.code}: {refusal.message}")
    for service, action in bodies.PAGED_OVER_MOTO:
        names, members = bodies.page_names(service, action), wire.model(service).operation_model(action).input_shape.members
        wrong += [f"{service}:{action}: no input {name}" for name in (names.token, names.size) if name not in members]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{seen} answers checked, {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
