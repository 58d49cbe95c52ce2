//! Packages and the vulnerabilities in them, for the demo. The vulnerabilities are real and public; the
//! EPSS probabilities are illustrative. Refuses completeness: these are examples, not a database.

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ecosystem {
    Debian,
    Alpine,
    RedHat,
    Go,
    Java,
    Node,
    Python,
}

/// A package in one version.
#[derive(Debug)]
pub(super) struct Package {
    /// What the estate calls it.
    pub(super) key: &'static str,
    pub(super) ecosystem: Ecosystem,
    /// Name as the ecosystem writes it (`group:artifact` in Java).
    pub(super) name: &'static str,
    /// Source package of a distribution; the name itself elsewhere.
    pub(super) source: &'static str,
    pub(super) version: &'static str,
    /// Vulnerability and the version that fixes it, empty where there is none.
    pub(super) flaws: &'static [(&'static str, &'static str)],
}

/// A vulnerability.
#[derive(Debug)]
pub(super) struct Flaw {
    pub(super) id: &'static str,
    /// Its name in the GitHub advisory database, or empty.
    pub(super) alias: &'static str,
    pub(super) title: &'static str,
    pub(super) severity: &'static str,
    pub(super) vector: &'static str,
    /// Day of publication.
    pub(super) published: &'static str,
    pub(super) epss: f64,
    /// Day on which it entered the KEV catalogue, or empty.
    pub(super) kev: &'static str,
}

/// The flaw of an id.
pub(super) fn flaw(id: &str) -> Option<&'static Flaw> {
    FLAWS.iter().find(|flaw| flaw.id == id)
}

/// The package of a key.
pub(super) fn package(key: &str) -> Option<&'static Package> {
    PACKAGES.iter().find(|package| package.key == key)
}

macro_rules! packages {
    ($($key:literal $ecosystem:ident $name:literal $source:literal $version:literal [$($flaw:literal => $fix:literal),*];)*) => {
        &[$(Package {
            key: $key, ecosystem: Ecosystem::$ecosystem, name: $name, source: $source, version: $version,
            flaws: &[$(($flaw, $fix)),*],
        }),*]
    };
}

