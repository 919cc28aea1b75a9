//! Takes the words of programmers' errors out of a page: how a value looks to a debugger, why a date of the library could
//! not be read, fractions in decimal. They hang on panics of libraries that can't happen or that nobody reads, and are a
//! sixth of a page. What panics still says so and where; the values in it are left blank.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use walrus::ir::{Const, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, FunctionId, LocalFunction, Module, ModuleConfig, ValType};

/// No sentence is longer, in bytes.
const LONGEST: u32 = 2_000;

/// Reads a built page and leaves out those words.
pub fn page(built: &Path) -> Result<Module> {
    let bytes = std::fs::read(built)?;
    // The same as wasm-bindgen reads it: names are for here and do not travel.
    let mut config = ModuleConfig::new();
    config.strict_validate(false).generate_dwarf(false).generate_name_section(false);
    let mut module = config.parse(&bytes)?;
    let is_wordy_here = |id: FunctionId| {
        let function = module.funcs.get(id);
        function.name.as_deref().is_some_and(is_wordy) && module.types.results(function.ty()) == [ValType::I32]
    };
    let (wordy, others): (Vec<FunctionId>, Vec<FunctionId>) =
        module.funcs.iter_local().map(|(id, _)| id).partition(|id| is_wordy_here(*id));
    let numbers =
        |ids: &[FunctionId]| ids.iter().flat_map(|id| numbers_in(module.funcs.get(*id).kind.unwrap_local())).collect::<Vec<u32>>();
    let (texts, used) = (texts_of(&numbers(&wordy)), numbers(&others).into_iter().collect());
    blank(&mut module, &texts, &used);
    for id in wordy {
        let body = module.funcs.get_mut(id).kind.unwrap_local_mut().builder_mut();
        let mut body = body.func_body();
        body.instrs_mut().clear();
        // `Ok(())`: nothing was written, and that went well.
        body.i32_const(0);
    }
    Ok(module)
}

/// The whole numbers that stand in a function, in order: addresses and lengths among them.
fn numbers_in(function: &LocalFunction) -> Vec<u32> {
    #[derive(Default)]
    struct Numbers(Vec<u32>);
    impl Visitor<'_> for Numbers {
        fn visit_const(&mut self, number: &Const) {
            if let Value::I32(number) = number.value {
                self.0.push(number.cast_unsigned());
            }
        }
    }
    let mut found = Numbers::default();
    dfs_in_order(&mut found, function, function.entry_block());
    found.0
}

/// What may be an address with the length of its text behind it.
fn texts_of(numbers: &[u32]) -> Vec<(u32, u32)> {
    let pairs = numbers.windows(2).filter_map(|pair| if let [at, length] = pair { Some((*at, *length)) } else { None });
    pairs.filter(|(_, length)| (8..=LONGEST).contains(length)).collect()
}

/// Writes blanks over the texts of which nothing else knows: neither another function nor a table in the data.
fn blank(module: &mut Module, texts: &[(u32, u32)], used: &BTreeSet<u32>) {
    let known_in_tables: BTreeSet<u32> = module
        .data
        .iter()
        .flat_map(|data| data.value.windows(4).filter_map(|four| Some(u32::from_le_bytes(four.try_into().ok()?))))
        .collect();
    let ids: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in ids {
        let data = module.data.get_mut(id);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } = data.kind else { continue };
        let from = from.cast_unsigned();
        for (at, length) in texts {
            let Some(end) = at.checked_add(*length) else { continue };
            let known = used.range(*at..end).next().is_some() || known_in_tables.range(*at..end).next().is_some();
            let place = at.checked_sub(from).and_then(|begin| Some(begin as usize..end.checked_sub(from)? as usize));
            let Some(text) = place.and_then(|place| data.value.get_mut(place)) else { continue };
            // A sentence of the libraries, and no picture, key or table that only looks like one.
            if !known && text.iter().all(|byte| (b' '..=b'~').contains(byte)) && text.contains(&b' ') {
                text.fill(b' ');
            }
        }
    }
}

/// By the mangled name, in both of the compiler's ways.
fn is_wordy(name: &str) -> bool {
    let shown = name.contains("core..fmt..Display$GT$3fmt");
    name.contains("core..fmt..Debug$GT$3fmt")
        || (shown
            && ["jiff..error", "jiff..util..escape", "jiff..tz", "jiff..fmt..offset", "jiff_core"].iter().any(|part| name.contains(part)))
        || (name.contains("4core3fmt5float") && name.ends_with("3fmt"))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn only_what_nobody_else_knows_becomes_blank() {
        let mut module = Module::with_config(ModuleConfig::new());
        let memory = module.memories.add_local(false, false, 1, None, None);
        let text = b"a date is wanted|a word that is used|a name in a table";
        let mut data = text.to_vec();
        data.extend(1_060_u32.to_le_bytes());
        let offset = ConstExpr::Value(Value::I32(1_024));
        let id = module.data.add(DataKind::Active { memory, offset }, data);
        let texts = [(1_024, 16), (1_041, 19), (1_060, 17), (9_000, 20), (u32::MAX, 20)];
        blank(&mut module, &texts, &[1_045].into());
        let left = String::from_utf8_lossy(&module.data.get(id).value).into_owned();
        assert!(left.starts_with("                |a word that is used|") && left.contains("|a word"), "{left}");
        assert!(left.contains("a name in a table") || left.contains("|a name"), "{left}");
    }
}
