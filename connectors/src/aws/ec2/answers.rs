//! Answers of EC2's Query interface, read from XML. Refuses an answer that is not the one asked for, and
//! elements deeper than any that EC2 writes.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

use super::openings::{Group, Interface, Rule};

/// The deepest element that is read.
const DEEPEST: usize = 32;

/// An element with its text and what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    inner: Vec<Element>,
}

/// A page of rows, and the token of the next one.
pub(super) type Page<T> = (Vec<T>, Option<String>);

/// A page of network interfaces.
///
/// # Errors
/// What is wrong with the answer.
pub(super) fn interfaces(answer: &[u8]) -> Result<Page<Interface>, String> {
    page(answer, "DescribeNetworkInterfacesResponse", "networkInterfaceSet", |row| Interface {
        id: row.text_at(&["networkInterfaceId"]).unwrap_or_default(),
        public_address: row.text_at(&["association", "publicIp"]),
        groups: row.items("groupSet").filter_map(|group| group.text_at(&["groupId"])).collect(),
        instance: row.text_at(&["attachment", "instanceId"]),
    })
}

/// A page of security groups.
///
/// # Errors
/// What is wrong with the answer.
pub(super) fn groups(answer: &[u8]) -> Result<Page<Group>, String> {
    page(answer, "DescribeSecurityGroupsResponse", "securityGroupInfo", |row| Group {
        id: row.text_at(&["groupId"]).unwrap_or_default(),
        ingress: row.items("ipPermissions").map(rule).collect(),
    })
}

/// Code and message of a refusal.
pub(super) fn refusal(answer: &[u8]) -> Option<(String, String)> {
    let root = parse(answer).ok()?;
    let error = root.at("Errors").and_then(|errors| errors.at("Error"))?;
    Some((error.text_at(&["Code"])?, error.text_at(&["Message"]).unwrap_or_default()))
}

fn rule(row: &Element) -> Rule {
    let port = |name: &str| row.text_at(&[name]).and_then(|port| port.parse::<i64>().ok());
    let texts = |list: &str, name: &str| row.items(list).filter_map(|item| item.text_at(&[name])).collect();
    let mut networks: Vec<String> = texts("ipRanges", "cidrIp");
    networks.extend(texts("ipv6Ranges", "cidrIpv6"));
    Rule {
        protocol: row.text_at(&["ipProtocol"]).unwrap_or_default(),
        ports: port("fromPort").zip(port("toPort")),
        networks,
        prefix_lists: texts("prefixListIds", "prefixListId"),
        groups: texts("groups", "groupId"),
    }
}

fn page<T>(answer: &[u8], root: &str, list: &str, row: impl Fn(&Element) -> T) -> Result<Page<T>, String> {
    let found = parse(answer)?;
    if found.name != root {
        return Err(format!("`{}` instead of `{root}`", found.name.chars().take(80).collect::<String>()));
    }
    Ok((found.items(list).map(row).collect(), found.text_at(&["nextToken"])))
}

impl Element {
    fn at(&self, name: &str) -> Option<&Self> {
        self.inner.iter().find(|element| element.name == name)
    }

