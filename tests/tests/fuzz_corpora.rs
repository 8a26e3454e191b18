//! Every file of the fuzz targets' corpora through its target, without a fuzzer: what was found once stays mended.

use saddlebag_tests::soak::{corpora, targets};

#[test]
fn every_file_of_the_corpora_passes_its_target() {
    for (name, target) in targets::ALL {
        let folder = corpora::folder().join(name);
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            target(&std::fs::read(&path).unwrap());
            files += 1;
        }
        assert!(files > 1, "{name} has no corpus");
    }
}

#[test]
fn every_target_is_a_fuzz_target_too() {
    let manifest = corpora::folder().with_file_name("Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    for (name, _) in targets::ALL {
        assert!(manifest.contains(&format!("fuzz_targets/{name}.rs")), "{name}");
        let program = corpora::folder()
            .with_file_name("fuzz_targets")
            .join(format!("{name}.rs"));
        let program = std::fs::read_to_string(program).unwrap();
        assert!(program.contains(&format!("targets::{name}(")), "{name}");
    }
}

#[test]
fn the_sound_inputs_are_not_stale() {
    for (target, name, bytes) in corpora::sound().unwrap() {
        let path = corpora::folder().join(target).join(&name);
        assert_eq!(
            std::fs::read(&path).ok(),
            Some(bytes),
            "{}: run `make generate`",
            path.display()
        );
    }
}
