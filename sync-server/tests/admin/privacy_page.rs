use std::path::Path;

/// `docs/privacy.md` names the tests that hold its rules: each of them is there.
#[test]
fn every_test_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/privacy.md")).unwrap();
    let named: Vec<(&str, &str)> = page.split('`').filter_map(|word| word.split_once("::")).collect();
    for (file, test) in &named {
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_else(|_| panic!("no {file}"));
        let is_there = if file.ends_with(".ts") {
            source.contains(&format!("test(\"{test}\""))
        } else {
            source.contains(&format!("fn {test}("))
        };
        assert!(is_there, "{file} has no {test}");
    }
    let rules = page
        .split("\n## ")
        .skip(1)
        .take_while(|rule| rule.starts_with(|c: char| c.is_ascii_digit()));
    let mut count = 0;
    for rule in rules {
        count += 1;
        assert!(
            rule.contains("::") || rule.contains("Not yet"),
            "{}",
            rule.lines().next().unwrap()
        );
    }
    assert_eq!(count, 13);
}
