//! boto3 as the tests' hand: AWS's own client of another language asks an emulator, so that the emulator is
//! not judged by the code it is to judge. Refuses nothing: an error is an answer.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::aws::Aws;
use crate::{must, there};

/// A Python that asks, kept for the questions of one test.
#[derive(Debug)]
pub struct Boto {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Boto {
    /// Starts one that asks this emulator.
    #[must_use]
    pub fn new(aws: &Aws) -> Self {
        let mut child =
            must(aws.script("ask.py").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn(), "Python");
        let answers = BufReader::new(there(child.stdout.take(), "standard output"));
        Self { child, answers }
    }

    /// Asks one question as `ask.py` takes it, and answers its answer.
    pub fn ask(&mut self, question: &Value) -> Value {
        let input = there(self.child.stdin.as_mut(), "standard input");
        must(writeln!(input, "{question}"), "a question");
        must(input.flush(), "a question");
        let mut line = String::new();
        must(self.answers.read_line(&mut line), "an answer");
        must(serde_json::from_str(&line), &format!("{question}: {line}"))
    }

    /// The output of a call of the management account.
    ///
    /// # Panics
    /// When it is answered with an error.
    pub fn call(&mut self, service: &str, region: &str, call: &str, with: &Value) -> Value {
        let mut told = self.ask(&question(service, region, call, with));
        assert!(told["answer"].is_object(), "{service} {call}: {told}");
        told["answer"].take()
    }

    /// All pages of a list.
    ///
    /// # Panics
    /// When a page is answered with an error.
    pub fn pages(
        &mut self,
        service: &str,
        region: &str,
        call: &str,
        with: &Value,
        rows: &str,
    ) -> Vec<Vec<Value>> {
        let mut asked = question(service, region, call, with);
        asked["pages"] = rows.into();
        let told = self.ask(&asked);
        let pages = there(told["pages"].as_array(), &format!("{service} {call}: {told}; pages"));
        pages.iter().map(|page| page.as_array().cloned().unwrap_or_default()).collect()
    }

    /// The code and the status of the error that a call is answered with.
    ///
    /// # Panics
    /// When it is answered otherwise.
    pub fn refused(&mut self, service: &str, region: &str, call: &str, with: &Value) -> (String, u64) {
        let told = self.ask(&question(service, region, call, with));
        let code = there(told["code"].as_str(), &format!("{service} {call}: {told:.300}; a code"));
        (code.to_owned(), there(told["status"].as_u64(), "a status"))
    }
}

/// A question of the management account.
#[must_use]
pub fn question(service: &str, region: &str, call: &str, with: &Value) -> Value {
    json!({ "service": service, "region": region, "call": call, "with": with })
}

impl Drop for Boto {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
