//! The products of a document by their ids. Refuses to stretch a statement on a part of a product: only what
//! is in an image, or is a distribution's own build, is taken out of the product that holds it.

use std::collections::HashMap;

use domain::purl::Purl;
use domain::vex::VexProduct;

use super::wire::{Branch, Product, Said, Tree};
use crate::error::clip;
use crate::images::{ImageBuilder, is_image_purl};
use crate::json::Text;
use crate::untrusted::LONGEST;

/// How far parts of parts are followed.
const DEEPEST: usize = 4;

/// The products of a document.
pub(super) struct Products<'b> {
    named: HashMap<&'b str, &'b Product<'b>>,
    /// A part of a product: the id of the part, and of what holds it.
    parts: HashMap<&'b str, (&'b str, &'b str)>,
    groups: HashMap<&'b str, &'b [Text<'b>]>,
}

impl<'b> Products<'b> {
    /// All products of a tree.
    pub(super) fn of(tree: &'b Tree<'b>) -> Self {
        let groups = tree.product_groups.iter().map(|group| (&*group.group_id, group.product_ids.as_slice()));
        let mut products = Self { named: HashMap::new(), parts: HashMap::new(), groups: groups.collect() };
        products.branches(&tree.branches);
        for product in &tree.full_product_names {
            products.named.insert(&product.product_id, product);
        }
        for relationship in &tree.relationships {
            let ends = (&*relationship.product_reference, &*relationship.relates_to_product_reference);
            products.part(&relationship.full_product_name, ends);
        }
        for path in &tree.product_paths {
            if let Some(next) = path.subpaths.first() {
                let ends = (&*path.beginning_product_reference, &*next.next_product_reference);
                products.part(&path.full_product_name, ends);
            }
        }
        products
    }

    fn branches(&mut self, branches: &'b [Branch<'b>]) {
        for branch in branches {
            if let Some(product) = &branch.product {
                self.named.insert(&product.product_id, product);
            }
            self.branches(&branch.branches);
        }
    }

    fn part(&mut self, name: &'b Product<'b>, ends: (&'b str, &'b str)) {
        self.named.insert(&name.product_id, name);
        self.parts.insert(&name.product_id, ends);
    }

    /// What a flag, threat or remediation is about.
    pub(super) fn about(&self, said: &'b Said<'b>) -> impl Iterator<Item = &'b str> {
        let groups = said.group_ids.iter().filter_map(|id| self.groups.get(&**id)).copied().flatten();
        said.product_ids.iter().chain(groups).map(|id| &**id)
    }

    /// The product of an id, if the tree has it.
    pub(super) fn resolve(&self, id: &str) -> Option<VexProduct> {
        self.resolve_below(id, 0)
    }

    fn resolve_below(&self, id: &str, depth: usize) -> Option<VexProduct> {
        let ends = self.parts.get(id).filter(|_| depth < DEEPEST);
        let joined = ends.and_then(|(part, holder)| {
            Some(join(self.resolve_below(part, depth + 1)?, self.resolve_below(holder, depth + 1)?))
        });
        joined.or_else(|| self.named.get(id).map(|product| plain(product)))
    }
}

/// A part in what holds it.
fn join(part: VexProduct, holder: VexProduct) -> VexProduct {
    if is_image(&part) || (!is_image(&holder) && is_build(&part)) {
        return part;
    }
    let VexProduct { id, mut subcomponents, .. } = part;
    VexProduct { subcomponents: vec![subcomponents.pop().unwrap_or(id)], ..holder }
}

fn is_image(product: &VexProduct) -> bool {
    !product.digests.is_empty() || is_image_purl(&product.id)
}

/// Whether a product is one build of a distribution's package, which is the same wherever it is.
fn is_build(product: &VexProduct) -> bool {
    let purl = product.id.parse::<Purl>();
    purl.is_ok_and(|purl| matches!(purl.kind(), "deb" | "rpm" | "apk") && purl.version().is_some())
}

/// A product by its first purl, else its CPE, else its name or id.
fn plain(product: &Product<'_>) -> VexProduct {
    let helper = &product.product_identification_helper;
    let purls = std::iter::once(&helper.purl).chain(&helper.purls).find_map(|purl| purl.filled());
    let other = || helper.cpe.filled().or_else(|| product.name.filled());
    let mut known = written(purls.or_else(other).unwrap_or(&product.product_id));
    let mut builder = ImageBuilder::default();
    builder.purl(&known.id);
    known.digests = builder.build().digests.into_iter().map(|(_, digest)| digest.to_string()).collect();
    known
}

/// A product that is known by this text alone.
pub(super) fn written(text: &str) -> VexProduct {
    let id = if text.len() > LONGEST { clip(text) } else { text.to_owned() };
    VexProduct { id, digests: Vec::new(), subcomponents: Vec::new() }
}
