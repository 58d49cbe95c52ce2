"""Answers written by hand, where moto has none or answers nothing of use, and which of moto's lists are cut
into pages here. `check_bodies.py` holds every answer against botocore's models. Refuses filters that it would
have to ignore."""

import copy
import json
from collections import namedtuple
from urllib.parse import parse_qsl, urlencode

from botocore.parsers import create_parser

import wire
from wire import Refusal

# `make(call, shim)` answers the output's members, or with `member` the rows of that list.
Written = namedtuple("Written", "make member")
Names = namedtuple("Names", "token size following usual most")
ANSWERS = {}

# Lists that moto gives whole (or pages with limits and tokens of its own), and the member that is the list.
PAGED_OVER_MOTO = {
    ("ecs", "ListClusters"): "clusterArns",
    ("ecs", "ListServices"): "serviceArns",
    ("ecs", "ListContainerInstances"): "containerInstanceArns",
    ("ecs", "ListTaskDefinitions"): "taskDefinitionArns",
    ("ecs", "ListTaskDefinitionFamilies"): "families",
    ("eks", "ListClusters"): "clusters",
    ("eks", "ListNodegroups"): "nodegroups",
    ("eks", "ListFargateProfiles"): "fargateProfileNames",
    ("lambda", "ListFunctions"): "Functions",
    ("lambda", "ListVersionsByFunction"): "Versions",
    ("lambda", "ListAliases"): "Aliases",
    ("elbv2", "DescribeLoadBalancers"): "LoadBalancers",
    ("elbv2", "DescribeListeners"): "Listeners",
    ("elbv2", "DescribeTargetGroups"): "TargetGroups",
    ("elbv2", "DescribeRules"): "Rules",
    ("ec2", "DescribeInstances"): "Reservations",
    ("ec2", "DescribeSecurityGroups"): "SecurityGroups",
    ("ec2", "DescribeNetworkInterfaces"): "NetworkInterfaces",
    ("ec2", "DescribeSubnets"): "Subnets",
}
# Lists of things to describe, and the most that AWS takes at once; moto takes any number.
MOST_AT_ONCE = {
    ("ecs", "DescribeClusters"): ("clusters", 100, "InvalidParameterException"),
    ("ecs", "DescribeServices"): ("services", 10, "InvalidParameterException"),
    ("ecs", "DescribeTasks"): ("tasks", 100, "InvalidParameterException"),
    ("ecs", "DescribeContainerInstances"): ("containerInstances", 100, "InvalidParameterException"),
    ("batch", "DescribeJobs"): ("jobs", 100, "ClientException"),
}
# (usual page, largest page), where the documentation gives another than 100 and 100.
SIZES = {
    ("ecs", "ListServices"): (10, 100),
    ("lambda", "ListFunctions"): (50, 50),
    ("lambda", "ListFunctionUrlConfigs"): (50, 50),
    ("elbv2", "DescribeLoadBalancers"): (400, 400),
    ("elbv2", "DescribeListeners"): (400, 400),
    ("elbv2", "DescribeTargetGroups"): (400, 400),
    ("elbv2", "DescribeRules"): (400, 400),
    ("ec2", "DescribeInstances"): (1000, 1000),
    ("ec2", "DescribeSecurityGroups"): (1000, 1000),
    ("ec2", "DescribeNetworkInterfaces"): (1000, 1000),
    ("ec2", "DescribeSubnets"): (1000, 1000),
    ("inspector2", "ListCoverage"): (100, 200),
    ("guardduty", "ListDetectors"): (50, 50),
    ("guardduty", "ListFindings"): (50, 50),
    ("guardduty", "ListCoverage"): (50, 50),
    ("organizations", "ListAccounts"): (20, 20),
    ("apprunner", "ListServices"): (20, 20),
    ("account", "ListRegions"): (50, 50),
    ("ecr-public", "DescribeRepositories"): (100, 1000),
    ("ecr-public", "DescribeImages"): (100, 1000),
}


def answers(service, action, member=None):
    """Marks a function as the answer of an operation."""
    def mark(make):
        ANSWERS[(service, action)] = Written(make, member)
        return make
    return mark


def page_names(service, action):
    """How an operation calls its token, its page size and the next token, and the sizes it takes."""
    usual, most = SIZES.get((service, action), (100, 100))
    known = wire.paginators(service).get(action)
    if known is None:
        # App Runner has lists that botocore does not page.
        return Names("NextToken", "MaxResults", "NextToken", usual, most)
    return Names(known["input_token"], known.get("limit_key"), known["output_token"], usual, most)


def not_too_many(call):
    """Refuses more things to describe than AWS takes at once."""
    name, most, code = MOST_AT_ONCE.get((call.service, call.action), (None, 0, None))
    if name and len(call.params.get(name) or []) > most:
        raise Refusal(code, f"{name} cannot have more than {most} elements.")


