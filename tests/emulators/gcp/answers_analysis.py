"""Container Analysis: occurrences and notes with filters, and the summary of vulnerabilities. Refuses filter
fields that it does not know."""

from collections import Counter

import filters
from answers import PROVIDERS, answers, lists
from google.cloud.devtools.containeranalysis_v1 import types as summary
from grafeas.grafeas_v1 import types as wrapped
from replies import not_found

KINDS, SEVERITIES = wrapped.NoteKind, wrapped.Severity
OCCURRENCE_FIELDS = {
    "kind": lambda row: KINDS(row.kind).name, "resource_url": lambda row: row.resource_uri, "resource_uri": lambda row: row.resource_uri,
    "note_project_id": lambda row: row.note_name.split("/")[1], "note_id": lambda row: row.note_name.rpartition("/")[2],
    "note_name": lambda row: row.note_name, "create_time": lambda row: row.create_time.ToJsonString(),
    "update_time": lambda row: row.update_time.ToJsonString(),
    "severity": lambda row: SEVERITIES(row.vulnerability.severity).name,
}
NOTE_FIELDS = {
    "kind": lambda row: KINDS(row.kind).name, "note_id": lambda row: row.name.rpartition("/")[2],
    "create_time": lambda row: row.create_time.ToJsonString(), "update_time": lambda row: row.update_time.ToJsonString(),
}


def noted(call, shim):
    """The notes of a project; a provider's are those of everybody."""
    if call.project not in PROVIDERS:
        return shim.estate.project(call.project).notes
    return {name: row for project in shim.estate.projects.values() for name, row in project.notes.items() if name.split("/")[1] == call.project}


def here(call, rows):
    """The rows of a call's parent: what is seeded lies in no location of its own."""
    return [] if call.location not in (None, "-", "global") else list(rows.values())


@lists("Grafeas", "ListOccurrences", "occurrences", usual=20)
def list_occurrences(call, shim):
    passes = filters.compiled(call.request.filter, OCCURRENCE_FIELDS)
    return [row for row in here(call, shim.estate.project(call.project).occurrences) if passes(row.message())]


@lists("Grafeas", "ListNotes", "notes", usual=20)
def list_notes(call, shim):
    passes = filters.compiled(call.request.filter, NOTE_FIELDS)
    return [row for row in here(call, noted(call, shim)) if passes(row.message())]


@answers("Grafeas", "GetOccurrence")
def get_occurrence(call, shim):
    return found(shim.estate.project(call.project).occurrences, call.resource)


@answers("Grafeas", "GetNote")
def get_note(call, shim):
    return found(noted(call, shim), call.resource)


@answers("Grafeas", "GetOccurrenceNote")
def get_occurrence_note(call, shim):
    project = shim.estate.project(call.project)
    return found(project.notes, found(project.occurrences, call.resource).note_name)


@lists("Grafeas", "ListNoteOccurrences", "occurrences", usual=20)
def list_note_occurrences(call, shim):
    passes = filters.compiled(call.request.filter, OCCURRENCE_FIELDS)
    rows = [row for project in shim.estate.projects.values() for row in project.occurrences.values()]
    messages = [(row, row.message()) for row in rows]
    return [row for row, one in messages if one.note_name == call.resource and passes(one)]


@answers("ContainerAnalysis", "GetVulnerabilityOccurrencesSummary")
def vulnerability_summary(call, shim):
    passes = filters.compiled(call.request.filter, OCCURRENCE_FIELDS)
    total, fixable = Counter(), Counter()
    for row in shim.estate.project(call.project).occurrences.values():
        one = row.message()
        if one.kind == KINDS.VULNERABILITY and passes(one):
            total[one.resource_uri, one.vulnerability.severity] += 1
            fixable[one.resource_uri, one.vulnerability.severity] += one.vulnerability.fix_available
    reply = summary.VulnerabilityOccurrencesSummary.pb()()
    for (uri, severity), count in total.items():
        reply.counts.add(resource_uri=uri, severity=severity, total_count=count, fixable_count=fixable[uri, severity])
    return reply


def found(rows, name):
    if name not in rows:
        raise not_found(name)
    return rows[name].message()
