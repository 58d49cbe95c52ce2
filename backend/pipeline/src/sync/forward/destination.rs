//! Where what was seen is sent: an address and the token that opens it. Refuses to send a token in the clear
//! over a network, to take one from an address, and to show it.

use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::HeaderValue;

/// A server that takes what was seen.
#[derive(Clone, Debug)]
pub struct Destination {
    pub(super) address: Url,
    /// Marked as sensitive: it shows itself in no log.
    pub(super) authorization: HeaderValue,
}

impl Destination {
    /// The server at an address, `https://plimsoll.example.com` with a path where it has one. `in_the_clear`
    /// allows `http://` to other machines than this.
    ///
    /// # Errors
    /// A sentence without its full stop: what is wrong and what to do. The token is not in it.
    pub fn new(address: &str, token: &str, in_the_clear: bool) -> Result<Self, String> {
        let expected = "expected an address such as https://plimsoll.example.com";
        let url = Url::parse(address).map_err(|_| format!("`{address}`: {expected}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!(
                "the address holds a login: {expected}, and the token in a file or variable"
            ));
        }
        if url.query().is_some() || url.fragment().is_some() || url.cannot_be_a_base() {
            return Err(format!("`{address}`: {expected}, without `?` and `#`"));
        }
        match url.scheme() {
            "https" => {}
            "http" if in_the_clear || is_this_machine(&url) => {}
            "http" => {
                return Err(format!(
                    "`{address}` would send the token and everything that was seen in the clear: use https://, or \
                     add --insecure-http if the network in between is yours"
                ));
            }
            _ => return Err(format!("`{address}`: {expected}")),
        }
        let token = token.trim();
        if token.is_empty() {
            return Err("the token is empty".to_owned());
        }
        let header = HeaderValue::from_str(&format!("Bearer {token}"));
        let mut authorization =
            header.map_err(|_| "the token holds characters that no token has".to_owned())?;
        authorization.set_sensitive(true);
        Ok(Self { address: url, authorization })
    }

    /// The address of an operation below it.
    pub(super) fn at(&self, path: &[&str]) -> Url {
        let mut url = self.address.clone();
        // It can be a base: that was checked.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1", "observations"]).extend(path);
        }
        url
    }
}

impl std::fmt::Display for Destination {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.address.as_str().trim_end_matches('/'))
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
