//! Which component an executed program belongs to, told by where the component lies in the image. Refuses to guess: a
//! list of installed packages, which is where those of a distribution lie, says nothing of their files, so that of them
//! only the program that is called like its package is known.

/// Where programs of a distribution lie.
const PROGRAMS: [&str; 4] = ["bin", "sbin", "usr/bin", "usr/sbin"];
/// Kinds of packages of which a database lists what is installed.
const INSTALLED: [&str; 4] = ["alpm", "apk", "deb", "rpm"];

/// Whether a program is of a component of a kind (the purl's) and name, which lies `at` a path. Both paths may begin with a
/// slash.
#[must_use]
pub fn is_of(kind: &str, name: &str, at: &str, program: &str) -> bool {
    let (at, program) = (rooted(at), rooted(program));
    if program.is_empty() || program.split('/').any(|part| part == "..") {
        return false;
    }
    if INSTALLED.contains(&kind) {
        return program
            .rsplit_once('/')
            .is_some_and(|(folder, called)| called == name && PROGRAMS.contains(&folder));
    }
    // What is built into a program, and what is a file itself.
    at == program || home(kind, at).is_some_and(|home| is_within(kind, &home, program))
}

/// The folder that holds a package and nothing else, but for packages of its own.
fn home(kind: &str, at: &str) -> Option<String> {
    match kind {
        "npm" => {
            at.strip_suffix("/package.json").filter(|home| home.contains("node_modules/")).map(str::to_owned)
        }
        "gem" => {
            let (root, file) = at.rsplit_once("/specifications/")?;
            let package = file.strip_suffix(".gemspec").filter(|package| !package.contains('/'))?;
            Some(format!("{root}/gems/{package}"))
        }
        _ => None,
    }
}

fn is_within(kind: &str, home: &str, program: &str) -> bool {
    let inside = program.strip_prefix(home).and_then(|rest| rest.strip_prefix('/'));
    inside.is_some_and(|rest| kind != "npm" || !rest.split('/').any(|part| part == "node_modules"))
}

fn rooted(path: &str) -> &str {
    path.trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_of_a_component() {
        let npm = "usr/lib/node_modules/esbuild/package.json";
        let gem = "usr/lib/ruby/gems/3.3.0/specifications/puma-6.4.0.gemspec";
        for (kind, name, at, program, expected) in [
            ("golang", "golang.org/x/net", "usr/local/bin/api", "/usr/local/bin/api", true),
            ("golang", "golang.org/x/net", "/usr/local/bin/api", "/usr/local/bin/other", false),
            ("generic", "node", "usr/local/bin/node", "/usr/local/bin/node", true),
            ("golang", "golang.org/x/net", "", "/", false),
            ("npm", "esbuild", npm, "/usr/lib/node_modules/esbuild/bin/esbuild", true),
            ("npm", "esbuild", npm, "/usr/lib/node_modules/esbuild/node_modules/other/bin/x", false),
            ("npm", "esbuild", npm, "/usr/lib/node_modules/esbuild-wasm/bin/esbuild", false),
            ("npm", "esbuild", npm, "/usr/lib/node_modules/esbuild/../other/bin/x", false),
            ("npm", "shop", "app/package.json", "/app/bin/server", false),
            ("gem", "puma", gem, "/usr/lib/ruby/gems/3.3.0/gems/puma-6.4.0/bin/puma", true),
            ("gem", "puma", gem, "/usr/lib/ruby/gems/3.3.0/gems/puma-6.4.1/bin/puma", false),
            ("deb", "curl", "var/lib/dpkg/status", "/usr/bin/curl", true),
            ("deb", "curl", "var/lib/dpkg/status", "/bin/curl", true),
            ("deb", "curl", "var/lib/dpkg/status", "/usr/local/bin/curl", false),
            ("deb", "libcurl4", "var/lib/dpkg/status", "/usr/bin/curl", false),
            ("apk", "busybox", "lib/apk/db/installed", "/lib/apk/db/installed", false),
            ("pypi", "requests", "usr/lib/python3/requests-2.dist-info/METADATA", "/usr/bin/requests", false),
        ] {
            assert_eq!(is_of(kind, name, at, program), expected, "{kind} {name} {program}");
        }
    }
}
