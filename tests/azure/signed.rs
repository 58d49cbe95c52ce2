//! Signing in: each way that the emulator knows, tokens that end in the midst of a run, and sentences for those that
//! are not given.

use std::time::{Duration, Instant};

use domain::source::Values;
use serde_json::{Value, json};
use tests::asked::Source;
use tests::azure::Azure;
use tests::cloud::Cloud;

const TENANT: &str = "aaaaaaaa-1111-4000-8000-000000000001";
const CLIENT: &str = "bbbbbbbb-2222-4000-8000-000000000002";
const MANAGED: &str = "dddddddd-4444-4000-8000-000000000004";

/// A source that is told this in this environment.
fn told(values: &Values, environment: &[(&str, &str)]) -> Source {
    Source::told::<Azure>(values, |values| connectors::azure::build_in(values, environment))
}

#[test]
fn a_managed_identity_is_found_on_a_machine_and_beside_an_application() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let sidecar = format!("{}/msi/token", azure.address);
    for (settings, environment) in [
        (
            vec![("credential", ["managed-identity"])],
            vec![("AZURE_POD_IDENTITY_AUTHORITY_HOST", azure.address.as_str()), ("AZURE_CLIENT_ID", MANAGED)],
        ),
        (vec![], vec![("IDENTITY_ENDPOINT", sidecar.as_str()), ("IDENTITY_HEADER", "beside")]),
    ] {
        let settings: Vec<(&str, &[&str])> =
            settings.iter().map(|(name, told)| (*name, told.as_slice())).collect();
        let plan = told(&azure.values(estate, &settings), &environment).plan().unwrap();
        assert_eq!(plan.accounts.len(), estate.subscriptions.len());
    }
}

#[test]
fn a_federated_token_is_read_from_its_file() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let encode = |claims: &Value| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string())
    };
    let now = chrono::Utc::now().timestamp();
    let claims = json!({
        "iss": "https://issuer.example.com/", "sub": "system:serviceaccount:plimsoll:plimsoll",
        "aud": "api://AzureADTokenExchange", "nbf": now - 60, "exp": now + 600,
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    let token = format!("{}.{}.unsigned\n", encode(&json!({ "alg": "RS256" })), encode(&claims));
    std::fs::write(file.path(), token).unwrap();
    let environment = [
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_FEDERATED_TOKEN_FILE", file.path().to_str().unwrap()),
    ];
    let plan = told(&azure.values(estate, &[]), &environment).plan().unwrap();
    assert_eq!(plan.accounts.len(), estate.subscriptions.len());
    std::fs::write(file.path(), "nonsense").unwrap();
    let refusal = told(&azure.values(estate, &[]), &environment).plan().unwrap_err();
    assert!(refusal.contains("AADSTS50027; the federated token is not in its time"), "{refusal}");
}

#[test]
fn what_the_directory_refuses_says_what_to_do() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let plan = |tenant: &str, client: &str, secret: &str| {
        let environment =
            [("AZURE_TENANT_ID", tenant), ("AZURE_CLIENT_ID", client), ("AZURE_CLIENT_SECRET", secret)];
        told(&azure.values(estate, &[]), &environment).plan().unwrap_err()
    };
    for (refusal, words) in [
        (plan(TENANT, CLIENT, "wrong"), "AADSTS7000215; AZURE_CLIENT_SECRET is wrong"),
        (plan(TENANT, MANAGED, "x"), "AADSTS700016; no such application in the tenant"),
        (plan("example.org", CLIENT, "x"), "AADSTS90002; no such tenant in this cloud"),
    ] {
        assert!(
            refusal.starts_with("no credentials that subscriptions accepts: ") && refusal.contains(words),
            "{refusal}"
        );
        assert!(!refusal.contains("wrong\""), "{refusal}");
    }
}

#[test]
fn tokens_that_end_in_the_midst_are_renewed() {
    let Some((azure, estate)) = Azure::seeded(&json!({ "plan": "small", "repositories": 6 })) else { return };
    let here = &estate.subscriptions[0];
    let whole: Vec<_> = ["acr", "aci", "defender"]
        .map(|service| Source::of(&azure, &estate).collect(here, "", service).complete().shown())
        .to_vec();
    let source = Source::of(&azure, &estate);
    for (service, whole) in ["acr", "aci", "defender"].into_iter().zip(&whole) {
        azure.fault(&json!({ "kind": "expire", "every": 7 }));
        assert_eq!(&source.collect(here, "", service).complete().shown(), whole, "{service}");
        azure.heal();
        azure.expire();
        assert_eq!(&source.collect(here, "", service).complete().shown(), whole, "{service} after all ended");
    }
    azure.set(&json!({ "access_seconds": 2, "registry_seconds": 1, "refresh_seconds": 2 }));
    let brief = Source::of(&azure, &estate);
    assert_eq!(brief.collect(here, "", "acr").complete().shown(), whole[0]);
}

#[test]
fn a_certificate_that_nobody_trusts_is_told_in_seconds() {
    tests::choose_encryption();
    let address = untrusted();
    let values = Values::from([
        ("authority".to_owned(), vec![address.clone()]),
        ("endpoint".to_owned(), vec![address]),
    ]);
    let environment =
        [("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CLIENT), ("AZURE_CLIENT_SECRET", "x")];
    let begun = Instant::now();
    let refusal = told(&values, &environment).plan().unwrap_err();
    assert!(refusal.contains("the certificate is not trusted: "), "{refusal}");
    assert!(refusal.contains("let the machine trust who signed it"), "{refusal}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// A server with a certificate of its own making.
fn untrusted() -> String {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = std::sync::Arc::new(config.with_single_cert(vec![made.cert.der().clone()], key).unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut connection = rustls::ServerConnection::new(std::sync::Arc::clone(&config)).unwrap();
            // The other side ends it as soon as it sees the certificate.
            let _ = connection.complete_io(&mut stream);
        }
    });
    address
}
