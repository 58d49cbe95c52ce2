//! What GuardDuty saw: the part `service` of a finding, in both spellings. Refuses to interpret; every
//! field may be absent. Text is borrowed from the document.

use serde::Deserialize;

use super::wire::{Container, Workload};
use crate::aws::Moment;
use crate::json::{Number, Text, nullable};

/// What GuardDuty saw, and how often.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Service<'a> {
    #[serde(alias = "Archived")]
    pub archived: Option<bool>,
    #[serde(alias = "Count")]
    pub count: Number,
    #[serde(alias = "EventFirstSeen")]
    pub event_first_seen: Moment,
    #[serde(alias = "EventLastSeen")]
    pub event_last_seen: Moment,
    #[serde(alias = "AdditionalInfo", deserialize_with = "nullable")]
    pub additional_info: AdditionalInfo<'a>,
    #[serde(alias = "Action", deserialize_with = "nullable")]
    pub action: Action<'a>,
    #[serde(alias = "Evidence", deserialize_with = "nullable")]
    pub evidence: Evidence<'a>,
    #[serde(alias = "RuntimeDetails", deserialize_with = "nullable")]
    pub runtime_details: RuntimeDetails<'a>,
    #[serde(alias = "EbsVolumeScanDetails", deserialize_with = "nullable")]
    pub ebs_volume_scan_details: VolumeScan<'a>,
    #[serde(alias = "Detection", deserialize_with = "nullable")]
    pub detection: Detection<'a>,
}

/// Where samples say that they are.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct AdditionalInfo<'a> {
    #[serde(alias = "Sample")]
    pub sample: Option<bool>,
    #[serde(alias = "Value")]
    pub value: Text<'a>,
}

/// The call or connection.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Action<'a> {
    #[serde(alias = "KubernetesApiCallAction", deserialize_with = "nullable")]
    pub kubernetes_api_call_action: ApiCall<'a>,
    #[serde(alias = "NetworkConnectionAction", deserialize_with = "nullable")]
    pub network_connection_action: Connection<'a>,
    #[serde(alias = "DnsRequestAction", deserialize_with = "nullable")]
    pub dns_request_action: DnsRequest<'a>,
}

/// A call of the cluster's API.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct ApiCall<'a> {
    #[serde(alias = "Verb")]
    pub verb: Text<'a>,
    #[serde(alias = "RequestUri")]
    pub request_uri: Text<'a>,
}

/// A connection.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Connection<'a> {
    #[serde(alias = "ConnectionDirection")]
    pub connection_direction: Text<'a>,
    #[serde(alias = "RemoteIpDetails", deserialize_with = "nullable")]
    pub remote_ip_details: RemoteAddress<'a>,
    #[serde(alias = "RemotePortDetails", deserialize_with = "nullable")]
    pub remote_port_details: RemotePort,
}

/// The other side.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct RemoteAddress<'a> {
    #[serde(rename = "ipAddressV4", alias = "IpAddressV4")]
    pub ip_address_v4: Text<'a>,
    #[serde(rename = "ipAddressV6", alias = "IpAddressV6")]
    pub ip_address_v6: Text<'a>,
}

/// The other side's port.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RemotePort {
    #[serde(alias = "Port")]
    pub port: Number,
}

/// A question to a resolver.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct DnsRequest<'a> {
    #[serde(alias = "Domain")]
    pub domain: Text<'a>,
}

/// Lists of known threats.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Evidence<'a> {
    #[serde(alias = "ThreatIntelligenceDetails", deserialize_with = "nullable")]
    pub threat_intelligence_details: Vec<ThreatList<'a>>,
}

/// A list of known threats.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct ThreatList<'a> {
    #[serde(alias = "ThreatNames", deserialize_with = "nullable")]
    pub threat_names: Vec<Text<'a>>,
}

/// What the agent saw.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct RuntimeDetails<'a> {
    #[serde(alias = "Process", deserialize_with = "nullable")]
    pub process: Process<'a>,
    #[serde(alias = "Context", deserialize_with = "nullable")]
    pub context: Context<'a>,
}

