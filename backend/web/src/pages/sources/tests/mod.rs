//! The pages of sources through every guard, over a real store and a kind of source made up for it.

mod form;
mod runs;
mod show;

use std::sync::Arc;

use domain::source::{Field, FieldKind, Permission, Problem, SourceKind, Values};
use store::Store;
use store::save::sources as save;
use store::sources::Detail;

use crate::test_app::{Answer, Browser, TestApp};
use crate::{Proposal, Sources};

/// A secret that must never come back.
const HUNTER: &str = "hunter2&<secret>";

fn digits(text: &str) -> Result<(), String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(format!("`{text}`: expected digits"))
    }
}

const FIELDS: &[Field] = &[
    Field {
        name: "accounts",
        title: "Accounts",
        help: "One a line, like `12`.",
        kind: FieldKind::List(digits),
        required: true,
    },
    Field {
        name: "hours",
        title: "Hours",
        help: "",
        kind: FieldKind::Number { least: 1, most: 24 },
        required: false,
    },
    Field {
        name: "mode",
        title: "Mode",
        help: "",
        kind: FieldKind::Choice(&["one", "all"]),
        required: false,
    },
    Field { name: "public", title: "Public", help: "", kind: FieldKind::Flag, required: false },
    Field { name: "password", title: "Password", help: "", kind: FieldKind::Secret, required: false },
];

pub(crate) const KIND: SourceKind = SourceKind {
    kind: "fake",
    title: "Fake Cloud",
    summary: "Registries of nobody.",
    fields: FIELDS,
    permissions: &[
        Permission { action: "fake:Read", why: "to find images" },
        Permission { action: "fake:Scan", why: "to find findings" },
    ],
    docs: "# Fake\n\nText.\n\n```toml\n[[sources]]\nname = \"x\"\n```\n",
};

/// A kind with a rule of its whole, and a key.
pub(crate) fn sources() -> Sources {
    let rules = |proposal: Proposal<'_>| {
        let told = |name: &str| proposal.values.get(name).cloned().unwrap_or_default();
        let accounts = told("accounts").len();
        if told("mode") == ["one"] && accounts > 1 {
            let message = format!("contradicts {accounts} accounts");
            return Err(vec![Problem { field: "mode".to_owned(), message }]);
        }
        Ok(())
    };
    Sources {
        kinds: vec![KIND],
        rules: Arc::new(rules),
        schedule: |text| {
            if text.starts_with("every ") { Ok(()) } else { Err(format!("`{text}` is no schedule")) }
        },
        sealer: Some(Arc::new(|sealed, changes| {
            let mut values: Values = sealed.map(opened).unwrap_or_default();
            for (field, change) in changes {
                match change {
                    Some(text) => drop(values.insert(field.clone(), vec![text.clone()])),
                    None => drop(values.remove(field)),
                }
            }
            let sealed = serde_json::to_vec(&values).unwrap().into_iter().map(|byte| byte ^ 85).collect();
            Ok(save::Secrets { sealed, fields: values.keys().cloned().collect() })
        })),
    }
}

/// What the made-up key opens.
fn opened(sealed: &[u8]) -> Values {
    let clear: Vec<u8> = sealed.iter().map(|byte| byte ^ 85).collect();
    serde_json::from_slice(&clear).unwrap()
}

fn app(store: &Store) -> TestApp {
    TestApp::with_sources(store.clone(), sources())
}

/// Posts a form with its token.
async fn post(app: &TestApp, browser: &Browser, address: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("csrf", browser.csrf.as_str())];
    all.extend(fields);
    let body = crate::query::href("", &all);
    app.send(browser.form(address, body.trim_start_matches('?').to_owned())).await
}

/// What is on record of a source.
async fn on_record(store: &Store, name: &str) -> Option<Detail> {
    store::sources::detail(store, &domain::scope::Viewer::everything(), name).await.unwrap()
}

/// A source of the settings file.
async fn from_file(store: &Store, name: &str) {
    let definition = save::Definition {
        name: name.to_owned(),
        kind: "fake".to_owned(),
        values: Values::from([("accounts".to_owned(), vec!["1".to_owned()])]),
        schedule: String::new(),
        enabled: true,
    };
    let tx = store.begin().await.unwrap();
    save::put_from_file(&tx, &[definition], store::seed::NOW.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
}
