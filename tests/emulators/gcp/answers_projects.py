"""Resource Manager: the organisation, its folders and projects. Refuses the same way for what is hidden and what
does not exist, as Google does."""

import filters
from answers import answers, lists
from google.cloud.resourcemanager_v3.types import Project as ProjectMessage
from google.iam.v1 import policy_pb2
from replies import Refusal, Row

STATES = ProjectMessage.State


def forbidden(name):
    return Refusal("PERMISSION_DENIED", "The caller does not have permission" + (f": {name}" if name else ""))


def there(shim):
    """Projects that the caller sees, as they are now."""
    gone, suspended = shim.faults.named("leave", "project"), shim.faults.named("suspend", "project")
    for project in shim.estate.projects.values():
        if project.id in gone:
            continue
        if project.id not in suspended:
            yield project.row
            continue
        message = project.row.message()
        message.state = STATES.DELETE_REQUESTED
        yield Row(message)


PROJECT_FIELDS = {
    "id": lambda row: row.project_id, "project_id": lambda row: row.project_id, "name": lambda row: row.display_name,
    "display_name": lambda row: row.display_name, "state": lambda row: STATES(row.state).name,
    "lifecycle_state": lambda row: STATES(row.state).name, "parent": lambda row: row.parent, "labels": lambda row: dict(row.labels),
}


@lists("Projects", "SearchProjects", "projects", most=500)
def search_projects(call, shim):
    passes = filters.compiled(call.request.query, PROJECT_FIELDS)
    return [row for row in there(shim) if passes(row.message())]


@lists("Projects", "ListProjects", "projects", most=500)
def list_projects(call, shim):
    request = call.request
    if request.parent not in shim.estate.folders and request.parent not in shim.estate.organizations:
        raise forbidden(request.parent)
    rows = [(row, row.message()) for row in there(shim)]
    return [row for row, one in rows if one.parent == request.parent and (request.show_deleted or one.state == STATES.ACTIVE)]


@answers("Projects", "GetProject")
def get_project(call, shim):
    for row in there(shim):
        message = row.message()
        if call.project == message.project_id:
            return message
    raise forbidden(call.resource)


@answers("Projects", "GetIamPolicy")
def project_policy(call, shim):
    return shim.estate.project(call.project).policies.get("project", policy_pb2.Policy(etag=b"ACAB"))


@lists("Folders", "ListFolders", "folders")
def list_folders(call, shim):
    if call.request.parent not in shim.estate.folders and call.request.parent not in shim.estate.organizations:
        raise forbidden(call.request.parent)
    return [row for row in shim.estate.folders.values() if row.message().parent == call.request.parent]


FOLDER_FIELDS = {"display_name": lambda row: row.display_name, "parent": lambda row: row.parent}


@lists("Folders", "SearchFolders", "folders")
def search_folders(call, shim):
    passes = filters.compiled(call.request.query, FOLDER_FIELDS)
    return [row for row in shim.estate.folders.values() if passes(row.message())]


@answers("Folders", "GetFolder")
def get_folder(call, shim):
    if call.request.name not in shim.estate.folders:
        raise forbidden(call.request.name)
    return shim.estate.folders[call.request.name].message()


@lists("Organizations", "SearchOrganizations", "organizations")
def search_organizations(call, shim):
    passes = filters.compiled(call.request.query, {"domain": lambda row: row.display_name})
    return [row for row in shim.estate.organizations.values() if passes(row.message())]


@answers("Organizations", "GetOrganization")
def get_organization(call, shim):
    if call.request.name not in shim.estate.organizations:
        raise forbidden(call.request.name)
    return shim.estate.organizations[call.request.name].message()
