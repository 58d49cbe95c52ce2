//! What a list shows, as a file: CSV and JSON with the same rows and columns. Refuses to hand a
//! spreadsheet a formula: a cell that starts like one is preceded by an apostrophe.

use actix_web::HttpResponse;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::render;

/// The most rows one export holds; the API pages through more.
pub(crate) const LIMIT: u32 = 100_000;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Comma-separated values.
    Csv,
    /// An array of objects.
    Json,
}

impl Shape {
    /// The shape an address asks for (`/images.csv`).
    pub(crate) fn of(extension: &str) -> Result<Self, Error> {
        match extension {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            other => Err(Error::Invalid(format!("A list is not exported as `{other}`, but as csv or json."))),
        }
    }
}

/// Rows under named columns.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// File name without extension: `images`.
    pub(crate) name: &'static str,
    /// Names of the columns, as in the API.
    pub(crate) columns: &'static [&'static str],
    /// Cells, as many a row as there are columns.
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Sheet {
    /// The file to download.
    pub(crate) fn download(self, shape: Shape) -> HttpResponse {
        match shape {
            Shape::Csv => render::download(
                &format!("{}.csv", self.name),
                "text/csv; charset=utf-8",
                self.csv().into_bytes(),
            ),
            Shape::Json => {
                render::download(&format!("{}.json", self.name), "application/json", self.json().into_bytes())
            }
        }
    }

    fn csv(&self) -> String {
        let mut text = self.columns.join(",");
        text.push_str("\r\n");
        for row in &self.rows {
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push_cell(&mut text, cell);
            }
            text.push_str("\r\n");
        }
        text
    }

    fn json(self) -> String {
        let columns = self.columns;
        let object = |row: Vec<Value>| -> Value {
            columns.iter().map(|name| (*name).to_owned()).zip(row).collect::<Map<_, _>>().into()
        };
        Value::from(self.rows.into_iter().map(object).collect::<Vec<_>>()).to_string()
    }
}

/// One cell: numbers bare, lists joined, text neutralised and quoted where it must be.
fn push_cell(out: &mut String, cell: &Value) {
    let text = match cell {
        Value::Null => return,
        Value::Bool(_) | Value::Number(_) => {
            out.push_str(&cell.to_string());
            return;
        }
        Value::String(text) => neutral(text),
        Value::Array(items) => {
            let plain = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
            neutral(&items.iter().map(plain).collect::<Vec<_>>().join(" "))
        }
        Value::Object(_) => neutral(&cell.to_string()),
    };
    if text.contains(['"', ',', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(&text);
    }
}

/// The text, made harmless for spreadsheets, which run cells that start with one of these.
fn neutral(text: &str) -> String {
    let runs = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    let clean: String =
        text.chars().map(|letter| if letter.is_control() && letter != '\n' { ' ' } else { letter }).collect();
    if runs { format!("'{clean}") } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(cell: Value, expected: &str) {
        let mut text = String::new();
        push_cell(&mut text, &cell);
        assert_eq!(text, expected);
    }

    #[test]
    fn formulas_are_neutralised() {
        check(json!("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        check(json!("@SUM(A1)"), "'@SUM(A1)");
        check(json!("  =1"), "'  =1");
        check(json!("\t=1"), "' =1");
        check(json!("-1+2"), "'-1+2");
        check(json!(-1.5), "-1.5");
        check(json!("openssl"), "openssl");
        check(json!("a,b"), "\"a,b\"");
        check(json!("a\nb"), "\"a\nb\"");
        check(json!(["=x", "y"]), "'=x y");
        check(Value::Null, "");
    }

    #[test]
    fn both_shapes_hold_the_same() {
        let sheet =
            || Sheet { name: "images", columns: &["name", "score"], rows: vec![vec![json!("a"), json!(7)]] };
        assert_eq!(sheet().csv(), "name,score\r\na,7\r\n");
        assert_eq!(sheet().json(), r#"[{"name":"a","score":7}]"#);
    }
}
