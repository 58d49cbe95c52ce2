{{/* What objects are called: short enough for the names that controllers make of it. */}}
{{- define "plimsoll.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Cluster-wide objects are of a release in a namespace. */}}
{{- define "plimsoll.wideName" -}}
{{- printf "%s-%s" .Release.Namespace (include "plimsoll.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "plimsoll.selector" -}}
app.kubernetes.io/name: plimsoll
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "plimsoll.labels" -}}
{{ include "plimsoll.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "plimsoll.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Of every pod: nothing that the restricted profile of Pod Security does not allow. */}}
{{- define "plimsoll.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "plimsoll.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Where pods run, and how their image is pulled. */}}
{{- define "plimsoll.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* The cluster that this runs in, as a source. */}}
{{- define "plimsoll.source" -}}
{{- $cluster := required "collect.cluster is needed: what this cluster is called" .Values.collect.cluster -}}
[[sources]]
name = {{ .Values.collect.source | quote }}
kind = "kubernetes"
names = [{{ printf "in-cluster -> %s" $cluster | quote }}]
{{- with .Values.collect.namespaces }}
namespaces = {{ toJson . }}
{{- end }}
{{- with .Values.collect.leaveOut }}
leave_out = {{ toJson . }}
{{- end }}
{{- end -}}
