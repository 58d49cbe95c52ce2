//! A table as a JSON array of objects, keys in the order of the columns. Refuses to neutralise text as
//! CSV must: JSON runs nothing, so text stays as stored.

use serde_json::Value;

use crate::table::{Cell, Table};

/// The table, one object a row and a line.
#[must_use]
pub fn to_json(table: &Table) -> Vec<u8> {
    let mut out = String::from("[");
    for (index, row) in table.cells().enumerate() {
        out.push_str(if index > 0 { ",\n{" } else { "\n{" });
        for (column, (name, cell)) in row.enumerate() {
            if column > 0 {
                out.push(',');
            }
            out.push_str(&Value::from(name).to_string());
            out.push(':');
            out.push_str(&value(cell).to_string());
        }
        out.push('}');
    }
    out.push_str(if table.rows.is_empty() { "]\n" } else { "\n]\n" });
    out.into_bytes()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => Value::from(text.as_str()),
        // A number that is not finite is null.
        Cell::Number(number) => Value::from(*number),
        Cell::Integer(number) => Value::from(*number),
        Cell::Empty => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_in_the_order_of_the_columns() {
        let table = Table {
            columns: vec!["name", "count", "a \"share\"", "note"],
            rows: vec![
                vec!["=1\u{1b}\"".into(), Cell::Integer(3), Cell::Number(0.25), Cell::Empty],
                vec!["short".into(), Cell::Integer(i64::MAX), Cell::Number(f64::INFINITY)],
            ],
        };
        let bytes = to_json(&table);
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            read,
            json!([
                {"name": "=1\u{1b}\"", "count": 3, "a \"share\"": 0.25, "note": null},
                {"name": "short", "count": i64::MAX, "a \"share\"": null, "note": null},
            ])
        );
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text.lines().nth(1),
            Some(r#"{"name":"=1\u001b\"","count":3,"a \"share\"":0.25,"note":null},"#)
        );
    }

    #[test]
    fn no_rows_are_an_empty_array() {
        assert_eq!(to_json(&Table::new(vec!["name"])), b"[]\n");
    }
}
