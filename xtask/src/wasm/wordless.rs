//! Takes the words of programmers' errors out of a page: how a value looks to a debugger, why a date of the library could
//! not be read, fractions in decimal. They hang on panics of libraries that can't happen or that nobody reads, and are a
//! sixth of a page. What panics still says so and where; the values in it are left blank.

use std::path::Path;

use anyhow::Result;
use walrus::{FunctionId, Module, ModuleConfig, ValType};

/// Reads a built page and leaves out those words.
pub fn page(built: &Path) -> Result<Module> {
    let bytes = std::fs::read(built)?;
    // The same as wasm-bindgen reads it: names are for here and do not travel.
    let mut config = ModuleConfig::new();
    config.strict_validate(false).generate_dwarf(false).generate_name_section(false);
    let mut module = config.parse(&bytes)?;
    let wordy: Vec<FunctionId> =
        module.funcs.iter_local().filter(|(id, _)| module.funcs.get(*id).name.as_deref().is_some_and(is_wordy)).map(|(id, _)| id).collect();
    for id in wordy {
        if module.types.results(module.funcs.get(id).ty()) != [ValType::I32] {
            continue;
        }
        let body = module.funcs.get_mut(id).kind.unwrap_local_mut().builder_mut();
        let mut body = body.func_body();
        body.instrs_mut().clear();
        // `Ok(())`: nothing was written, and that went well.
        body.i32_const(0);
    }
    Ok(module)
}

/// By the mangled name, in both of the compiler's ways.
fn is_wordy(name: &str) -> bool {
    let shown = name.contains("core..fmt..Display$GT$3fmt");
    name.contains("core..fmt..Debug$GT$3fmt")
        || (shown && (name.contains("jiff..error") || name.contains("jiff_core..tz")))
        || (name.contains("4core3fmt5float") && name.ends_with("3fmt"))
}

#[cfg(test)]
mod tests {
    use super::is_wordy;

    #[test]
    fn words_for_people_stay() {
        assert!(is_wordy("_ZN61_$LT$jiff..error..ErrorKind$u20$as$u20$core..fmt..Display$GT$3fmt17hd05cde408f6f081eE"));
        assert!(is_wordy("_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h985f659c98abcf33E"));
        assert!(is_wordy("_RNvXs_NtNtCsgXGp5Oqx2Ny_4core3fmt5floatdNtB6_7Display3fmt"));
        for people in [
            "_ZN58_$LT$shared..money..Fen$u20$as$u20$core..fmt..Display$GT$3fmt17h985f659c98abcf33E",
            "_ZN58_$LT$shared..fault..Fault$u20$as$u20$core..fmt..Display$GT$3fmt17h985f659c98abcf33E",
            "_ZN63_$LT$jiff..civil..date..Date$u20$as$u20$core..fmt..Display$GT$3fmt17h985f659c98abcf33E",
            "_RNvXs_NtNtCsgXGp5Oqx2Ny_4core3fmt3numnNtB6_7Display3fmt",
        ] {
            assert!(!is_wordy(people), "{people}");
        }
    }
}
