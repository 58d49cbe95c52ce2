"""Hand-written answers about accounts and regions: Organizations, Account, STS's neighbours, ECR Public.
Refuses members of the organisation what only its management account may ask."""

import datetime

import images
from bodies import answers, enabled_regions
from wire import Refusal

JOINED = datetime.datetime(2025, 3, 1, tzinfo=datetime.timezone.utc)
ORGANIZATION = "o-plimsoll01"
DISABLED = ("ap-east-1", "me-south-1")


def managed(call, shim):
    """Only the management account may list its organisation."""
    if call.account != shim.estate.management:
        raise Refusal("AccessDeniedException", "You don't have permissions to access this resource.")


@answers("organizations", "ListAccounts", "Accounts")
def list_accounts(call, shim):
    managed(call, shim)
    gone, suspended = shim.faults.named("leave", "account"), shim.faults.named("suspend", "account")
    found = []
    for account in shim.estate.accounts:
        if account["id"] in gone:
            continue
        state = "SUSPENDED" if account["id"] in suspended else "ACTIVE"
        first = account["id"] == shim.estate.management
        found.append({
            "Id": account["id"],
            "Arn": f"arn:aws:organizations::{shim.estate.management}:account/{ORGANIZATION}/{account['id']}",
            "Email": account["email"], "Name": account["name"], "Status": state, "State": state,
            "JoinedMethod": "INVITED" if first else "CREATED", "JoinedTimestamp": JOINED,
        })
    return found


@answers("organizations", "DescribeOrganization")
def describe_organization(call, shim):
    management = shim.estate.management
    return {"Organization": {
        "Id": ORGANIZATION, "Arn": f"arn:aws:organizations::{management}:organization/{ORGANIZATION}", "FeatureSet": "ALL",
        "MasterAccountArn": f"arn:aws:organizations::{management}:account/{ORGANIZATION}/{management}",
        "MasterAccountId": management, "MasterAccountEmail": "management@example.com",
    }}


@answers("account", "ListRegions", "Regions")
def list_regions(call, shim):
    about = call.params.get("AccountId")
    if about and about != call.account:
        managed(call, shim)
    wanted = call.params.get("RegionOptStatusContains")
    states = {region: "ENABLED_BY_DEFAULT" for region in sorted(enabled_regions(shim.estate))}
    states.update({region: "DISABLED" for region in DISABLED if region not in states})
    return [{"RegionName": name, "RegionOptStatus": state} for name, state in states.items() if not wanted or state in wanted]


@answers("ec2", "DescribeRegions")
def describe_regions(call, shim):
    regions = [
        {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": "opt-in-not-required"}
        for name in sorted(enabled_regions(shim.estate))
    ]
    if call.params.get("AllRegions") == "true":
        regions += [
            {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": "not-opted-in"}
            for name in DISABLED if name not in enabled_regions(shim.estate)
        ]
    return {"Regions": regions}


def public_images(account, name):
    """The images of a public repository."""
    found = []
    for version in range(3):
        text, _, size = images.manifest(images.OCI, f"public/{account}/{name}", version, "amd64")
        found.append({
            "registryId": account, "repositoryName": name, "imageDigest": images.sha256(text),
            "imageTags": [f"2.{version}.0"] + (["latest"] if version == 2 else []), "imageSizeInBytes": size,
            "imagePushedAt": JOINED + datetime.timedelta(days=version), "imageManifestMediaType": images.OCI["manifest"],
            "artifactMediaType": images.OCI["config"],
        })
    return found


PUBLIC = ("open/agent", "open/exporter")


@answers("ecr-public", "DescribeRepositories", "repositories")
def public_repositories(call, shim):
    if not shim.estate.plan.workloads:
        return []
    alias = f"plimsoll{call.account[:3]}"
    return [{
        "repositoryArn": f"arn:aws:ecr-public::{call.account}:repository/{name}", "registryId": call.account,
        "repositoryName": name, "repositoryUri": f"public.ecr.aws/{alias}/{name}", "createdAt": JOINED,
    } for name in PUBLIC]


@answers("ecr-public", "DescribeImages", "imageDetails")
def public_details(call, shim):
    name = call.params.get("repositoryName")
    if name not in PUBLIC or not shim.estate.plan.workloads:
        raise Refusal(
            "RepositoryNotFoundException",
            f"The repository with name '{name}' does not exist in the registry with id '{call.account}'",
        )
    return public_images(call.account, name)