    /// The text at the end of a path, if there is any.
    fn text_at(&self, path: &[&str]) -> Option<String> {
        let end = path.iter().try_fold(self, |element, name| element.at(name))?;
        Some(end.text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The items of a list.
    fn items(&self, list: &str) -> impl Iterator<Item = &Self> {
        self.at(list).into_iter().flat_map(|list| &list.inner).filter(|item| item.name == "item")
    }
}

fn parse(answer: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(answer).map_err(|_| "not UTF-8".to_owned())?;
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) if open.len() > DEEPEST => {
                return Err(format!("an element deeper than {DEEPEST}: {:?}", start.local_name()));
            }
            Event::Start(start) => {
                open.push(Element { name: start.local_name().as_ref().to_owned(), ..Element::default() })
            }
            Event::End(_) => close(&mut open),
            Event::Empty(empty) => {
                let name = empty.local_name().as_ref().to_owned();
                if let Some(parent) = open.last_mut() {
                    parent.inner.push(Element { name, ..Element::default() });
                }
            }
            Event::Text(found) => push(&mut open, &found),
            Event::GeneralRef(found) => {
                push(&mut open, resolve_xml_entity(&found).unwrap_or_default());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut roots = open.into_iter().next().map(|document| document.inner).unwrap_or_default();
    if roots.len() == 1 { Ok(roots.remove(0)) } else { Err("no XML document".to_owned()) }
}

fn close(open: &mut Vec<Element>) {
    if open.len() < 2 {
        return;
    }
    if let (Some(closed), Some(parent)) = (open.pop(), open.last_mut()) {
        parent.inner.push(closed);
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_with_addresses_groups_and_machines() {
        let answer = br#"<?xml version="1.0" encoding="UTF-8"?>
<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>7a62c49f</requestId>
  <networkInterfaceSet>
    <item>
      <networkInterfaceId>eni-1</networkInterfaceId>
      <description>for &quot;web&quot;</description>
      <groupSet><item><groupId>sg-1</groupId><groupName>web</groupName></item><item><groupId>sg-2</groupId></item></groupSet>
      <attachment><attachmentId>eni-attach-1</attachmentId><instanceId>i-1</instanceId></attachment>
      <association><publicIp>203.0.113.7</publicIp></association>
    </item>
    <item><networkInterfaceId>eni-2</networkInterfaceId><groupSet/></item>
  </networkInterfaceSet>
  <nextToken>a&amp;b=</nextToken>
</DescribeNetworkInterfacesResponse>"#;
        let (rows, next) = interfaces(answer).unwrap();
        assert_eq!(next.as_deref(), Some("a&b="));
        assert_eq!(
            rows,
            [
                Interface {
                    id: "eni-1".to_owned(),
                    public_address: Some("203.0.113.7".to_owned()),
                    groups: vec!["sg-1".to_owned(), "sg-2".to_owned()],
                    instance: Some("i-1".to_owned()),
                },
                Interface { id: "eni-2".to_owned(), ..Interface::default() },
            ]
        );
    }

    #[test]
    fn groups_with_every_kind_of_source() {
        let answer = br#"<DescribeSecurityGroupsResponse><securityGroupInfo><item>
            <groupId>sg-1</groupId>
            <ipPermissions>
              <item><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>443</toPort>
                <groups><item><userId>111122223333</userId><groupId>sg-2</groupId></item></groups>
                <ipRanges><item><cidrIp>198.51.100.0/24</cidrIp></item></ipRanges>
                <ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges>
                <prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds></item>
              <item><ipProtocol>-1</ipProtocol><groups/><ipRanges/></item>
            </ipPermissions>
            <ipPermissionsEgress><item><ipProtocol>-1</ipProtocol></item></ipPermissionsEgress>
          </item></securityGroupInfo></DescribeSecurityGroupsResponse>"#;
        let (rows, next) = groups(answer).unwrap();
        assert_eq!(next, None);
        let first = Rule {
            protocol: "tcp".to_owned(),
            ports: Some((80, 443)),
            networks: vec!["198.51.100.0/24".to_owned(), "::/0".to_owned()],
            prefix_lists: vec!["pl-1".to_owned()],
            groups: vec!["sg-2".to_owned()],
        };
        let all = Rule { protocol: "-1".to_owned(), ..Rule::default() };
        assert_eq!(rows, [Group { id: "sg-1".to_owned(), ingress: vec![first, all] }]);
    }

    #[test]
    fn what_is_not_the_answer_is_refused() {
        assert_eq!(
            groups(b"<html><body/></html>").unwrap_err(),
            "`html` instead of `DescribeSecurityGroupsResponse`"
        );
        assert_eq!(groups(b"").unwrap_err(), "no XML document");
        assert!(groups(b"<a><b></a>").is_err());
        assert!(groups("<a>".repeat(100).as_bytes()).unwrap_err().starts_with("an element deeper than 32"));
    }

    #[test]
    fn refusals_name_their_code() {
        let answer = b"<Response><Errors><Error><Code>UnauthorizedOperation</Code>\
                       <Message>You are not authorized.</Message></Error></Errors></Response>";
        assert_eq!(
            refusal(answer),
            Some(("UnauthorizedOperation".to_owned(), "You are not authorized.".to_owned()))
        );
        assert_eq!(refusal(b"<html/>"), None);
    }
}
