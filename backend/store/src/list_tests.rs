//! Lists and details over the seeded estate, on both databases: what narrows, what sorts, what pages.

use domain::exposure::Reach;
use domain::finding::FindingClass;
use domain::scope::Viewer;
use domain::severity::Severity;

use crate::images::{self, Package, Resolved, ScanState};
use crate::list::{Page, Sort, SortColumn, Start, Total};
use crate::test_support::on_each_database;
use crate::vulnerabilities::Presence;
use crate::{Store, findings, search, seed, vulnerabilities, workloads};

fn viewer() -> Viewer {
    Viewer::everything()
}

async fn image_names(store: &Store, filter: images::Filter) -> Vec<String> {
    let listed =
        images::list(store, &viewer(), &filter, &Sort::ascending("name"), &Page::first(50)).await.unwrap();
    assert_eq!(listed.total, Some(Total::Exactly(listed.rows.len() as u64)));
    listed.rows.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn images_are_narrowed() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let since = seed::NOW.parse::<chrono::DateTime<chrono::Utc>>().unwrap() - chrono::TimeDelta::days(7);
        let all = images::Filter::default;
        let text = |text: &str| images::Filter { text: Some(text.to_owned()), ..images::Filter::default() };
        let package = |name: &str, version: Option<&str>| images::Filter {
            package: Some(Package { name: name.to_owned(), version: version.map(str::to_owned) }),
            ..all()
        };
        let (api, web, hostile) = ("shop/api:1.9", "shop/web:2.0", "<img src=x onerror=alert(1)>:=1+1");
        for (filter, expected) in [
            (all(), vec![hostile, api, web]),
            (text("API"), vec![api]),
            (text("latest"), vec![api]),
            (text("sha256:cccccc"), vec![api]),
            (text("abababab"), vec![web]),
            (text("%"), vec![]),
            (text("onerror=alert(1)"), vec![hostile]),
            (images::Filter { severity: Some(Severity::Critical), ..all() }, vec![api]),
            (images::Filter { kev: true, fixable: true, secrets: true, ..all() }, vec![api]),
            (images::Filter { end_of_life: true, ..all() }, vec![web]),
            (images::Filter { running: Some(false), ..all() }, vec![]),
            (images::Filter { scan: Some((ScanState::Never, since)), ..all() }, vec![hostile]),
            (images::Filter { scan: Some((ScanState::Stale, since)), ..all() }, vec![web]),
            (images::Filter { scan: Some((ScanState::Current, since)), ..all() }, vec![api]),
            (images::Filter { distribution: Some(String::new()), ..all() }, vec![hostile]),
            (images::Filter { distribution: Some("alpine".to_owned()), ..all() }, vec![web]),
            (images::Filter { registry: Some("registry.example".to_owned()), ..all() }, vec![api, web]),
            (images::Filter { vulnerability: Some("CVE-2024-0001".to_owned()), ..all() }, vec![api, web]),
            (images::Filter { workload: Some(seed::workload("web")), ..all() }, vec![web]),
            (package("openssl", None), vec![api, web]),
            (package("openssl", Some("3.0.11-1")), vec![api, web]),
            (package("libssl3", Some("3.0.11-1")), vec![api, web]),
            (package("openssl", Some("3.0.12-1")), vec![]),
            (package("log4j-core", None), vec![]),
            (package(seed::HOSTILE, Some("1.0.0")), vec![api]),
        ] {
            let mut names = image_names(&store, filter.clone()).await;
            names.sort();
            assert_eq!(names, expected, "{filter:?}");
        }
    })
    .await;
}

