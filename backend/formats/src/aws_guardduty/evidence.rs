//! What proves a finding, in one text for people: process and ancestors, files, peers, threats.
//! Refuses command lines and user names of clouds: they carry credentials.

use super::wire::Finding;
use super::wire_service::{Connection, Context, Process};
use crate::untrusted::prose;

/// How many ancestors, threats and files are named.
const NAMED: usize = 8;

/// The evidence, if there is any.
pub(super) fn of(finding: &Finding<'_>) -> Option<String> {
    let service = &finding.service;
    let mut parts = Vec::new();
    parts.extend(process(&service.runtime_details.process));
    context(&service.runtime_details.context, &mut parts);
    parts.extend(connection(&service.action.network_connection_action));
    if let Some(domain) = service.action.dns_request_action.domain.filled() {
        parts.push(format!("asks for {domain}"));
    }
    let call = &service.action.kubernetes_api_call_action;
    if let Some(uri) = call.request_uri.filled() {
        parts.push(format!("calls {} {}", call.verb, uri.split('?').next().unwrap_or(uri)));
    }
    threats(finding, &mut parts);
    let listed = service.evidence.threat_intelligence_details.iter().flat_map(|list| &list.threat_names);
    let listed: Vec<&str> = listed.filter_map(|name| name.filled()).take(NAMED).collect();
    if !listed.is_empty() {
        parts.push(format!("known as {}", listed.join(", ")));
    }
    let sequence = service.detection.sequence.as_ref();
    parts.extend(sequence.and_then(|sequence| sequence.description.filled()).map(str::to_owned));
    (!parts.is_empty()).then(|| prose(&parts.join("; ")))
}

/// `process /usr/bin/xm (pid 12, user root, sha256 …), started by bash, sshd`.
fn process(process: &Process<'_>) -> Option<String> {
    let name = process.executable_path.filled().or(process.name.filled())?;
    let mut facts = Vec::new();
    facts.extend(process.pid.whole().map(|pid| format!("pid {pid}")));
    facts.extend(process.user.filled().map(|user| format!("user {user}")));
    facts.extend(process.executable_sha256.filled().map(|hash| format!("sha256 {hash}")));
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    let ancestors: Vec<&str> = process
        .lineage
        .iter()
        .filter_map(|ancestor| ancestor.executable_path.filled().or(ancestor.name.filled()))
        .take(NAMED)
        .collect();
    let after =
        if ancestors.is_empty() { String::new() } else { format!(", started by {}", ancestors.join(", ")) };
    Some(format!("process {name}{facts}{after}"))
}

fn context(context: &Context<'_>, parts: &mut Vec<String>) {
    let named = [
        ("script", &context.script_path),
        ("library", &context.library_path),
        ("socket", &context.socket_path),
        ("runc binary", &context.runc_binary_path),
        ("release agent", &context.release_agent_path),
        ("mount of", &context.mount_source),
        ("kernel module", &context.module_file_path),
        ("shell history", &context.shell_history_file_path),
        ("file", &context.threat_file_path),
        ("tool", &context.tool_name),
        ("service", &context.service_name),
        ("target process", &context.target_process.executable_path),
    ];
    for (what, text) in named {
        parts.extend(text.filled().map(|text| format!("{what} {text}")));
    }
}

fn connection(connection: &Connection<'_>) -> Option<String> {
    let remote = &connection.remote_ip_details;
    let address = remote.ip_address_v4.filled().or(remote.ip_address_v6.filled())?;
    let toward = if &*connection.connection_direction == "INBOUND" { "from" } else { "to" };
    Some(match connection.remote_port_details.port.whole() {
        Some(port) => format!("connection {toward} {address} port {port}"),
        None => format!("connection {toward} {address}"),
    })
}

/// `EICAR-Test-File in /tmp/x`.
fn threats(finding: &Finding<'_>, parts: &mut Vec<String>) {
    let detections = &finding.service.ebs_volume_scan_details.scan_detections;
    for threat in detections.threat_detected_by_name.threat_names.iter().take(NAMED) {
        let files =
            threat.file_paths.iter().filter_map(|file| file.file_path.filled().or(file.file_name.filled()));
        let files: Vec<&str> = files.take(NAMED).collect();
        let within = if files.is_empty() { "a file".to_owned() } else { files.join(", ") };
        parts.push(format!("{} in {within}", threat.name));
    }
}