def with_missing_tasks(call, body):
    """moto is silent about tasks that are not there; ECS names them."""
    told = json.loads(body)
    there = {task["taskArn"].split("/")[-1] for task in told.get("tasks", [])}
    prefix = f"arn:aws:ecs:{call.region}:{call.account}:task/{call.params.get('cluster', 'default').split('/')[-1]}/"
    missing = [name.split("/")[-1] for name in call.params.get("tasks", []) if name.split("/")[-1] not in there]
    told["failures"] = [{"arn": prefix + name, "reason": "MISSING"} for name in missing]
    return json.dumps(told).encode()


def with_api_server(body, where):
    """moto makes up an endpoint; here something answers."""
    told = json.loads(body)
    cluster = told["cluster"]
    cluster["endpoint"] = f"{where['address']}/clusters/{cluster['name']}"
    cluster["certificateAuthority"] = {"data": where["authority"]}
    return json.dumps(told).encode()


def without_page(call):
    """The same call for the whole list."""
    names = page_names(call.service, call.action)
    drop = {names.token, names.size}
    whole = copy.copy(call)
    if call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = parse_qsl(call.body.decode())
        whole.body = urlencode([(name, value) for name, value in form if name not in drop]).encode()
        return whole
    members = wire.model(call.service).operation_model(call.action).input_shape.members
    drop = {members[name].serialization.get("name", name) for name in drop if name in members}
    if call.body:
        whole.body = json.dumps({name: value for name, value in json.loads(call.body).items() if name not in drop}).encode()
    if call.query:
        whole.query = urlencode([(name, value) for name, value in parse_qsl(call.query) if name not in drop])
    whole.target = call.target.partition("?")[0] + ("?" + whole.query if whole.query else "")
    return whole


def rows_of(call, answered, member):
    """The rows of moto's answer; none of an error, which is passed on."""
    if answered.status >= 300:
        return []
    if wire.protocol(call.service) in ("query", "ec2"):
        shape = wire.model(call.service).operation_model(call.action).output_shape
        given = {"body": answered.body, "headers": answered.headers, "status_code": answered.status}
        return without_twins(create_parser(wire.protocol(call.service)).parse(given, shape).get(member, []))
    return json.loads(answered.body).get(member, [])


def without_twins(rows):
    """moto names a load balancer once for each of its listeners that forward to a target group."""
    for row in rows:
        if "LoadBalancerArns" in row:
            row["LoadBalancerArns"] = list(dict.fromkeys(row["LoadBalancerArns"]))
    return rows


def answer_with(call, member, page, following):
    """An answer with these rows and the next token."""
    names = page_names(call.service, call.action)
    body = {member: page, **({names.following: following} if following else {})}
    if wire.protocol(call.service) in ("query", "ec2"):
        return wire.answer(call.service, call.action, body)
    return wire.Answer(200, {"Content-Type": "application/json"}, json.dumps(body))


def enabled_regions(estate):
    """Regions that may be called: those of the estate, and one that is enabled and empty."""
    return {*estate.regions, "us-east-1", "eu-north-1"}


def only(criteria, known, row):
    """Whether a row passes filter criteria: a map from a filter's name to conditions. `known` says how to
    read the row for each filter that is understood."""
    for name, conditions in (criteria or {}).items():
        if name not in known:
            raise Refusal("ValidationException", f"The emulator does not know the filter {name}.")
        value = known[name](row)
        # What a row must not be is joined by "and", as AWS does.
        refused = [condition for condition in conditions if negates(condition)]
        wanted = [condition for condition in conditions if not negates(condition)]
        if not all(passes(condition, value) for condition in refused):
            return False
        if wanted and not any(passes(condition, value) for condition in wanted):
            return False
    return True


def negates(condition):
    return condition.get("comparison", condition.get("Comparison")) == "NOT_EQUALS"


def passes(condition, value):
    comparison = condition.get("comparison", condition.get("Comparison"))
    wanted = condition.get("value", condition.get("Value"))
    if comparison is None:
        start = condition.get("startInclusive", condition.get("Start", 0))
        end = condition.get("endInclusive", condition.get("End", float("inf")))
        return start <= value <= end
    if comparison == "EQUALS":
        return value == wanted
    if comparison == "NOT_EQUALS":
        return value != wanted
    if comparison == "PREFIX":
        return value.startswith(wanted)
    raise Refusal("ValidationException", f"The emulator does not know the comparison {comparison}.")


import bodies_account  # noqa: E402,F401  (they register themselves above)
import bodies_compute  # noqa: E402,F401
import bodies_watch  # noqa: E402,F401