/// Walks a list forward and back, two rows at a time, and expects the same rows both ways.
macro_rules! walk {
    ($store:expr, $module:ident, $filter:expr, $sort:expr, $key:expr) => {{
        let mut forward = Vec::new();
        let mut page = Page::first(1);
        let mut last = None;
        loop {
            let listed = $module::list($store, &viewer(), &$filter, &$sort, &page).await.unwrap();
            assert_eq!(listed.position, forward.len() as u64, "{:?}", $sort);
            forward.extend(listed.rows.iter().map($key));
            last = listed.previous.or(last);
            match listed.next {
                Some(next) => page = Page::at(1, Start::Cursor(next)),
                None => break,
            }
        }
        let mut backward: Vec<_> = forward.last().cloned().into_iter().collect();
        while let Some(cursor) = last.take() {
            let listed =
                $module::list($store, &viewer(), &$filter, &$sort, &Page::at(1, Start::Cursor(cursor)))
                    .await
                    .unwrap();
            backward.extend(listed.rows.iter().map($key));
            assert_eq!(listed.position as usize + backward.len(), forward.len(), "{:?}", $sort);
            last = listed.previous;
        }
        backward.reverse();
        assert_eq!(forward, backward, "{:?}", $sort);
        forward
    }};
}

fn both_ways(sorts: &'static [SortColumn]) -> impl Iterator<Item = Sort> {
    sorts.iter().flat_map(|column| [Sort::ascending(column.word), Sort::descending(column.word)])
}

#[tokio::test]
async fn every_sort_pages_both_ways() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let everything =
            vulnerabilities::Filter { presence: Presence::Any, ..vulnerabilities::Filter::default() };
        for sort in both_ways(images::SORTS) {
            assert_eq!(walk!(&store, images, images::Filter::default(), sort, |row| row.id).len(), 3);
        }
        for sort in both_ways(workloads::SORTS) {
            assert_eq!(walk!(&store, workloads, workloads::Filter::default(), sort, |row| row.id).len(), 3);
        }
        for sort in both_ways(vulnerabilities::SORTS) {
            assert_eq!(walk!(&store, vulnerabilities, everything, sort, |row| row.id.clone()).len(), 3);
        }
        for sort in both_ways(findings::SORTS) {
            assert_eq!(walk!(&store, findings, findings::Filter::default(), sort, |row| row.id).len(), 5);
        }
        let worst =
            walk!(&store, images, images::Filter::default(), Sort::descending("score"), |row| row.score);
        assert_eq!(worst, [Some(88.2), Some(55.0), None]);
        let worst =
            walk!(&store, vulnerabilities, everything, Sort::descending("severity"), |row| row.severity);
        assert_eq!(worst, [Severity::Critical, Severity::High, Severity::Unknown]);
    })
    .await;
}

#[tokio::test]
async fn a_cursor_of_a_lost_row_falls_back_to_its_place() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let cursor = "a1.00000000000000000000000000000000".parse().unwrap();
        let page = Page::at(1, Start::Cursor(cursor));
        let sort = Sort::descending("score");
        let listed = images::list(&store, &viewer(), &images::Filter::default(), &sort, &page).await.unwrap();
        assert_eq!(listed.rows[0].name, "shop/web:2.0");
    })
    .await;
}

