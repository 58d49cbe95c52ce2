//! What the specification of a workload's pods says, a line a control, with the benchmarks' word on it. Refuses to show
//! what was not read as anything else.

use policy::pods::{CONTROLS, Container, Control, Pods};
use store::workloads::{ContainerRow, WorkloadDetail};

use crate::pages::posture::Posture;

/// Every control; none where no specification of a pod was read.
pub(super) fn lines(detail: &WorkloadDetail, rows: &[ContainerRow]) -> Vec<Posture> {
    let Some(specified) = &detail.isolation.pod else { return Vec::new() };
    let containers: Vec<Container<'_>> = rows.iter().map(container).collect();
    let pods = Pods {
        namespace: &detail.workload.namespace,
        kind: &detail.workload.kind,
        isolation: &detail.isolation,
        specified,
        containers: &containers,
    };
    let line = |control: &Control| {
        let found = control.of(&pods);
        let judged = found.as_ref().filter(|_| !control.by.is_empty()).map(|found| (found.safe, control.by));
        let value = found.as_ref().map(|found| found.value.clone());
        Posture::judged(control.title, value, judged)
    };
    CONTROLS.iter().map(line).collect()
}

fn container(row: &ContainerRow) -> Container<'_> {
    Container {
        name: &row.name,
        image: &row.image,
        init: row.init,
        image_root: row.image_root,
        security: &row.security,
    }
}
