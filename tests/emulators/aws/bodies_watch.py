"""Hand-written answers of those who watch: Inspector, GuardDuty, Security Hub, ECR's own scans. What they
say follows from the repositories, so that every digest is one that ECR lists. Refuses more ids at once than
AWS takes."""

import datetime
import hashlib

from moto.ecr.models import ecr_backends

import ecr
from bodies import answers, only
from wire import Refusal

SEEN = datetime.datetime(2026, 11, 20, 4, tzinfo=datetime.timezone.utc)
FIRST = datetime.datetime(2026, 11, 2, 4, tzinfo=datetime.timezone.utc)
# (CVE, package, version, epoch, release, fixed, manager, severity, score, exploited, epss)
KNOWN = (
    ("CVE-2025-15467", "openssl", "3.0.15", 0, "1~deb12u1", "0:3.0.18-1~deb12u2", "OS", "CRITICAL", 9.8, True, 0.42),
    ("CVE-2024-45491", "expat", "2.5.0", 0, "1", "0:2.5.0-1+deb12u1", "OS", "HIGH", 7.5, False, 0.012),
    ("CVE-2021-44228", "org.apache.logging.log4j:log4j-core", "2.14.1", None, None, "2.15.0", "JAR", "CRITICAL", 10.0, True, 0.97),
    ("CVE-2023-45853", "zlib1g", "1.2.13.dfsg", 1, "1", None, "OS", "MEDIUM", 5.3, False, 0.003),
    ("CVE-2025-27789", "@babel/runtime", "7.26.0", None, None, "7.26.10", "NODEPKG", "LOW", 3.1, False, 0.0004),
    ("CVE-2026-11111", "libc6", "2.36", 0, "9+deb12u8", None, "OS", "UNTRIAGED", 0.0, False, 0.0001),
)


def repositories(call):
    return list(ecr_backends[call.account][call.region].repositories.values())


def platform_images(repository):
    """The images of a repository that run: neither indexes nor attestations."""
    return [image for image in repository.images
            if image.image_manifest_media_type not in ecr.INDEXES and "in-toto" not in image.image_manifest]


def in_use(image):
    """What Inspector saw run: the images of the three repositories that services run."""
    if int(image.repository_name[-3:]) < 3:
        return {"inUseCount": 2, "lastInUseAt": SEEN}
    return {"inUseCount": 0}


def arn(call, image):
    return f"arn:aws:ecr:{call.region}:{call.account}:repository/{image.repository_name}/{image.image_digest}"


def coverage_of(call, repository, number):
    """Every second repository is scanned, every fifth of the others was once, the rest is unknown."""
    if number % 2 == 0:
        return ("ACTIVE", "SUCCESSFUL"), "CONTINUOUS_SCAN"
    return (("INACTIVE", "SCAN_ELIGIBILITY_EXPIRED"), "SCAN_ON_PUSH") if number % 5 == 1 else (None, None)


@answers("inspector2", "ListCoverage", "coveredResources")
def list_coverage(call, shim):
    found = []
    for number, repository in enumerate(repositories(call)):
        state, frequency = coverage_of(call, repository, number)
        if state is None:
            continue
        about = {"accountId": call.account, "scanType": "PACKAGE", "scanStatus": {"statusCode": state[0], "reason": state[1]}}
        found.append({
            **about, "resourceType": "AWS_ECR_REPOSITORY", "resourceId": repository.arn,
            "resourceMetadata": {"ecrRepository": {"name": repository.name, "scanFrequency": frequency}},
        })
        found += [{
            **about, "resourceType": "AWS_ECR_CONTAINER_IMAGE", "resourceId": arn(call, image), "lastScannedAt": SEEN,
            "resourceMetadata": {
                "ecrRepository": {"name": repository.name, "scanFrequency": frequency},
                "ecrImage": {"tags": list(image.image_tags), **in_use(image)},
            },
        } for image in platform_images(repository)]
    known = {
        "accountId": lambda row: row["accountId"],
        "resourceId": lambda row: row["resourceId"],
        "resourceType": lambda row: row["resourceType"],
        "scanStatusCode": lambda row: row["scanStatus"]["statusCode"],
        "scanStatusReason": lambda row: row["scanStatus"]["reason"],
        "scanType": lambda row: row["scanType"],
        "ecrRepositoryName": lambda row: row["resourceMetadata"]["ecrRepository"]["name"],
    }
    return [row for row in found if only(call.params.get("filterCriteria"), known, row)]