#[tokio::test]
async fn workloads_are_narrowed() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let all = workloads::Filter::default;
        let some = |text: &str| Some(text.to_owned());
        for (filter, expected) in [
            (all(), vec!["api", "batch", "web"]),
            (workloads::Filter { retired: true, ..all() }, vec!["old"]),
            (workloads::Filter { text: some("TEAM-shop"), ..all() }, vec!["api"]),
            (workloads::Filter { text: some("shop/web:1"), ..all() }, vec!["web"]),
            (workloads::Filter { kev: true, running: Some(true), ..all() }, vec!["api"]),
            (workloads::Filter { reach: Some(Reach::Unknown), ..all() }, vec!["batch"]),
            (workloads::Filter { gap_stage: some("stale"), ..all() }, vec!["batch", "web"]),
            (workloads::Filter { gap_stage: some("any"), ..all() }, vec!["api", "batch", "web"]),
            (workloads::Filter { criticality: some(""), ..all() }, vec!["batch", "web"]),
            (workloads::Filter { owner: some(""), ..all() }, vec!["web"]),
            (
                workloads::Filter { cluster: some("prod"), namespace: some("shop"), ..all() },
                vec!["api", "batch", "web"],
            ),
            (workloads::Filter { image: Some(seed::image(seed::WEB)), ..all() }, vec!["web"]),
            (workloads::Filter { vulnerability: some("CVE-2021-44228"), ..all() }, vec!["api"]),
        ] {
            let sort = Sort::ascending("name");
            let listed = workloads::list(&store, &viewer(), &filter, &sort, &Page::first(50)).await.unwrap();
            let names: Vec<_> = listed.rows.iter().map(|row| row.name.as_str()).collect();
            assert_eq!(names, expected, "{filter:?}");
        }
        let facets = workloads::facets(&store, &viewer()).await.unwrap();
        let owners: Vec<_> = facets.owners.iter().map(|facet| (facet.value.as_str(), facet.count)).collect();
        assert_eq!(owners, [("", 1), ("team-data", 1), ("team-shop", 1)]);
        let facets = images::facets(&store, &viewer()).await.unwrap();
        assert_eq!((facets.registries.len(), facets.distributions.len()), (2, 3));
    })
    .await;
}

