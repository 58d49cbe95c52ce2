//! A handbook page in Markdown as HTML. Refuses HTML inside it, links that lead into the source tree, and
//! anything that the content security policy would block.

use std::fmt;

use askama::filters::HtmlSafe;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Rendered Markdown.
#[derive(Clone, Debug)]
pub(crate) struct Handbook {
    html: String,
}

impl Handbook {
    /// Renders a page without its first heading, which the page around it has.
    pub(crate) fn of(markdown: &str) -> Self {
        let mut in_title = false;
        let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).filter_map(move |event| {
            match &event {
                Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => in_title = true,
                Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                    in_title = false;
                    return None;
                }
                _ => {}
            }
            (!in_title).then(|| confined(event)).flatten()
        });
        let mut html = String::with_capacity(markdown.len() * 2);
        html::push_html(&mut html, events);
        Self { html }
    }
}

/// The event as the page may show it.
fn confined(event: Event<'_>) -> Option<Event<'_>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        // A link within the source tree leads nowhere here: its words stay.
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if dest_url.starts_with("https://") { dest_url } else { CowStr::from("#main") };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        // Alignment would be written as a style.
        Event::Start(Tag::Table(columns)) => {
            Event::Start(Tag::Table(columns.into_iter().map(|_| pulldown_cmark::Alignment::None).collect()))
        }
        event => event,
    })
}

impl fmt::Display for Handbook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.html)
    }
}

impl askama::FastWritable for Handbook {
    fn write_into(&self, writer: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        writer.write_str(&self.html)?;
        Ok(())
    }
}

impl HtmlSafe for Handbook {}

#[cfg(test)]
mod tests {
    use super::Handbook;

    #[test]
    fn only_harmless_html_comes_out() {
        for (markdown, expected) in [
            ("# Title\n\nText with `code`.", "<p>Text with <code>code</code>.</p>\n"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            (
                "[out](https://docs.example/a) [in](config.rs) [bad](javascript:x)",
                "<p><a href=\"https://docs.example/a\">out</a> <a href=\"#main\">in</a> <a href=\"#main\">bad</a></p>\n",
            ),
            ("![picture](https://evil.example/x.png)", "<p>picture</p>\n"),
        ] {
            assert_eq!(Handbook::of(markdown).to_string(), expected);
        }
        let table = Handbook::of("| a |\n|--:|\n| b |").to_string();
        assert!(table.contains("<td>b</td>") && !table.contains("style"), "{table}");
    }
}