@answers("inspector2", "BatchGetAccountStatus")
def account_status(call, shim):
    def state(status):
        return {"status": status, "errorCode": "ALREADY_ENABLED", "errorMessage": ""}

    return {"accounts": [{
        "accountId": account, "state": state("ENABLED"),
        "resourceState": {"ec2": state("DISABLED"), "ecr": state("ENABLED"), "lambda": state("ENABLED"), "lambdaCode": state("DISABLED")},
    } for account in call.params.get("accountIds") or [call.account]], "failedAccounts": []}


def inspector_finding(call, image, known):
    name, package, version, epoch, release, fixed, manager, severity, score, exploited, epss = known
    identity = hashlib.md5(f"{arn(call, image)} {name}".encode(), usedforsecurity=False).hexdigest()
    vulnerable = {"name": package, "version": version, "packageManager": manager, "arch": "X86_64" if manager == "OS" else "NOARCH"}
    if manager == "OS":
        vulnerable.update({"epoch": epoch, "release": release})
    else:
        vulnerable["filePath"] = f"app/lib/{package.split(':')[-1].split('/')[-1]}-{version}"
    vulnerable.update({"fixedInVersion": fixed} if fixed else {"fixedInVersion": "NotAvailable"})
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    return {
        "findingArn": f"arn:aws:inspector2:{call.region}:{call.account}:finding/{identity}",
        "awsAccountId": call.account, "type": "PACKAGE_VULNERABILITY", "title": f"{name} - {package}",
        "description": f"A flaw in {package}.", "severity": severity, "status": "ACTIVE",
        "firstObservedAt": FIRST, "lastObservedAt": SEEN, "updatedAt": SEEN,
        "inspectorScore": score,
        "inspectorScoreDetails": {"adjustedCvss": {"score": score, "scoreSource": "NVD", "cvssSource": "NVD", "version": "3.1", "scoringVector": vector, "adjustments": []}},
        "fixAvailable": "YES" if fixed else "NO", "exploitAvailable": "YES" if exploited else "NO",
        **({"exploitabilityDetails": {"lastKnownExploitAt": SEEN}} if exploited else {}),
        "epss": {"score": epss},
        "remediation": {"recommendation": {"text": "None Provided"}},
        "packageVulnerabilityDetails": {
            "vulnerabilityId": name, "source": "NVD", "sourceUrl": f"https://nvd.nist.gov/vuln/detail/{name}",
            "vendorSeverity": severity, "vendorCreatedAt": FIRST, "vendorUpdatedAt": SEEN,
            "cvss": [{"baseScore": score, "scoringVector": vector, "version": "3.1", "source": "NVD"}],
            "referenceUrls": [f"https://nvd.nist.gov/vuln/detail/{name}"], "relatedVulnerabilities": [],
            "vulnerablePackages": [vulnerable],
        },
        "resources": [{
            "type": "AWS_ECR_CONTAINER_IMAGE", "id": arn(call, image), "partition": "aws", "region": call.region, "tags": {},
            "details": {"awsEcrContainerImage": {
                "repositoryName": image.repository_name, "registry": call.account, "imageHash": image.image_digest,
                "imageTags": list(image.image_tags), "architecture": "amd64", "platform": "DEBIAN_12",
                "pushedAt": datetime.datetime.fromtimestamp(image.image_pushed_at, datetime.timezone.utc), **in_use(image),
            }},
        }],
    }


