"""The kubeconfig of all clusters, as text: a context for each, signed in by token. Refuses client certificates."""

import base64


def written(emulator, query):
    """The kubeconfig; over TLS where that door is open and `?plain` was not asked for."""
    secured = emulator.secured.address if emulator.secured and "plain" not in query else None
    names = list(emulator.estate.clusters)
    lines = ["apiVersion: v1", "kind: Config", f"current-context: {names[0] if names else ''}", "preferences: {}", "clusters:"]
    for name in names:
        lines += [f"- name: {name}", "  cluster:", f"    server: {secured or emulator.address}/clusters/{name}"]
        if secured:
            lines.append(f"    certificate-authority-data: {base64.b64encode(emulator.secured.pem.encode()).decode()}")
    lines.append("contexts:")
    for name in names:
        lines += [f"- name: {name}", "  context:", f"    cluster: {name}", "    user: plimsoll", "    namespace: default"]
    lines += ["users:", "- name: plimsoll", "  user:", f"    token: {query.get('token', [emulator.token])[0]}"]
    return "\n".join(lines) + "\n"