/// Every package of the demo.
pub(super) static PACKAGES: &[Package] = packages! {
    "openssl-old" Debian "libssl3" "openssl" "3.0.11-1~deb12u2" ["CVE-2024-0727" => "3.0.13-1~deb12u1", "CVE-2024-5535" => "3.0.15-1~deb12u1", "CVE-2023-5678" => "3.0.13-1~deb12u1"];
    "openssl-cli-old" Debian "openssl" "openssl" "3.0.11-1~deb12u2" ["CVE-2024-0727" => "3.0.13-1~deb12u1", "CVE-2024-5535" => "3.0.15-1~deb12u1"];
    "openssl-mid" Debian "libssl3" "openssl" "3.0.13-1~deb12u1" ["CVE-2024-5535" => "3.0.15-1~deb12u1"];
    "openssl-new" Debian "libssl3" "openssl" "3.0.15-1~deb12u1" [];
    "glibc-old" Debian "libc6" "glibc" "2.36-9+deb12u1" ["CVE-2023-4911" => "2.36-9+deb12u3", "CVE-2024-2961" => "2.36-9+deb12u6", "CVE-2023-6246" => "2.36-9+deb12u4"];
    "glibc-bin-old" Debian "libc-bin" "glibc" "2.36-9+deb12u1" ["CVE-2023-4911" => "2.36-9+deb12u3", "CVE-2024-2961" => "2.36-9+deb12u6"];
    "glibc-mid" Debian "libc6" "glibc" "2.36-9+deb12u7" [];
    "glibc-new" Debian "libc6" "glibc" "2.36-9+deb12u9" [];
    "curl-old" Debian "libcurl4" "curl" "7.88.1-10+deb12u1" ["CVE-2023-38545" => "7.88.1-10+deb12u4", "CVE-2023-38546" => "7.88.1-10+deb12u4"];
    "curl-mid" Debian "libcurl4" "curl" "7.88.1-10+deb12u3" ["CVE-2023-38546" => "7.88.1-10+deb12u4"];
    "webp-old" Debian "libwebp7" "libwebp" "1.2.4-0.2" ["CVE-2023-4863" => "1.2.4-0.2+deb12u1"];
    "zlib" Debian "zlib1g" "zlib" "1:1.2.13.dfsg-1" ["CVE-2023-45853" => ""];
    "expat-old" Debian "libexpat1" "expat" "2.5.0-1" ["CVE-2024-45491" => "2.5.0-1+deb12u1", "CVE-2024-45492" => "2.5.0-1+deb12u1"];
    "krb5-old" Debian "libkrb5-3" "krb5" "1.20.1-2+deb12u1" ["CVE-2024-37371" => "1.20.1-2+deb12u2"];
    "nghttp2-old" Debian "libnghttp2-14" "nghttp2" "1.52.0-1" ["CVE-2023-44487" => "1.52.0-1+deb12u1"];
    "perl" Debian "perl-base" "perl" "5.36.0-7+deb12u1" ["CVE-2023-31484" => ""];
    "kernel-headers" Debian "linux-libc-dev" "linux" "6.1.55-1" ["CVE-2024-1086" => "6.1.76-1", "CVE-2022-0847" => ""];
    "redis-deb" Debian "redis-server" "redis" "5:6.0.15-1" ["CVE-2022-0543" => "5:6.0.16-1+deb11u2"];
    "busybox-old" Alpine "busybox" "busybox" "1.35.0-r29" ["CVE-2022-48174" => "1.35.0-r31"];
    "libcrypto-old" Alpine "libcrypto3" "openssl" "3.0.8-r0" ["CVE-2023-5678" => "3.0.12-r1", "CVE-2024-0727" => "3.0.12-r4"];
    "musl-new" Alpine "musl" "musl" "1.2.5-r0" [];
    "libcrypto-new" Alpine "libcrypto3" "openssl" "3.3.2-r4" [];
    "ubi-openssl" RedHat "openssl-libs" "openssl" "1:1.1.1k-9.el8_7" ["CVE-2023-5678" => "1:1.1.1k-12.el8_9"];
    "ubi-glibc" RedHat "glibc" "glibc" "2.28-225.el8" ["CVE-2023-4911" => "2.28-225.el8_8.6", "CVE-2024-2961" => "2.28-251.el8_10.1"];
    "ubi-nghttp2" RedHat "libnghttp2" "nghttp2" "1.33.0-4.el8_6.1" ["CVE-2023-44487" => "1.33.0-5.el8_8"];
    "go-net-old" Go "golang.org/x/net" "golang.org/x/net" "0.7.0" ["CVE-2023-44487" => "0.17.0", "CVE-2023-39325" => "0.17.0"];
    "go-crypto-old" Go "golang.org/x/crypto" "golang.org/x/crypto" "0.14.0" ["CVE-2024-45337" => "0.31.0", "CVE-2023-48795" => "0.17.0"];
    "go-crypto-mid" Go "golang.org/x/crypto" "golang.org/x/crypto" "0.17.0" ["CVE-2024-45337" => "0.31.0"];
    "go-grpc-old" Go "google.golang.org/grpc" "google.golang.org/grpc" "1.53.0" ["CVE-2023-44487" => "1.56.3"];
    "go-net-new" Go "golang.org/x/net" "golang.org/x/net" "0.38.0" [];
    "runc-old" Go "github.com/opencontainers/runc" "github.com/opencontainers/runc" "1.1.9" ["CVE-2024-21626" => "1.1.12"];
    "log4j-old" Java "org.apache.logging.log4j:log4j-core" "log4j-core" "2.14.1" ["CVE-2021-44228" => "2.15.0", "CVE-2021-45046" => "2.16.0", "CVE-2021-45105" => "2.17.0"];
    "log4j-new" Java "org.apache.logging.log4j:log4j-core" "log4j-core" "2.24.1" [];
    "spring-beans-old" Java "org.springframework:spring-beans" "spring-beans" "5.3.17" ["CVE-2022-22965" => "5.3.18"];
    "spring-beans-new" Java "org.springframework:spring-beans" "spring-beans" "6.1.14" [];
    "spring-web-old" Java "org.springframework:spring-web" "spring-web" "5.3.30" ["CVE-2016-1000027" => "6.0.0"];
    "snakeyaml-old" Java "org.yaml:snakeyaml" "snakeyaml" "1.30" ["CVE-2022-1471" => "2.0"];
    "jackson-old" Java "com.fasterxml.jackson.core:jackson-databind" "jackson-databind" "2.13.1" ["CVE-2020-36518" => "2.13.2.1"];
    "commons-text-old" Java "org.apache.commons:commons-text" "commons-text" "1.9" ["CVE-2022-42889" => "1.10.0"];
    "tomcat-old" Java "org.apache.tomcat.embed:tomcat-embed-core" "tomcat-embed-core" "9.0.65" ["CVE-2025-24813" => "9.0.99"];
    "netty-old" Java "io.netty:netty-codec-http2" "netty-codec-http2" "4.1.94.Final" ["CVE-2023-44487" => "4.1.100.Final"];
    "activemq-old" Java "org.apache.activemq:activemq-broker" "activemq-broker" "5.17.3" ["CVE-2023-46604" => "5.17.6"];
    "struts-old" Java "org.apache.struts:struts2-core" "struts2-core" "2.5.30" ["CVE-2023-50164" => "2.5.33"];
    "lodash-old" Node "lodash" "lodash" "4.17.20" ["CVE-2021-23337" => "4.17.21"];
    "minimist-old" Node "minimist" "minimist" "1.2.5" ["CVE-2021-44906" => "1.2.6"];
    "jsonwebtoken-old" Node "jsonwebtoken" "jsonwebtoken" "8.5.1" ["CVE-2022-23539" => "9.0.0"];
    "axios-old" Node "axios" "axios" "0.21.1" ["CVE-2021-3749" => "0.21.2"];
    "semver-old" Node "semver" "semver" "7.3.5" ["CVE-2022-25883" => "7.5.2"];
    "next-old" Node "next" "next" "14.1.0" ["CVE-2025-29927" => "14.2.25"];
    "next-new" Node "next" "next" "14.2.30" [];
    "express-new" Node "express" "express" "4.21.2" [];
    "vm2-old" Node "vm2" "vm2" "3.9.17" ["CVE-2023-32314" => "3.9.18"];
    "django-old" Python "Django" "django" "3.2.12" ["CVE-2022-28346" => "3.2.13"];
    "pyyaml-old" Python "PyYAML" "pyyaml" "5.3.1" ["CVE-2020-14343" => "5.4"];
    "urllib3-old" Python "urllib3" "urllib3" "1.26.5" ["CVE-2023-43804" => "1.26.17"];
    "requests-old" Python "requests" "requests" "2.28.1" ["CVE-2023-32681" => "2.31.0"];
    "jinja2-old" Python "Jinja2" "jinja2" "3.1.2" ["CVE-2024-22195" => "3.1.3"];
    "cryptography-old" Python "cryptography" "cryptography" "38.0.1" ["CVE-2023-0286" => "39.0.1"];
    "aiohttp-old" Python "aiohttp" "aiohttp" "3.8.1" ["CVE-2024-23334" => "3.9.2"];
    "requests-new" Python "requests" "requests" "2.32.3" [];
};