def findings(call, shim):
    """As many findings as the plan says, over the images of scanned repositories."""
    found = []
    for number, repository in enumerate(repositories(call)):
        if coverage_of(call, repository, number)[0] != ("ACTIVE", "SUCCESSFUL"):
            continue
        for image in platform_images(repository):
            for known in KNOWN:
                if len(found) == shim.estate.plan.findings:
                    return found
                found.append(inspector_finding(call, image, known))
    return found


@answers("inspector2", "ListFindings", "findings")
def list_findings(call, shim):
    def image(row):
        return row["resources"][0]["details"]["awsEcrContainerImage"]

    known = {
        "awsAccountId": lambda row: row["awsAccountId"],
        "ecrImageHash": lambda row: image(row)["imageHash"],
        "ecrImageRepositoryName": lambda row: image(row)["repositoryName"],
        "findingArn": lambda row: row["findingArn"],
        "findingStatus": lambda row: row["status"],
        "findingType": lambda row: row["type"],
        "lastObservedAt": lambda row: row["lastObservedAt"].timestamp(),
        "resourceType": lambda row: row["resources"][0]["type"],
        "severity": lambda row: row["severity"],
        "updatedAt": lambda row: row["updatedAt"].timestamp(),
        "vulnerabilityId": lambda row: row["packageVulnerabilityDetails"]["vulnerabilityId"],
    }
    return [row for row in findings(call, shim) if only(call.params.get("filterCriteria"), known, row)]


@answers("ecr", "DescribeImageScanFindings")
def scan_findings(call, shim):
    """ECR's basic scan: of repositories that scan on push, nothing of others."""
    repository = shim.ecr.repository(call)
    image = shim.ecr.named(call, repository, call.params.get("imageId", {}))
    if not repository.image_scanning_configuration.get("scanOnPush") or image not in platform_images(repository):
        raise Refusal("ScanNotFoundException", f"Image scan does not exist for the image with '{image.image_digest}' in the repository with name '{repository.name}'")
    rows = [{
        "name": name, "description": f"A flaw in {package}.", "uri": f"https://security-tracker.debian.org/tracker/{name}",
        "severity": severity if severity != "UNTRIAGED" else "UNDEFINED",
        "attributes": [{"key": "package_name", "value": package}, {"key": "package_version", "value": version},
                       {"key": "CVSS3_SCORE", "value": str(score)}],
    } for name, package, version, _, _, _, manager, severity, score, _, _ in KNOWN if manager == "OS"]
    counts = {}
    for row in rows:
        counts[row["severity"]] = counts.get(row["severity"], 0) + 1
    return {
        "registryId": call.account, "repositoryName": repository.name, "imageId": {"imageDigest": image.image_digest},
        "imageScanStatus": {"status": "COMPLETE", "description": "The scan was completed successfully."},
        "imageScanFindings": {"imageScanCompletedAt": SEEN, "vulnerabilitySourceUpdatedAt": FIRST, "findings": rows, "findingSeverityCounts": counts},
    }


def detector(call):
    return hashlib.md5(f"{call.account} {call.region}".encode(), usedforsecurity=False).hexdigest()


def detected(call):
    if call.params.get("DetectorId") != detector(call):
        raise Refusal("BadRequestException", "The request is rejected because the input detectorId is not owned by the current account.", 400)


@answers("guardduty", "ListDetectors", "DetectorIds")
def list_detectors(call, shim):
    return [detector(call)] if shim.estate.plan.workloads and call.region in shim.estate.regions else []


@answers("guardduty", "GetDetector")
def get_detector(call, shim):
    detected(call)
    return {
        "CreatedAt": "2025-03-01T00:00:00.000Z", "UpdatedAt": "2026-03-01T00:00:00.000Z", "FindingPublishingFrequency": "SIX_HOURS",
        "ServiceRole": f"arn:aws:iam::{call.account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty",
        "Status": "ENABLED", "Tags": {},
        "Features": [
            {"Name": "EKS_AUDIT_LOGS", "Status": "ENABLED"},
            {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": [
                {"Name": "EKS_ADDON_MANAGEMENT", "Status": "ENABLED"}, {"Name": "ECS_FARGATE_AGENT_MANAGEMENT", "Status": "DISABLED"},
            ]},
        ],
    }


