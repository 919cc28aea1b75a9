//! How the suite asks for lists as workbooks.

use super::Clerk;
use reqwest::{Response, StatusCode};
use shared::console::ExportAsk;
use shared::kinds::DisclosureReason;
use shared::list::ListSpec;

/// The address by which a list is asked for as a workbook.
pub fn exporting(ask: &[(&str, &str)]) -> String {
    let address = reqwest::Url::parse_with_params("http://here/api/export", ask).unwrap();
    format!("{}?{}", address.path(), address.query().unwrap())
}

impl Clerk {
    /// Asks for a list as a workbook, for a reason.
    pub async fn ask_export(&self, list: &str, words: &str) -> Response {
        let reason = Some(DisclosureReason::Subsidy);
        self.asks(&ExportAsk { list: list.into(), words: words.into(), reason, ..ExportAsk::default() }).await
    }

    pub async fn asks(&self, ask: &ExportAsk) -> Response {
        let reason = ask.reason.map_or("", DisclosureReason::code);
        let asked = exporting(&[("list", &ask.list), ("words", &ask.words), ("reason", reason), ("note", &ask.note)]);
        self.http.post(format!("{}{asked}", self.url)).header("cookie", &self.cookie).send().await.unwrap()
    }

    /// A list as a workbook; one of persons is asked for before.
    pub async fn export(&self, list: &str, words: &str) -> Response {
        if ListSpec::find(list).unwrap().about.is_some() {
            assert_eq!(self.ask_export(list, words).await.status(), StatusCode::OK, "{list}?{words}");
        }
        self.get(&format!("/api/list/{list}/workbook?{words}")).await
    }
}
