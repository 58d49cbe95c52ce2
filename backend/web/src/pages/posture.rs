//! How something is set up, line by line: what is set, to what, and what a benchmark says of it. Refuses to show as
//! off what was not told, and an opinion where no benchmark has one.

use domain::setting::Setting;

use crate::pages::images::counted;

/// One line, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Posture {
    /// What is set.
    pub(crate) title: String,
    /// To what; absent where it was not told.
    pub(crate) value: Option<String>,
    /// How a value is coloured: good or warn where a benchmark speaks of it.
    pub(crate) tone: &'static str,
    /// What the benchmark says, or nothing.
    pub(crate) word: String,
}

impl Posture {
    /// A setting that one provider alone has.
    pub(crate) fn of(setting: &Setting) -> Self {
        let judged = setting.judged.as_ref().map(|judged| (judged.safe, judged.by.as_str()));
        Self::judged(setting.title(), Some(setting.value.clone()), judged)
    }

    /// What several providers tell, of which no benchmark speaks.
    pub(crate) fn plain(title: &str, value: Option<impl Into<String>>) -> Self {
        Self::judged(title, value, None)
    }

    /// What several providers tell, with a benchmark's word on the value: whether it wants it, and its name.
    pub(crate) fn judged(
        title: &str,
        value: Option<impl Into<String>>,
        judged: Option<(bool, &str)>,
    ) -> Self {
        let value = value.map(Into::into);
        let judged = judged.filter(|_| value.is_some());
        Self {
            title: title.to_owned(),
            value,
            tone: match judged {
                Some((true, _)) => "good",
                Some((false, _)) => "warn",
                None => "",
            },
            word: match judged {
                Some((true, by)) => format!("as {by} wants it"),
                Some((false, by)) => format!("{by} wants it otherwise"),
                None => String::new(),
            },
        }
    }
}

/// What is set in one cell of a file: `admin-user on; tier Premium`.
pub(crate) fn cell(settings: Option<&Vec<Setting>>) -> Option<String> {
    let told = settings?.iter().map(|setting| format!("{} {}", setting.key, setting.value));
    Some(told.collect::<Vec<_>>().join("; "))
}

/// The end of a sentence: how many settings a benchmark speaks against, or nothing where none was told.
pub(crate) fn against(unwanted: Option<u64>) -> String {
    match unwanted {
        None => String::new(),
        Some(0) => ", no setting against a benchmark".to_owned(),
        Some(unwanted) => format!(", {} against a benchmark", counted(unwanted, "setting", "settings")),
    }
}

/// Phrases in one line; nothing is `nothing`.
pub(crate) fn phrases(told: Option<&Vec<String>>, nothing: &str) -> Option<String> {
    told.map(|told| if told.is_empty() { nothing.to_owned() } else { told.join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(posture: &Posture, expected: (Option<&str>, &str, &str)) {
        assert_eq!((posture.value.as_deref(), posture.tone, posture.word.as_str()), expected);
    }

    #[test]
    fn only_a_benchmark_colours_a_value() {
        let setting = Setting::switch("admin-user", true);
        check(&Posture::of(&setting), (Some("on"), "", ""));
        let unwanted = Posture::of(&setting.judged(false, "Azure Policy"));
        check(&unwanted, (Some("on"), "warn", "Azure Policy wants it otherwise"));
        assert_eq!(unwanted.title, "Administrator's password");
        check(
            &Posture::judged("Nodes", Some("private"), Some((true, "CIS"))),
            (Some("private"), "good", "as CIS wants it"),
        );
        check(&Posture::judged("Nodes", None::<String>, Some((false, "CIS"))), (None, "", ""));
    }

    #[test]
    fn nothing_told_is_not_nothing() {
        assert_eq!(phrases(None, "none"), None);
        assert_eq!(phrases(Some(&Vec::new()), "none").unwrap(), "none");
        assert_eq!(cell(None), None);
        assert_eq!(cell(Some(&vec![Setting::new("tier", "Basic")])).unwrap(), "tier Basic");
    }
}