@answers("guardduty", "ListCoverage", "Resources")
def runtime_coverage(call, shim):
    detected(call)
    rows = (
        ("EKS", {"EksClusterDetails": {"ClusterName": "shop", "CoveredNodes": 2, "CompatibleNodes": 3, "ManagementType": "AUTO_MANAGED"}}, "HEALTHY", None),
        ("ECS", {"EcsClusterDetails": {"ClusterName": "services", "FargateDetails": {"Issues": [], "ManagementType": "DISABLED"},
                                       "ContainerInstanceDetails": {"CoveredContainerInstances": 0, "CompatibleContainerInstances": 2}}},
         "UNHEALTHY", "Agent not reporting"),
    )
    return [{
        "ResourceId": hashlib.md5(f"{call.account} {call.region} {kind}".encode(), usedforsecurity=False).hexdigest(),
        "DetectorId": detector(call), "AccountId": call.account, "CoverageStatus": status, "UpdatedAt": SEEN,
        "ResourceDetails": {**details, "ResourceType": kind}, **({"Issue": issue} if issue else {}),
    } for kind, details, status, issue in rows]


def guard_finding(call, number):
    identity = hashlib.md5(f"{call.account} {call.region} finding {number}".encode(), usedforsecurity=False).hexdigest()
    image = repositories(call)[number % len(repositories(call))]
    cluster = f"arn:aws:ecs:{call.region}:{call.account}:cluster/services"
    container = {"Name": "main", "Image": image.uri + ":latest", "Id": identity[:12]}
    return {
        "AccountId": call.account, "Id": identity, "Region": call.region, "Partition": "aws", "SchemaVersion": "2.0",
        "Arn": f"arn:aws:guardduty:{call.region}:{call.account}:detector/{detector(call)}/finding/{identity}",
        "Type": ("Execution:Runtime/NewBinaryExecuted", "CryptoCurrency:Runtime/BitcoinTool.B!DNS", "PrivilegeEscalation:Runtime/DockerSocketAccessed")[number % 3],
        "Severity": (5.0, 8.0, 5.0)[number % 3], "Confidence": 9.0, "Title": "A container does what its image does not.",
        "Description": "A process was seen in a container that its image does not hold.",
        "CreatedAt": "2026-11-19T10:00:00.000Z", "UpdatedAt": "2026-11-20T10:00:00.000Z",
        "Resource": {"ResourceType": "ECSCluster", "EcsClusterDetails": {
            "Name": "services", "Arn": cluster, "Status": "ACTIVE",
            "TaskDetails": {"Arn": f"arn:aws:ecs:{call.region}:{call.account}:task/services/{identity}",
                            "DefinitionArn": f"arn:aws:ecs:{call.region}:{call.account}:task-definition/web:1", "Version": "1",
                            "LaunchType": "FARGATE", "Containers": [container]},
        }},
        "Service": {"Archived": False, "Count": 1, "DetectorId": detector(call), "ServiceName": "guardduty", "ResourceRole": "TARGET",
                    "EventFirstSeen": "2026-11-19T10:00:00.000Z", "EventLastSeen": "2026-11-20T10:00:00.000Z", "FeatureName": "RuntimeMonitoring",
                    "RuntimeDetails": {"Process": {"Name": "xmrig", "ExecutablePath": "/tmp/xmrig", "Pid": 71, "NamespacePid": 7, "UserId": 0, "ExecutableSha256": hashlib.sha256(b"xmrig").hexdigest()}}},
    }


def guard_findings(call):
    return [guard_finding(call, number) for number in range(12)] if repositories(call) else []


@answers("guardduty", "ListFindings", "FindingIds")
def finding_ids(call, shim):
    detected(call)
    return [finding["Id"] for finding in guard_findings(call)]


