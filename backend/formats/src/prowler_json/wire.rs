//! A finding as Prowler's second and third versions write it. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;

use crate::json::Text;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Row<'a> {
    #[serde(alias = "Timestamp")]
    pub assessment_start_time: Text<'a>,
    pub provider: Text<'a>,
    #[serde(rename = "CheckID")]
    pub check: Text<'a>,
    /// In the second version the check stands before it: `[check11] Avoid …`.
    #[serde(alias = "Control")]
    pub check_title: Text<'a>,
    #[serde(alias = "Service")]
    pub service_name: Text<'a>,
    pub status: Text<'a>,
    #[serde(alias = "Message")]
    pub status_extended: Text<'a>,
    pub severity: Text<'a>,
    pub resource_type: Text<'a>,
    #[serde(alias = "Account Number")]
    pub account_id: Text<'a>,
    pub region: Text<'a>,
    #[serde(alias = "Resource ID")]
    pub resource_id: Text<'a>,
    pub resource_arn: Text<'a>,
}
