//! A document's observations: a bill of materials where it lists components, a scan where it lists
//! vulnerabilities, a statement for every analysis. Refuses to read an empty list of vulnerabilities as
//! a clean scan, because generators write one without ever having looked.

use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{ScanBuilder, Target, Tool};

use super::components::{Catalogue, filled};
use super::findings::{self, Said};
use super::statements::{self, Heading};
use super::target;
use crate::Parsed;
use crate::cyclonedx_json::wire;
use crate::warnings::Warnings;
use crate::{time, untrusted};

/// Tools that do nothing but look for vulnerabilities: their empty list is a clean scan.
const SCANNERS: [&str; 1] = ["grype"];

/// All that a document says.
pub(crate) fn map(bom: &wire::Bom<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let mut catalogue = Catalogue::new(bom);
    let said = said(bom, &catalogue);
    let made_at = filled(bom.metadata.timestamp.as_ref()).and_then(time::parse);
    let tool = tool(bom, &mut warnings);
    let target = target::target(bom, tool.as_ref(), &mut warnings);
    let listed = catalogue.listed.len();
    if listed == 0 && said.is_empty() && tool.is_none() && target == Target::Unstated {
        warnings.push("", "the document names no tool and no target and lists nothing");
    }
    let maker = tool.clone().unwrap_or(Tool { name: "cyclonedx".to_owned(), version: None });
    let mut observations = Vec::new();
    if listed > 0 || said.is_empty() {
        let mut builder = ScanBuilder::new(maker.clone(), target.clone());
        for (index, component) in catalogue.listed.clone().into_iter().enumerate() {
            let at = format!("components[{index}]");
            if let Some(component) = catalogue.package(component, &at, &mut warnings) {
                builder.component(component);
            }
        }
        let components = builder.build().components;
        let (tool, target) = (maker.clone(), target.clone());
        observations.push(Observation::Sbom(Sbom { tool, target, created_at: made_at, components, listed }));
    }
    let analysed = |said: &Said<'_, '_>| {
        said.vulnerability.analysis.as_ref().is_some_and(|analysis| filled(analysis.state.as_ref()).is_some())
    };
    let only_statements = listed == 0 && !said.is_empty() && said.iter().all(analysed);
    let scanned = !said.is_empty() || SCANNERS.contains(&maker.name.as_str());
    let heading = Heading {
        root: bom.metadata.component.as_ref(),
        digests: digests(&target),
        author: untrusted::bounded(author(bom, tool.as_ref()), "metadata", &mut warnings),
        made_at,
        only_statements,
    };
    let vex = statements::statements(&said, &catalogue, &heading, &mut warnings);
    if scanned && !only_statements {
        let maker = (maker, target, made_at);
        let scan = findings::scan(&said, &mut catalogue, heading.root, maker, &mut warnings);
        observations.push(Observation::Scan(scan));
    }
    observations.extend(vex.into_iter().map(Observation::Vex));
    Parsed {
        tool,
        entries: said.len(),
        listed_components: listed,
        observations,
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn digests(target: &Target) -> Vec<String> {
    match target {
        Target::Image(image) => image.digests.iter().map(|(_, digest)| digest.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// The vulnerabilities, those inside components first.
fn said<'b, 'a>(bom: &'b wire::Bom<'a>, catalogue: &Catalogue<'b, 'a>) -> Vec<Said<'b, 'a>> {
    let nested = catalogue.listed.iter().flat_map(|&component| {
        let inside = component.vulnerabilities.iter();
        inside.map(move |vulnerability| Said { vulnerability, holder: Some(component) })
    });
    let own = bom.vulnerabilities.iter().flatten();
    nested.chain(own.map(|vulnerability| Said { vulnerability, holder: None })).collect()
}

fn tool(bom: &wire::Bom<'_>, warnings: &mut Warnings) -> Option<Tool> {
    let tools = &bom.metadata.tools.0;
    let first = tools.iter().find(|tool| filled(tool.name.as_ref()).is_some())?;
    let name = untrusted::bounded(filled(first.name.as_ref())?.trim(), "metadata.tools", warnings);
    let version = filled(first.version.as_ref());
    let version = version.map(|version| untrusted::bounded(version, "metadata.tools", warnings));
    Some(Tool { name: name.to_lowercase(), version })
}

/// Who signs for the statements: an author, an organisation, at last the tool.
fn author<'b>(bom: &'b wire::Bom<'_>, tool: Option<&'b Tool>) -> &'b str {
    let metadata = &bom.metadata;
    let people = metadata.authors.iter();
    people
        .chain(metadata.manufacturer.iter())
        .chain(metadata.manufacture.iter())
        .chain(metadata.supplier.iter())
        .find_map(|named| filled(named.name.as_ref()))
        .or_else(|| tool.map(|tool| tool.name.as_str()))
        .unwrap_or("unstated")
}
