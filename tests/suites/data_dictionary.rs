//! The data dictionary in `docs` is what the declarations say.

use anyhow::{Result, ensure};
use shared::kinds::RecordKind;
use std::path::Path;
use tests::data_dictionary::{PLACE, page};

#[test]
fn the_data_dictionary_says_what_is_declared() -> Result<()> {
    let lying = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PLACE))?;
    ensure!(lying == page(), "run `cargo xtask data-dictionary`");
    for kind in RecordKind::ALL.iter().filter(|kind| kind.persons.is_some()) {
        let (_, table) = lying.split_once(&format!("（`{}`）\n", kind.code)).unwrap_or_default();
        let table = table.split("\n## ").next().unwrap_or_default();
        for field in kind.fields.iter().filter(|field| field.class != Some(shared::schema::Class::Nobody)) {
            ensure!(table.contains(&format!("| `{}` | {} · ", field.name, field.label.zh)), "{}.{}", kind.code, field.name);
        }
    }
    Ok(())
}