#[tokio::test]
async fn vulnerabilities_are_narrowed() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let all = vulnerabilities::Filter::default;
        let some = |text: &str| Some(text.to_owned());
        let (log4j, openssl, gone) = ("CVE-2021-44228", "CVE-2024-0001", "CVE-2020-0002");
        for (filter, expected) in [
            (all(), vec![log4j, openssl]),
            (vulnerabilities::Filter { presence: Presence::Gone, ..all() }, vec![gone]),
            (vulnerabilities::Filter { presence: Presence::Running, ..all() }, vec![log4j, openssl]),
            (vulnerabilities::Filter { text: some("log4J"), ..all() }, vec![log4j]),
            (vulnerabilities::Filter { text: some("ghsa-jfh8"), ..all() }, vec![log4j]),
            (vulnerabilities::Filter { kev: true, ransomware: true, ..all() }, vec![log4j]),
            (vulnerabilities::Filter { epss_from: Some(0.1), ..all() }, vec![log4j]),
            (vulnerabilities::Filter { fixable: Some(false), ..all() }, vec![]),
            (vulnerabilities::Filter { severity: Some(Severity::High), ..all() }, vec![openssl]),
            (vulnerabilities::Filter { image: Some(seed::image(seed::WEB)), ..all() }, vec![openssl]),
        ] {
            let sort = Sort::descending("threat");
            let listed =
                vulnerabilities::list(&store, &viewer(), &filter, &sort, &Page::first(50)).await.unwrap();
            let ids: Vec<_> = listed.rows.iter().map(|row| row.id.as_str()).collect();
            assert_eq!(ids, expected, "{filter:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn findings_keep_what_each_tool_says() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let of_image =
            || findings::Filter { image: Some(seed::image(seed::API)), ..findings::Filter::default() };
        let before = store.queries();
        let sort = Sort::descending("severity");
        let listed = findings::list(&store, &viewer(), &of_image(), &sort, &Page::first(50)).await.unwrap();
        assert_eq!(store.queries() - before, 3);
        let told: Vec<_> = listed
            .rows
            .iter()
            .map(|row| {
                let tools: Vec<_> =
                    row.attributions.iter().map(|said| format!("{}:{}", said.tool, said.severity)).collect();
                format!("{} {}", row.vulnerability.as_deref().unwrap_or(&row.subject), tools.join(" "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "CVE-2021-44228 grype:high trivy:critical",
                "CVE-2024-0001 trivy:high",
                "aws-access-key-id trivy:high",
                "CVE-2020-0002 trivy:medium",
            ]
        );
        assert_eq!(listed.rows[3].component.as_ref().unwrap().name, seed::HOSTILE);
        let secrets = vec![FindingClass::Secret, FindingClass::Malware];
        for (filter, expected) in [
            (findings::Filter { disputed: true, ..of_image() }, 1),
            (findings::Filter { tool: Some("grype".to_owned()), ..of_image() }, 1),
            (findings::Filter { kev: true, fixable: true, ..of_image() }, 1),
            (findings::Filter { classes: secrets, ..of_image() }, 1),
            (findings::Filter { text: Some("LOG4J".to_owned()), ..of_image() }, 1),
            (findings::Filter { state: findings::State::Closed, ..of_image() }, 0),
            (findings::Filter { workload: Some(seed::workload("web")), ..findings::Filter::default() }, 1),
        ] {
            let listed = findings::list(&store, &viewer(), &filter, &sort, &Page::first(50)).await.unwrap();
            assert_eq!(listed.total, Some(Total::Exactly(expected)), "{filter:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_name_leads_to_the_image() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let id = seed::image(seed::API).to_string();
        for text in [seed::API, seed::API_CONFIG, "aaaaaaaaaaaa", "sha256:cccccccccccc", &id] {
            match images::resolve(&store, &viewer(), text).await.unwrap() {
                Resolved::One(row) => assert_eq!(row.name, "shop/api:1.9", "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        for text in ["aaaa", "", "eeeeeeeeeeee", "shop/api", "ABCDEFabcdefg"] {
            assert!(
                matches!(images::resolve(&store, &viewer(), text).await.unwrap(), Resolved::Nothing),
                "{text}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_image_shows_all_that_is_known() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let id = seed::image(seed::API);
        let detail = images::detail(&store, &viewer(), id).await.unwrap().unwrap();
        let counts = detail.counts;
        assert_eq!((counts.findings, counts.others, counts.components, counts.tags), (3, 1, 3, 2));
        assert_eq!((counts.runs, counts.scans, counts.documents), (1, 2, 2));
        assert_eq!((detail.labels.len(), detail.layers.len()), (1, 1));
        assert_eq!(images::digests(&store, &viewer(), id).await.unwrap().len(), 2);
        assert_eq!(images::tags(&store, &viewer(), id).await.unwrap()[0].tag, "1.9");
        assert_eq!(images::scans(&store, &viewer(), id).await.unwrap()[0].tool, "trivy");
        assert_eq!(images::runs(&store, &viewer(), id).await.unwrap()[0].name, "api");
        assert_eq!(images::documents(&store, &viewer(), id).await.unwrap().len(), 2);
        for (column, first) in [("name", seed::HOSTILE), ("findings", seed::HOSTILE)] {
            let sort = Sort::ascending(column);
            let listed =
                images::components(&store, &viewer(), id, None, &sort, &Page::first(2)).await.unwrap();
            let next = Page::at(2, Start::Cursor(listed.next.clone().unwrap()));
            let rest = images::components(&store, &viewer(), id, None, &sort, &next).await.unwrap();
            let mut rows: Vec<_> = listed.rows.iter().chain(&rest.rows).collect();
            assert!(rows.iter().all(|row| row.tools == 2 && row.findings == 1), "{rows:?}");
            rows.sort_by(|one, other| one.name.cmp(&other.name));
            assert_eq!((rows.len(), rows[0].name.as_str()), (3, first));
        }
        let (sort, page) = (Sort::ascending("name"), Page::first(9));
        let found = images::components(&store, &viewer(), id, Some("OPENssl"), &sort, &page).await.unwrap();
        assert_eq!(found.rows[0].name, "libssl3");
    })
    .await;
}

#[tokio::test]
async fn a_workload_shows_its_neighbours() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let id = seed::workload("web");
        let detail = workloads::detail(&store, &viewer(), id).await.unwrap().unwrap();
        assert!(detail.isolation.host_network);
        assert_eq!(
            detail.hazards.known + detail.hazards.config + detail.hazards.kernel,
            detail.hazards.total
        );
        let containers = workloads::containers(&store, &viewer(), id).await.unwrap();
        assert_eq!(containers[0].severities, Some([0, 1, 0, 0, 0]));
        let nodes = workloads::nodes(&store, &viewer(), id).await.unwrap();
        assert_eq!((nodes[0].name.as_str(), nodes[0].workloads), ("node-1", 4));
        let neighbours = workloads::neighbours(&store, &viewer(), id).await.unwrap();
        let names: Vec<_> = neighbours.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["api", "batch"]);
        assert_eq!(
            workloads::detail(&store, &viewer(), seed::workload("none")).await.unwrap().map(|_| ()),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_vulnerability_shows_where_it_runs() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let id = vulnerabilities::resolve(&store, &viewer(), "GHSA-jfh8-c2jp-5v3q").await.unwrap().unwrap();
        assert_eq!(id, "CVE-2021-44228");
        let detail = vulnerabilities::detail(&store, &viewer(), &id).await.unwrap().unwrap();
        assert_eq!(detail.kev.unwrap().action.as_deref(), Some("Apply updates."));
        let (aliases, related) = vulnerabilities::names(&store, &viewer(), &id).await.unwrap();
        assert_eq!(
            (aliases, related),
            (vec!["GHSA-jfh8-c2jp-5v3q".to_owned()], vec!["DSA-5020-1".to_owned()])
        );
        assert_eq!(vulnerabilities::cvss(&store, &viewer(), &id).await.unwrap()[0].base, Some(10.0));
        let components = vulnerabilities::components(&store, &viewer(), "CVE-2024-0001").await.unwrap();
        assert_eq!((components[0].images, components[0].running), (2, 4));
        let images = vulnerabilities::affected_images(&store, &viewer(), &id, 5).await.unwrap();
        assert_eq!(images.rows[0].name, "shop/api:1.9");
        let workloads = vulnerabilities::affected_workloads(&store, &viewer(), &id, 5).await.unwrap();
        assert_eq!(workloads.rows[0].name, "api");
        let tools = vulnerabilities::tools(&store, &viewer(), "CVE-2024-0001").await.unwrap();
        let told: Vec<_> =
            tools.iter().map(|tool| (tool.tool.as_str(), tool.reported, tool.scanned)).collect();
        assert_eq!(told, [("trivy", 2, 2), ("grype", 0, 1)]);
        assert_eq!(vulnerabilities::vex(&store, &viewer(), &id).await.unwrap()[0].status, "not_affected");
    })
    .await;
}

#[tokio::test]
async fn a_search_looks_everywhere() {
    on_each_database(async |store| {
        seed::estate(&store).await.unwrap();
        let found = search::search(&store, &viewer(), "Shop", 5).await.unwrap();
        assert_eq!((found.images.len(), found.workloads.len(), found.vulnerabilities.len()), (2, 3, 0));
        let found = search::search(&store, &viewer(), "log4j", 5).await.unwrap();
        assert_eq!((found.vulnerabilities.len(), found.components[0].images), (1, 1));
        let tx = store.begin().await.unwrap();
        let added = [("mylib", "npm/mylib"), ("Libc", "deb/debian/Libc"), ("zoo", "maven/org.lib/zoo")];
        for (index, (name, path)) in added.into_iter().enumerate() {
            let purl = format!("pkg:{path}@1");
            let sql = "INSERT INTO components (id, purl, kind, name) VALUES ($1, $2, 'x', $3)";
            tx.execute(sql, vec![vec![index as u8; 16].into(), purl.into(), name.into()]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let names = async |text: &str, size| {
            let found = search::search(&store, &viewer(), text, size).await.unwrap();
            found.components.into_iter().map(|component| component.name).collect::<Vec<_>>()
        };
        assert_eq!(names("LIB", 5).await, ["Libc", "libssl3", "mylib", "zoo"]);
        assert_eq!(names("lib", 2).await, ["Libc", "libssl3"]);
        assert_eq!(names("l%b", 5).await, Vec::<String>::new());
    })
    .await;
}
