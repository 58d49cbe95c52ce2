//! Adding and changing a source: every problem at once, secrets that never come back, what a file wrote.

use domain::source::Values;
use store::save::sources as save;
use store::test_support::on_each_database;

use super::*;

const GOOD: &[(&str, &str)] = &[
    ("name", "prod"),
    ("accounts", " 12\r\n\r\n 34 "),
    ("mode", "all"),
    ("public", "true"),
    ("password", HUNTER),
    ("schedule", "every 6h"),
    ("enabled", "true"),
];

#[actix_web::test]
async fn a_source_is_added_with_its_secret_sealed() {
    on_each_database(async |store| {
        let app = app(&store);
        let browser = app.browser().await;
        let blank = app.get("/add-source/fake").await;
        assert_eq!(blank.status, 200);
        assert_eq!(blank.texts("form.sheet label").len(), 8);
        assert_eq!(blank.texts("#help-accounts code"), ["12"]);
        let made = post(&app, &browser, "/add-source/fake", GOOD).await;
        assert_eq!(
            (made.status.as_u16(), made.header("location")),
            (303, "/sources/prod"),
            "{}",
            made.text()
        );
        assert_eq!(app.wakes(), 1);
        let source = on_record(&store, "prod").await.unwrap().summary.source;
        let told = Values::from([
            ("accounts".to_owned(), vec!["12".to_owned(), "34".to_owned()]),
            ("mode".to_owned(), vec!["all".to_owned()]),
            ("public".to_owned(), vec!["true".to_owned()]),
        ]);
        assert_eq!((source.values, source.secret_fields), (told, vec!["password".to_owned()]));
        let (_, sealed) = save::load(&store, source.id).await.unwrap();
        assert_eq!(opened(&sealed.unwrap())["password"], [HUNTER]);
        for address in [
            "/sources",
            "/sources/prod?tab=settings",
            "/sources/prod/edit",
            "/api/v1/sources",
            "/api/v1/sources/prod",
        ] {
            let answer = app.get(address).await;
            assert_eq!(answer.status, 200, "{address}");
            assert!(!answer.text().contains("hunter2"), "{address}");
        }
        let edit = app.get("/sources/prod/edit").await;
        assert_eq!(edit.attribute("#field-password", "placeholder"), "stored; leave empty to keep");
        assert_eq!(edit.texts("#field-accounts"), ["12 34"]);
        assert!(
            app.get("/sources/prod?tab=settings")
                .await
                .texts(".told td")
                .contains(&"stored, never shown".to_owned())
        );
    })
    .await;
}

#[actix_web::test]
async fn every_problem_is_told_at_once_and_nothing_is_saved() {
    on_each_database(async |store| {
        let app = app(&store);
        let browser = app.browser().await;
        let bad = [
            ("name", "Prod <b>"),
            ("accounts", "12\nx<i>"),
            ("hours", "25"),
            ("mode", "some"),
            ("password", HUNTER),
            ("schedule", "soon"),
            ("colour", "red"),
        ];
        let refused = post(&app, &browser, "/add-source/fake", &bad).await;
        assert_eq!(refused.status, 422);
        assert_eq!(
            refused.texts(".notice li"),
            [
                "`colour` is not known here; known are accounts, hours, mode, public, password."
                    .replace('`', "")
                    .as_str(),
                "Name takes lower-case letters, digits and dashes, and begins with a letter.",
                "Accounts: x<i>: expected digits.",
                "Hours: expected a whole number from 1 to 24.",
                "Mode: expected one of one, all.",
                "Schedule: soon is no schedule.",
            ]
        );
        assert_eq!(refused.texts(".problem").len(), 5);
        assert_eq!(refused.attribute("#field-name", "value"), "Prod <b>", "what was typed is kept");
        assert_eq!(refused.texts("#field-accounts"), ["12 x<i>"]);
        assert_eq!(refused.attribute("#field-hours", "aria-invalid"), "true");
        assert!(!refused.text().contains("hunter2"), "secrets are not");
        assert!(!refused.text().contains("<b>") && !refused.text().contains("<i>"));
        assert!(store::sources::list(&store, &domain::scope::Viewer::everything()).await.unwrap().is_empty());
        assert_eq!(app.wakes(), 0);
    })
    .await;
}

#[actix_web::test]
async fn rules_of_the_whole_and_taken_names_are_problems_of_the_form() {
    on_each_database(async |store| {
        let app = app(&store);
        let browser = app.browser().await;
        let against = [("name", "prod"), ("accounts", "1\n2"), ("mode", "one")];
        let refused = post(&app, &browser, "/add-source/fake", &against).await;
        assert_eq!(refused.texts(".problem"), ["Mode contradicts 2 accounts."]);
        let good = [("name", "prod"), ("accounts", "1")];
        assert_eq!(post(&app, &browser, "/add-source/fake", &good).await.status, 303);
        let taken = post(&app, &browser, "/add-source/fake", &good).await;
        assert_eq!((taken.status.as_u16(), taken.texts(".problem").len()), (422, 1));
        assert!(taken.texts(".problem")[0].starts_with("Name is taken by another source"));
        assert_eq!(post(&app, &browser, "/add-source/other", &good).await.status, 404);
    })
    .await;
}

