//! Size and shape of files and functions. An exception stands in a list with its reason.

use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::tree::{files, is_test, none, product, read, short};

/// Lines a file may have.
const FILE_LINES: usize = 400;
/// Lines a function may have.
const FUNCTION_LINES: usize = 60;

/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[];
/// Functions that may be longer, and why.
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

fn sources() -> Vec<std::path::PathBuf> {
    ["backend", "connectors", "migrations", "tests"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .collect()
}

#[test]
fn files_are_short() {
    let mut problems = Vec::new();
    for path in sources() {
        let lines = read(&path).lines().count();
        let excused = LONG_FILES.iter().any(|(name, _)| *name == short(&path));
        if lines > FILE_LINES && !excused {
            problems.push(format!("{}: {lines} lines, more than {FILE_LINES}", short(&path)));
        }
    }
    none(problems);
}

#[test]
fn functions_are_short() {
    let mut problems = Vec::new();
    for path in sources().into_iter().filter(|path| !is_test(path)) {
        let text = read(&path);
        let file =
            syn::parse_file(product(&text)).unwrap_or_else(|error| panic!("{}: {error}", short(&path)));
        let mut functions = Functions::default();
        functions.visit_file(&file);
        for (name, lines) in functions.long {
            let place = format!("{}::{name}", short(&path));
            if !LONG_FUNCTIONS.iter().any(|(known, _)| *known == place) {
                problems.push(format!("{place}: {lines} lines, more than {FUNCTION_LINES}"));
            }
        }
    }
    none(problems);
}

#[derive(Default)]
struct Functions {
    long: Vec<(String, usize)>,
}

impl Functions {
    fn measure(&mut self, name: &syn::Ident, block: &syn::Block) {
        let span = block.span();
        let lines = span.end().line.saturating_sub(span.start().line) + 1;
        if lines > FUNCTION_LINES {
            self.long.push((name.to_string(), lines));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }
}

#[test]
fn files_say_what_they_are_for() {
    let problems = sources()
        .iter()
        .filter(|path| !read(path).starts_with("//! "))
        .map(|path| format!("{}: does not begin with //!", short(path)))
        .collect();
    none(problems);
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];
    let mut problems = Vec::new();
    let kept = ["backend", "connectors", "migrations", "templates", "config"];
    for path in
        kept.iter().flat_map(|folder| files(folder, &[".rs", ".html", ".css", ".js", ".toml", ".sql", ".md"]))
    {
        let text = read(&path);
        for (number, line) in (1..).zip(text.lines()) {
            if marks.iter().any(|mark| line.contains(mark)) {
                problems.push(format!("{}:{number}: {}", short(&path), line.trim()));
            }
        }
    }
    none(problems);
}
