//! Leaves out of a bound page what it never uses: streams, which a library offers to scripts and ours do not ask for, and in the glue the
//! comments for editors and the space before lines.

use walrus::Module;

/// How the exports of streams begin, and those that free them.
const STREAMS: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

/// Takes the streams out of what scripts may call, and with them all that only they call.
pub fn leave_out(module: &mut Module) {
    let streams = module.exports.iter().filter(|export| STREAMS.iter().any(|start| export.name.starts_with(start)));
    let streams: Vec<_> = streams.map(walrus::Export::id).collect();
    for export in streams {
        module.exports.delete(export);
    }
    walrus::passes::gc::run(module);
}

/// The glue without comments that stand on lines of their own, and without the space before lines.
pub fn plain(glue: &str) -> String {
    let (mut plain, mut in_comment) = (String::with_capacity(glue.len()), false);
    for line in glue.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            plain.push_str(line);
            plain.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, ModuleConfig};

    #[test]
    fn glue_keeps_its_code() {
        let glue = "/**\n * @returns {number}\n */\nget size() {\n    // the library's\n    return \"//\"; // kept\n}\n\n/* one line */\n";
        assert_eq!(plain(glue), "get size() {\nreturn \"//\"; // kept\n}\n");
    }

    #[test]
    fn streams_are_left_out_with_what_only_they_call() {
        let mut module = Module::with_config(ModuleConfig::new());
        for name in ["intounderlyingsource_pull", "__wbg_intounderlyingsink_free", "start"] {
            let function = FunctionBuilder::new(&mut module.types, &[], &[]).finish(Vec::new(), &mut module.funcs);
            module.exports.add(name, function);
        }
        leave_out(&mut module);
        assert_eq!(module.exports.iter().map(|export| export.name.as_str()).collect::<Vec<_>>(), ["start"]);
        assert_eq!(module.funcs.iter().count(), 1);
    }
}