#[actix_web::test]
async fn a_stored_secret_is_kept_replaced_and_forgotten() {
    on_each_database(async |store| {
        let app = app(&store);
        let browser = app.browser().await;
        post(&app, &browser, "/add-source/fake", GOOD).await;
        let secret = async |name: &str| {
            let id = on_record(&store, name).await.unwrap().summary.source.id;
            save::load(&store, id).await.unwrap().1.map(|sealed| opened(&sealed).get("password").cloned())
        };
        let changed = [("name", "prod-2"), ("accounts", "5"), ("password", "")];
        let answer = post(&app, &browser, "/sources/prod/edit", &changed).await;
        assert_eq!(answer.header("location"), "/sources/prod-2", "{}", answer.text());
        assert_eq!(secret("prod-2").await, Some(Some(vec![HUNTER.to_owned()])));
        let source = on_record(&store, "prod-2").await.unwrap().summary.source;
        assert_eq!((source.enabled, source.schedule.as_str(), source.values.len()), (false, "", 1));
        let changed = [("name", "prod-2"), ("accounts", "5"), ("password", "other")];
        post(&app, &browser, "/sources/prod-2/edit", &changed).await;
        assert_eq!(secret("prod-2").await, Some(Some(vec!["other".to_owned()])));
        let changed = [("name", "prod-2"), ("accounts", "5"), ("forget.password", "true")];
        post(&app, &browser, "/sources/prod-2/edit", &changed).await;
        assert_eq!(secret("prod-2").await, Some(None));
        assert!(on_record(&store, "prod-2").await.unwrap().summary.source.secret_fields.is_empty());
    })
    .await;
}

#[actix_web::test]
async fn without_a_key_no_secret_is_stored() {
    on_each_database(async |store| {
        let app = TestApp::with_sources(store.clone(), Sources { sealer: None, ..sources() });
        let browser = app.browser().await;
        assert!(
            app.get("/add-source/fake").await.texts(".field p").join(" ").contains("openssl rand -base64 32")
        );
        let refused = post(&app, &browser, "/add-source/fake", GOOD).await;
        assert_eq!(refused.status, 422);
        assert!(refused.texts(".problem").join(" ").contains("PLIMSOLL_SYNC_KEY"));
        assert!(!refused.text().contains("hunter2"));
        let without: Vec<_> = GOOD.iter().copied().filter(|(name, _)| *name != "password").collect();
        assert_eq!(post(&app, &browser, "/add-source/fake", &without).await.status, 303);
    })
    .await;
}

#[actix_web::test]
async fn what_the_settings_file_wrote_is_shown_and_not_changed() {
    on_each_database(async |store| {
        from_file(&store, "filed").await;
        let app = app(&store);
        let browser = app.browser().await;
        let page = app.get("/sources/filed?tab=settings").await;
        assert!(page.text().contains("settings file of the server"));
        assert!(
            !page
                .texts(".actions a, .actions button")
                .iter()
                .any(|word| ["Edit", "Remove", "Turn off"].contains(&word.as_str()))
        );
        for (address, field) in [
            ("/sources/filed/edit", ("name", "other")),
            ("/sources/filed/enabled", ("on", "false")),
            ("/sources/filed/remove", ("", "")),
        ] {
            let refused = post(&app, &browser, address, &[field]).await;
            assert_eq!(refused.status, 400, "{address}");
            assert!(refused.text().contains("written in the settings file"), "{address}");
        }
        assert_eq!(app.get("/sources/filed/edit").await.status, 400);
        assert!(on_record(&store, "filed").await.unwrap().summary.source.enabled);
    })
    .await;
}

#[actix_web::test]
async fn every_form_needs_its_token() {
    on_each_database(async |store| {
        store::seed::source(&store, "prod", "fake", 2).await.unwrap();
        let app = app(&store);
        let browser = app.browser().await;
        for address in [
            "/add-source/fake",
            "/sources/prod/edit",
            "/sources/prod/remove",
            "/sources/prod/enabled",
            "/sources/prod/token",
            "/sources/prod/runs",
        ] {
            let answer =
                app.send(browser.form(address, "csrf=&name=x&on=false&make=true&kind=sync".to_owned())).await;
            assert_eq!(answer.status, 403, "{address}");
        }
        let known = on_record(&store, "prod").await.unwrap();
        assert!(known.summary.source.enabled && !known.summary.source.takes_pushes && known.runs.len() == 1);
    })
    .await;
}
