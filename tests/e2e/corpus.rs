//! Real documents in one database, and the pages that show them.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::corpus::corpus;
use tests::page::{client, get};
use tests::run::run;
use tests::served::Served;

/// Folders of the corpus whose formats are read, and how many of their documents must be taken.
const FOLDERS: [(&str, &str, usize); 12] = [
    ("attestation", "in-toto", 5),
    ("trivy-json", "trivy-json", 25),
    ("grype-json", "grype-json", 8),
    ("cyclonedx-json", "cyclonedx-json", 8),
    ("cyclonedx-xml", "cyclonedx-xml", 4),
    ("spdx-json", "spdx-json", 5),
    ("sarif", "sarif", 6),
    ("syft-json", "syft-json", 1),
    ("openvex", "openvex", 8),
    ("k8s-objects", "kubernetes", 12),
    ("kev", "kev", 6),
    // Three archives among them.
    ("ms-defender", "ms-defender", 6),
];

/// The files of FIRST's EPSS that are plain text.
fn epss(corpus: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(corpus.join("epss")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    files
}

fn ingest(corpus: &Path, database: &str) -> Vec<Value> {
    let mut arguments: Vec<String> = ["ingest", "--json", "--database", database].map(str::to_owned).to_vec();
    arguments.extend(FOLDERS.iter().map(|(folder, ..)| corpus.join(folder).display().to_string()));
    arguments.extend(epss(corpus).iter().map(|path| path.display().to_string()));
    let ended = run(corpus, arguments);
    assert!(ended.status <= 1, "status {}: {}", ended.status, ended.err);
    ended.lines()
}

fn check_taken(lines: &[Value]) {
    for (folder, kind, least) in FOLDERS {
        let of = |line: &&Value| line["file"].as_str().unwrap_or_default().contains(&format!("/{folder}/"));
        let taken =
            lines.iter().filter(of).filter(|line| line["kind"] == kind && line["error"].is_null()).count();
        assert!(taken >= least, "{folder}: {taken} taken as {kind}, {least} were expected");
    }
    for line in lines.iter().filter(|line| !line["error"].is_null()) {
        let error = line["error"].as_str().unwrap();
        assert!(error.len() > 15 && !error.contains('\n'), "{}: {error}", line["file"]);
    }
}

/// A vulnerability and the artefact that Trivy's own words connect, read without our parsers.
fn witness(corpus: &Path) -> (String, String) {
    let text = std::fs::read(corpus.join("trivy-json/golden-debian-stretch.json")).unwrap();
    let report: Value = serde_json::from_slice(&text).unwrap();
    let id = report["Results"][0]["Vulnerabilities"][0]["VulnerabilityID"].as_str().unwrap().to_owned();
    (id, report["ArtifactName"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_pages_show_real_documents() {
    let Some(corpus) = corpus() else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("corpus.db").display());
    let (from, into) = (corpus.clone(), database.clone());
    let lines = tokio::task::spawn_blocking(move || ingest(&from, &into)).await.unwrap();
    check_taken(&lines);

    let served = tokio::task::spawn_blocking(move || Served::over(&database)).await.unwrap();
    let (client, address) = (client(), served.address.as_str());
    let overview = get(&client, address, "/").await;
    assert_eq!(overview.status, 200);
    let sources = overview.texts("section.sources tbody th").join(" ");
    for kind in ["trivy-json", "grype-json", "kubernetes", "kev"] {
        assert!(sources.contains(kind), "the overview does not name {kind} as a source: {sources}");
    }
    assert!(overview.texts(".hero .unknown").is_empty(), "the estate has a score");

    let images = get(&client, address, "/images").await;
    assert!(images.texts("tbody tr").len() > 10, "{} images", images.texts("tbody tr").len());
    let (vulnerability, _) = witness(&corpus);
    let detail = get(&client, address, &format!("/vulnerabilities/{vulnerability}")).await;
    assert_eq!(detail.status, 200, "{vulnerability}");
    assert!(detail.texts("main").join(" ").contains(&vulnerability));
    let exploited = get(&client, address, "/vulnerabilities?kev=yes").await;
    assert!(!exploited.texts("tbody tr").is_empty(), "some finding of the corpus is known to be exploited");
    let workloads = get(&client, address, "/workloads").await;
    assert!(workloads.texts("tbody tr").len() > 5, "{} workloads", workloads.texts("tbody tr").len());
    for path in ["/", "/images", "/workloads", "/vulnerabilities", "/documents"] {
        let page = get(&client, address, path).await;
        assert!(page.body.len() <= 60_000, "{path}: {} bytes", page.body.len());
    }
    tokio::task::spawn_blocking(move || drop(served)).await.unwrap();
}
