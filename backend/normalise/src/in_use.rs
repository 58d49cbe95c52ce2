//! Which component an executed program or a loaded library belongs to, told by where the component lies in the image.
//! Refuses to guess: a list of installed packages, which is where those of a distribution lie, says nothing of their files,
//! so that of them only the program that is called like its package is known. Of their libraries none is: a package may be
//! called like a library that another holds, as Ubuntu's `libjpeg8` and Debian's `liblircclient0` are, which are empty.

/// Where programs of a distribution lie.
const PROGRAMS: [&str; 4] = ["bin", "sbin", "usr/bin", "usr/sbin"];
/// Kinds of packages of which a database lists what is installed.
const INSTALLED: [&str; 4] = ["alpm", "apk", "deb", "rpm"];

/// Whether a file, a program or a library, is of a component of a kind (the purl's) and name, which lies `at` a path. Both
/// paths may begin with a slash.
#[must_use]
pub fn is_of(kind: &str, name: &str, at: &str, file: &str) -> bool {
    let (at, file) = (rooted(at), rooted(file));
    if file.is_empty() || file.split('/').any(|part| part == "..") {
        return false;
    }
    if INSTALLED.contains(&kind) {
        return file
            .rsplit_once('/')
            .is_some_and(|(folder, called)| called == name && PROGRAMS.contains(&folder));
    }
    // What is built into a program, and what is a file itself.
    at == file || is_within(kind, at, file).unwrap_or_default()
}

/// Whether a file lies in a folder that holds a package and nothing else, but for packages of its own; nothing where no
/// such folder is known.
fn is_within(kind: &str, at: &str, file: &str) -> Option<bool> {
    match kind {
        "npm" => {
            let home = at.strip_suffix("/package.json").filter(|home| home.contains("node_modules/"))?;
            let inside = below(home, file)?;
            Some(!inside.split('/').any(|part| part == "node_modules"))
        }
        "gem" => {
            let (root, listed) = at.rsplit_once("/specifications/")?;
            let package = listed.strip_suffix(".gemspec").filter(|package| !package.contains('/'))?;
            let inside = below(root, file)?;
            let home = match inside.split('/').collect::<Vec<_>>().as_slice() {
                ["gems", home, _, ..] => *home,
                // What was compiled for a platform and a version of Ruby.
                ["extensions", _, _, home, _, ..] => *home,
                _ => return None,
            };
            Some(home == package)
        }
        "pypi" => {
            let (listed, _) = at.rsplit_once('/')?;
            let (site, listed) = listed.rsplit_once('/')?;
            let (package, version) = listed.strip_suffix(".dist-info")?.split_once('-')?;
            // The libraries that a wheel brings along. Its own modules may lie in a folder of several packages.
            below(&format!("{site}/{package}.libs"), file)?;
            Some(!version.contains('-'))
        }
        _ => None,
    }
}

/// The path of a file below a folder, if it lies there.
fn below<'f>(folder: &str, file: &'f str) -> Option<&'f str> {
    file.strip_prefix(folder)?.strip_prefix('/')
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
        let addon = "/app/node_modules/bcrypt/package.json";
        let wheel = "usr/lib/python3/site-packages/numpy-1.26.4.dist-info/METADATA";
        let shared = "usr/lib/python3/site-packages/google-3.0.0.dist-info/METADATA";
        for (kind, name, at, file, expected) in [
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
            ("gem", "puma", gem, "/usr/lib/ruby/gems/3.3.0/gems/puma-6.4.0", false),
            (
                "gem",
                "puma",
                gem,
                "/usr/lib/ruby/gems/3.3.0/extensions/x86_64-linux/3.3.0/puma-6.4.0/puma/http.so",
                true,
            ),
            (
                "gem",
                "puma",
                gem,
                "/usr/lib/ruby/gems/3.3.0/extensions/x86_64-linux/3.3.0/nio4r-2.7.0/nio4r_ext.so",
                false,
            ),
            ("npm", "bcrypt", addon, "/app/node_modules/bcrypt/lib/binding/bcrypt_lib.node", true),
            ("npm", "bcrypt", addon, "/app/node_modules/sharp/build/sharp.node", false),
            ("pypi", "numpy", wheel, "/usr/lib/python3/site-packages/numpy.libs/libopenblas.so", true),
            ("pypi", "numpy", wheel, "/usr/lib/python3/site-packages/scipy.libs/libopenblas.so", false),
            ("pypi", "google", shared, "/usr/lib/python3/site-packages/google/_upb/_message.so", false),
            ("generic", "openssl", "/usr/local/lib/libssl.so.3", "/usr/local/lib/libssl.so.3", true),
            ("deb", "curl", "var/lib/dpkg/status", "/usr/bin/curl", true),
            ("deb", "curl", "var/lib/dpkg/status", "/bin/curl", true),
            ("deb", "curl", "var/lib/dpkg/status", "/usr/local/bin/curl", false),
            ("deb", "libcurl4", "var/lib/dpkg/status", "/usr/bin/curl", false),
            ("deb", "libjpeg8", "var/lib/dpkg/status", "/usr/lib/x86_64-linux-gnu/libjpeg.so.8.2.2", false),
            ("deb", "libssl3", "var/lib/dpkg/status", "/usr/lib/x86_64-linux-gnu/libssl.so.3", false),
            ("apk", "busybox", "lib/apk/db/installed", "/lib/apk/db/installed", false),
            ("pypi", "requests", "usr/lib/python3/requests-2.dist-info/METADATA", "/usr/bin/requests", false),
        ] {
            assert_eq!(is_of(kind, name, at, file), expected, "{kind} {name} {file}");
        }
    }
}