macro_rules! flaws {
    ($($id:literal $alias:literal $severity:literal $vector:literal $published:literal $epss:literal $kev:literal $title:literal;)*) => {
        &[$(Flaw {
            id: $id, alias: $alias, severity: $severity, vector: $vector, published: $published,
            epss: $epss, kev: $kev, title: $title,
        }),*]
    };
}

/// Every vulnerability of the demo.
pub(super) static FLAWS: &[Flaw] = flaws! {
    "CVE-2016-1000027" "GHSA-4wrc-f8pq-fpqp" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2020-01-02" 0.52 "" "Spring: HttpInvokerServiceExporter deserialises untrusted data";
    "CVE-2020-14343" "GHSA-8q59-q68h-6hv4" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2021-02-09" 0.11 "" "PyYAML: full_load executes code from untrusted documents";
    "CVE-2020-36518" "GHSA-57j2-w4cx-62h2" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" "2022-03-11" 0.006 "" "jackson-databind: deeply nested objects exhaust the stack";
    "CVE-2021-23337" "GHSA-35jh-r3h4-6jhm" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H" "2021-02-15" 0.009 "" "lodash: command injection through template";
    "CVE-2021-3749" "GHSA-cph5-m8f7-6c5x" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" "2021-08-31" 0.06 "" "axios: regular expression of unbounded cost";
    "CVE-2021-44228" "GHSA-jfh8-c2jp-5v3q" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H" "2021-12-10" 0.97 "2021-12-10" "Log4j: remote code execution through JNDI lookups (Log4Shell)";
    "CVE-2021-44906" "GHSA-xvch-5gv4-984h" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2022-03-17" 0.012 "" "minimist: prototype pollution";
    "CVE-2021-45046" "GHSA-7rjr-3q55-vv33" "CRITICAL" "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H" "2021-12-14" 0.95 "2023-05-01" "Log4j: incomplete fix of Log4Shell in some configurations";
    "CVE-2021-45105" "GHSA-p6xc-xr62-6r2g" "MEDIUM" "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H" "2021-12-18" 0.66 "" "Log4j: uncontrolled recursion in lookups";
    "CVE-2022-0543" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H" "2022-02-18" 0.94 "2022-03-28" "redis: Lua sandbox escape in Debian packages";
    "CVE-2022-0847" "" "HIGH" "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" "2022-03-10" 0.82 "2022-04-25" "Linux kernel: overwriting read-only files through pipes (Dirty Pipe)";
    "CVE-2022-1471" "GHSA-mjmj-j48q-9wg2" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L" "2022-12-01" 0.93 "" "SnakeYAML: constructor deserialises arbitrary classes";
    "CVE-2022-22965" "GHSA-36p3-wjmg-h94x" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2022-04-01" 0.97 "2022-04-04" "Spring: remote code execution through data binding (Spring4Shell)";
    "CVE-2022-23539" "GHSA-8cf7-32gw-wr33" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N" "2022-12-22" 0.002 "" "jsonwebtoken: insecure key types are accepted";
    "CVE-2022-25883" "GHSA-c2qf-rxjj-qqgw" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" "2023-06-21" 0.003 "" "node-semver: regular expression of unbounded cost";
    "CVE-2022-28346" "GHSA-2gwj-7jmv-h26r" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2022-04-12" 0.21 "" "Django: SQL injection through annotate and aggregate";
    "CVE-2022-42889" "GHSA-599f-7c49-w659" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2022-10-13" 0.94 "" "Commons Text: interpolation executes scripts (Text4Shell)";
    "CVE-2022-48174" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2023-08-22" 0.004 "" "busybox: stack overflow in ash arithmetic";
    "CVE-2023-0286" "GHSA-x4qr-2fvf-3mr5" "HIGH" "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H" "2023-02-08" 0.88 "" "OpenSSL: type confusion in X.400 addresses";
    "CVE-2023-31484" "" "HIGH" "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H" "2023-04-29" 0.009 "" "CPAN.pm does not verify TLS certificates";
    "CVE-2023-32314" "GHSA-whpj-8f3w-67p5" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2023-05-15" 0.61 "" "vm2: sandbox escape through a proxy object";
    "CVE-2023-32681" "GHSA-j8r2-6x86-q33q" "MEDIUM" "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N" "2023-05-26" 0.06 "" "requests: leaks Proxy-Authorization on redirects";
    "CVE-2023-38545" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2023-10-18" 0.27 "" "curl: heap overflow in the SOCKS5 handshake";
    "CVE-2023-38546" "" "LOW" "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N" "2023-10-18" 0.002 "" "curl: cookie injection into a running program";
    "CVE-2023-39325" "GHSA-4374-p667-p6c8" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" "2023-10-11" 0.003 "" "Go HTTP/2: rapid reset exhausts the server";
    "CVE-2023-43804" "GHSA-v845-jxx5-vc9f" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:N" "2023-10-04" 0.004 "" "urllib3: cookies follow redirects to other hosts";
    "CVE-2023-44487" "" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" "2023-10-10" 0.94 "2023-10-10" "HTTP/2 rapid reset: many streams, one flood";
    "CVE-2023-45853" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2023-10-14" 0.009 "" "zlib: integer overflow in MiniZip";
    "CVE-2023-46604" "GHSA-crg9-44h2-xw35" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2023-10-27" 0.97 "2023-11-02" "ActiveMQ: remote code execution through OpenWire";
    "CVE-2023-4863" "" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H" "2023-09-12" 0.93 "2023-09-13" "libwebp: heap overflow in lossless decoding";
    "CVE-2023-48795" "GHSA-45x7-px36-x8w8" "MEDIUM" "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N" "2023-12-18" 0.66 "" "SSH: prefix truncation (Terrapin)";
    "CVE-2023-4911" "" "HIGH" "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" "2023-10-03" 0.75 "2023-11-21" "glibc: buffer overflow in the dynamic loader (Looney Tunables)";
    "CVE-2023-50164" "GHSA-2j39-qcjm-428w" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2023-12-07" 0.92 "" "Struts: path traversal in file upload leads to code execution";
    "CVE-2023-5678" "" "MEDIUM" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L" "2023-11-06" 0.012 "" "OpenSSL: very long X9.42 keys take very long";
    "CVE-2023-6246" "" "HIGH" "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" "2024-01-31" 0.15 "" "glibc: heap overflow in syslog";
    "CVE-2024-0727" "" "MEDIUM" "CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H" "2024-01-26" 0.003 "" "OpenSSL: null dereference in PKCS12";
    "CVE-2024-1086" "" "HIGH" "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H" "2024-01-31" 0.86 "2024-05-30" "Linux kernel: use after free in nf_tables";
    "CVE-2024-21626" "GHSA-xr7r-f8xq-vfvv" "HIGH" "CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H" "2024-01-31" 0.09 "" "runc: leaked descriptor lets a container out (Leaky Vessels)";
    "CVE-2024-22195" "GHSA-h5c8-rqwp-cp95" "MEDIUM" "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N" "2024-01-11" 0.004 "" "Jinja2: attribute injection through xmlattr";
    "CVE-2024-23334" "GHSA-5h86-8mv2-jq9f" "HIGH" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" "2024-01-29" 0.93 "" "aiohttp: path traversal in static routes";
    "CVE-2024-2961" "" "HIGH" "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H" "2024-04-17" 0.91 "" "glibc: overflow in iconv for ISO-2022-CN-EXT";
    "CVE-2024-37371" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H" "2024-06-28" 0.014 "" "krb5: invalid memory reads in GSS tokens";
    "CVE-2024-45337" "GHSA-v778-237x-gjrc" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N" "2024-12-12" 0.38 "" "x/crypto/ssh: misuse of the public key callback bypasses authorisation";
    "CVE-2024-45491" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2024-08-30" 0.018 "" "expat: integer overflow in dtdCopy";
    "CVE-2024-45492" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2024-08-30" 0.019 "" "expat: integer overflow in nextScaffoldPart";
    "CVE-2024-5535" "" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H" "2024-06-27" 0.049 "" "OpenSSL: buffer overread in SSL_select_next_proto";
    "CVE-2025-24813" "GHSA-83qj-6fr2-vhqg" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" "2025-03-10" 0.94 "2025-04-01" "Tomcat: partial PUT leads to code execution";
    "CVE-2025-29927" "GHSA-f82v-jwr5-mffw" "CRITICAL" "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N" "2025-03-21" 0.92 "" "Next.js: authorisation in middleware can be skipped";
};
