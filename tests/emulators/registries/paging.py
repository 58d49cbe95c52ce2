"""Pages by number, as most vendors' APIs cut their lists. Refuses sizes that are none."""


def page(call, front, rows, size, number):
    """(rows of this page, number of the next or None); with a fault each page is the first and promises another."""
    size = front.pages.size(size)
    if front.faults.repeats(call):
        return rows[:size], number + 1
    start = (max(1, number) - 1) * size
    return rows[start : start + size], number + 1 if start + size < len(rows) else None


def base(call, front):
    """Where links lead: to this site, or wherever a test wants."""
    return front.faults.strayed("stray_link", call, front.addresses["stray"]) or front.addresses[call.site]