/// A process.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Process<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "ExecutablePath")]
    pub executable_path: Text<'a>,
    #[serde(rename = "executableSha256", alias = "ExecutableSha256")]
    pub executable_sha256: Text<'a>,
    #[serde(alias = "Pid")]
    pub pid: Number,
    #[serde(alias = "User")]
    pub user: Text<'a>,
    #[serde(alias = "Lineage", deserialize_with = "nullable")]
    pub lineage: Vec<Ancestor<'a>>,
}

/// A process that led to it, the nearest first.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Ancestor<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "ExecutablePath")]
    pub executable_path: Text<'a>,
}

/// What the process touched.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Context<'a> {
    #[serde(alias = "ScriptPath")]
    pub script_path: Text<'a>,
    #[serde(alias = "LibraryPath")]
    pub library_path: Text<'a>,
    #[serde(alias = "SocketPath")]
    pub socket_path: Text<'a>,
    #[serde(alias = "RuncBinaryPath")]
    pub runc_binary_path: Text<'a>,
    #[serde(alias = "ReleaseAgentPath")]
    pub release_agent_path: Text<'a>,
    #[serde(alias = "MountSource")]
    pub mount_source: Text<'a>,
    #[serde(alias = "ModuleFilePath")]
    pub module_file_path: Text<'a>,
    #[serde(alias = "ShellHistoryFilePath")]
    pub shell_history_file_path: Text<'a>,
    #[serde(alias = "ThreatFilePath")]
    pub threat_file_path: Text<'a>,
    #[serde(alias = "ToolName")]
    pub tool_name: Text<'a>,
    #[serde(alias = "ServiceName")]
    pub service_name: Text<'a>,
    #[serde(alias = "TargetProcess", deserialize_with = "nullable")]
    pub target_process: Ancestor<'a>,
}

/// A scan for malware.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct VolumeScan<'a> {
    #[serde(alias = "ScanDetections", deserialize_with = "nullable")]
    pub scan_detections: Detections<'a>,
}

/// What it detected.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Detections<'a> {
    #[serde(alias = "ThreatDetectedByName", deserialize_with = "nullable")]
    pub threat_detected_by_name: ThreatsByName<'a>,
}

/// Threats by name.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct ThreatsByName<'a> {
    #[serde(alias = "ThreatNames", deserialize_with = "nullable")]
    pub threat_names: Vec<Threat<'a>>,
}

/// A threat with the files that hold it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Threat<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "FilePaths", deserialize_with = "nullable")]
    pub file_paths: Vec<ThreatFile<'a>>,
}

/// A file that holds a threat.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct ThreatFile<'a> {
    #[serde(alias = "FilePath")]
    pub file_path: Text<'a>,
    #[serde(alias = "FileName")]
    pub file_name: Text<'a>,
    #[serde(alias = "Hash")]
    pub hash: Text<'a>,
}

/// A sequence of an attack.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Detection<'a> {
    #[serde(alias = "Sequence")]
    pub sequence: Option<Sequence<'a>>,
}

/// A sequence of an attack: what it went through and how.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Sequence<'a> {
    #[serde(alias = "Description")]
    pub description: Text<'a>,
    #[serde(alias = "Resources", deserialize_with = "nullable")]
    pub resources: Vec<SequenceResource<'a>>,
    #[serde(alias = "Signals", deserialize_with = "nullable")]
    pub signals: Vec<Signal<'a>>,
    #[serde(alias = "SequenceIndicators", deserialize_with = "nullable")]
    pub sequence_indicators: Vec<Indicator<'a>>,
}

/// A resource that an attack touched.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct SequenceResource<'a> {
    #[serde(alias = "ResourceType")]
    pub resource_type: Text<'a>,
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "Data", deserialize_with = "nullable")]
    pub data: SequenceData<'a>,
}

/// What is known of it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct SequenceData<'a> {
    #[serde(alias = "Container")]
    pub container: Option<Container<'a>>,
    #[serde(alias = "KubernetesWorkload")]
    pub kubernetes_workload: Option<Workload<'a>>,
}

/// One observation of a sequence.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Signal<'a> {
    #[serde(alias = "SignalIndicators", deserialize_with = "nullable")]
    pub signal_indicators: Vec<Indicator<'a>>,
}

/// Why it is an attack.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Indicator<'a> {
    #[serde(alias = "Key")]
    pub key: Text<'a>,
    #[serde(alias = "Values", deserialize_with = "nullable")]
    pub values: Vec<Text<'a>>,
}
