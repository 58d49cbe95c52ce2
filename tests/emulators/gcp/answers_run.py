"""Cloud Run v2: services, revisions, jobs, executions, worker pools and who may invoke them. Refuses
`locations/-`, which its API does not know, but takes `-` for the service or the job."""

from answers import answers, lists
from google.iam.v1 import policy_pb2
from replies import Refusal, not_found


def rows(call, shim, kind):
    """The rows of a kind in the location of a call."""
    if call.location in (None, "-") or call.location not in shim.estate.locations:
        raise Refusal("INVALID_ARGUMENT", f"Location '{call.location}' is not valid: it must be a region.")
    return shim.estate.project(call.project).run[kind].get(call.location, {})


def one(call, shim, kind):
    """The row that a call names."""
    found = rows(call, shim, kind).get(named(call))
    if found is None:
        raise not_found(call.resource)
    return found.message()


def named(call):
    """The resource of a call with the project's id, if it was asked for by number."""
    parts = call.resource.split("/")
    return "/".join([parts[0], call.project, *parts[2:]])


def below(call, shim, kind, parents):
    """The rows of a kind below a service, a worker pool or a job; `-` is any."""
    parts = call.resource.split("/")
    if parts[4] not in parents:
        raise Refusal("INVALID_ARGUMENT", f"Invalid parent: {call.resource}")
    found = rows(call, shim, kind)
    if parts[5] == "-":
        return [row for name, row in found.items() if name.split("/")[4] == parts[4]]
    if named(call) not in rows(call, shim, parts[4]):
        raise not_found(call.resource)
    return [row for name, row in found.items() if name.startswith(named(call) + "/")]


@lists("Services", "ListServices", "services")
def list_services(call, shim):
    return list(rows(call, shim, "services").values())


@lists("Jobs", "ListJobs", "jobs")
def list_jobs(call, shim):
    return list(rows(call, shim, "jobs").values())


@lists("WorkerPools", "ListWorkerPools", "worker_pools")
def list_worker_pools(call, shim):
    return list(rows(call, shim, "workerPools").values())


@lists("Revisions", "ListRevisions", "revisions")
def list_revisions(call, shim):
    return below(call, shim, "revisions", ("services", "workerPools"))


@lists("Executions", "ListExecutions", "executions")
def list_executions(call, shim):
    return below(call, shim, "executions", ("jobs",))


@answers("Services", "GetService")
def get_service(call, shim):
    return one(call, shim, "services")


@answers("Revisions", "GetRevision")
def get_revision(call, shim):
    return one(call, shim, "revisions")


@answers("Jobs", "GetJob")
def get_job(call, shim):
    return one(call, shim, "jobs")


@answers("Executions", "GetExecution")
def get_execution(call, shim):
    return one(call, shim, "executions")


@answers("WorkerPools", "GetWorkerPool")
def get_worker_pool(call, shim):
    return one(call, shim, "workerPools")


def policy(kind):
    def answer(call, shim):
        one(call, shim, kind)
        return shim.estate.project(call.project).policies.get(named(call), policy_pb2.Policy(etag=b"ACAB"))
    return answer


answers("Services", "GetIamPolicy")(policy("services"))
answers("Jobs", "GetIamPolicy")(policy("jobs"))
answers("WorkerPools", "GetIamPolicy")(policy("workerPools"))
