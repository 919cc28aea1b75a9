//! Takes the words of programmers' errors out of a page: how a value looks to a debugger, why a date of the library could
//! not be read, fractions in decimal. They hang on panics of libraries that can't happen or that nobody reads, and are a
//! sixth of a page. What panics still says so and where; the values in it are left blank.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use walrus::ir::{Const, Load, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, FunctionId, LocalFunction, Module, ModuleConfig, ValType};

/// No sentence is longer, in bytes.
const LONGEST: u32 = 2_000;
/// Nor shorter.
const SHORTEST_SENTENCE: usize = 8;
/// Nor is a name shorter.
const SHORTEST: u32 = 3;
/// Nor is a name longer.
const LONGEST_NAME: usize = 64;

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
    let of = |ids: &[FunctionId]| -> Numbers {
        let mut found = Numbers::default();
        ids.iter().for_each(|id| found.of(module.funcs.get(*id).kind.unwrap_local()));
        found
    };
    let (wordless, others) = (of(&wordy), of(&others));
    let used = others.given.into_iter().chain(others.read).collect();
    blank(&mut module, &texts_of(&wordless.given), &used);
    blank_names(&mut module, &wordless.read.into_iter().chain(wordless.given).collect(), &used);
    for id in wordy {
        let body = module.funcs.get_mut(id).kind.unwrap_local_mut().builder_mut();
        let mut body = body.func_body();
        body.instrs_mut().clear();
        // `Ok(())`: nothing was written, and that went well.
        body.i32_const(0);
    }
    Ok(module)
}

/// The whole numbers that stand in functions, in order: addresses and lengths among them; and from which addresses they read.
#[derive(Default)]
struct Numbers {
    given: Vec<u32>,
    read: Vec<u32>,
}

impl Numbers {
    fn of(&mut self, function: &LocalFunction) {
        dfs_in_order(self, function, function.entry_block());
    }
}

impl Visitor<'_> for Numbers {
    fn visit_const(&mut self, number: &Const) {
        if let Value::I32(number) = number.value {
            self.given.push(number.cast_unsigned());
        }
    }
    fn visit_load(&mut self, load: &Load) {
        self.read.extend(u32::try_from(load.arg.offset).ok().filter(|offset| *offset > 0));
    }
}

/// What may be an address with the length of its text behind it.
fn texts_of(numbers: &[u32]) -> Vec<(u32, u32)> {
    let pairs = numbers.windows(2).filter_map(|pair| if let [at, length] = pair { Some((*at, *length)) } else { None });
    pairs.filter(|(_, length)| (SHORTEST..=LONGEST).contains(length)).collect()
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
            // A sentence of the libraries or the name of a value, and no picture, key or table that only looks like one.
            let sentence = text.contains(&b' ') && text.iter().all(|byte| (b' '..=b'~').contains(byte));
            let name = text.first().is_some_and(u8::is_ascii_uppercase) && text.iter().all(u8::is_ascii_alphanumeric);
            if !known && (sentence && text.len() >= SHORTEST_SENTENCE || name) {
                text.fill(b' ');
            }
        }
    }
}

/// Writes blanks over the names in tables from which only those functions read: how the values of a type are called by a debugger. A name ends where
/// the next one begins.
fn blank_names(module: &mut Module, read: &BTreeSet<u32>, used: &BTreeSet<u32>) {
    let ids: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in ids {
        let data = module.data.get_mut(id);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } = data.kind else { continue };
        let from = from.cast_unsigned();
        let end = from.saturating_add(u32::try_from(data.value.len()).unwrap_or(u32::MAX));
        let at =
            |address: u32| data.value.get(address.checked_sub(from)? as usize..)?.first_chunk::<4>().map(|four| u32::from_le_bytes(*four));
        let begins_name = |address: u32| {
            let text = address.checked_sub(from).and_then(|begin| data.value.get(begin as usize..)).unwrap_or_default();
            text.len() > 3 && text.iter().take(3).all(u8::is_ascii_alphanumeric)
        };
        // From where a table begins to whatever somebody else reads.
        let mut in_tables = BTreeSet::new();
        for table in read.iter().copied().filter(|address| address % 4 == 0 && (from..end).contains(address) && !used.contains(address)) {
            let others = used.range(table..).next().copied().unwrap_or(end);
            let entries = (table..others.min(end)).step_by(4).take_while(|place| at(*place).is_some_and(begins_name));
            in_tables.extend(entries);
        }
        let names: BTreeSet<u32> = in_tables.iter().filter_map(|place| at(*place)).collect();
        let elsewhere =
            (from..end).step_by(4).filter(|place| !in_tables.contains(place)).filter_map(at).filter(|to| (from..end).contains(to));
        let known: BTreeSet<u32> = elsewhere.chain(used.iter().copied()).collect();
        let begins: BTreeSet<u32> = names.union(&known).copied().collect();
        for name in names.difference(&known) {
            let next = begins.range(name + 1..).next().copied().unwrap_or(*name);
            let Some(text) = data.value.get_mut((name - from) as usize..(next.max(*name) - from) as usize) else { continue };
            if text.len() <= LONGEST_NAME && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
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
    fn names_in_tables_of_which_nobody_else_reads_become_blank() {
        let mut module = Module::with_config(ModuleConfig::new());
        let memory = module.memories.add_local(false, false, 1, None, None);
        // At 1024 names; at 1064 a table of four, of which the third is read elsewhere; at 1080 a table that is read by another function.
        let mut data = b"OverflowNegativeMissingKeptBeyondAnother".to_vec();
        for name in [1_024_u32, 1_032, 1_040, 1_047, 1_047, 1_057] {
            data.extend(name.to_le_bytes());
        }
        let offset = ConstExpr::Value(Value::I32(1_024));
        let id = module.data.add(DataKind::Active { memory, offset }, data);
        blank_names(&mut module, &[1_064, 9_000, 3].into(), &[1_040, 1_051, 1_080].into());
        let left = String::from_utf8_lossy(&module.data.get(id).value[..40]).into_owned();
        assert_eq!(left, "                MissingKeptBeyondAnother");
    }

    #[test]
    fn only_what_nobody_else_knows_becomes_blank() {
        let mut module = Module::with_config(ModuleConfig::new());
        let memory = module.memories.add_local(false, false, 1, None, None);
        let text = b"a date is wanted|a word that is used|a name in a table|OutOfOrder|field_name";
        let mut data = text.to_vec();
        data.extend(1_060_u32.to_le_bytes());
        let offset = ConstExpr::Value(Value::I32(1_024));
        let id = module.data.add(DataKind::Active { memory, offset }, data);
        let texts = [(1_024, 16), (1_041, 19), (1_060, 17), (1_079, 10), (1_090, 10), (9_000, 20), (u32::MAX, 20)];
        blank(&mut module, &texts, &[1_045].into());
        let left = String::from_utf8_lossy(&module.data.get(id).value).into_owned();
        assert!(left.starts_with("                |a word that is used|") && left.contains("|a word"), "{left}");
        assert!(left.contains("a name in a table|          |field_name"), "{left}");
    }
}
