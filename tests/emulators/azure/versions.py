"""The API versions that each provider takes here. Refuses all others, in the words that the manager has for it."""

from wire import Refusal

VERSIONS = {
    "subscriptions": ("2016-06-01", "2018-02-01", "2019-06-01", "2019-11-01", "2020-01-01", "2021-01-01", "2021-04-01", "2021-10-01", "2022-09-01", "2022-12-01", "2024-03-01", "2024-11-01", "2025-04-01"),
    "Microsoft.Management": ("2018-03-01-preview", "2019-11-01", "2020-02-01", "2020-05-01", "2021-04-01", "2023-04-01"),
    "Microsoft.ContainerRegistry": (
        "2017-10-01", "2019-05-01", "2019-12-01-preview", "2020-11-01-preview", "2021-06-01-preview", "2021-08-01-preview", "2021-09-01", "2021-12-01-preview",
        "2022-02-01-preview", "2022-12-01", "2023-01-01-preview", "2023-06-01-preview", "2023-07-01", "2023-08-01-preview", "2023-11-01-preview", "2024-11-01-preview",
        "2025-03-01-preview", "2025-04-01", "2025-05-01-preview", "2025-06-01-preview", "2025-11-01",
    ),
    "Microsoft.ContainerService": (
        "2020-03-01", "2020-09-01", "2020-12-01", "2021-03-01", "2021-05-01", "2021-09-01", "2022-01-01", "2022-04-01", "2022-09-01", "2022-11-01", "2023-01-01", "2023-04-01",
        "2023-07-01", "2023-09-01", "2023-10-01", "2023-11-01", "2024-01-01", "2024-02-01", "2024-05-01", "2024-07-01", "2024-08-01", "2024-09-01", "2024-10-01", "2025-01-01",
        "2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01", "2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01", "2026-08-01",
    ),
    "Microsoft.ContainerInstance": ("2018-10-01", "2019-12-01", "2021-03-01", "2021-07-01", "2021-09-01", "2021-10-01", "2022-09-01", "2022-10-01-preview", "2023-05-01", "2024-05-01-preview", "2025-09-01"),
    "Microsoft.App": ("2022-03-01", "2022-10-01", "2023-05-01", "2024-03-01", "2024-10-02-preview", "2025-01-01", "2025-02-02-preview", "2025-07-01", "2026-07-01"),
    "Microsoft.Web": ("2020-06-01", "2020-12-01", "2021-01-01", "2021-02-01", "2021-03-01", "2022-03-01", "2022-09-01", "2023-01-01", "2023-12-01", "2024-04-01", "2024-11-01", "2025-03-01", "2025-05-01"),
    "Microsoft.ResourceGraph": ("2018-09-01-preview", "2019-04-01", "2021-03-01", "2022-10-01", "2024-04-01"),
    "pricings": ("2018-06-01", "2022-03-01", "2023-01-01", "2024-01-01"),
    "assessments": ("2019-01-01-preview", "2020-01-01", "2021-06-01", "2025-05-04"),
    "subAssessments": ("2019-01-01-preview",),
}


def right_version(call, provider, kind):
    """That the call names a version which the provider takes; without a provider, that it names one."""
    given = call.lower_query.get("api-version")
    if not given:
        raise Refusal(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")
    if provider is None or given.lower() in VERSIONS[provider]:
        return
    known = ",".join(reversed(VERSIONS[provider]))
    if provider == "subscriptions":
        raise Refusal(400, "InvalidApiVersionParameter", f"The api-version '{given}' is invalid. The supported versions are '{known}'.")
    raise Refusal(
        400, "NoRegisteredProviderFound", f"No registered resource provider found for location '' and API version '{given}' for type '{kind}'. The supported api-versions are '{known}'.",
    )
