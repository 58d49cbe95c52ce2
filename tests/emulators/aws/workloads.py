"""Running things. Placeholder until laid."""


def build(account, region):
    return None
