"""Checks of estates: the same plan is the same estate, sizes are exact, also of the large one. Refuses plans that nobody
knows."""

from checking import same

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def objects(emulator):
    return [one["objects"] for one in emulator.told["clusters"]]


@check
def plans_are_the_same_each_time(emulator):
    def told():
        emulator.seed("small")
        return emulator.told["clusters"], [emulator.get(f"/clusters/{one['name']}/api/v1/pods").body for one in emulator.told["clusters"]]

    same(told() == told(), True, "two seeds of a plan")


@check
def plans_are_exact(emulator):
    emulator.seed({"plan": "large", "pods": 1234, "clusters": 4, "nodes": 3, "namespaces": 5})
    same([one["pods"] for one in objects(emulator)], [309, 309, 308, 308], "pods of four clusters")
    same((objects(emulator)[0]["nodes"], objects(emulator)[0]["namespaces"]), (3, 7), "nodes and namespaces")
    same([one["name"] for one in emulator.told["clusters"]], ["shop", "ledger", "lab", "cluster-4"], "names of clusters")
    same("error" in emulator.control("/_seed", unheard=1), True, "a plan that nobody knows")


@check
def large_is_exact(emulator):
    told = emulator.seed("large")
    same(sum(one["pods"] for one in objects(emulator)), 50_000, "pods of the large plan")
    pages = emulator.pages("/api/v1/pods", limit=500)
    same((len(pages), sum(len(page["items"]) for page in pages)), (34, objects(emulator)[0]["pods"]), "pages of pods")