@answers("guardduty", "GetFindings")
def get_findings(call, shim):
    detected(call)
    wanted = call.params.get("FindingIds", [])
    if len(wanted) > 50:
        raise Refusal("BadRequestException", "The request is rejected because the parameter findingIds has an invalid value.")
    return {"Findings": [finding for finding in guard_findings(call) if finding["Id"] in wanted]}


@answers("securityhub", "DescribeHub")
def describe_hub(call, shim):
    return {"HubArn": f"arn:aws:securityhub:{call.region}:{call.account}:hub/default", "SubscribedAt": "2025-03-01T00:00:00.000Z",
            "AutoEnableControls": True, "ControlFindingGenerator": "SECURITY_CONTROL"}


@answers("securityhub", "GetFindings", "Findings")
def hub_findings(call, shim):
    rows = [hub_finding(call, finding, number % 10 == 0) for number, finding in enumerate(findings(call, shim))]
    known = {
        "AwsAccountId": lambda row: row["AwsAccountId"],
        "ProductName": lambda row: row["ProductName"],
        "RecordState": lambda row: row["RecordState"],
        "Region": lambda row: row["Region"],
        "ResourceId": lambda row: row["Resources"][0]["Id"],
        "ResourceType": lambda row: row["Resources"][0]["Type"],
        "SeverityLabel": lambda row: row["Severity"]["Label"],
        "Type": lambda row: row["Types"][0],
        "WorkflowStatus": lambda row: row["Workflow"]["Status"],
    }
    return [row for row in rows if only(call.params.get("Filters"), known, row)]


def hub_finding(call, finding, foreign):
    """An Inspector finding as Security Hub tells it on; a foreign one as another product would have found it."""
    product, company, generator = ("Inspector", "Amazon", "AWSInspector") if not foreign else ("Aqua Security", "Aqua Security", "aqua")
    details = finding["packageVulnerabilityDetails"]
    image = finding["resources"][0]["details"]["awsEcrContainerImage"]
    package = details["vulnerablePackages"][0]
    seen = "2026-11-20T04:00:00.000Z"
    label = finding["severity"] if finding["severity"] != "UNTRIAGED" else "INFORMATIONAL"
    return {
        "SchemaVersion": "2018-10-08", "Id": finding["findingArn"], "ProductName": product, "CompanyName": company, "Region": call.region,
        "ProductArn": f"arn:aws:securityhub:{call.region}::product/{'aquasecurity/aquasecurity' if foreign else 'aws/inspector'}", "GeneratorId": generator, "AwsAccountId": call.account,
        "Types": ["Software and Configuration Checks/Vulnerabilities/CVE"], "CreatedAt": seen, "UpdatedAt": seen, "FirstObservedAt": seen, "LastObservedAt": seen,
        "Severity": {"Label": label, "Normalized": {"CRITICAL": 90, "HIGH": 70, "MEDIUM": 40, "LOW": 1}.get(label, 0)},
        "Title": finding["title"], "Description": finding["description"], "RecordState": "ACTIVE", "WorkflowState": "NEW", "Workflow": {"Status": "NEW"},
        "Vulnerabilities": [{
            "Id": details["vulnerabilityId"], "FixAvailable": finding["fixAvailable"], "ExploitAvailable": finding["exploitAvailable"],
            "EpssScore": finding["epss"]["score"],
            "VulnerablePackages": [{"Name": package["name"], "Version": package["version"], "PackageManager": package["packageManager"], "FixedInVersion": package["fixedInVersion"]}],
        }],
        "Resources": [{
            "Type": "AwsEcrContainerImage", "Id": finding["resources"][0]["id"], "Partition": "aws", "Region": call.region,
            "Details": {"AwsEcrContainerImage": {"RegistryId": call.account, "RepositoryName": image["repositoryName"], "Architecture": "amd64", "ImageDigest": image["imageHash"], "ImageTags": image["imageTags"]}},
        }],
    }
