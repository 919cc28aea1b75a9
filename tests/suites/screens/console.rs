//! The console: from the city down to the photo.

use super::*;

pub(super) async fn the_city_sees_it(page: &Session, canteen: &str, number: &str) -> Result<()> {
    page.fill("console-name", "hezhang").await?;
    page.fill("console-password", "yufan2026").await?;
    page.picture("console-sign-in").await?;
    page.click("console-signin").await?;
    page.see_text("kpi-meals", "2 餐").await?;
    page.picture("console-today").await?;
    page.click("site-445381").await?;
    // The one town whose name begins outside of the basic plane.
    page.see_text("site-445381106", "𬜯塘镇").await?;
    page.picture("console-county").await?;
    page.click(&format!("site-{LUOCHENG}")).await?;
    page.see_text("site-name", "罗城街道").await?;
    page.click(&format!("site-{canteen}")).await?;
    page.see_text("ledger-row", "-").await?;
    page.picture("console-canteen").await?;
    page.click_with("ledger-row", number).await?;
    page.see_text("detail-number", number).await?;
    page.see("ledger-photo").await?;
    page.picture("console-order").await?;
    page.press("" + Key::Escape).await?;
    page.click("console-nav-devices").await?;
    page.see("device-row").await?;
    page.picture("console-devices").await?;
    nothing_foreign(page).await
}
