//! The regions that are enabled in an account. Refuses those that are being enabled or disabled.

use aws_sdk_account::types::RegionOptStatus;

use super::client::Ask;
use crate::Failure;
use crate::paging::Pages;

const ACTION: &str = "account:ListRegions";

/// Every enabled region of the account whose credentials these are, in order of name.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn enabled(ask: &Ask<'_>) -> Result<Vec<String>, Failure> {
    let client = aws_sdk_account::Client::new(&ask.sdk);
    let (mut regions, mut pages, mut token) = (Vec::new(), Pages::default(), None::<String>);
    loop {
        let send = || {
            let request = client.list_regions().max_results(50).set_next_token(token.clone());
            request
                .region_opt_status_contains(RegionOptStatus::Enabled)
                .region_opt_status_contains(RegionOptStatus::EnabledByDefault)
                .send()
        };
        let page = ask.call(ACTION, send).await?;
        regions.extend(page.regions.into_iter().flatten().filter_map(|region| region.region_name));
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            regions.sort();
            return Ok(regions);
        }
    }
}
